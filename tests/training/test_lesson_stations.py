"""The stations that lessons at a station begin with, and the spare that takes over."""

import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from station_app.devices.drivers import DeviceFamily
from station_app.domain.day import DayState
from station_app.flow.open_station import utc_now
from station_app.flow.opening import open_unlocked
from station_app.settings import read_machine
from station_app.training.lesson_stations import (
    LessonFolder,
    StationStart,
    put_station,
    take_over_by_stick,
    unlocked_by_two,
)
from station_app.training.lists import demo_precinct
from station_app.vault import PublicIdentity


def prepared(root: Path, start: StationStart) -> LessonFolder:
    folder = LessonFolder(root / "attempt")
    put_station(folder, start, root / "printer", utc_now)
    return folder


def day_and_settled(folder: LessonFolder) -> tuple[DayState, list[str]]:
    with (
        unlocked_by_two(folder.station) as (_, unlocked),
        closing(open_unlocked(folder.station, unlocked, utc_now)) as opened,
    ):
        look = opened.recorder.journal.look
        settled = [one.voter_id for one in look.day_outcomes() if one.voter_id is not None]
        return look.day.state, settled


@pytest.mark.parametrize(
    ("start", "state"),
    [
        (StationStart(), DayState.OPEN),
        (StationStart(is_open=False), DayState.BEFORE),
        (StationStart(identified=(11, 57)), DayState.OPEN),
    ],
    ids=["open", "before", "identified"],
)
def test_a_loaded_station(tmp_path: Path, start: StationStart, state: DayState) -> None:
    folder = prepared(tmp_path, start)
    ids = [demo_precinct().voters[row].voter_id for row in start.identified]
    assert day_and_settled(folder) == (state, ids)
    assert [one.name for one in folder.stick.iterdir()] == ["9042.vsnap"]


def test_a_station_without_a_list(tmp_path: Path) -> None:
    folder = prepared(tmp_path, StationStart(is_loaded=False))
    assert not folder.station.lists.exists()
    assert not folder.station.journal.exists()


def test_the_spare_carries_on(tmp_path: Path) -> None:
    folder = prepared(tmp_path, StationStart(takes_over=True, identified=(11,)))
    assert not folder.station.lists.exists()
    assert take_over_by_stick(folder, utc_now) > 0
    assert day_and_settled(folder) == (DayState.OPEN, [demo_precinct().voters[11].voter_id])


def test_a_station_is_made_once_and_copied(tmp_path: Path) -> None:
    """What was done to a copy is not in the next one; what a killed process made goes."""
    left = Path(tempfile.gettempdir()) / "station-app-lessons-0-left"
    left.mkdir(exist_ok=True)
    start = StationStart(identified=(203,))
    one, other = (prepared(tmp_path / name, start) for name in ("one", "other"))
    assert not left.exists()
    ids = {PublicIdentity.load(each.station.public_identity).fingerprint() for each in (one, other)}
    assert len(ids) == 1
    one.station.journal.unlink()
    assert day_and_settled(other)[0] is DayState.OPEN
    ports = [
        read_machine(each.station.settings).device(DeviceFamily.PRINTER) for each in (one, other)
    ]
    assert [port and port.port for port in ports] == [
        str(tmp_path / name / "printer") for name in ("one", "other")
    ]
