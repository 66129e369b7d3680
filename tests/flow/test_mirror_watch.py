"""A desk whose mirror knows another journal begins no session, until that is mended."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.samples import RetryReason
from station_app.domain.session_states import Blocked, Idle, Resting, Verdict, WaitingForScanner
from station_app.flow.mirroring import MirrorBehind, MirrorOff, MirrorUpToDate, MirrorWatch
from tests.flow.mirrored_station import AtWork
from tests.flow.whole_desk import Station

ROLLED_BACK = MirrorBehind(4, "journal_rolled_back", 3)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[AtWork]:
    """A journal of nine sessions with its mirror, put back to five while the stick was out."""
    made = AtWork(tmp_path)
    made.start()
    made.sessions(1, 5)
    made.wait(MirrorUpToDate)
    made.stop()
    shutil.copytree(made.path.parent, tmp_path / "old")
    made.start()
    made.sessions(6, 9)
    made.wait(MirrorUpToDate)
    made.stop()
    shutil.rmtree(made.path.parent)
    shutil.copytree(tmp_path / "old", made.path.parent)
    made.stick.rename(tmp_path / "pulled")
    made.start()
    yield made
    made.stop()


def code(station: Station) -> str:
    state = station.runner.state
    return state.code if isinstance(state, Blocked) else ""


def test_an_old_copy_is_noticed_when_the_stick_comes_back(
    kept: AtWork, station: Station, tmp_path: Path
) -> None:
    kept.mirroring.observe(MirrorWatch(station.runner))
    kept.wait(MirrorBehind)
    assert isinstance(station.runner.state, Idle), "a mirror that is merely out hinders nobody"
    (tmp_path / "pulled").rename(kept.stick)
    assert kept.bridge.run(lambda: code(station) == "journal_rolled_back", 60)
    kept.stick.rename(tmp_path / "pulled")
    station.runner.handle(ev.RetryPressed())
    station.bridge.run(lambda: False, 0.2)
    assert code(station) == "journal_rolled_back", "to pull it out mends nothing"
    kept.stick.mkdir()
    kept.wait(MirrorUpToDate)
    assert isinstance(station.runner.state, Blocked), "a person says when to go on"
    station.runner.handle(ev.RetryPressed())
    station.until(Idle)


def test_who_is_at_the_desk_is_not_turned_away(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    MirrorWatch(station.runner).mirror_changed(ROLLED_BACK)
    assert isinstance(station.runner.state, Verdict)
    station.runner.handle(ev.NextPressed())
    assert code(station) == "journal_rolled_back"
    assert not any(isinstance(state, Idle) for state in station.witness.states[-2:])
    assert not station.runner.may_rest


def test_a_day_at_rest_is_blocked_when_it_goes_on() -> None:
    station = Station(day=DayState.PAUSED)
    MirrorWatch(station.runner).mirror_changed(ROLLED_BACK)
    assert isinstance(station.runner.state, Resting)
    station.runner.handle(ev.DayChanged(DayState.OPEN))
    assert code(station) == "journal_rolled_back"
    station.runner.stop()


def test_a_desk_without_its_scanner_is_blocked_too(station: Station) -> None:
    station.scanner.unplug()
    station.until(WaitingForScanner)
    MirrorWatch(station.runner).mirror_changed(ROLLED_BACK)
    assert code(station) == "journal_rolled_back"


@pytest.mark.parametrize(
    "state", [MirrorOff(), MirrorUpToDate(3), MirrorBehind(2, "mirror_full", 3)]
)
def test_every_other_mirror_lets_the_desk_work(
    station: Station, state: MirrorOff | MirrorUpToDate | MirrorBehind
) -> None:
    MirrorWatch(station.runner).mirror_changed(state)
    station.runner.handle(ev.CaptureFailed(station.runner.state.ticket, RetryReason.SMEARED))
    assert code(station) == ""
