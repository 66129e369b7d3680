"""A commission's day at a real journal, with lanes; papers are remembered, not drawn."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from station_app.devices.printers.page_printer import PrintWatch
from station_app.domain.day import DayState
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayReport
from station_app.domain.entries import (
    CommissionDecision,
    Entry,
    JournalOpened,
    Outcome,
    PaperMade,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    Paper,
    PrintedTo,
)
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_parts import ActResult, DayLanes, DayParts, MadePaper
from station_app.flow.day_report import Demographics, StationFacts
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.journal.leaves import read_leaf
from station_app.vault import Secret, Signer

SEVEN = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
BISHKEK = timezone(timedelta(hours=6))
PEOPLE = (
    Person("o1", "N. Sadyrova", Role.OPERATOR),
    Person("m1", "G. Ismailova", Role.MEMBER),
    Person("c1", "B. Osmonov", Role.CHAIR),
)
OPERATOR, MEMBER, CHAIR = PEOPLE
LEADERS = (CHAIR, MEMBER)
FACTS = StationFacts(
    station="9042-1",
    precinct="9042",
    place="School 12",
    election="KG-2026",
    list_kind="training",
    list_sequence=1,
    listed=2318,
    public_key="ab" * 32,
    app_version="0.1.0",
    manual_alarm_percent=5,
    head_slip_minutes=0,
    valid_from=SEVEN - timedelta(days=1),
    valid_to=SEVEN + timedelta(days=1),
)


def demographics(ids: Collection[str]) -> Demographics:
    """Voter n is a woman where n is even, and was born in 1990."""
    return {
        id_: ("f" if int(id_.split("-")[1]) % 2 == 0 else "m", date(1990, 11, 30)) for id_ in ids
    }


@dataclass
class Answers:
    """What the desk has answered."""

    done: list[ActResult] = field(default_factory=list)
    faults: list[KnownError] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [fault.code for fault in self.faults]


class CommissionDay:
    """A station with a commission; `make` begins, `close` ends its lanes."""

    def __init__(self, folder: Path, facts: StationFacts = FACTS) -> None:
        self.now = SEVEN
        self.facts = facts
        self.bridge = QueueBridge()
        self.bugs: list[BaseException] = []
        self.lanes = [Lane(name, self.bridge, self.bugs.append) for name in "abc"]
        self.journal = self._journal(folder)
        self.recorder = Recorder(self.journal)
        self.papers: list[tuple[Paper, DayReport]] = []
        self.paper_fault: KnownError | None = None
        self.print_fault = ""
        self.told: list[DayState] = []
        self.mended = 0
        self.heads = 0
        self.is_idle = True
        self.while_printing: Callable[[PrintWatch], None] = lambda _: None
        self.integrity: Integrity | None = None
        self.answers = Answers()
        parts = DayParts(
            facts=facts,
            recorder=self.recorder,
            people=lambda: PEOPLE,
            demographics=demographics,
            find_voters=lambda numbers: {
                one: (f"V-{one}", f"Voter {one}") for one in numbers if one <= self.facts.listed
            },
            make_paper=self._make_paper,
            print_head=self._print_head,
            now=lambda: self.now,
            local=lambda at: at.astimezone(BISHKEK),
            may_rest=lambda: self.is_idle,
            tell=self.told.append,
            mend=self.mend,
            integrity=lambda: self.integrity,
        )
        self._parts = parts
        self.start_again()

    def start_again(self) -> None:
        """A desk that knows nothing of the day yet."""
        self.desk = DayDesk(self._parts, DayLanes(*self.lanes), self.bridge)

    def _journal(self, folder: Path) -> Journal:
        signer = Signer(Secret(b"s" * 32))
        opened = JournalOpened(
            origin="station-app/training/9042-1",
            list_hash="ab" * 32,
            list_sequence=1,
            list_kind=self.facts.list_kind,
            policy="cd" * 32,
            public_key=signer.public_key.hex(),
            app_version="0.1.0",
        )
        path = folder / "journal.db"
        return Journal.create(path, Secret(b"k" * 32), signer, opened, lambda: self.now)

    def _make_paper(self, paper: Paper, report: DayReport, watch: PrintWatch) -> MadePaper:
        if self.paper_fault is not None:
            raise self.paper_fault
        self.papers.append((paper, report))
        self.while_printing(watch)
        return MadePaper(PaperMade(paper, "ef" * 32, PrintedTo.FOLDER), self.print_fault)

    def mend(self, then: Callable[[], None]) -> None:
        """As a desk that owes nothing."""
        self.mended += 1
        self.lanes[1].run(self.recorder.resume, lambda _: then(), self.bugs.append)

    def _print_head(self) -> None:
        self.heads += 1
        self.write(PaperMade(Paper.HEAD_SLIP, "ef" * 32, PrintedTo.PRINTER))

    # --- driving --------------------------------------------------------------------------

    def run(self, act: Callable[..., None], *args: object, **words: object) -> Answers:
        """Do an act of the desk and wait for its answer."""
        self.answers = answers = Answers()
        act(*args, **words, done=answers.done.append, failed=answers.faults.append)
        self.wait(lambda: bool(answers.done or answers.faults))
        return answers

    def wait(self, until: Callable[[], bool]) -> None:
        assert self.bridge.run(lambda: until() or bool(self.bugs), 60)
        assert self.bugs == []

    def open_day(self, phone_time: datetime | None = None) -> None:
        assert self.run(self.desk.open_day, LEADERS, phone_time, is_confirmed=True).codes == []

    def identify(self, session: int, voter: int, *, slip: bool = True, manual: bool = False) -> int:
        """A voter is identified; the entry's number."""
        self.write(SessionStarted(session))
        if manual:
            self.write(decision(session))
        number = self.write(identified(session, voter, manual=manual))
        if slip:
            self.write(SlipPrinted(number, 1, PrintedTo.PRINTER))
        return number

    def write(self, entry: Entry) -> int:
        answer = self.lanes[1].call(lambda: self.recorder.append(entry))
        return getattr(answer, "number", 0)

    def entries(self) -> list[Entry]:
        records = self.lanes[1].call(lambda: self.journal.look.records(1, 10_000))
        return [read_leaf(record.leaf)[0] for record in records]

    def kinds(self, last: int) -> list[str]:
        return [entry.kind for entry in self.entries()[-last:]]

    def close(self) -> None:
        self.desk.stop()
        self.lanes[1].call(self.journal.close)
        for lane in self.lanes:
            lane.close()
        self.bridge.run(lambda: False, 0)
        assert self.bugs == []


def decision(session: int) -> CommissionDecision:
    return CommissionDecision(
        session, Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD, "o1", "m1"
    )


def identified(session: int, voter: int, *, manual: bool = False) -> Outcome:
    return Outcome(
        session=session,
        outcome=OutcomeKind.IDENTIFIED,
        reason="",
        method=Method.COMMISSION if manual else Method.FINGER,
        voter_id=f"V-{voter}",
        list_number=voter,
        first_entry=None,
        evidence_milli=9123,
        threshold_milli=6100,
        fingers_compared=600,
        tries=1,
        engine="scripted/1",
        policy="cd" * 32,
    )


def ended(session: int, outcome: OutcomeKind) -> Outcome:
    return replace(
        identified(session, 1), outcome=outcome, voter_id=None, list_number=None, method=Method.NONE
    )
