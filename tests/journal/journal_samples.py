"""A station with keys and a clock, and entries as a day brings them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    DeviceLost,
    DeviceReturned,
    Entry,
    FaceCompared,
    FaceTry,
    FingerTry,
    JournalOpened,
    Outcome,
    OutcomeVoided,
    SessionStarted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, VoidReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import RetryReason
from station_app.journal import Journal
from station_app.journal.records import JOURNAL
from station_app.vault import Database, Secret, Signer

OPENED = DayOpened(1, 1, 600, "", 0, "chair-1", "member-1")
ORIGIN = "station-app/demo/9042-1"
MORNING = datetime(2026, 10, 4, 2, 0, 0, 123_456, tzinfo=UTC)


class Station:
    """One station's folder; its clock goes a second further at each look."""

    def __init__(self, folder: Path, origin: str = ORIGIN) -> None:
        self.path = folder / "journal.db"
        self.head = folder / "journal.db.head"
        self.key = Secret(b"k" * 32)
        self.signer = Signer(Secret(b"s" * 32))
        self.origin = origin
        self.now = MORNING

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def opening(self) -> JournalOpened:
        return JournalOpened(
            origin=self.origin,
            list_hash="ab" * 32,
            list_sequence=1,
            list_kind="demo",
            policy="cd" * 32,
            public_key=self.signer.public_key.hex(),
            app_version="0.1.0",
        )

    def create(self) -> Journal:
        return Journal.create(self.path, self.key, self.signer, self.opening(), self.clock)

    def open(self) -> Journal:
        return Journal.open(self.path, self.key, self.signer, self.origin, self.clock)

    def write_day(self) -> None:
        """A closed journal of 12 entries."""
        journal = self.create()
        for entry in day():
            journal.append(entry)
        journal.close()

    @contextmanager
    def tampering(self) -> Iterator[Database]:
        """The database in the hands of somebody who has its key."""
        database = Database.open_log(self.path, JOURNAL, self.key)
        try:
            database.execute("DROP TRIGGER entries_stay")
            database.execute("DROP TRIGGER entries_do_not_change")
            yield database
            for statement in JOURNAL.schema:
                if "TRIGGER" in statement:
                    database.execute(statement)
        finally:
            database.close()


def identified(session: int, voter: int) -> Outcome:
    return Outcome(
        session=session,
        outcome=OutcomeKind.IDENTIFIED,
        reason="",
        method=Method.FINGER,
        voter_id=f"V-{voter:016X}",
        list_number=voter,
        first_entry=None,
        evidence_milli=9123,
        threshold_milli=6100,
        fingers_compared=600,
        tries=1,
        engine="leader-mcc/1",
        policy="cd" * 32,
    )


def already(session: int, voter: int, first: int) -> Outcome:
    return replace(
        identified(session, voter), outcome=OutcomeKind.ALREADY_IDENTIFIED, first_entry=first
    )


def ended(session: int, outcome: OutcomeKind) -> Outcome:
    return replace(
        identified(session, 1), outcome=outcome, voter_id=None, list_number=None, reason="some_code"
    )


def voided(entry: int, voter: int) -> OutcomeVoided:
    reason = VoidReason.PHOTO_MISMATCH
    return OutcomeVoided(entry, f"V-{voter:016X}", voter, reason, "operator-1", "member-1")


def closed(**numbers: int) -> DayClosed:
    names = (
        "listed", "by_finger", "by_face", "by_commission", "voided", "already_identified",
        "not_on_list", "unreadable", "refused", "slips", "reprints", "ballots", "signatures",
    )  # fmt: skip
    counts = dict.fromkeys(names, 0) | {"listed": 600} | numbers
    return DayClosed(day=1, **counts, chair="chair-1", member="member-1")


def finger_try(session: int, number: int = 1) -> FingerTry:
    return FingerTry(
        session=session,
        number=number,
        asked=FingerPosition.RIGHT_INDEX,
        quality=14,
        hint=RetryReason.TOO_DRY,
        best_evidence_milli=None,
        fingers_compared=600,
        adequate=False,
    )


def face_try(session: int, number: int = 1) -> FaceTry:
    return FaceTry(
        session=session,
        number=number,
        failed=None,
        is_live=True,
        turns="left right left",
        quality=80,
        best_evidence_milli=5300,
        faces_compared=598,
        adequate=True,
        engine="sface/1",
    )


def face_compared(session: int, operator: bool, machine: bool | None) -> FaceCompared:
    return FaceCompared(session, operator, machine, 5300, 4000)


def by_face(session: int, voter: int) -> Outcome:
    return replace(identified(session, voter), method=Method.FACE)


def day() -> list[Entry]:
    """Entries 2 to 12 of a small day."""
    return [
        SessionStarted(1),
        identified(1, 17),
        SessionStarted(2),
        finger_try(2),
        DeviceLost(2, "finger_scanner"),
        DeviceReturned(2, "finger_scanner"),
        identified(2, 4),
        SessionStarted(3),
        already(3, 17, 3),
        SessionStarted(4),
        ended(4, OutcomeKind.NOT_ON_LIST),
    ]
