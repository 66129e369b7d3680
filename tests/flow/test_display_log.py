"""The voter's display: every change is told, and written once it has lasted."""

from collections.abc import Callable
from pathlib import Path

from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.flow.display_log import STEADY_S, DisplayLog
from tests.flow.slip_desk import SlipDesk

LOST, RETURNED = DeviceLost(None, "voter_display"), DeviceReturned(None, "voter_display")


class HeldTime:
    """A bridge on which what is due later waits until it is let go."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []
        self.seconds: set[float] = set()

    def post(self, call: Callable[[], None]) -> None:
        self.due.append(call)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.seconds.add(seconds)
        self.due.append(call)

    def pass_by(self) -> None:
        due, self.due = self.due, []
        for call in due:
            call()


def test_what_lasts_is_written_and_a_flicker_is_only_told(tmp_path: Path) -> None:
    desk, time, told = SlipDesk(tmp_path), HeldTime(), list[bool]()
    log = DisplayLog(desk.recorder, desk._lanes.journal, time, told.append)

    def written() -> list[DeviceLost | DeviceReturned]:
        time.pass_by()
        return desk.entries(DeviceLost, DeviceReturned)

    log.changed(True)
    assert written() == [], "it is there from the start"
    for is_on in (False, True):
        log.changed(is_on)
    assert written() == [], "the screens were arranged anew"
    log.changed(False)
    assert written() == [LOST]
    for is_on in (True, False):
        log.changed(is_on)
    assert written() == [LOST], "still lost"
    log.changed(True)
    assert written() == [LOST, RETURNED]
    assert told == [True, False, True, False, True, False, True]
    assert time.seconds == {STEADY_S}
    log.changed(False)
    log.stop()
    log.changed(True)
    assert written() == [LOST, RETURNED], "a locked desk writes nothing"
    assert told[-1] is False
    desk.end()
