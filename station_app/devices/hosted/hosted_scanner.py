"""A fingerprint scanner whose driver is a program in a process of its own.

Whatever that program does (crash, hang, flood, lie), this adapter raises one of its errors, ends
the program and starts another one at the next `open`.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

from station_app.devices.finger_scanner import ScannerInfo, StopToken, Tell
from station_app.devices.hosted.faults import FAULTS, lost
from station_app.devices.hosted.pictures import PictureCheck, judged
from station_app.devices.hosted.protocol import (
    PROTOCOL,
    Ability,
    Cancelled,
    FaultCode,
    FaultSaid,
    FingerSaid,
    Hello,
    LostSaid,
    Message,
    Picture,
    Pong,
    ProtocolError,
    Ready,
    Restart,
    RetrySaid,
)
from station_app.devices.hosted.reader_process import Program, ProgramEndedError, ReaderProcess
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import (
    CaptureResult,
    FingerOnGlass,
    LiveFrame,
    Retry,
    Stopped,
)

HELLO_S: Final = 10.0
"""For the program to start; a packed one on a slow disk takes seconds."""
READY_S: Final = 20.0
"""For the program to open its reader."""
_POLL_S: Final = 0.02
_CANCEL_S: Final = 0.12
"""For a cancelled capture to end; with the polls it is back within 200 ms of the stop."""
_PULLED_S: Final = 0.3
"""For the system to notice a pulled plug of which the program only saw an error."""
_GONE_S: Final = 3.0
"""For a killed program to be gone."""
_PING_EVERY_S: Final = 2.0
_PONG_S: Final = 5.0
_RESTART_AT_MOST_EVERY_S: Final = 10.0
_LEAST_PPI: Final = 500
"""What the matching core takes an enrolment from."""

_log = logging.getLogger(__name__)


class _LetGoError(Exception):
    """The program was ended because the station stopped it."""


class HostedScanner:
    """`program` says what to start, at every start; it raises the errors of `FingerScanner.open`.

    `is_plugged` tells a reader that was pulled out from one whose program crashed; without it the
    program's word counts.
    """

    is_simulated = False

    def __init__(
        self, program: Callable[[], Program], is_plugged: Callable[[], bool] | None = None
    ) -> None:
        self._program, self._is_plugged = program, is_plugged
        self._process: ReaderProcess | None = None
        self._ending: list[ReaderProcess] = []
        self._ready: Ready | None = None
        self._held: Message | None = None
        self._number = 0
        self._restarted = float("-inf")

    # --- the FingerScanner contract ---

    def open(self) -> ScannerInfo:
        """Start the program, which opens its reader."""
        self.close()
        ready = self._started(StopToken())
        abilities = ready.abilities
        return ScannerInfo(
            ready.name,
            ready.ppi,
            ready.width,
            ready.height,
            streams=Ability.STREAMS in abilities,
            senses_finger=Ability.SENSES_FINGER in abilities,
            gives_after_lift=Ability.GIVES_AFTER_LIFT in abilities,
            only_frames=Ability.ONLY_FRAMES in abilities,
        )

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The next finger; a program that cannot cancel is ended at a stop."""
        for said in self._worked("capture", stop):
            match said:
                case FingerSaid(on=on):
                    tell(FingerOnGlass(on))
                case Picture(is_image=False):
                    tell(LiveFrame(said.at(self._ppi), said.progress))
                case Picture():
                    return judged(said.at(self._ppi))
                case RetrySaid(reason=reason):
                    return Retry(reason)
        return Stopped()

    def wait_finger_off(self, stop: StopToken) -> bool:
        """True when the glass is empty, at once for a reader that does not sense it."""
        if self._ready is not None and Ability.FINGER_OFF not in self._ready.abilities:
            return not stop.stopped
        return any(True for _ in self._worked("await_off", stop))

    def is_plugged_in(self) -> bool:
        """False once the program has said that its reader is gone."""
        process = self._process
        if process is None:
            return not self._is_pulled()
        try:
            with self._faults_named():
                while (message := process.receive(0)) is not None:
                    self._refuse_unasked(message)
        except DeviceLostError:
            return False
        except KnownError:
            pass  # the next opening says what is wrong
        return not self._is_pulled()

    def close(self) -> None:
        """End the program, and wait until its reader is free."""
        process, self._process, self._held = self._process, None, None
        if process is not None and not process.end():
            _log.info("reader_program_killed")
        if process is not None:
            self._ending.append(process)
        self._reap(StopToken())

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the program said of its reader when that was opened last."""
        return frozenset() if self._ready is None else self._ready.abilities

    @property
    def is_running(self) -> bool:
        """Whether the program was not let go since then."""
        return self._process is not None

    # --- work ---

    @property
    def _ppi(self) -> int:
        assert self._ready is not None
        return self._ready.ppi

    def _worked(
        self, do: Literal["capture", "await_off"], stop: StopToken
    ) -> Iterator[FingerSaid | Picture | RetrySaid]:
        """Give the program a piece of work and yield what it says, the result last.

        Ends without a result once `stop` is set; a program that does not end its work in time
        is let go.
        """
        with self._faults_named():
            try:
                yield from self._said(do, stop)
            except _LetGoError:
                self._let_go()

    def _said(
        self, do: Literal["capture", "await_off"], stop: StopToken
    ) -> Iterator[FingerSaid | Picture | RetrySaid]:
        frames = PictureCheck(self._begun(do, stop))
        is_done = False
        try:
            while not is_done:
                message = self._heard(stop, frames)
                match message:
                    case None:
                        is_done = True
                    case Restart(to=to) if to == self._number:
                        self._restart(stop)
                        frames = PictureCheck(self._begun(do, stop))
                    case FingerSaid(to=to, on=on) if to == self._number:
                        is_done = do == "await_off" and not on
                        if do == "capture" or is_done:
                            yield message
                    case Picture(to=to) if to == self._number and do == "capture":
                        is_done = message.is_image
                        yield message
                    case RetrySaid(to=to) if to == self._number and do == "capture":
                        is_done = True
                        yield message
                    case _:
                        self._refuse_unasked(message)
        finally:
            if not is_done:  # the work would go on without anybody who wants it
                self._let_go()

    def _begun(self, do: str, stop: StopToken) -> Ready:
        """A piece of work with a number of its own is given to the program."""
        if self._process is None or self._ready is None:
            self._started(stop)
        assert self._process is not None
        assert self._ready is not None
        self._number += 1
        try:
            self._process.send(do, self._number)
        except ProgramEndedError:
            while (message := self._process.receive(0)) is not None:
                self._refuse_unasked(message)  # it may have said why
            raise
        return self._ready

    def _heard(self, stop: StopToken, frames: PictureCheck) -> Message | None:
        """The next message of the program, the newest of several frames that wait; None once the
        work was cancelled.
        """
        assert self._process is not None
        assert self._ready is not None
        can_cancel = Ability.CANCELS in self._ready.abilities
        heard = time.monotonic()
        pinged = 0.0
        while not stop.stopped:
            message, self._held = self._held or self._process.receive(_POLL_S), None
            if isinstance(message, Pong):
                heard, pinged = time.monotonic(), 0.0
            elif isinstance(message, Picture) and message.to == self._number:
                frames.check(message)
                if message.is_image:
                    return message
                self._held = self._process.receive(0)
                if not (isinstance(self._held, Picture) and self._held.to == self._number):
                    return message
            elif message is not None:
                return message
            elif not can_cancel:
                continue  # it may be deep in a call of its library
            elif not pinged and time.monotonic() - heard > _PING_EVERY_S:
                self._process.send("ping")
                pinged = time.monotonic()
            elif pinged and time.monotonic() - pinged > _PONG_S:
                raise ProtocolError("no answer to a ping: it hangs")
        if not can_cancel:
            raise _LetGoError
        self._cancel()
        return None

    def _cancel(self) -> None:
        """Cancel the present work; what it still gives is discarded."""
        assert self._process is not None
        self._held = None
        self._process.send("cancel", self._number)
        until = time.monotonic() + _CANCEL_S
        while (left := until - time.monotonic()) > 0:
            match self._process.receive(left):
                case Cancelled(to=to) | RetrySaid(to=to) if to == self._number:
                    return
                case Picture(to=to, is_image=True) if to == self._number:
                    return
                case Restart(to=to) if to == self._number:
                    break
                case None | Pong():
                    pass
                case FingerSaid() | Picture() | Cancelled() | RetrySaid() as message:
                    if message.to > self._number:
                        self._refuse_unasked(message)
                case other:
                    self._refuse_unasked(other)
        raise _LetGoError

    def _refuse_unasked(self, message: Message) -> None:
        """What belongs to earlier work is late and discarded; anything else was not asked for."""
        match message:
            case LostSaid():
                raise lost()
            case FaultSaid(code=code):
                raise DeviceFaultError(*FAULTS[code])
            case Pong():
                return
            case FingerSaid(to=to) | Picture(to=to) | RetrySaid(to=to) | Cancelled(to=to):
                if to < self._number:
                    return
        raise ProtocolError(f"{type(message).__name__} was not asked for")

    # --- the program's life ---

    def _started(self, stop: StopToken) -> Ready:
        """Start the program and wait until its reader is open."""
        with self._faults_named():
            self._reap(stop)
            program = self._program()
            try:
                self._process = ReaderProcess(program)
            except OSError as error:
                raise DeviceFaultError(
                    Code.DEVICE_FAULT, "The reader's program does not start. Restart the station."
                ) from error
            finally:
                program.release()
            self._process.send("hello")
            hello = self._answer(stop, HELLO_S)
            if not isinstance(hello, Hello) or hello.protocol != PROTOCOL:
                raise ProtocolError(f"the first message is no hello of protocol {PROTOCOL}")
            ready = self._answer(stop, READY_S)
            if not isinstance(ready, Ready):
                raise ProtocolError("the second message is not ready")
            if ready.ppi < _LEAST_PPI:
                raise DeviceFaultError(*FAULTS[FaultCode.UNFIT])
            self._ready = ready
            return ready

    def _answer(self, stop: StopToken, seconds: float) -> Message:
        assert self._process is not None
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if stop.stopped:
                raise _LetGoError
            match self._process.receive(_POLL_S):
                case None:
                    pass
                case LostSaid():
                    raise lost()
                case FaultSaid(code=code):
                    raise DeviceFaultError(*FAULTS[code])
                case message:
                    return message
        raise ProtocolError(f"nothing said within {seconds:.0f} s")

    def _restart(self, stop: StopToken) -> None:
        now = time.monotonic()
        if now - self._restarted < _RESTART_AT_MOST_EVERY_S:
            raise ProtocolError("asks to be started anew again and again")
        self._restarted = now
        self._let_go()
        self._started(stop)

    def _let_go(self) -> None:
        """End the program without waiting for it."""
        process, self._process, self._held = self._process, None, None
        if process is not None:
            process.kill()
            self._ending.append(process)

    def _reap(self, stop: StopToken) -> None:
        """Wait until programs that were let go have let go of the reader."""
        until = time.monotonic() + _GONE_S
        while self._ending:
            if self._ending[0].is_gone(_POLL_S):
                del self._ending[0]
            elif stop.stopped:
                raise _LetGoError
            elif time.monotonic() > until:
                self._ending.pop(0).give_up()

    def _is_pulled(self, seconds: float = 0.0) -> bool:
        """Whether the reader's plug is known to be out, or is seen to be within `seconds`."""
        if self._is_plugged is None:
            return False
        until = time.monotonic() + seconds
        while is_plugged := self._is_plugged():
            if time.monotonic() >= until:
                break
            time.sleep(_POLL_S)
        return not is_plugged

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        """Every fault of the program ends it and is one of the contract's errors."""
        try:
            yield
        except DeviceFaultError as fault:
            self._let_go()
            if fault.code == Code.DEVICE_FAULT and self._is_pulled(_PULLED_S):
                raise lost() from fault
            raise
        except KnownError:
            self._let_go()
            raise
        except (ProgramEndedError, ProtocolError) as fault:
            self._let_go()
            _log.info("reader_program_failed", extra={"cause": type(fault).__name__.lower()})
            if self._is_pulled(_PULLED_S):
                raise lost() from fault
            raise DeviceFaultError(
                Code.DEVICE_FAULT,
                "The reader's program failed and was ended. Plug the reader out and in again.",
            ) from fault
