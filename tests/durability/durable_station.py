"""A station run by a child process, for tests that cut it off."""

from datetime import UTC, datetime
from pathlib import Path

from station_app.domain.entries import JournalOpened, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.journal import Journal
from station_app.vault import Secret, Signer

ORIGIN = "station-app/demo/9042-1"
KEY = Secret(b"k" * 32)
SIGNER = Signer(Secret(b"s" * 32))
OPENING = JournalOpened(
    origin=ORIGIN,
    list_hash="ab" * 32,
    list_sequence=1,
    list_kind="demo",
    policy="cd" * 32,
    public_key=SIGNER.public_key.hex(),
    app_version="0.1.0",
)


def now() -> datetime:
    return datetime.now(UTC)


def open_or_create(path: Path) -> Journal:
    if path.exists():
        return Journal.open(path, KEY, SIGNER, ORIGIN, now)
    return Journal.create(path, KEY, SIGNER, OPENING, now)


def identified(session: int) -> Outcome:
    return Outcome(
        session=session,
        outcome=OutcomeKind.IDENTIFIED,
        reason="",
        method=Method.FINGER,
        voter_id=f"V-{session:016X}",
        list_number=session,
        first_entry=None,
        evidence_milli=9123,
        threshold_milli=6100,
        fingers_compared=600,
        tries=1,
        engine="leader-mcc/1",
        policy="cd" * 32,
    )


def write_sessions(path: Path, sessions: int) -> None:
    """A closed journal of 2 * sessions + 1 entries."""
    journal = open_or_create(path)
    for session in range(1, sessions + 1):
        journal.append(SessionStarted(session))
        journal.append(identified(session))
    journal.close()
