"""Parts of a desk whose answers the test decides: what cannot be provoked on real ones."""

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from typing import cast

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day_acts import accepted_by
from station_app.domain.entries import Entry, Outcome
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import Finger, FingerImage, Sample
from station_app.domain.voters import Voter
from station_app.journal.journal_view import JournalView
from station_app.journal.replay import Replay
from station_app.vault import Database

IMAGE = FingerImage(b"\x80" * 256, 16, 16, 500)


def a_voter(row: int) -> Voter:
    return Voter(
        f"V-{row}", row + 1, f"1{row:013d}", "Surname", "Given", "m", date(1980, 5, 17),
        "Street 1", 1, row + 1,
    )  # fmt: skip


class MemoryList:
    """Four voters, of whom the last has no face in the list."""

    def voter(self, row: int) -> Voter:
        return a_voter(row)

    def find_by_pin(self, pin: str) -> int | None:
        return next((row for row in range(4) if a_voter(row).pin == pin), None)

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        return (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)

    def has_face(self, row: int, engines: Collection[str]) -> bool:
        return row != 3


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

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
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
    """A journal in memory that knows whom it has accepted; can be held back or be full.

    It stands for a `Journal` under a `Recorder`.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.full = False
        self.gate = threading.Event()
        self.gate.set()
        self._replay = Replay()
        self._listeners: list[Callable[[Sequence[object]], None]] = []

    @property
    def look(self) -> JournalView:
        return JournalView(cast(Database, None), self._replay)

    @property
    def size(self) -> int:
        return len(self.entries)

    def now(self) -> datetime:
        return datetime.now(tz=UTC)

    def listen(self, heard: Callable[[Sequence[object]], None]) -> None:
        self._listeners.append(heard)

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        if self._replay.is_repeated(entry):
            assert isinstance(entry, Outcome)
            assert entry.voter_id is not None
            first = self._replay.acceptances[entry.voter_id]
            if act := self._replay.acts.logged.get(first):
                return accepted_by(act.entry, first, act.at)
            (at,) = (one.at for one in self._replay.outcomes if one.number == first)
            return AlreadyAccepted(first, at)
        return self.append_all([entry])[0]

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        self.gate.wait(60)
        if self.full:
            raise KnownError("disk_full", "full")
        answers = []
        for entry in entries:
            at = datetime.now(tz=UTC)
            self._replay.apply(entry, at)
            self.entries.append(entry)
            answers.append(Appended(self.size, at))
        for heard in self._listeners:
            heard(())
        return tuple(answers)

    def outcomes(self) -> list[Outcome]:
        return [entry for entry in self.entries if isinstance(entry, Outcome)]
