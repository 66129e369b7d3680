"""Random days with acts, voids, closings, reopenings and takeovers: every place adds up alike.

The sums of a model, which knows nothing of the journal's, are held against the journal, the day
log, turnout, protocol, the second verifier, the exported bundle and the centre's report.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from station_app.centre.collecting.collect import Collection, collect
from station_app.centre.collecting.day_figures import Figures
from station_app.centre.collecting.report import report
from station_app.domain.appends import Appended
from station_app.domain.day_acts import COUNTED, LoggedAct
from station_app.domain.day_report import DayFigures, HandCount, gaps_of
from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    Carried,
    CommissionDecision,
    DayClosed,
    DayOpened,
    DayPaused,
    DayReopened,
    DayResumed,
    DifferenceExplained,
    Entry,
    IssuedElsewhere,
    JournalOpened,
    ListCounted,
    ListProven,
    Outcome,
    OutcomeVoided,
    SentAway,
    SessionStarted,
    SlipPrinted,
    StationMoved,
    StationWasOff,
    StruckOff,
    TakenOver,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    PauseReason,
    PrintedTo,
    ReopenReason,
    SentAwayReason,
    StrikeReason,
    TakeoverSource,
    UndoneAct,
    UndoReason,
    VoidReason,
)
from station_app.flow.day_log import logged_of
from station_app.flow.day_reading import read_record
from station_app.flow.day_report import report_of, turnout_of
from station_app.journal import Journal
from station_app.journal.bundle import DayToExport, export_bundle
from station_app.papers.day_blocks import act_rows, ballot_rows
from station_app.papers.paper_words import words_of
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity, Secret, StationIdentity
from tests.flow.commission_day import FACTS
from tests.journal.independent_verifier import check_entries

KEY, CENTRE = Secret(b"k" * 32), AgeIdentity.generate()
DAY = date(2026, 11, 29)
EVE = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
VOTERS, ACTS = 30, 90
BY_TWO = ("c1", "m1")
NAMES = (*(cls.kind for cls in COUNTED), "acts_undone", "struck_not_listed")


@dataclass
class Model:
    """A day by its own sums: entry numbers are those of the journal it is written into."""

    identified: dict[int, int] = field(default_factory=dict)
    elsewhere: dict[int, int] = field(default_factory=dict)
    struck: dict[int, int] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    listed: int = VOTERS
    sequence: int = 1
    admitted: set[int] = field(default_factory=set)
    by_commission: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    session: int = 0

    def free(self, rng: random.Random) -> int | None:
        settled = {*self.identified, *self.elsewhere, *self.struck}
        left = [voter for voter in range(1, VOTERS + 1) if voter not in settled]
        return rng.choice(left) if left else None

    def expected(self) -> dict[str, int]:
        sums = dict.fromkeys(NAMES, 0) | dict(self.counts)
        return sums | {
            "identified": len(self.identified),
            "issued_elsewhere": len(self.elsewhere),
            "struck_off": len(self.struck),
            "struck_not_listed": len(self.left_out),
            "admitted": len(self.admitted),
        }

    @property
    def entitled(self) -> int:
        """Nobody is on the list who is left out, and whoever else is struck off is on it."""
        return self.listed - sum(voter not in self.left_out for voter in self.struck)

    def shifted(self) -> None:
        """The journal is taken over: every entry is two further on."""
        for book in (self.identified, self.elsewhere, self.struck):
            book.update({voter: number + 2 for voter, number in book.items()})
        self.admitted = {number + 2 for number in self.admitted}


class Writer:
    """Writes a random day into a journal, and into the model."""

    def __init__(self, folder: Path, name: str, rng: random.Random, model: Model) -> None:
        self.folder, self.name, self.rng, self.model = folder, name, rng, model
        self.identity = StationIdentity.generate()
        self.now = EVE
        folder.mkdir()
        signer = self.identity.signer()
        opened = JournalOpened(
            f"station-app/live/{name}", "ab" * 32, model.sequence, "live", "cd" * 32,
            signer.public_key.hex(), "0.2.0", "KG-2026", DAY.isoformat(), "", 0, "",
        )  # fmt: skip
        self.journal = Journal.create(folder / "journal.db", KEY, signer, opened, self._clock)

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=20)
        return self.now

    def write(self, *entries: Entry) -> int:
        if len(entries) > 1:
            return self.journal.append_all(entries)[-1].number
        answer = self.journal.append(entries[0])
        assert isinstance(answer, Appended)
        return answer.number

    def go_on_for(self, other: "Writer") -> None:
        head, self.now = other.journal.head, other.now
        key = other.identity.signer().public_key.hex()
        records = other.journal.look.records(1, head.size)
        taken = TakenOver(
            other.journal.opened.origin, key, head.size, head.root.hex(), head.note, "ab" * 32,
            TakeoverSource.MIRROR, 0, *BY_TWO,
        )  # fmt: skip
        self.write(taken, *(Carried(one.number, one.leaf.decode()) for one in records))
        self.model.shifted()
        self._count_list()

    def _id(self, voter: int) -> str:
        return f"V-{self.name.partition('-')[0]}-{voter}"

    # --- what can happen ------------------------------------------------------------------

    def happen(self, times: int, *, early: bool = False) -> None:
        names = ("elsewhere", "strike", "undo", "correct")
        if not early:
            names += ("identify", "identify", "void", "admit", "send", "return", "off", "move",
                      "again")  # fmt: skip
        for _ in range(times):
            getattr(self, f"_{self.rng.choice(names)}")()

    def _identify(self) -> None:
        voter, model = self.model.free(self.rng), self.model
        if voter is None:
            return
        model.session += 1
        by_two = self.rng.random() < 0.2
        method = Method.COMMISSION if by_two else Method.FINGER
        seen = (Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD, "o1", "m1")
        decided = [CommissionDecision(model.session, *seen)] if by_two else []
        ended = outcome(model.session, OutcomeKind.IDENTIFIED, self._id(voter), voter, method)
        number = self.write(SessionStarted(model.session), *decided, ended)
        model.identified[voter] = number
        if self.rng.random() < 0.9:
            self.write(SlipPrinted(number, 1, PrintedTo.PRINTER))

    def _again(self) -> None:
        settled = self.model.identified | self.model.elsewhere
        if settled:
            voter, number = self.rng.choice(sorted(settled.items()))
            self.model.session += 1
            kind, session = OutcomeKind.ALREADY_IDENTIFIED, self.model.session
            again = outcome(session, kind, self._id(voter), voter, first=number)
            self.write(SessionStarted(session), again)
            self.model.counts["already_identified"] += 1

    def _void(self) -> None:
        if self.model.identified:
            voter, number = self.rng.choice(sorted(self.model.identified.items()))
            del self.model.identified[voter]
            self.write(OutcomeVoided(number, self._id(voter), voter, VoidReason.OTHER, "o1", "m1"))
            self.model.counts["voided"] += 1

    def _elsewhere(self) -> None:
        if (voter := self.model.free(self.rng)) is not None:
            place = self.rng.choice([*BallotPlace])
            number = self.write(IssuedElsewhere(self._id(voter), voter, place, *BY_TWO))
            self.model.elsewhere[voter] = number

    def _strike(self) -> None:
        if (voter := self.model.free(self.rng)) is not None:
            reason = self.rng.choice([*StrikeReason])
            number = self.write(StruckOff(self._id(voter), voter, reason, *BY_TWO))
            self.model.struck[voter] = number

    def _admit(self) -> None:
        number = 1 + self.model.counts["admissions"]
        self.model.counts["admissions"] += 1
        basis = self.rng.choice([*AdmissionBasis])
        self.model.admitted.add(self.write(Admitted(number, basis, DocumentSeen.PASSPORT, *BY_TWO)))

    def _undo(self) -> None:
        books = {UndoneAct.ISSUED_ELSEWHERE: self.model.elsewhere,
                 UndoneAct.STRUCK_OFF: self.model.struck}  # fmt: skip
        acts = [(number, act, voter) for act, book in books.items()
                for voter, number in book.items()]  # fmt: skip
        acts += [(number, UndoneAct.ADMITTED, 0) for number in self.model.admitted]
        if not acts:
            return
        number, act, voter = self.rng.choice(sorted(acts))
        named = (self._id(voter), voter) if voter else (None, None)
        self.write(ActUndone(number, act, *named, UndoReason.OTHER, *BY_TWO))
        self.model.counts["acts_undone"] += 1
        if voter:
            del books[act][voter]
            self.model.left_out.discard(voter)
        else:
            self.model.admitted.remove(number)

    def _correct(self) -> None:
        """Another list: it lacks some of those struck off, and others than the one before."""
        self.model.sequence += 1
        sequence, election = self.model.sequence, ("KG-2026", DAY.isoformat())
        self.write(ListProven(f"{sequence:064x}", sequence, "cd" * 32, *election))
        self._count_list()

    def _count_list(self) -> None:
        model = self.model
        model.listed = self.rng.randint(VOTERS, 2 * VOTERS)
        model.left_out = {voter for voter in model.struck if self.rng.random() < 0.5}
        numbers = sorted(model.struck[voter] for voter in model.left_out)
        self.write(ListCounted(model.sequence, model.listed, " ".join(map(str, numbers))))

    def _send(self) -> None:
        self.write(SentAway(self.rng.choice([*SentAwayReason]), "o1"))
        self.model.counts["sent_away"] += 1

    def _return(self) -> None:
        if self.model.counts["came_back"] < self.model.counts["sent_away"]:
            self.write(CameBack("o1"))
            self.model.counts["came_back"] += 1

    def _off(self) -> None:
        self.write(StationWasOff(f"{self.now:%Y-%m-%dT%H:%M:%SZ}"))
        self.model.counts["station_was_off"] += 1

    def _move(self) -> None:
        moved = StationMoved("Room 12", "Sports hall", *BY_TWO)
        self.write(DayPaused(PauseReason.OTHER, "m1"), moved, DayResumed("m1"))

    # --- the day ----------------------------------------------------------------------------

    def open(self) -> None:
        self.now = MORNING
        self.write(
            DayOpened(1, self.model.sequence, self.model.listed, "", 0, *BY_TWO, "KG-2026",
                      DAY.isoformat())
        )  # fmt: skip

    def close(self) -> None:
        figures = self.journal.look.figures()
        issued = self.model.expected()["identified"] + sum(
            self.model.expected()[name] for name in ("issued_elsewhere", "admitted")
        )
        counted = HandCount(issued + self.rng.randint(0, 1), issued)
        why = "Nobody knows."
        gaps = gaps_of(figures, counted)
        told = [DifferenceExplained(one.what, one.expected, one.counted, why) for one in gaps]
        values = {name: getattr(figures, name) for name in DayClosed.about.fields
                  if hasattr(figures, name)}  # fmt: skip
        by_hand = {"ballots": counted.ballots, "signatures": counted.signatures}
        self.write(*told, DayClosed(day=1, chair="c1", member="m1", **values, **by_hand))

    def reopen(self) -> None:
        self.write(DayReopened(ReopenReason.COUNTS_WRONG, *BY_TWO))


def outcome(
    session: int,
    kind: OutcomeKind,
    voter_id: str,
    voter: int,
    method: Method = Method.FINGER,
    first: int | None = None,
) -> Outcome:
    return Outcome(
        session, kind, "", method, voter_id, voter, first, None, None, 0, 1, "", "cd" * 32
    )


def sums_of(figures: DayFigures | Figures) -> dict[str, int]:
    return {name: getattr(figures, name) for name in ("identified", *NAMES)}


def played(folder: Path, seed: int) -> Iterator[Writer]:
    """The stations of a random day: one, or two where the first is taken over."""
    rng, model = random.Random(seed), Model()
    first = Writer(folder / f"{seed}-1", f"{9000 + seed}-1", rng, model)
    first.happen(ACTS // 8, early=True)
    first.open()
    first.happen(ACTS)
    yield first
    last = first
    if seed % 2:
        model.sequence += 1  # the spare was given a newer list
        last = Writer(folder / f"{seed}-2", f"{9000 + seed}-2", rng, model)
        last.go_on_for(first)
        last.happen(ACTS)
        yield last
    last.close()
    last.reopen()
    last.happen(ACTS // 2)
    last.close()


def export(writer: Writer, medium: Path) -> None:
    journal = writer.journal
    leaves = [record.leaf for record in journal.look.records(1, journal.size)]
    day = DayToExport(journal.head.note, leaves, {}, writer.identity.public(writer.name))
    to = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, CENTRE.recipient)
    export_bundle(medium, day, [to], lambda size, sha256, recipient: None)


def numbers_of(rows: list[tuple[str, str]]) -> list[int]:
    return [int(value.replace(",", "")) for _, value in rows]


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    medium = tmp_path / "medium"
    medium.mkdir()
    return medium


def test_every_place_adds_up_alike(tmp_path: Path, medium: Path, database: str) -> None:
    stations: list[list[Writer]] = [[*played(tmp_path, seed)] for seed in range(3)]
    for writers in stations:
        last = writers[-1]
        check_station(last, last.model)
        for writer in writers:
            export(writer, medium)
    asked = Collection(database, (medium,), CENTRE, kind="live", jobs=1)
    assert all(one.loaded for one in collect(asked, lambda step, done, of: None).arrived)
    found = report(database, DAY, None, 100.0)
    by_code = {one.precinct: one for one in found.precincts}
    for writers in stations:
        precincts = {writer.name.partition("-")[0] for writer in writers}
        (code,) = precincts
        model, precinct = writers[-1].model, by_code[code]
        assert (precinct.listed, precinct.entitled) == (model.listed, model.entitled)
        assert sums_of(by_code[code].figures) == {
            name: writers[-1].model.expected()[name] for name in ("identified", *NAMES)
        }
    assert {one.code for one in found.alarms} <= {"takeover"}
    for writers in stations:
        for writer in writers:
            writer.journal.close()


def check_station(last: Writer, model: Model) -> None:
    """Journal, day log, turnout, protocol and the second verifier, of the last station."""
    look, expected = last.journal.look, model.expected()
    wanted = {name: expected[name] for name in ("identified", *NAMES)}
    assert sums_of(look.figures()) == wanted
    rows: Counter[str] = Counter()
    for one in logged_of(look):
        if look.void_of(one.number) is None:
            kind = one.entry.kind if isinstance(one, LoggedAct) else one.outcome.value
            rows[kind] += 1
    of_rows = wanted.keys() - {"acts_undone", "struck_not_listed"}
    assert {name: rows[name] for name in of_rows} == {name: wanted[name] for name in of_rows}
    local: Callable[[datetime], datetime] = lambda at: at  # noqa: E731
    record = read_record(last.journal)
    turnout = turnout_of(record, {}, last.now, local)
    assert sum(hour.identified for hour in turnout.by_hour) == wanted["identified"]
    protocol = report_of(replace(FACTS, list_kind="live", listed=VOTERS), record, turnout, ())
    words = words_of("en")
    desk, elsewhere, admitted, issued = numbers_of(ballot_rows(protocol, words))
    assert (desk, elsewhere, admitted) == (
        wanted["identified"], wanted["issued_elsewhere"], wanted["admitted"],
    )  # fmt: skip
    assert issued == desk + elsewhere + admitted
    struck, *lacking, entitled = numbers_of(act_rows(protocol, words))[:-4]
    rest = numbers_of(act_rows(protocol, words))[-4:]
    assert (struck, entitled) == (wanted["struck_off"], model.entitled)
    assert lacking == [wanted["struck_not_listed"]] * (wanted["struck_not_listed"] > 0)
    assert (look.figures().listed, protocol.list_sequence) == (model.listed, model.sequence)
    assert rest == [wanted[name] for name in ("sent_away", "came_back", "station_was_off",
                                              "acts_undone")]  # fmt: skip
    assert protocol.signatures == issued
    assert protocol.ballots == issued + sum(
        one.counted - one.expected for one in protocol.differences if one.what == "ballots"
    )
    leaves = [one.leaf for one in look.records(1, last.journal.size)]
    key = last.identity.signer().public_key
    check_entries(leaves, last.journal.opened.origin, key)
