"""Runs test files in the virtual machine, and says what came of it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.vm.virtual_machine import ROOT, run_in_vm

OUT: Final = ROOT / "build" / "vm" / "out"
_SECONDS: Final = 1800.0
"""On a machine that is busy with other things; alone a suite takes a few minutes at most."""
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


def pytest_in_vm(name: str, *words: str, environment: str = "") -> Row:
    """Run pytest in a machine: files, and options of pytest."""
    out = OUT / name
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.xml").unlink(missing_ok=True)
    command = (
        f"{_ENVIRONMENT} {environment} {sys.executable} -m pytest {_OPTIONS} {' '.join(words)}"
    )
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
