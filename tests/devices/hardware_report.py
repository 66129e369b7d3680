"""The report of a scanner's suite on real hardware: what was tried, how it went, how long it took.

No image, no serial number and no name of a person is in it: it is meant to be sent to the makers
of the program.
"""

import json
import platform
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from station_app import __version__
from station_app.devices.finger_scanner import ScannerInfo
from station_app.devices.usb import usb_devices

_DEVICE: Final = re.compile(r"(?P<driver>[a-z0-9_]+)(:(?P<port>.*))?", re.DOTALL)
_IDS: Final = re.compile(r"usb:([0-9a-f]{4}:[0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class AskedDevice:
    """`DRIVER[:PORT]` of the command line."""

    driver: str
    port: str

    @classmethod
    def of(cls, text: str) -> "AskedDevice":
        """Raises `ValueError` for what is no such text."""
        found = _DEVICE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not DRIVER or DRIVER:PORT")
        return cls(found["driver"], found["port"] or "")


@dataclass(slots=True)
class HardwareReport:
    """Collected while the suite runs. `verdicts` are (test, passed|failed|skipped, why)."""

    asked: AskedDevice
    info: ScannerInfo | None = None
    figures: dict[str, list[float]] = field(default_factory=dict)
    verdicts: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, figures: Mapping[str, Sequence[float]], info: ScannerInfo | None) -> None:
        """The numbers that one test has measured, and what the scanner said there."""
        self.info = info or self.info
        for name, values in figures.items():
            self.figures.setdefault(name, []).extend(values)

    def facts(self) -> dict[str, object]:
        """All of it as plain values."""
        return {
            "report": 1,
            "program": __version__,
            "at": datetime.now(tz=UTC).strftime("%Y-%m-%d"),
            "system": {"kernel": platform.release(), "machine": platform.machine()},
            "driver": self.asked.driver,
            "usb": self._usb(),
            "scanner": None if self.info is None else _said(self.info),
            "figures": {name: _summary(values) for name, values in sorted(self.figures.items())},
            "tests": [
                {"test": test, "verdict": verdict, "why": why}
                for test, verdict, why in self.verdicts
            ],
        }

    def text(self) -> str:
        """All of it for people."""
        facts = self.facts()
        lines = [
            f"Scanner suite on hardware: {facts['driver']} {facts['usb'] or ''}".rstrip(),
            f"station-app {facts['program']}, {facts['at']}, Linux {platform.release()}",
            f"The scanner says: {facts['scanner']}",
            "",
        ]
        for test, verdict, why in self.verdicts:
            lines.append(f"{verdict:<8}{test}{f': {why}' if why else ''}")
        lines.append("")
        for name, values in sorted(self.figures.items()):
            one = _summary(values)
            numbers = ", ".join(f"{what} {value}" for what, value in one.items())
            lines.append(f"{name:<20}{numbers}")
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Two files, for programs and for people."""
        folder.mkdir(parents=True, exist_ok=True)
        name = f"scanner-report-{self.asked.driver}"
        data, text = folder / f"{name}.json", folder / f"{name}.txt"
        data.write_text(json.dumps(self.facts(), indent=1) + "\n", encoding="utf-8")
        text.write_text(self.text(), encoding="utf-8")
        return data, text

    def _usb(self) -> list[str]:
        """Vendor and product, where the port names them; else of everything plugged in."""
        named = _IDS.match(self.asked.port)
        return [named[1]] if named else sorted({one.ids for one in usb_devices()})


class HardwareRun:
    """The plugin of a run with `--device`: listens to the tests and writes the report."""

    name: Final = "hardware_run"

    def __init__(self, asked: AskedDevice, folder: Path) -> None:
        self.report, self._folder = HardwareReport(asked), folder
        self._written: tuple[Path, ...] = ()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """In the order of the suite: a hand goes from easy to hard."""
        items.sort(key=lambda item: (item.location[0], item.location[1] or 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the verdict of the call, and of a setup that skipped or failed."""
        if report.when == "call" or report.outcome != "passed":
            why = "" if report.outcome == "passed" else _why(report)
            self.report.verdicts.append((report.nodeid.rpartition("::")[2], report.outcome, why))

    def pytest_sessionfinish(self) -> None:
        """Write it, however the run ended."""
        if self.report.verdicts:
            self._written = self.report.write(self._folder)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where it is."""
        for path in self._written:
            terminalreporter.write_line(f"The report to send back: {path}")


def _why(report: pytest.TestReport) -> str:
    """The last line, without paths."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    last = str(report.longreprtext).strip().splitlines()[-1:]
    return last[0].rpartition("/")[2] if last else ""


def _said(info: ScannerInfo) -> dict[str, object]:
    return {name: getattr(info, name) for name in ScannerInfo.__slots__}


def _summary(values: Sequence[float]) -> dict[str, float]:
    return {
        "times": len(values),
        "median": round(statistics.median(values), 1),
        "least": round(min(values), 1),
        "most": round(max(values), 1),
    }
