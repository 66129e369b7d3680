"""Runs suites, a file of `inside` each, in one virtual machine, and says what came of each."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.vm.virtual_machine import ROOT, run_in_vm

OUT: Final = ROOT / "build" / "vm" / "out"
INSIDE: Final = Path(__file__).with_name("inside")
_SECONDS: Final = 3600.0
"""On a machine that is busy with other things; alone the slowest machine takes some minutes."""
_ENVIRONMENT: Final = (
    "STATION_IN_VM=1 QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1"
)
_OPTIONS: Final = (
    "-q -p no:cacheprovider -p no:randomly --basetemp=/run/tmp/pytest --durations=25 "
    f"--timeout={_SECONDS:.0f} --junitxml=/vmout/results.xml --assert=plain"
)
"""Plain assertions: rewriting them costs half a minute there. `--durations` names what is slow."""


@dataclass(slots=True)
class Row:
    """What one suite came to. `faults` says what failed, `skipped` why tests did not run.

    `seconds` are those of its tests.
    """

    name: str
    passed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What one machine came to: a row a suite, its log, and the seconds that it ran."""

    rows: list[Row]
    seconds: float
    log: str = field(repr=False, default="")


def suites_in_vm(names: Sequence[str], *, environment: str = "") -> Ran:
    """Run these suites in a machine, one after the other in one process of pytest."""
    out = OUT / names[0]
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.xml").unlink(missing_ok=True)
    files = " ".join(f"{INSIDE.relative_to(ROOT)}/test_{name}.py" for name in names)
    whole = f"STATION_WHOLE={os.environ.get('STATION_WHOLE', '')}"
    command = f"{_ENVIRONMENT} {whole} {environment} {sys.executable} -m pytest {_OPTIONS} {files}"
    done = run_in_vm(command, seconds=_SECONDS, out=out)
    rows = {name: Row(name) for name in names}
    if (out / "results.xml").exists():
        _read(out / "results.xml", rows)
    if done.code != 0 and not any(one.faults for one in rows.values()):
        last = [one for one in rows.values() if one.passed or one.skipped] or list(rows.values())
        last[-1].faults.append("did not end" if done.code is None else f"ended with {done.code}")
    return Ran(list(rows.values()), done.seconds, done.log)


def _read(results: Path, rows: dict[str, Row]) -> None:
    for case in ElementTree.parse(results).iter("testcase"):
        place = case.get("classname", "").split(".")
        name = next(one for one in place if one.startswith("test_")).removeprefix("test_")
        row, reason = rows[name], case.find("skipped")
        row.seconds += float(case.get("time", "0"))
        if case.find("failure") is not None or case.find("error") is not None:
            row.faults.append(f"{place[-1]}::{case.get('name')}")
        elif reason is not None:
            why = reason.get("message", "")
            row.skipped[why] = row.skipped.get(why, 0) + 1
        else:
            row.passed += 1
