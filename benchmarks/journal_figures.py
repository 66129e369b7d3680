"""What a journal costs: an append on this disk, and 10^5 entries to check, open and hand over.

`python benchmarks/journal_figures.py [--entries N] [--appends N] [--folder DIR] [--json]`.
Appends are durable on the disk of DIR (the system's temporary folder without it). The long
journal is written many entries at a time, in memory where the system has a disk there:
writing it is not what is measured. Wall seconds, with the CPU seconds of all processes beside
them; `journal verify` is the whole command in a process of its own, the start of Python
included. Ends with 1 when it takes 5 seconds or more for 100,000 entries.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from long_journal import (
    KEY,
    MEMORY_DISK,
    ORIGIN,
    SEED,
    SIGNER,
    append_ms,
    create_journal,
    identified,
)

from station_app.domain.entries import Entry, FingerTry, SessionStarted
from station_app.domain.fingers import FingerPosition
from station_app.evaluation.timing import this_machine
from station_app.flow.open_station import utc_now
from station_app.journal import Journal, verify_journal
from station_app.journal.bundle import pack
from station_app.journal.stored_log import stored_log
from station_app.journal.tlog_tiles import log_files, read_log
from station_app.journal.verify import verify_log
from station_app.vault import (
    AgeIdentity,
    StationFolder,
    StationIdentity,
    replace_file,
    seal,
    unseal,
)

ENTRIES = 100_000
APPENDS = 1000
LIMIT_S = 5.0
_BATCH = 5000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--appends", type=int, default=APPENDS)
    parser.add_argument("--folder", type=Path, help="on the disk whose appends are measured")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    about = this_machine()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        times = sorted(append_ms(Path(name) / "appends", given.appends))
    appends = {
        "p50": statistics.median(times),
        "p99": times[int(len(times) * 0.99)],
        "slowest": times[-1],
    }
    place = MEMORY_DISK if MEMORY_DISK.is_dir() else given.folder
    quick = Path(tempfile.mkdtemp(dir=place))
    try:
        seconds, mega = long_journal(quick, given.entries)
    finally:
        shutil.rmtree(quick)
    figures = {"machine": asdict(about), "entries": given.entries, "append_ms": appends}
    figures |= {"seconds": seconds, "megabytes": mega}
    if given.json:
        print(json.dumps(figures))
    else:
        print(f"{about.cpu}, {about.cores} cores, Python {about.python}, load {about.load}")
        print(
            f"{given.appends} appends: " + ", ".join(f"{k} {v:.2f} ms" for k, v in appends.items())
        )
        print(f"\n| {given.entries} entries | wall s | CPU s |\n|---|---|---|")
        for what, (wall, cpu) in seconds.items():
            print(f"| {what} | {wall:.2f} | {cpu:.2f} |")
        print("\n" + ", ".join(f"{what} {value:.1f} MB" for what, value in mega.items()))
    if seconds["journal verify"][0] * ENTRIES / given.entries >= LIMIT_S:
        sys.exit(1)


def long_journal(
    folder: Path, count: int
) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Wall and CPU seconds by what was done, and sizes in megabytes."""
    path = folder / "journal.db"
    journal = create_journal(path)
    entries, seconds = _entries(count - 1), {}
    begun = time.perf_counter(), _cpu_s()
    while batch := tuple(islice(entries, _BATCH)):
        journal.append_all(batch)
    journal.close()
    seconds["append, many at a time"] = _since(*begun)

    def timed(what: str, work: Callable[[], object]) -> object:
        begun = time.perf_counter(), _cpu_s()
        result = work()
        seconds[what] = _since(*begun)
        return result

    keys = StationFolder.of_journal(path)
    keys.keys.mkdir(mode=0o700)
    replace_file(keys.journal_key, KEY.reveal())
    replace_file(keys.signing_key, SEED.reveal())
    report = verify_journal(path, KEY, SIGNER.public_key)
    assert report.sound, report.reason
    assert report.entries == count
    timed("journal verify", lambda: _verify_command(path))
    timed("open", lambda: Journal.open(path, KEY, SIGNER, ORIGIN, utc_now).close())
    log = stored_log(path, KEY, SIGNER.public_key)
    files = dict(log_files(log.note, log.leaves))
    timed("log: signature and tree (read_log)", lambda: read_log(files, SIGNER.public_key))
    timed(
        "log: rules of the entries too (verify_log)", lambda: verify_log(files, SIGNER.public_key)
    )
    identity, centre = StationIdentity.generate().public("bench"), AgeIdentity.generate()
    sealed = b""

    def export() -> None:
        nonlocal sealed
        sealed = seal(pack(log.note, log.leaves, {}, identity), [centre.recipient])

    timed("bundle: pack and seal", export)
    timed("bundle: unseal", lambda: unseal(sealed, centre))
    mega = {
        "journal": path.stat().st_size / 1e6,
        "bundle": len(sealed) / 1e6,
        "most memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    return seconds, mega


def _entries(count: int) -> Iterator[Entry]:
    """Sessions of a start, a try and an identification."""
    for number in range(count):
        session = number // 3 + 1
        yield (_try(session), identified(session), SessionStarted(session))[number % 3 - 1]


def _try(session: int) -> FingerTry:
    return FingerTry(
        session=session,
        number=1,
        asked=FingerPosition.RIGHT_INDEX,
        quality=71,
        hint=None,
        best_evidence_milli=9123,
        fingers_compared=5000,
        adequate=True,
    )


def _since(wall: float, cpu: float) -> tuple[float, float]:
    return time.perf_counter() - wall, _cpu_s() - cpu


def _cpu_s() -> float:
    """Of this process and of those it has started and seen the end of."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _verify_command(path: Path) -> None:
    command = [sys.executable, "-m", "station_app", "journal", "verify", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("The journal is sound.\n")


if __name__ == "__main__":
    main()
