"""Whether voters see their display, told to the desk at once and to the journal once it lasts."""

from collections.abc import Callable
from typing import Final

from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder

_DEVICE: Final = "voter_display"
STEADY_S: Final = 5.0
"""A monitor vanishes for a second or two when screens are arranged anew; a loose plug writes no
more than an entry in this time.
"""


class DisplayLog:
    """Used on the main thread; `tell` hears every change."""

    def __init__(
        self, recorder: Recorder, journal: Lane, bridge: Bridge, tell: Callable[[bool], None]
    ) -> None:
        self._recorder, self._journal, self._bridge, self._tell = recorder, journal, bridge, tell
        self._is_on = self._written = True
        self._change = 0
        self._is_stopped = False

    def changed(self, is_on: bool) -> None:
        """Voters see it from now on, or no longer."""
        if self._is_stopped:
            return
        self._is_on = is_on
        self._change += 1
        self._tell(is_on)
        change = self._change
        self._bridge.later(STEADY_S, lambda: self._write(change))

    def stop(self) -> None:
        """Write nothing more; before the lanes are closed."""
        self._is_stopped = True

    def _write(self, change: int) -> None:
        if self._is_stopped or change != self._change or self._is_on is self._written:
            return
        self._written = self._is_on
        entry = DeviceReturned(None, _DEVICE) if self._is_on else DeviceLost(None, _DEVICE)
        recorder = self._recorder
        self._journal.run(lambda: recorder.append_late(entry), lambda _: None, lambda _: None)
