"""Writes into the program's log what hinders a desk, what mends it, and what ends it."""

import logging

from station_app.domain.samples import LiveFrame, Meters
from station_app.domain.session_states import Blocked, State, WaitingForScanner

_log = logging.getLogger(__name__)


class DeskLog:
    """An observer of the runner. Who stands at the desk is nothing to it."""

    def __init__(self) -> None:
        self._code = ""

    def state_changed(self, state: State) -> None:
        """Write where a fault begins, and where it ends."""
        before, self._code = self._code, _hindrance(state)
        if before == self._code:
            return
        if before:
            _log.info("desk_mended", extra={"code": before})
        if self._code:
            _log.info("desk_hindered", extra={"code": self._code})

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """Not of interest."""

    def broke(self, bug: BaseException, last_entry: int | None) -> None:
        """Write where in the code it was."""
        _log.critical("desk_broke", exc_info=bug)


def _hindrance(state: State) -> str:
    match state:
        case WaitingForScanner():
            return "scanner_unplugged"
        case Blocked(code=code):
            return code
        case _:
            return ""
