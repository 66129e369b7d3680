"""A whole small day at a real station, killed three times; and what the judgement finds."""

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station_app.assembly.simulated_desk import DayClock, Surroundings
from station_app.devices.simulated.printer import SimulatedPrinter
from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    ClockChanged,
    DayClosed,
    Entry,
    Outcome,
    OutcomeVoided,
    SlipPrinted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, PrintedTo, VoidReason
from station_app.flow.day_check import ToldEnd, day_faults
from station_app.flow.day_plan import Case, Fault, Visit, plan_day

VOTERS = 40
AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


@pytest.mark.timeout(600)
def test_a_day_adds_up(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "station_app", "simulate-day", "--json"]
    run = subprocess.run(
        [*command, "--voters", str(VOTERS), "--seed", "2", "--out", str(tmp_path / "day")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    said = json.loads(run.stdout)
    assert said["faults"] == []
    assert said["journal_sound"]
    assert said["crashes"] == 3
    assert sum(said["ends"].values()) == said["visits"] == len(plan_day(VOTERS, 2))
    papers = sorted(path.name for path in (tmp_path / "day/station/papers").iterdir())
    assert papers == ["demo-day1-protocol.pdf", "demo-day1-zero-report.pdf"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    command = [sys.executable, "-m", "station_app", "simulate-day", "--voters", "40"]
    run = subprocess.run(
        [*command, "--out", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "thesis.txt is not from a simulated day" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_clock_goes_on_while_the_desk_is_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: passed)
    path = tmp_path / "clock"
    clock = DayClock(path, AT)
    passed += 5
    assert clock.now() == AT + timedelta(seconds=5)
    again = DayClock(path, AT - timedelta(hours=1))
    assert again.now() == clock.now()
    passed += 2
    assert again.now() == AT + timedelta(seconds=7)


def test_only_the_plan_sets_the_clock_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: passed)
    clock = DayClock(tmp_path / "clock", AT)
    visits = plan_day(VOTERS, 1)
    (back,) = [one for one in visits if one.fault is Fault.CLOCK_BACK]
    before = visits[back.number - 1]
    with closing(SimulatedPrinter(tmp_path / "printer")) as printer:
        around = Surroundings(clock, printer)
        around.begin(before)
        passed += 3600  # the machine was busy: longer than a visit is planned
        around.begin(replace(before, at=before.at + timedelta(seconds=1)))
        assert clock.now() == before.at + timedelta(hours=1)
        around.begin(back)
        assert clock.now() == back.at < before.at


class Day:
    """A day as planned, made without a station, to be spoilt."""

    def __init__(self) -> None:
        self.visits = plan_day(VOTERS, 1)
        self.voters = [f"V-{row}" for row in range(VOTERS)]
        self.entries: list[Entry] = []
        self.told: list[ToldEnd] = []
        standing = voided = 0
        for visit in self.visits:
            self._visit(visit)
            standing += visit.stands
            voided += visit.case is Case.PHOTO_MISMATCH
        self.entries.append(ClockChanged(60_000))
        self.entries.append(
            DayClosed(1, VOTERS, standing, 0, 0, voided, 0, 0, 0, 0, 0, 0, 0, 0, "c", "m")
        )

    def _visit(self, visit: Visit) -> None:
        kind = min(visit.ends)
        named = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        voter = self.voters[visit.row] if named and visit.row is not None else None
        first = 1 if kind is OutcomeKind.ALREADY_IDENTIFIED else None
        self.entries.append(
            Outcome(
                visit.number + 1, kind, "", Method.FINGER, voter, 1 if named else None, first,
                None, None, 0, 1, "", "",
            )
        )  # fmt: skip
        entry = len(self.entries)
        void = visit.case is Case.PHOTO_MISMATCH
        if void:
            reason = VoidReason.PHOTO_MISMATCH
            self.entries.append(OutcomeVoided(entry, voter or "", 1, reason, "o", "m"))
        elif visit.stands:
            self.entries.append(SlipPrinted(entry, 1, PrintedTo.PRINTER))
        self.told.append(ToldEnd(visit.number, kind, entry, voter, void, 1, 1, 1.0, 1.0, 1.0))

    def faults(self) -> list[str]:
        lines = [StoryLine(number, AT, entry) for number, entry in enumerate(self.entries, 1)]
        return day_faults(self.visits, self.told, self.voters, lines)

    def drop(self, kind: type[Entry]) -> None:
        place = next(n for n, entry in enumerate(self.entries) if isinstance(entry, kind))
        self.entries[place] = (
            ClockChanged(1) if kind is not ClockChanged else SlipPrinted(1, 1, PrintedTo.PRINTER)
        )


def test_a_day_as_planned_has_no_faults() -> None:
    assert Day().faults() == []


def test_what_the_desk_told_wrongly_is_found() -> None:
    day = Day()
    end = day.told[0]
    day.told[0] = replace(end, voter_id="V-somebody")
    assert any("named another voter" in fault for fault in day.faults())
    day.told[0] = replace(end, outcome=OutcomeKind.DEVICE_LOST)
    assert any("ended as device_lost" in fault for fault in day.faults())
    day.told[0] = replace(end, voided=not end.voided)
    assert any("made void" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=len(day.entries))
    assert any("is lost" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=day.told[-1].entry)
    assert any("something else than the desk" in fault for fault in day.faults())
    day.told[0] = day.told[1]
    assert any("told twice" in fault for fault in day.faults())
    assert any("has no end" in fault for fault in day.faults())


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (OutcomeVoided, "entries are void"),
        (SlipPrinted, "has no slip"),
        (ClockChanged, "0 entries say so"),
        (DayClosed, "is not closed"),
        (Outcome, "is lost"),
    ],
)
def test_an_entry_that_is_missing_is_found(kind: type[Entry], fault: str) -> None:
    day = Day()
    day.drop(kind)
    assert any(fault in one for one in day.faults()), day.faults()


def test_sums_that_are_wrong_are_found() -> None:
    day = Day()
    closed = day.entries[-1]
    assert isinstance(closed, DayClosed)
    day.entries[-1] = replace(closed, by_finger=closed.by_finger + 1)
    assert any("closing's counts" in fault for fault in day.faults())
    day = Day()
    interrupted = Outcome(
        99, OutcomeKind.INTERRUPTED, "restart", Method.NONE, None, None, None, None, None, 0, 0,
        "", "",
    )  # fmt: skip
    day.entries += [interrupted] * 4
    assert any("more sessions were interrupted" in fault for fault in day.faults())
