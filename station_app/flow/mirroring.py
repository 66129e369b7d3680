"""Keeps the journal's mirror up to date, and says when it is not.

Identification never waits for it: the medium is written on a lane of its own, and what cannot
be written there is written later. All but `listen` is called on the main thread.
"""

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from station_app.domain.entries import MirrorLost, MirrorReturned
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.journal.mirror import Mirror
from station_app.journal.mirror_file import differs_from_mirror
from station_app.journal.records import Record

_log = logging.getLogger(__name__)

CHUNK: Final = 500
"""Entries that are read from the journal and written to the medium at once."""

LOOK_EVERY_S: Final = 3.0
SLOW_S: Final = 10.0
"""Seconds after which a medium that does not answer counts as lost."""

CATCHING_UP: Final = "mirror_catching_up"
SLOW: Final = "mirror_slow"

Answer = TypeVar("Answer")
Records = Callable[[int, int], Sequence[Record]]
"""At most so many (second) of the journal's records from a number (first) on."""


@dataclass(frozen=True, slots=True)
class Off:
    """The settings name no mirror."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The mirror holds the entries 1 to `upto`, and takes the newest at once."""

    upto: int


@dataclass(frozen=True, slots=True)
class Behind:
    """The mirror holds the entries 1 to `upto` of `of`; `code` says why no more."""

    upto: int
    code: str
    of: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the mirror stands: its last entry's number, and the root there."""

    path: Path
    upto: int
    root: bytes


MirrorState = Off | Keeping | Behind


class MirrorObserver(Protocol):
    """Is told on the main thread."""

    def mirror_changed(self, state: MirrorState) -> None:
        """The mirror is in another state, or has taken more entries."""
        ...


