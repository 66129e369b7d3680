"""A journal with a day in it, its voter list, and the lanes that read both."""

import array
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from station_app.domain.day_log import Integrity
from station_app.domain.election import ElectionDay
from station_app.domain.entries import (
    CommissionDecision,
    DayOpened,
    Entry,
    FaceCompared,
    FaceTry,
    FingerTry,
    JournalOpened,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    PrintedTo,
    VoidReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.liveness import FaceFailure
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import RetryReason
from station_app.domain.voters import Voter
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_log import DayLog, LogQuery
from station_app.flow.integrity import IntegrityCheck
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.journal.records import JOURNAL
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListHeader, ListKind, VoterList, write_list
from station_app.vault import Database, Secret, Signer

MORNING = datetime(2026, 10, 4, 2, 0, tzinfo=UTC)
Answered = Callable[[object], None]
KEY, SIGNER = Secret(b"k" * 32), Signer(Secret(b"s" * 32))
ORIGIN = "station-app/training/9042-1"
PEOPLE = (
    ("Султанбеков", "Максат Эркинович"),
    ("Жумагулова", "Назгүл Канатовна"),
    ("Өмүралиева", "Айгүл Болотовна"),
    ("Ёлкин", "Пётр Иванович"),
    ("Бейшеналиев", "Талант Асанович"),
)


def a_voter(row: int) -> Voter:
    surname, given = PEOPLE[row]
    return Voter(
        f"V-{row}", 900 + row, f"2010119909{row:04d}", surname, given,
        "f" if row in (1, 2) else "m", date(1990, 1, 1), "ул. Ынтымак, 5", 48, row + 1,
    )  # fmt: skip


def outcome(session: int, kind: OutcomeKind, row: int | None = None, **more: object) -> Outcome:
    values: dict[str, object] = {
        "session": session,
        "outcome": kind,
        "reason": "",
        "method": Method.FINGER,
        "voter_id": None if row is None else f"V-{row}",
        "list_number": None if row is None else 900 + row,
        "first_entry": None,
        "evidence_milli": None,
        "threshold_milli": None,
        "fingers_compared": 10,
        "tries": 1,
        "engine": "leader-mcc/1",
        "policy": "cd" * 32,
    }
    return Outcome(**(values | more))  # type: ignore[arg-type]


def finger_try(session: int, number: int, hint: RetryReason | None = None) -> FingerTry:
    return FingerTry(session, number, FingerPosition.RIGHT_INDEX, 60, hint, None, 10, hint is None)


def face_try(session: int, failed: FaceFailure | None = None) -> FaceTry:
    return FaceTry(
        session, 1, failed, failed is None, "left right", 80, None, 10, failed is None, "faces/1"
    )


def face_compared(session: int, operator: bool, machine: bool | None = True) -> FaceCompared:
    return FaceCompared(session, operator, machine, 5000, 4000)


def decided(session: int) -> CommissionDecision:
    worn, seen = ManualReason.WORN, DocumentSeen.ID_CARD
    return CommissionDecision(session, Decision.CONFIRMED, worn, seen, "o1", "m1")


def opened(day: int = 1) -> DayOpened:
    return DayOpened(day, 3, len(PEOPLE), "", 0, "c1", "m1")


def small_day() -> list[Entry]:
    """Entries 2 to 18: five sessions, the last identification made void."""
    identified = OutcomeKind.IDENTIFIED
    return [
        opened(),
        SessionStarted(1),
        finger_try(1, 1),
        outcome(1, identified, 0),  # 5
        SlipPrinted(5, 1, PrintedTo.PRINTER),
        SessionStarted(2),
        outcome(2, OutcomeKind.ALREADY_IDENTIFIED, 0, first_entry=5),  # 8
        SessionStarted(3),
        outcome(3, OutcomeKind.NOT_ON_LIST),  # 10
        SessionStarted(4),
        finger_try(4, 1, RetryReason.TOO_DRY),
        decided(4),
        outcome(4, identified, 2, method=Method.COMMISSION),  # 14
        SessionStarted(5),
        outcome(5, identified, 1),  # 16
        SlipPrinted(16, 1, PrintedTo.PRINTER),
        OutcomeVoided(16, "V-1", 901, VoidReason.WRONG_VOTER, "o1", "m1"),
    ]  # fmt: skip


class LoggedDay:
    """A training station's open journal and list; its clock goes on by itself."""

    def __init__(self, folder: Path) -> None:
        self.now = MORNING
        self.path = folder / "journal.db"
        self.bridge = QueueBridge()
        self.bugs: list[BaseException] = []
        names = ("journal", "matching", "audit")
        self.journal_lane, self.matching_lane, self.audit_lane = (
            Lane(name, self.bridge, self.bugs.append) for name in names
        )
        self.journal = self.journal_lane.call(self._create)
        self.voters = self.matching_lane.call(lambda: _list(folder / "list.vlist"))
        self.integrity: Integrity | None = None
        self.log = DayLog(
            Recorder(self.journal),
            self.voters,
            self.journal_lane,
            self.matching_lane,
            lambda: self.integrity,
        )
        self.check = IntegrityCheck(self.journal, self.journal_lane, self.audit_lane, self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def write(self, *entries: Entry) -> None:
        self.journal_lane.call(lambda: self.journal.append_all(entries))

    def page(self, wanted: LogQuery) -> Any:
        return self.answer(lambda done, failed: self.log.ask(wanted, done, failed))

    def story(self, number: int) -> Any:
        return self.answer(lambda done, failed: self.log.story(number, done, failed))

    def answer(self, ask: Callable[[Answered, Answered], None]) -> Any:
        """What a question of the log is answered with: a value or a fault."""
        answers: list[object] = []
        ask(answers.append, answers.append)
        assert self.bridge.run(lambda: bool(answers or self.bugs), 60)
        assert self.bugs == []
        return answers[0]

    def checked(self) -> Integrity | None:
        """What a whole check finds."""
        self.check.check()
        assert self.bridge.run(lambda: self.check.progress is None or bool(self.bugs), 60)
        assert self.bugs == []
        return self.check.last

    def change(self, *statements: str) -> None:
        """Change rows of the open journal, as somebody with its key could."""
        database: Database = self.journal._database

        def act() -> None:
            database.execute("DROP TRIGGER entries_stay")
            database.execute("DROP TRIGGER entries_do_not_change")
            for statement in statements:
                database.execute(statement)
            for statement in JOURNAL.schema:
                if "TRIGGER" in statement:
                    database.execute(statement)

        self.journal_lane.call(act)

    def close(self) -> None:
        self.check.close()
        self.journal_lane.call(self.journal.close)
        self.matching_lane.call(self.voters.close)
        for lane in (self.journal_lane, self.matching_lane, self.audit_lane):
            lane.close()

    def _create(self) -> Journal:
        first = JournalOpened(
            origin=ORIGIN,
            list_hash="ab" * 32,
            list_sequence=3,
            list_kind="training",
            policy="cd" * 32,
            public_key=SIGNER.public_key.hex(),
            app_version="0.1.0",
        )
        return Journal.create(self.path, KEY, SIGNER, first, self.clock)


def _list(path: Path) -> VoterList:
    header = ListHeader(
        kind=ListKind.TRAINING,
        election="Шайлоо 2026",
        precinct="9042",
        place="№ 5 мектеп",
        station="9042-1",
        seat="1",
        sequence=3,
        engines=("leader-mcc/1",),
        created=MORNING,
        policy=PROVISIONAL,
        election_day=ElectionDay("KG-2026", date(2026, 11, 29)),
    )
    finger = EnrolledTemplate(
        "leader-mcc/1", FingerPosition.RIGHT_INDEX, 60, b"minutiae", b"\x01" * 64 * 20
    )
    rows = array.array("i", range(len(PEOPLE)))
    fingers = [(row, finger) for row in rows]
    chunk = GalleryChunk("leader-mcc/1", rows.tobytes(), finger.encoding * len(fingers))
    write_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        header,
        voters=map(a_voter, range(len(PEOPLE))),
        templates=fingers,
        chunks=[chunk],
    )
    return VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
