"""Parts of a desk whose answers the test decides: what cannot be provoked on real ones."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import Entry, Outcome, OutcomeVoided
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import Finger, FingerImage
from station_app.domain.voters import Voter

IMAGE = FingerImage(b"\x80" * 256, 16, 16, 500)


def a_voter(row: int) -> Voter:
    return Voter(
        f"V-{row}", row + 1, f"1{row:013d}", "Surname", "Given", "m", date(1980, 5, 17),
        "Street 1", 1, row + 1,
    )  # fmt: skip


class MemoryList:
    """Four voters."""

    def voter(self, row: int) -> Voter:
        return a_voter(row)

    def find_by_pin(self, pin: str) -> int | None:
        return next((row for row in range(4) if a_voter(row).pin == pin), None)


class ScriptedMatcher:
    """Answers (row, evidence) in turn; can be held back, fail, or have a bug."""

    engine = "scripted/1"

    def __init__(self) -> None:
        self.answers: list[tuple[int, float]] = []
        self.named: list[int | None] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fault_code: str | None = None
        self.bug: Exception | None = None

    def examine(self, image: FingerImage, named_row: int | None) -> Examination:
        self.gate.wait(60)
        if self.bug is not None:
            raise self.bug
        if self.fault_code is not None:
            raise KnownError(self.fault_code, "fault")
        self.named.append(named_row)
        row, evidence = self.answers.pop(0)
        candidate = Candidate(row, Finger(FingerPosition.RIGHT_INDEX), evidence)
        return Examination(80, None, (candidate,), 600, 1.0, 1.0)


class Book:
    """A journal in memory that knows whom it has accepted; can be held back or be full."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.accepted: dict[str, Appended] = {}
        self.full = False
        self.gate = threading.Event()
        self.gate.set()

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        self.gate.wait(60)
        if self.full:
            raise KnownError("disk_full", "full")
        appended = Appended(len(self.entries) + 1, datetime.now(tz=UTC))
        if isinstance(entry, Outcome) and entry.outcome is OutcomeKind.IDENTIFIED:
            assert entry.voter_id is not None
            first = self.accepted.setdefault(entry.voter_id, appended)
            if first is not appended:
                return AlreadyAccepted(first.number, first.at)
        if isinstance(entry, OutcomeVoided):
            del self.accepted[entry.voter_id]
        self.entries.append(entry)
        return appended

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        appended = tuple(self.append(entry) for entry in entries)
        return tuple(one for one in appended if isinstance(one, Appended))

    def outcomes(self) -> list[Outcome]:
        return [entry for entry in self.entries if isinstance(entry, Outcome)]
