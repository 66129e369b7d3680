"""The battery during the day: said when it matters, and nobody begins where it ends."""

from collections.abc import Iterator

import pytest

from station_app.devices.computer import Battery
from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.session_states import AwaitingSample, Blocked, Idle, Resting
from station_app.flow.battery_watch import LOCK_AFTER_S, BatteryWatch, LowBattery, judged
from station_app.flow.lane import Lane
from tests.flow.desk_parts import a_voter
from tests.flow.whole_desk import Station


class Watched:
    """A desk, a battery, and a clock that passes when told."""

    def __init__(self) -> None:
        self.station = Station()
        self.battery: Battery | None = Battery(80, False, 200)
        self.told: list[LowBattery | None] = []
        self.now = 0.0
        bridge = self.station.bridge
        self.lane = Lane("computer", bridge, self.station.runner.report_bug)
        self.watch = BatteryWatch(
            lambda: self.battery, self.lane, bridge, self.station.runner, self.told.append,
            lambda: self.now,
        )  # fmt: skip
        self.station.runner.start()
        self.station.until(Idle)

    def look(self, percent: int, *, is_charging: bool = False) -> None:
        """Look at such a battery, and wait for what follows."""
        self.battery = Battery(percent, is_charging, None)
        seen: list[bool] = []
        self.watch.look()
        self.lane.run(lambda: None, lambda _: seen.append(True), lambda _: None)
        assert self.station.bridge.run(lambda: bool(seen), 60)


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.watch.stop()
    made.lane.close()
    made.station.runner.stop()


@pytest.mark.parametrize(
    ("battery", "said"),
    [
        (None, None),
        (Battery(20, False, None), None),
        (Battery(19, False, None), LowBattery(19, is_empty=False)),
        (Battery(7, False, None), LowBattery(7, is_empty=False)),
        (Battery(6, False, None), LowBattery(6, is_empty=True)),
        (Battery(3, True, None), None),
    ],
)
def test_what_is_said_of_a_battery(battery: Battery | None, said: LowBattery | None) -> None:
    assert judged(battery) == said


def test_a_low_battery_is_said_once_and_hinders_nobody(watched: Watched) -> None:
    for percent in (50, 15, 15):
        watched.look(percent)
    assert watched.told == [LowBattery(15, is_empty=False)]
    assert isinstance(watched.station.runner.state, Idle)
    watched.look(15, is_charging=True)
    assert watched.told[-1] is None


def test_nearly_empty_nobody_begins_until_there_is_a_charger(watched: Watched) -> None:
    watched.look(5)
    blocked = watched.station.runner.state
    assert isinstance(blocked, Blocked)
    assert blocked.code == "battery_empty"
    runner = watched.station.runner
    assert runner.may_rest, "the commission may pause or close the day"
    runner.handle(ev.DayChanged(DayState.PAUSED))
    runner.handle(ev.RetryPressed())
    watched.station.until(Resting)
    runner.handle(ev.DayChanged(DayState.OPEN))
    watched.station.until(Blocked)
    watched.station.runner.handle(ev.RetryPressed())
    watched.station.until(Blocked)
    watched.look(6, is_charging=True)
    watched.station.runner.handle(ev.RetryPressed())
    watched.station.until(Idle)


def test_a_session_under_way_ends_before_the_desk_is_blocked(watched: Watched) -> None:
    watched.station.runner.handle(ev.PinEntered(a_voter(1).pin))
    watched.station.until(AwaitingSample)
    watched.look(5)
    assert isinstance(watched.station.runner.state, AwaitingSample)
    watched.station.runner.handle(ev.Cancelled())
    watched.station.until(Blocked)


def test_five_minutes_of_that_lock_the_station(watched: Watched) -> None:
    watched.look(6)
    watched.now = LOCK_AFTER_S - 1
    watched.look(5)
    assert not watched.watch.must_lock
    watched.now += 1
    assert watched.watch.must_lock
    watched.look(5, is_charging=True)
    assert not watched.watch.must_lock
