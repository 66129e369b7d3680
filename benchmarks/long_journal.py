"""Journals to measure: a few entries on the disk, a day's worth in memory."""

import shutil
import tempfile
import time
from pathlib import Path

from station_app import __version__
from station_app.domain.appends import Appended
from station_app.domain.entries import JournalOpened, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import PROVISIONAL
from station_app.flow.open_station import utc_now
from station_app.journal import Journal, verify_journal
from station_app.vault import Secret, Signer

ORIGIN = "station-app/demo/bench"
KEY = Secret(b"k" * 32)
SEED = Secret(b"s" * 32)
SIGNER = Signer(SEED)
MEMORY_DISK = Path("/dev/shm")


def append_ms(folder: Path, appends: int) -> list[float]:
    """Milliseconds of each of `appends` identifications, durable on the disk of `folder`."""
    journal = create_journal(folder / "journal.db")
    times = []
    for session in range(1, appends + 1):
        journal.append(SessionStarted(session))
        begun = time.perf_counter()
        answer = journal.append(identified(session))
        times.append((time.perf_counter() - begun) * 1000)
        assert isinstance(answer, Appended)
    journal.close()
    return times


def write_long_journal(folder: Path, entries: int) -> tuple[float, float]:
    """CPU seconds to verify and to open a journal of `entries` entries.

    It is written entry by entry, in memory where the system has a disk there: writing is
    not what is measured.
    """
    place = MEMORY_DISK if MEMORY_DISK.is_dir() else folder.parent
    quick = Path(tempfile.mkdtemp(dir=place))
    try:
        path = quick / "journal.db"
        journal = create_journal(path)
        for number in range(2, entries + 1):
            session = number // 2
            journal.append(SessionStarted(session) if number % 2 == 0 else identified(session))
        journal.close()
        begun = time.process_time()
        report = verify_journal(path, KEY, SIGNER.public_key)
        verify_s = time.process_time() - begun
        assert report.sound, report.reason
        assert report.entries == entries
        begun = time.process_time()
        Journal.open(path, KEY, SIGNER, ORIGIN, utc_now).close()
        return verify_s, time.process_time() - begun
    finally:
        shutil.rmtree(quick)


def create_journal(path: Path) -> Journal:
    """A journal with its first entry."""
    opened = JournalOpened(
        origin=ORIGIN,
        list_hash="ab" * 32,
        list_sequence=1,
        list_kind="demo",
        policy=PROVISIONAL.digest(),
        public_key=SIGNER.public_key.hex(),
        app_version=__version__,
    )
    return Journal.create(path, KEY, SIGNER, opened, utc_now)


def identified(session: int) -> Outcome:
    """The end of a session: another voter each."""
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
        fingers_compared=5000,
        tries=1,
        engine="leader-mcc/1",
        policy=PROVISIONAL.digest(),
    )
