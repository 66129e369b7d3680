"""States, events and answers the session tests are made of."""

from datetime import UTC, date, datetime

from station_app.domain import session_events as ev
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import Entry, OutcomeVoided
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Finger, FingerImage, RetryReason
from station_app.domain.voters import Voter

ENROLLED = PROVISIONAL.finger_order
"""A voter's fingers in the list, the best first."""
IMAGE = FingerImage(b"\0" * 16, 4, 4, 500)
AT = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)


def voter(row: int) -> Voter:
    return Voter(
        f"V-{row}", row + 1, f"1{row:013d}", "Surname", "Given", "f", date(1990, 1, 1),
        "Street 1", 1, row + 1,
    )  # fmt: skip


def matched(
    ticket: int,
    *evidence: tuple[int, float],
    quality: int = 80,
    met: FingerPosition = FingerPosition.RIGHT_INDEX,
) -> ev.Matched:
    """A matching answer: (row, evidence) pairs, strongest first, all of the finger `met`."""
    candidates = tuple(Candidate(r, Finger(met), e) for r, e in evidence)
    hint = RetryReason.TOO_DRY if quality < 20 else None
    return ev.Matched(ticket, Examination(quality, hint, candidates, 600, 1.0, 1.0), "test/1")


class Book:
    """A journal in memory that refuses a second identification, or everything when full."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.accepted: dict[str, int] = {}
        self.settled: dict[str, AlreadyAccepted] = {}  # by acts beside the desk
        self.full = False

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        if self.full:
            raise KnownError("disk_full", "full")
        outcome = getattr(entry, "outcome", None)
        voter_id = getattr(entry, "voter_id", None)
        if outcome == "identified" and voter_id is not None:
            if voter_id in self.settled:
                return self.settled[voter_id]
            if voter_id in self.accepted:
                return AlreadyAccepted(self.accepted[voter_id], AT)
            self.accepted[voter_id] = len(self.entries) + 1
        if isinstance(entry, OutcomeVoided):
            del self.accepted[entry.voter_id]
        self.entries.append(entry)
        return Appended(len(self.entries), AT)
