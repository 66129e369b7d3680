"""Keeps the journal's mirror up to date, and says when it is not.

Identification never waits for the mirror: the medium is written on a lane of its own, and what
cannot be written there now is written later.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar

from station_app.domain.entries import JournalOpened, MirrorLost, MirrorReturned
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.flow.runner import Runner
from station_app.journal.mirror import Mirror, MirrorOwner, check_against_journal
from station_app.journal.mirror_file import differs_from_mirror
from station_app.journal.records import Record
from station_app.settings import Machine, StationKind
from station_app.vault import IdentityKind, StationFolder, Unlocked, refuse_changed_pins

_log = logging.getLogger(__name__)

CHUNK: Final = 500
"""Entries that are read from the journal and written to the medium in one step."""

LOOK_EVERY_S: Final = 3.0
SLOW_S: Final = 10.0
"""Seconds after which a medium that does not answer counts as lost."""

CATCHING_UP: Final = Code.MIRROR_CATCHING_UP
SLOW: Final = Code.MIRROR_SLOW
_ROLLED_BACK: Final = Code.JOURNAL_ROLLED_BACK

Answer = TypeVar("Answer")
OpenMirror = Callable[[], Mirror]


def mirror_opener(
    folder: StationFolder, unlocked: Unlocked, machine: Machine, opened: JournalOpened
) -> OpenMirror | None:
    """What opens the mirror of the station's journal, which `opened` begins; None where the
    settings name no mirror.

    The mirror is sealed to the recipients pinned when the station was set up. A live station's
    mirror must be on another disk than its journal. Raises `KnownError` as
    `refuse_changed_pins` does.
    """
    if not machine.mirror:
        return None
    owner = MirrorOwner(
        station=unlocked.station,
        origin=opened.origin,
        signer=unlocked.identity.signer(),
        journal_key=unlocked.journal_key,
        recipients=tuple(
            one.recipient
            for one in refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
            if one.kind is IdentityKind.RECIPIENT and one.recipient is not None
        ),
        previous_root=opened.previous_root or "",
    )
    apart_from = folder.root if machine.kind is StationKind.LIVE else None
    return partial(Mirror.open, Path(machine.mirror), owner, apart_from)


def refuse_rolled_back(open_mirror: OpenMirror, size: int, root_at: Callable[[int], bytes]) -> None:
    """Compare a journal that is being opened with its mirror, where the mirror can be opened.

    `Mirroring` says why it cannot. Raises `KnownError` `journal_rolled_back`.
    """
    try:
        mirror = open_mirror()
    except KnownError:
        return
    with contextlib.closing(mirror):
        check_against_journal(mirror, size, root_at)


@dataclass(frozen=True, slots=True)
class MirrorOff:
    """The settings name no mirror."""


@dataclass(frozen=True, slots=True)
class MirrorUpToDate:
    """The mirror holds the entries 1 to `upto` and receives each new one immediately."""

    upto: int


@dataclass(frozen=True, slots=True)
class MirrorBehind:
    """The mirror holds the entries 1 to `upto` of `of`; `code` says why no more."""

    upto: int
    code: str
    of: int


@dataclass(frozen=True, slots=True)
class _Place:
    """The mirror's file, its last entry's number, and the root there."""

    path: Path
    upto: int
    root: bytes


MirrorState = MirrorOff | MirrorUpToDate | MirrorBehind


class MirrorObserver(Protocol):
    """Is told on the main thread."""

    def mirror_changed(self, state: MirrorState) -> None:
        """The mirror is in another state, or has taken more entries."""
        ...


class Mirroring:
    """The mirror of one open journal; used on the main thread.

    `open_mirror` opens it, on `lane`; None: the settings name no mirror. A loss is written into
    the journal once, until the mirror has caught up.
    """

    def __init__(
        self,
        open_mirror: OpenMirror | None,
        lane: Lane,
        recorder: Recorder,
        journal_lane: Lane,
        bridge: Bridge,
        look_every_s: float = LOOK_EVERY_S,
        slow_s: float = SLOW_S,
    ) -> None:
        self._medium = None if open_mirror is None else _Medium(open_mirror)
        self._lane, self._recorder, self._journal_lane = lane, recorder, journal_lane
        self._bridge, self._look_every_s, self._slow_s = bridge, look_every_s, slow_s
        self._observers: list[MirrorObserver] = []
        self._upto: int | None = None  # None: it is not open
        self._is_busy = False
        self._is_closed = False
        self._asked_at: float | None = None
        self._lost_code = ""
        self._missed: int | None = None  # entries it lacked when it had returned
        self._state: MirrorState = MirrorOff()
        if open_mirror is not None:
            self._state = MirrorBehind(0, CATCHING_UP, recorder.last_entry)
            journal_lane.call(lambda: recorder.listen(lambda _: bridge.post(self._go_on)))

    @property
    def state(self) -> MirrorState:
        """The mirror's present state."""
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

    def close(self) -> None:
        """Write the last entries and release the medium; while the journal is still open.

        Entries that are missing then are written at the next start.
        """
        if self._is_closed:
            return
        self._is_closed = True
        medium, upto = self._medium, self._upto
        if medium is not None and not self._is_slow():
            rest: Sequence[Record] = ()
            if upto is not None:
                with contextlib.suppress(KnownError):  # of the journal, which says it itself
                    rest = self._journal_lane.call(lambda: self._records(upto + 1))
            self._lane.call(lambda: medium.finish(rest))
        self._lane.close()

    def _records(self, first: int, count: int = CHUNK) -> Sequence[Record]:
        """On the journal's lane."""
        return self._recorder.journal.look.records(first, count)

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
        """The mirror's last entry must be the journal's of that number."""
        self._is_busy = False
        if records and records[0].root == found.root:
            self._go_on()
        else:
            upto = min(found.upto, self._recorder.last_entry)
            self._failed(differs_from_mirror(found.path, upto))

    def _go_on(self) -> None:
        """Write the next entries, if there are some and nothing is under way."""
        if self._upto is None or self._is_busy or self._is_closed:
            return
        upto, size = self._upto, self._recorder.last_entry
        if self._lost_code and self._missed is None:
            self._missed = size - upto
        if upto >= size:
            self._kept(upto)
        else:
            self._is_busy = True
            self._journal_lane.run(lambda: self._records(upto + 1), self._append, self._failed)

    def _append(self, records: Sequence[Record]) -> None:
        medium = self._medium
        if medium is not None and not self._is_closed:
            self._ask(lambda: medium.append(records), self._appended)

    def _appended(self, upto: int) -> None:
        self._upto = upto
        if not isinstance(self._state, MirrorUpToDate):
            self._say(MirrorBehind(upto, self._lost_code or CATCHING_UP, self._recorder.last_entry))
        self._go_on()

    def _kept(self, upto: int) -> None:
        missed, self._missed, self._lost_code = self._missed, None, ""
        self._say(MirrorUpToDate(upto))
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
        upto = 0 if isinstance(self._state, MirrorOff) else self._state.upto
        self._say(MirrorBehind(upto, code, self._recorder.last_entry))
        if is_news:
            _log.info("mirror_lost", extra={"code": code})
            self._write(MirrorLost(code))

    def _write(self, entry: MirrorLost | MirrorReturned) -> None:
        recorder = self._recorder
        self._journal_lane.run(lambda: recorder.append_late(entry), lambda _: None, lambda _: None)

    def _ask(self, work: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        """Start `work` on the medium, and remember when it started."""
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
        """Write the remaining entries if possible, and close."""
        if self._mirror is not None:
            left = [one for one in records if one.number > self._mirror.upto]
            with contextlib.suppress(KnownError):  # it is caught up at the next start
                if left and left[0].number == self._mirror.upto + 1:
                    self._mirror.append(left)
        self.close()

    def close(self) -> None:
        """Release the medium."""
        if self._mirror is not None:
            self._mirror.close()
        self._mirror = None


class MirrorWatch:
    """Stops the desk where the mirror holds another history than the journal.

    A mirror that is merely behind stops nobody. One with another history does, until a mirror
    takes this journal's newest entries again: pulling it out does not help.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def mirror_changed(self, state: MirrorState) -> None:
        """See `MirrorObserver`."""
        match state:
            case MirrorBehind(code=code) if code == _ROLLED_BACK:
                self._runner.refuse_sessions(code)
            case MirrorUpToDate():
                self._runner.allow_sessions(_ROLLED_BACK)
            case _:
                pass
