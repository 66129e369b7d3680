"""Suites of real drivers in two virtual machines, and one table.

`python -m tests.vm.suites [--whole] [NAME...]`: all of them but the live station, which takes as
long as the others together (`make test-devices`, `make test-live`). With `--whole` also the tests
that meet nothing of the kernel (`tests/vm/inside/conftest.py`). Exit code 0: all passed; 1: not
all; 2: no virtual machine can run here, or there is no such suite.
"""

import compileall
import os
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from tests.vm.live_station import LIVE, live_station
from tests.vm.pytest_in_vm import INSIDE, Ran, suites_in_vm
from tests.vm.virtual_machine import ROOT, has_libfprint, kernel, missing

_WHOLE: Final = "--whole"
_FIRST: Final = ("readers", "sticks")
"""What the first machine runs, after the live station where that is wanted; the second one runs the
rest meanwhile, about as long. A machine starts and imports once for all its suites, which is as
long as some of them."""


def _first_machine(names: Sequence[str]) -> Ran | None:
    first = [one for one in names if one in _FIRST]
    if LIVE in names:
        return live_station(first)
    return suites_in_vm(first) if first else None


def _second_machine(names: Sequence[str]) -> Ran | None:
    rest = [one for one in names if one not in (LIVE, *_FIRST)]
    return suites_in_vm(rest) if rest else None


def main() -> int:
    suites = [file.stem.removeprefix("test_") for file in sorted(INSIDE.glob("test_*.py"))]
    words = sys.argv[1:]
    if _WHOLE in words:
        os.environ["STATION_WHOLE"] = "1"
    named = dict.fromkeys(one for one in words if one != _WHOLE)
    wanted = list(named) or [one for one in suites if one != LIVE]
    unknown = [one for one in wanted if one not in suites]
    if unknown:
        print(f"No suite {', '.join(unknown)}; there are {', '.join(suites)}.", file=sys.stderr)
        return 2
    if why := missing():
        print(f"No virtual machine can run here: {why}.", file=sys.stderr)
        return 2
    package = kernel()
    assert package is not None
    libfprint = "libfprint" if has_libfprint() else "no libfprint"
    print(f"{package.name}, {os.cpu_count()} cores, {libfprint}", flush=True)
    compileall.compile_dir(ROOT / "tests", quiet=2)  # the machines only read
    began = time.monotonic()
    with ThreadPoolExecutor() as machines:
        running = [machines.submit(one, wanted) for one in (_first_machine, _second_machine)]
        ran = [one for machine in running if (one := machine.result()) is not None]
    _print_table(ran, time.monotonic() - began)
    broken = [one for one in ran if any(row.faults for row in one.rows)]
    for one in broken:
        for row in one.rows:
            if row.faults:
                print(f"\n{row.name} failed: {', '.join(row.faults)}", file=sys.stderr)
        print(one.log, file=sys.stderr)
    return 1 if broken else 0


def _print_table(ran: Sequence[Ran], seconds: float) -> None:
    print(f"\n{'suite':16}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for one in ran:
        for row in one.rows:
            skipped = sum(row.skipped.values())
            print(f"{row.name:16}{row.passed:8}{len(row.faults):8}{skipped:9}{row.seconds:9.0f}")
        print(f"{'  the machine':16}{'':25}{one.seconds:9.0f}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = f"{used.ru_utime + used.ru_stime:.0f} s of processor time"
    print(f"{'all':16}{'':25}{seconds:9.0f}  ({processor})")
    for one in ran:
        for row in one.rows:
            for why, count in row.skipped.items():
                print(f"{row.name}: {count} skipped: {why}")


if __name__ == "__main__":
    sys.exit(main())
