"""A whole small day at real stations, killed three times; and its clock."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from station_app.assembly.simulated_desk import _Shift
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.precinct import invent_precinct
from station_app.training.day_clock import DayClock, PlannedFaults
from station_app.training.day_plan import CRASH_LASTS, plan_day
from station_app.training.day_stations import DayRun
from station_app.training.script import ScriptFault

VOTERS = 40
AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_day_adds_up(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "station_app", "simulate-day", "--json"]
    run = subprocess.run(
        [*command, "--voters", str(VOTERS), "--seed", "2", "--out", str(tmp_path / "day")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1", "STATION_APP_HOME": str(tmp_path / "home")},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    said = json.loads(run.stdout)
    assert said["faults"] == []
    assert said["journal_sound"]
    assert said["crashes"] == 3
    assert sum(said["ends"].values()) == said["visits"] == len(plan_day(VOTERS, 2))
    assert said["milestones"] == {
        "two_in_one": ["people_changed", "people_changed", "not_allowed", "not_allowed"],
        "list_corrected": ["list_lacks_accepted"],
        "acts": ["act_refused"],
        "closed_early": [],
        "taken_over": ["takeover_blind"],
    }
    assert [one["needs_paper_list"] for one in said["gaps"]] == [True, True]
    assert said["ends"]["sent_away"] == 1
    assert said["by_face"][0] <= said["by_face"][1] == 1
    assert _papers(tmp_path / "day/station") == _papers_of("9042-1")
    assert _papers(tmp_path / "day/spare") == _papers_of("9042-2")

    _nobody_is_in_the_log((tmp_path / "home/log/station-app.log").read_text())


def _nobody_is_in_the_log(log: str) -> None:
    precinct = invent_precinct(VOTERS, 2, (FingerPosition.RIGHT_INDEX,))
    voters = [(one.voter_id, one.pin, one.surname, one.given_names) for one in precinct.voters]
    people = ("Sadyrova", "Abdykadyrov", "Ismailova", "rivers", "hills keep", "foxes")
    for word in (*people, *chain.from_iterable(voters)):
        assert word not in log
        assert json.dumps(word).strip('"') not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["what"] for line in lines].count("started") >= 4, "once, and after every death"
    for line in lines:
        told = [text for name, text in line.items() if name not in ("at", "where", "version")]
        assert not re.search("[0-9]", json.dumps(told)), "nobody's number either"


def _papers(station: Path) -> list[str]:
    return sorted(path.name for path in (station / "papers").iterdir())


def _papers_of(station: str) -> list[str]:
    return [f"{station}-day1-protocol.pdf", f"{station}-day1-zero-report.pdf"]


@pytest.mark.parametrize("name", ["thesis.txt", "station"])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    """A station too: it may be a real one."""
    (tmp_path / name).write_text("mine")
    command = [sys.executable, "-m", "station_app", "simulate-day", "--voters", "40"]
    run = subprocess.run(
        [*command, "--out", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert f"{name} is not from a simulated day" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


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
    visits = plan_day(VOTERS, 1)
    clock = DayClock(tmp_path / "clock", visits[0].at)
    (back,) = [one for one in visits if one.fault is ScriptFault.CLOCK_BACK]
    before = visits[back.number - 1]
    with closing(SimulatedPrinter(tmp_path / "printer")) as printer:
        around = PlannedFaults(clock, printer)
        around.begin(before)
        passed += 3600  # the machine was busy: longer than a visit is planned
        around.begin(replace(before, at=before.at + timedelta(seconds=1)))
        assert clock.now() == before.at + timedelta(hours=1)
        around.begin(back)
        assert clock.now() == back.at < before.at
        passed += 90
        around.begin(back)  # the desk was killed within it
        assert clock.now() == back.at + timedelta(seconds=90)


def test_a_desk_waits_for_its_death(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What kills it may be late: it begins no visit that the plan keeps from the crash."""
    visits = plan_day(VOTERS, 2)
    crash = next(one.number for one in visits if one.fault is ScriptFault.CRASH)
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    run = DayRun(VOTERS, 2, tmp_path)
    _Shift(run, visits, 0)._await_crash(crash + CRASH_LASTS)
    _Shift(run, visits, crash)._await_crash(crash + CRASH_LASTS + 1)  # killed before
    assert waited == []
    _Shift(run, visits, 0)._await_crash(crash + CRASH_LASTS + 1)
    assert len(waited) == 1


def test_nobody_reads_a_clock_that_is_being_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lane asks for the time while the plan sets it: no entry is written earlier for it."""
    passed = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: passed)
    clock = DayClock(tmp_path / "clock", AT)
    passed = 5.0

    def set_meanwhile() -> float:
        monkeypatch.setattr(time, "monotonic", lambda: passed)
        clock.reach(AT + timedelta(hours=1))
        return passed

    monkeypatch.setattr(time, "monotonic", set_meanwhile)
    assert clock.now() == AT + timedelta(seconds=5)
    assert clock.now() == AT + timedelta(hours=1)
