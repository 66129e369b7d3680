"""The battery during the day: a word when it matters, and a safe end before it is empty."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from station_app.devices.computer import Battery
from station_app.domain.error_codes import Code
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.runner import Runner

LOW_PERCENT: Final = 20
EMPTY_PERCENT: Final = 7
"""Below these, without the charger: amber; red, and no session begins (DESIGN 5)."""
LOCK_AFTER_S: Final = 300.0
"""So long the battery may be that empty before the station locks."""
_LOOK_EVERY_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class LowBattery:
    """A battery that matters: its `percent`, and `is_empty` where nobody's session begins."""

    percent: int
    is_empty: bool


def judged(battery: Battery | None) -> LowBattery | None:
    """What is to be said of a battery; None on mains, without one, and while there is enough."""
    if battery is None or battery.is_charging or battery.percent >= LOW_PERCENT:
        return None
    return LowBattery(battery.percent, battery.percent < EMPTY_PERCENT)


class BatteryWatch:
    """Used on the main thread; looks on a lane of its own, for the kernel may take its time.

    `tell` hears of each change. While the battery is empty the desk begins no session; from
    `LOCK_AFTER_S` after that on `must_lock` holds, until there is a charger.
    """

    def __init__(
        self,
        look: Callable[[], Battery | None],
        lane: Lane,
        bridge: Bridge,
        runner: Runner,
        tell: Callable[[LowBattery | None], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._lane, self._bridge = look, lane, bridge
        self._runner, self._tell, self._seconds = runner, tell, seconds
        self._now: LowBattery | None = None
        self._empty_since: float | None = None
        self._is_stopped = False

    @property
    def must_lock(self) -> bool:
        """Whether the station locks as soon as it may."""
        since = self._empty_since
        return since is not None and self._seconds() - since >= LOCK_AFTER_S

    def start(self) -> None:
        """Look now, and again and again."""
        if not self._is_stopped:
            self.look()
            self._bridge.later(_LOOK_EVERY_S, self.start)

    def look(self) -> None:
        """Look now."""
        if not self._is_stopped:
            self._lane.run(self._look, self._seen, lambda _: None)

    def stop(self) -> None:
        """Look no more."""
        self._is_stopped = True

    def _seen(self, battery: Battery | None) -> None:
        now = judged(battery)
        if self._is_stopped or now == self._now:
            return
        self._now = now
        is_empty = now is not None and now.is_empty
        if is_empty and self._empty_since is None:
            self._empty_since = self._seconds()
            self._runner.refuse_sessions(Code.BATTERY_EMPTY)
        elif not is_empty and self._empty_since is not None:
            self._empty_since = None
            self._runner.allow_sessions(Code.BATTERY_EMPTY)
        self._tell(now)
