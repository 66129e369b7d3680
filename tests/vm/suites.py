"""`make test-devices`: every suite of real drivers in a virtual machine, and one table.

`python -m tests.vm.suites [NAME...]`. Two machines run at a time. Exit code 0: all passed; 1: not
all; 2: no virtual machine can run here, or there is no such suite.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from tests.vm.live_station import live_station
from tests.vm.pytest_in_vm import Row, pytest_in_vm
from tests.vm.virtual_machine import has_libfprint, kernel, missing

_AT_A_TIME: Final = 2
_INSIDE: Final = Path(__file__).with_name("inside")
_LIVE: Final = "live_station"


def _suites() -> Mapping[str, Callable[[], Row]]:
    """The live station first, which takes longest; then a suite a file."""
    names = [file.stem.removeprefix("test_") for file in sorted(_INSIDE.glob("test_*.py"))]
    return {_LIVE: partial(live_station, _LIVE)} | {
        name: partial(pytest_in_vm, name, f"tests/vm/inside/test_{name}.py")
        for name in names
        if name != _LIVE
    }


def main() -> int:
    suites = _suites()
    wanted = sys.argv[1:] or list(suites)
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
    print(f"{package.name}, {os.cpu_count()} cores, {libfprint}")
    began = time.monotonic()
    with ThreadPoolExecutor(_AT_A_TIME) as machines:
        rows = list(machines.map(lambda name: suites[name](), wanted))
    print(f"\n{'suite':16}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for row in rows:
        skipped = sum(row.skipped.values())
        print(f"{row.name:16}{row.passed:8}{len(row.faults):8}{skipped:9}{row.seconds:9.0f}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = f"{used.ru_utime + used.ru_stime:.0f} s of processor time"
    print(f"{'all':16}{'':25}{time.monotonic() - began:9.0f}  ({processor})")
    for row in rows:
        for why, count in row.skipped.items():
            print(f"{row.name}: {count} skipped: {why}")
    broken = [row for row in rows if row.faults]
    for row in broken:
        print(f"\n{row.name} failed: {', '.join(row.faults)}\n{row.log}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
