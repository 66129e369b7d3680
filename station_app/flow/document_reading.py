"""Documents, read beside the desk's work: without a reader, identification goes on by typing.

What a reader gives is acted on where a PIN would be typed, and nowhere else: a document that is
laid on the reader too early never names the person whose finger is being read.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from station_app.devices.document_reader import DocumentReader, ReadResult
from station_app.devices.finger_scanner import StopToken
from station_app.domain.documents import DocumentRead, DocumentUnread, ReaderStatus
from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import Stopped
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    Idle,
    State,
    Verdict,
)
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Notice, Recorder

_DEVICE: Final = "document_reader"
_AGAIN_S: Final = 1.0
_AGAIN_SELDOM_S: Final = 30.0
_STEADY_S: Final = 10.0
_FLAPS: Final = 3
"""A reader that was lost so often, each time sooner than `_STEADY_S` after its opening, is opened
less and less often: a loose plug fills no journal, and no loss goes unwritten.
"""

Found = DocumentRead | DocumentUnread


def takes_document(state: State) -> bool:
    """Whether a PIN could be typed in this state of the desk.

    Between persons, before the camera without a document, after "not on list" without a document,
    and where the commission is asked for the PIN.
    """
    match state:
        case Idle():
            return True
        case AwaitingFace(is_live=False):
            return state.session.named_row is None
        case AwaitingCommission(voter=None):
            return state.session.named_row is None and not state.looks_up
        case Verdict(outcome=outcome):
            return outcome.outcome is OutcomeKind.NOT_ON_LIST and outcome.method is not Method.PIN
        case _:
            return False


class DocumentReading:
    """Used on the main thread: reads one document after the other on the reader's lane.

    `take` gets each document, `tell` every change of the reader's status. A reader that is lost or
    fails is opened again every second; its loss and its return are written into the journal.
    """

    def __init__(
        self,
        reader: DocumentReader,
        lane: Lane,
        journal: Lane,
        recorder: Recorder,
        bridge: Bridge,
        take: Callable[[Found], None],
        tell: Callable[[ReaderStatus], None],
    ) -> None:
        self._reader, self._lane, self._bridge = reader, lane, bridge
        self._journal, self._recorder = journal, recorder
        self._take, self._tell = take, tell
        self._stop = StopToken()
        self._status: ReaderStatus | None = None
        self._is_lost = self._is_lent = False
        self._opened_at, self._flaps = float("-inf"), 0

    @property
    def status(self) -> ReaderStatus | None:
        """The reader's present status; None before it was asked."""
        return self._status

    def start(self) -> None:
        """Open the reader and begin to read."""
        self._open()

    def stop(self) -> None:
        """Read nothing more, and release the reader; before the lanes are closed."""
        self._is_lent = False
        if not self._stop.stopped:
            self._stop.stop()
            self._lane.call(self._reader.close)

    def renew(self) -> None:
        """Open the reader anew: the computer was asleep, and what was open may be dead."""
        if self._stop.stopped:
            return
        self._stop.stop()
        self._stop = StopToken()
        self._lane.run(self._reader.close, lambda _: None, lambda _: None)
        self._open()

    def lend(self, lent: Callable[[], None]) -> None:
        """Let the reader's camera go for a face, then call `lent`; read nothing until then."""
        if self._is_lent or self._stop.stopped:
            lent()
            return
        self._is_lent = True
        self._stop.stop()
        self._lane.run(self._reader.close, lambda _: lent(), lambda _: lent())

    def take_back(self) -> None:
        """The camera is free again: read on."""
        if self._is_lent:
            self._is_lent = False
            self._stop = StopToken()
            self._open()

    def _open(self) -> None:
        stop = self._stop
        if not stop.stopped:
            self._lane.run(
                self._reader.open, lambda _: self._opened(stop), partial(self._failed, stop)
            )

    def _opened(self, stop: StopToken) -> None:
        if stop.stopped:
            return
        self._opened_at = time.monotonic()
        if self._is_lost:
            self._is_lost = False
            self._write(DeviceReturned(None, _DEVICE))
        self._say(ReaderStatus())
        self._read(stop)

    def _read(self, stop: StopToken) -> None:
        if not stop.stopped:
            self._lane.run(
                lambda: self._reader.read(stop),
                partial(self._done, stop),
                partial(self._failed, stop),
            )

    def _done(self, stop: StopToken, result: ReadResult) -> None:
        if isinstance(result, Stopped) or stop.stopped:
            return
        self._take(result)
        self._read(stop)

    def _failed(self, stop: StopToken, fault: KnownError) -> None:
        if stop.stopped:
            return
        if fault.code == Code.DOCUMENT_READER_LOST and not self._is_lost:
            self._is_lost = True
            is_steady = time.monotonic() - self._opened_at >= _STEADY_S
            self._flaps = 0 if is_steady else self._flaps + 1
            self._write(DeviceLost(None, _DEVICE))
        self._say(ReaderStatus(fault.code))
        self._lane.run(self._reader.close, lambda _: None, lambda _: None)
        seconds = min(_AGAIN_S * 2 ** max(0, self._flaps - _FLAPS), _AGAIN_SELDOM_S)
        self._bridge.later(seconds, lambda: self._open_again(stop))

    def _open_again(self, stop: StopToken) -> None:
        if stop is self._stop:  # else it was opened anew meanwhile
            self._open()

    def _write(self, entry: Notice) -> None:
        recorder = self._recorder
        self._journal.run(lambda: recorder.append_late(entry), lambda _: None, lambda _: None)

    def _say(self, status: ReaderStatus) -> None:
        if status != self._status:
            self._status = status
            self._tell(status)
