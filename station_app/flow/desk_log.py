"""Writes a desk's faults into the program's log, with their end, and the bug that ends a desk."""

import logging

from station_app.domain.session_states import AwaitingFace, Blocked, State, WaitingForScanner
from station_app.flow.runner import DeskObserver

_log = logging.getLogger(__name__)


class DeskLog(DeskObserver):
    """Logs faults of the desk; never anything about a person."""

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

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """Write where in the code it was."""
        _log.critical("desk_broke", exc_info=bug)


def _hindrance(state: State) -> str:
    match state:
        case WaitingForScanner():
            return "scanner_unplugged"
        case AwaitingFace(fault=code) | Blocked(code=code):
            return code
        case _:
            return ""