class Mirroring:
    """The mirror of one open journal.

    `open_mirror` opens it, on its lane; None: no mirror is configured. `records` reads the
    journal, on the journal's lane (`Look.records`); `size` is how many entries it has. `write`
    puts an entry into the journal soon; it comes back through `listen` as every other. A loss
    is written once, until everything is caught up.
    """

    def __init__(
        self,
        open_mirror: Callable[[], Mirror] | None,
        lane: Lane,
        records: Records,
        journal_lane: Lane,
        bridge: Bridge,
        write: Callable[[MirrorLost | MirrorReturned], None],
        size: int,
        look_every_s: float = LOOK_EVERY_S,
        slow_s: float = SLOW_S,
    ) -> None:
        self._medium = None if open_mirror is None else _Medium(open_mirror)
        self._lane, self._records, self._journal_lane = lane, records, journal_lane
        self._bridge, self._write, self._size = bridge, write, size
        self._look_every_s, self._slow_s = look_every_s, slow_s
        self._observers: list[MirrorObserver] = []
        self._newest: deque[Record] = deque(maxlen=CHUNK)
        self._upto: int | None = None  # None: it is not open
        self._is_busy = False
        self._is_closed = False
        self._asked_at: float | None = None
        self._lost_code = ""
        self._missed: int | None = None  # entries it lacked when it had returned
        self._state: MirrorState = Off() if open_mirror is None else Behind(0, CATCHING_UP, size)

    @property
    def state(self) -> MirrorState:
        """How the mirror stands."""
        return self._state

    def observe(self, observer: MirrorObserver) -> None:
        """Tell `observer` of every change from now on."""
        self._observers.append(observer)

    def start(self) -> None:
        """Look for the medium, now and every few seconds."""
        if self._medium is None or self._is_closed:
            return
        self._bridge.later(self._look_every_s, self.start)
        if not self._is_busy:
            self._look()
        elif self._is_slow() and not self._lost_code:
            self._lose(SLOW)

    def listen(self, records: Sequence[Record]) -> None:
        """The journal has these entries, its newest; may be called on any thread."""
        self._bridge.post(lambda: self._take(records))

    def close(self) -> None:
        """Write the last entries, and let the medium go; while the journal is still open.

        What is missing then is written at the next start.
        """
        if self._is_closed:
            return
        self._is_closed = True
        medium, upto = self._medium, self._upto
        if medium is not None and not self._is_slow():
            rest: Sequence[Record] = ()
            if upto is not None:
                with contextlib.suppress(KnownError):  # of the journal, which says it itself
                    rest = self._journal_lane.call(lambda: self._records(upto + 1, CHUNK))
            self._lane.call(lambda: medium.finish(rest))
        self._lane.close()

    def _take(self, records: Sequence[Record]) -> None:
        self._size = records[-1].number
        if self._medium is not None:
            self._newest.extend(records)
            self._go_on()

    def _look(self) -> None:
        assert self._medium is not None
        self._ask(self._medium.look, self._looked)

    def _looked(self, found: _Place) -> None:
        is_new, self._upto = self._upto is None, found.upto
        if not is_new or found.upto == 0:
            self._go_on()
            return
        self._is_busy = True
        self._journal_lane.run(
            lambda: self._records(found.upto, 1),
            lambda records: self._compare(found, records),
            self._failed,
        )

    def _compare(self, found: _Place, records: Sequence[Record]) -> None:
        """The mirror's last entry has to be the journal's of that number."""
        self._is_busy = False
        if records and records[0].root == found.root:
            self._go_on()
        else:
            self._failed(differs_from_mirror(found.path, min(found.upto, self._size)))

    def _go_on(self) -> None:
        """Write the next entries, if there are some and nothing is under way."""
        if self._upto is None or self._is_busy or self._is_closed:
            return
        upto = self._upto
        if self._lost_code and self._missed is None:
            self._missed = self._size - upto
        if upto >= self._size:
            self._kept(upto)
        elif self._newest and self._newest[0].number <= upto + 1:
            self._append([one for one in self._newest if one.number > upto])
        else:
            self._is_busy = True
            self._journal_lane.run(
                lambda: self._records(upto + 1, CHUNK), self._append, self._failed
            )

    def _append(self, records: Sequence[Record]) -> None:
        medium = self._medium
        if medium is not None and not self._is_closed:
            self._ask(lambda: medium.append(records), self._appended)

    def _appended(self, upto: int) -> None:
        self._upto = upto
        while self._newest and self._newest[0].number <= upto:
            self._newest.popleft()
        if not isinstance(self._state, Keeping):
            self._say(Behind(upto, self._lost_code or CATCHING_UP, self._size))
        self._go_on()

    def _kept(self, upto: int) -> None:
        missed, self._missed, self._lost_code = self._missed, None, ""
        self._say(Keeping(upto))
        if missed is not None:
            _log.info("mirror_returned")
            self._write(MirrorReturned(missed))

    def _failed(self, fault: KnownError) -> None:
        medium = self._medium
        if medium is None or self._is_closed:
            return
        self._is_busy, self._upto, self._missed = False, None, None
        self._lane.run(medium.close, lambda _: None, lambda _: None)
        self._lose(fault.code)

    def _lose(self, code: str) -> None:
        is_news, self._lost_code = not self._lost_code, code
        upto = 0 if isinstance(self._state, Off) else self._state.upto
        self._say(Behind(upto, code, self._size))
        if is_news:
            _log.info("mirror_lost", extra={"code": code})
            self._write(MirrorLost(code))

    def _ask(self, work: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        """Have the medium do something, and remember since when it has been at it."""
        self._is_busy, self._asked_at = True, time.monotonic()

        def answered(answer: Answer) -> None:
            self._is_busy, self._asked_at = False, None
            if not self._is_closed:
                done(answer)

        def failed(fault: KnownError) -> None:
            self._asked_at = None
            self._failed(fault)

        self._lane.run(work, answered, failed)

    def _is_slow(self) -> bool:
        return self._asked_at is not None and time.monotonic() - self._asked_at > self._slow_s

    def _say(self, state: MirrorState) -> None:
        if state != self._state:
            self._state = state
            for observer in self._observers:
                observer.mirror_changed(state)


class _Medium:
    """The mirror on its lane: opened when it is there, closed after every fault."""

    def __init__(self, open_mirror: Callable[[], Mirror]) -> None:
        self._open = open_mirror
        self._mirror: Mirror | None = None

    def look(self) -> _Place:
        """Open the mirror, unless it is open and at its place."""
        if self._mirror is None:
            self._mirror = self._open()
        self._mirror.refuse_gone()
        return _Place(self._mirror.path, self._mirror.upto, self._mirror.root)

    def append(self, records: Sequence[Record]) -> int:
        """See `Mirror.append`."""
        assert self._mirror is not None
        return self._mirror.append(records)

    def finish(self, records: Sequence[Record]) -> None:
        """Write what is left, if it can be, and close."""
        if self._mirror is not None:
            left = [one for one in records if one.number > self._mirror.upto]
            with contextlib.suppress(KnownError):  # it is caught up at the next start
                if left and left[0].number == self._mirror.upto + 1:
                    self._mirror.append(left)
        self.close()

    def close(self) -> None:
        """Let the medium go."""
        if self._mirror is not None:
            self._mirror.close()
        self._mirror = None
