"""Writes what is told of the mirror into the journal: in order, and late where not at once."""

import logging
from collections.abc import Callable, Sequence

from station_app.domain.appends import Appended
from station_app.domain.entries import MirrorLost, MirrorReturned
from station_app.domain.errors import KnownError

_log = logging.getLogger(__name__)

About = MirrorLost | MirrorReturned
Write = Callable[
    [Sequence[About], Callable[[tuple[Appended, ...]], None], Callable[[KnownError], None]], None
]
"""Writes all of the entries or none, later, and answers; see `Runner.write`."""


class MirrorEntries:
    """Used on the main thread. What is refused is written before the next that is not.

    It is not tried again by itself: what hinders it hinders identification, which tells.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._unwritten: list[About] = []
        self._asked = 0  # so many of them, from the first on, are on their way

    def write(self, entry: About) -> None:
        """Write `entry` after those before it."""
        if isinstance(entry, MirrorLost):
            _log.info("mirror_lost", extra={"code": entry.code})
        else:
            _log.info("mirror_returned")
        self._unwritten.append(entry)
        if not self._asked:
            self._ask()

    def _ask(self) -> None:
        self._asked = len(self._unwritten)
        self._write(tuple(self._unwritten), self._written, self._refused)

    def _written(self, appended: tuple[Appended, ...]) -> None:
        del self._unwritten[: len(appended)]
        self._ask_for_rest(0)

    def _refused(self, fault: KnownError) -> None:
        _log.warning("mirror_entry_waits", extra={"code": fault.code})
        self._ask_for_rest(self._asked)

    def _ask_for_rest(self, known: int) -> None:
        """Ask again if some came in the meantime: more than those `known` to be refused."""
        self._asked = 0
        if len(self._unwritten) > known:
            self._ask()
