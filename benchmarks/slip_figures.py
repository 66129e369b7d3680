"""How long slips and the day's papers take.

`python benchmarks/slip_figures.py` imports python-escpos, draws slips of both widths, prints
them through ESC/POS on a pseudo-terminal and over TCP on the loopback (a simulated printer takes
them as fast as they come: a real one prints some 150 to 300 mm a second), and draws the protocol
and a day log of 10,000 rows. Medians, wall milliseconds. `--slips 1000` prints so many more on each
line, opening it again for every tenth, and says what they left behind. `--json` prints for a
machine. Run it as `python -m benchmarks.slip_figures` from the checkout's root.
"""

import argparse
import dataclasses
import gc
import json
import os
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from station_app.devices.printers.escpos import EscposBytes, EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.slip_printer import WIDTHS
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import DayFigures, DayReport, Head, HourCount, Turnout
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.slips import Slip
from station_app.evaluation.timing import this_machine
from station_app.papers.day_papers import day_log_sheet, protocol
from station_app.papers.slip import SlipPlace, draw_slip
from tests.devices.network_printer import NetworkPrinter

TIMES, ROWS = 50, 10_000
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
HEAD = Head(1204, bytes(range(32)), "note\n")
SLIP = Slip(1204, NOW, 612, 21, 12, "Токтоналиева А. К.", HEAD.short)
PLACE = SlipPlace("9042", "9042-1", "live", ("ky", "ru"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--slips", type=int, default=0, help="slips of an endurance run")
    given = parser.parse_args()
    is_json = given.json
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = measured() | (endured(given.slips) if given.slips else {})
    about = this_machine()
    if is_json:
        print(json.dumps({"machine": dataclasses.asdict(about), "figures": figures}))
        return
    print(f"{about.cpu}, {about.cores} cores, Python {about.python}")
    for name, value in figures.items():
        print(f"{name:<42}{value:8.1f}")


def measured() -> dict[str, float]:
    """Names with their numbers, milliseconds unless they say another unit."""
    figures = {"python-escpos: import, once": median(lambda: EscposBytes(576), 1)}
    draw_slip(SLIP, 576, PLACE)  # loads the fonts
    for paper, width in WIDTHS.items():
        image = draw_slip(SLIP, width, PLACE)
        figures[f"slip {paper}: mm long"] = image.height / 8
        figures[f"slip {paper}: kB to the printer"] = len(EscposBytes(width).slip(image)) / 1000
        figures[f"slip {paper}: draw"] = median(partial(draw_slip, SLIP, width, PLACE))
        with tempfile.TemporaryDirectory() as folder:
            for line in (on_terminal, on_network):
                with line(Path(folder), width) as printer:
                    figures[f"slip {paper}: print, {line.__name__}"] = median(
                        partial(printer.print_slip, image, "slip")
                    )
            kept = FolderPrinter(Path(folder), width)
            figures[f"slip {paper}: save in a folder"] = median(
                partial(kept.print_slip, image, "slip-1")
            )
    figures["protocol"] = median(lambda: protocol(REPORT, "ky"), 10)
    rows = [
        (LoggedOutcome(4 * n, NOW + timedelta(seconds=4 * n), OutcomeKind.IDENTIFIED, n + 1,
                       Method.FINGER), n % 97 == 0)
        for n in range(ROWS)
    ]  # fmt: skip
    figures[f"day log of {ROWS:,} rows"] = median(lambda: day_log_sheet(REPORT, rows, "ky"), 3)
    return figures


@contextmanager
def on_terminal(folder: Path, width: int) -> Iterator[EscposRasterPrinter]:
    """A printer at a pseudo-terminal."""
    machine = SimulatedPrinter(folder / "lp0")
    printer = EscposRasterPrinter(EscposSettings(str(folder / "lp0"), width))
    printer.open()
    yield printer
    printer.close()
    machine.close()


@contextmanager
def on_network(folder: Path, width: int) -> Iterator[EscposRasterPrinter]:
    """A printer at a TCP port."""
    plug = NetworkPrinter(folder)
    printer = EscposRasterPrinter(EscposSettings(plug.address, width))
    printer.open()
    yield printer
    printer.close()
    plug.close()


def endured(slips: int) -> dict[str, float]:
    """What so many slips leave behind on each line."""
    width = WIDTHS["58mm"]
    image = draw_slip(SLIP, width, PLACE)
    found = {}
    for line in (on_terminal, on_network):
        with tempfile.TemporaryDirectory() as folder, line(Path(folder), width) as printer:
            for _ in range(TIMES):  # what is made once
                printer.print_slip(image, "slip")
            before = held()
            for number in range(slips):
                if number % 10 == 0:
                    printer.close()
                    printer.open()
                printer.print_slip(image, "slip")
            for name, now, was in zip(
                ("kB", "threads", "descriptors"), held(), before, strict=True
            ):
                found[f"{slips} slips {line.__name__}: {name} left"] = float(now - was)
    return found


def held() -> tuple[int, int, int]:
    """This process's memory in kB, its threads, and its open files."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    files = len(list(Path("/proc/self/fd").iterdir()))
    return pages * resource.getpagesize() // 1024, threading.active_count(), files


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


REPORT = DayReport(
    station="9042-1", precinct="9042", place="", election="", list_kind="live", list_sequence=1,
    day=1, opened_at=NOW, closed_at=NOW, phone_time=None, difference_s=0,
    turnout=Turnout(
        DayFigures(listed=2318, by_finger=1131, slips=1131),
        tuple(HourCount(hour, 94) for hour in range(8, 20)), (), NOW,
    ),
    ballots=1131, signatures=1131, differences=(), incidents=(), head=HEAD,
    public_key="5e" * 32, signers=(), app_version="0.1.0",
)  # fmt: skip


if __name__ == "__main__":
    main()
