"""`make test-devices`: every suite of real drivers in a virtual machine, and one table.

`python -m tests.vm.suites [NAME...]`. Two machines run at a time. Exit code 0: all passed; 1: not
all; 2: no virtual machine can run here, or there is no such suite.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.vm.virtual_machine import ROOT, has_libfprint, kernel, missing, run_in_vm

OUT: Final = ROOT / "build" / "vm" / "out"
_SECONDS: Final = 540.0
_AT_A_TIME: Final = 2
_ENVIRONMENT: Final = (
    "STATION_IN_VM=1 QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1"
)
_OPTIONS: Final = (
    "-q -p no:cacheprovider -p no:randomly --basetemp=/run/tmp/pytest --durations=10 "
    f"--timeout={_SECONDS:.0f} --junitxml=/vmout/results.xml"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one suite came to. `faults` says what failed, `skipped` why tests did not run."""

    name: str
    passed: int
    skipped: dict[str, int]
    faults: list[str]
    seconds: float
    log: str = field(repr=False, default="")


def pytest_in_vm(name: str, *words: str) -> Row:
    """Run pytest in a machine: files, and options of pytest."""
    out = OUT / name
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.xml").unlink(missing_ok=True)
    command = f"{_ENVIRONMENT} {sys.executable} -m pytest {_OPTIONS} {' '.join(words)}"
    done = run_in_vm(command, seconds=_SECONDS, out=out)
    return _row(name, out / "results.xml", done.code, done.log, done.seconds)


def _row(name: str, results: Path, code: int | None, log: str, seconds: float) -> Row:
    passed, faults, skipped = 0, [], dict[str, int]()
    if results.exists():
        for case in ElementTree.parse(results).iter("testcase"):
            where = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
            reason = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                faults.append(where)
            elif reason is not None:
                why = reason.get("message", "")
                skipped[why] = skipped.get(why, 0) + 1
            else:
                passed += 1
    if code != 0 and not faults:
        faults.append("did not end" if code is None else f"ended with {code}")
    return Row(name, passed, skipped, faults, seconds, log)


_FILES: Final = ("readers", "printers", "cameras", "sticks")


def _suites() -> dict[str, Callable[[], Row]]:
    return {name: partial(pytest_in_vm, name, f"tests/vm/inside/test_{name}.py") for name in _FILES}


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
    print(f"{'all':16}{'':25}{time.monotonic() - began:9.0f}")
    for row in rows:
        for why, count in row.skipped.items():
            print(f"{row.name}: {count} skipped: {why}")
    broken = [row for row in rows if row.faults]
    for row in broken:
        print(f"\n{row.name} failed: {', '.join(row.faults)}\n{row.log}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
