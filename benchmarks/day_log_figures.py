"""How fast the day log opens over a long day, and what a check of it costs identification.

`python benchmarks/day_log_figures.py [--entries 100000] [--json]` writes a journal of that
many entries and a list of 5,000 voters into a temporary folder, and asks as screen 10 does.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from big_list import write_big_list
from PySide6.QtWidgets import QApplication

from station_app import __version__
from station_app.domain.day_log import LogFilter, LogPage
from station_app.domain.entries import DayOpened, Entry, JournalOpened, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_log import DayLog, LogQuery
from station_app.flow.integrity import IntegrityCheck
from station_app.flow.lane import Lane
from station_app.flow.open_station import utc_now
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.ui.commission.day_log import DayLogView
from station_app.ui.commission.day_log_controller import DayLogController
from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.vault import Secret, Signer

_VOTERS = 5000
_PORTRAIT = 20_000
_PAGE = 64
_AT_A_TIME = 1000
_KEY, _SIGNER = Secret(b"k" * 32), Signer(Secret(b"s" * 32))


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    arguments = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), arguments.entries)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:44} {value:>12,.1f}")


def measure(folder: Path, entries: int) -> dict[str, float]:
    """Milliseconds by what was asked, megabytes of memory, entries a second."""
    bridge = QueueBridge()
    lanes = [Lane(name, bridge, _raise) for name in ("journal", "matching", "audit")]
    write_big_list(folder / "list.vlist", _VOTERS, _PORTRAIT)
    voters = lanes[1].call(lambda: VoterList.open(folder / "list.vlist", PUBLIC_DEMO_LIST_KEY))
    ids = lanes[1].call(lambda: [voters.voter(row).voter_id for row in range(_VOTERS)])
    journal = lanes[0].call(lambda: _long_day(folder / "journal.db", entries, ids))
    log = DayLog(Recorder(journal), voters, lanes[0], lanes[1], lambda: None)
    before = _peak_mb()

    def page_ms(wanted: LogQuery) -> float:
        return _median_ms(lambda: _asked(bridge, log, wanted))

    begun = time.perf_counter()
    newest = _asked(bridge, log, LogQuery(count=_PAGE))
    first_ms = (time.perf_counter() - begun) * 1000
    figures = {
        "entries": float(journal.size),
        "rows": float(newest.total),
        "first page, ms": first_ms,
        "newest page, ms": page_ms(LogQuery(count=_PAGE)),
        "page in the middle, ms": page_ms(LogQuery(first=newest.total // 2, count=_PAGE)),
        "filtered page, ms": page_ms(LogQuery(LogFilter.STOPPED, count=_PAGE)),
        "search by a name, ms": page_ms(LogQuery(text="мам", count=_PAGE)),
        "search by list number, ms": page_ms(LogQuery(text="954", count=_PAGE)),
        "more memory for all that, MB": _peak_mb() - before,
        "screen with its rows, ms": _screen_ms(log, journal, lanes, bridge),
    }
    figures |= _check(journal, lanes, bridge)
    lanes[0].call(journal.close)
    lanes[1].call(voters.close)
    for lane in lanes:
        lane.close()
    return figures


def _screen_ms(log: DayLog, journal: Journal, lanes: list[Lane], bridge: QueueBridge) -> float:
    """The page is made, its first rows are read and painted; fonts are there already."""
    app = QApplication.instance() or QApplication([])
    check = IntegrityCheck(journal, lanes[0], lanes[2], utc_now)
    check.close()
    shown: list[DayLogPage] = []

    def tell(view: DayLogView) -> None:
        if shown:
            shown[-1].update_view(view)

    controller = DayLogController(
        log,
        check,
        bridge,
        tell,
        people=dict,
        local=lambda moment: moment,
        files=lanes[2],
        export=lambda _folder, _rows: "",
    )
    texts, style = Texts("ky"), Style(moving=False)

    def act() -> None:
        page = DayLogPage(texts, style, controller.view)
        shown.append(page)
        page.resize(1158, 712)
        page.show()
        controller.attach(page)
        controller.shown()
        assert bridge.run(lambda: controller.view.total is not None, 60)
        page.grab()
        app.processEvents()

    act()
    return _median_ms(act)


def _check(journal: Journal, lanes: list[Lane], bridge: QueueBridge) -> dict[str, float]:
    """Seconds of a whole check, and of appends without and during one."""
    quiet = [_append_ms(journal, lanes[0]) for _ in range(50)]
    check = IntegrityCheck(journal, lanes[0], lanes[2], utc_now)
    during: list[float] = []

    def append() -> None:
        if check.progress is not None and len(during) < 50:
            during.append(_append_ms(journal, lanes[0]))

    check.observe(append)
    memory = _peak_mb()
    begun, cpu = time.perf_counter(), time.process_time()
    check.check()
    assert bridge.run(lambda: check.progress is None, 600)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    assert check.last is not None
    assert check.last.sound
    return {
        "whole check, s": seconds,
        "whole check, CPU s": cpu,
        "more memory for the check, MB": _peak_mb() - memory,
        "append, median ms": statistics.median(quiet),
        "append, longest ms": max(quiet),
        "append during the check, median ms": statistics.median(during),
        "append during the check, longest ms": max(during),
    }


def _append_ms(journal: Journal, lane: Lane) -> float:
    begun = time.perf_counter()
    session = journal.last_session() + 1
    lane.call(lambda: journal.append(SessionStarted(session)))
    took = (time.perf_counter() - begun) * 1000
    lane.call(lambda: journal.append(_ended(session, OutcomeKind.ABANDONED, None, 0)))
    return took


def _asked(bridge: QueueBridge, log: DayLog, wanted: LogQuery) -> LogPage:
    pages: list[LogPage] = []
    log.ask(wanted, pages.append, _raise)
    assert bridge.run(lambda: bool(pages), 60)
    return pages[0]


def _median_ms(act: Callable[[], object]) -> float:
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _long_day(path: Path, entries: int, ids: list[str]) -> Journal:
    opened = JournalOpened(
        origin="station-app/training/bench",
        list_hash="ab" * 32,
        list_sequence=1,
        list_kind="training",
        policy=PROVISIONAL.digest(),
        public_key=_SIGNER.public_key.hex(),
        app_version=__version__,
    )
    journal = Journal.create(path, _KEY, _SIGNER, opened, utc_now)
    waiting: list[Entry] = [DayOpened(1, 1, len(ids), "", 0, "c", "m")]
    for session in range(1, (entries - 2) // 2 + 1):
        waiting += [SessionStarted(session), _of_a_day(session, ids)]
        if len(waiting) >= _AT_A_TIME:
            journal.append_all(waiting)
            waiting = []
    if waiting:
        journal.append_all(waiting)
    return journal


def _of_a_day(session: int, ids: list[str]) -> Outcome:
    if session <= len(ids):
        return _ended(session, OutcomeKind.IDENTIFIED, ids[session - 1], session)
    if session % 3:
        return _ended(session, OutcomeKind.NOT_ON_LIST, None, 0)
    voter = session % len(ids)
    return _ended(session, OutcomeKind.ALREADY_IDENTIFIED, ids[voter], voter + 1)


def _ended(session: int, kind: OutcomeKind, voter_id: str | None, number: int) -> Outcome:
    return Outcome(
        session=session,
        outcome=kind,
        reason="",
        method=Method.FINGER,
        voter_id=voter_id,
        list_number=number if voter_id else None,
        first_entry=2 + 2 * number if kind is OutcomeKind.ALREADY_IDENTIFIED else None,
        evidence_milli=None,
        threshold_milli=None,
        fingers_compared=5000,
        tries=1,
        engine="leader-mcc/1",
        policy=PROVISIONAL.digest(),
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _raise(fault: KnownError | BaseException) -> None:
    raise fault


if __name__ == "__main__":
    main()
