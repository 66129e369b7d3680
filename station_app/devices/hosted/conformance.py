"""Holds a reader's program to the protocol, for its maker: started as a station starts it.

docs/reader-protocol.md describes the protocol and this run.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.devices.finger_scanner import ScannerInfo, StopToken
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.protocol import Ability, Pong, ProtocolError, Ready
from station_app.devices.hosted.reader_process import Program, ProgramEndedError, ReaderProcess
from station_app.devices.hosted.signed_program import sealed_copy
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage, FingerOnGlass, LiveFrame, Retry, Stopped

_STOP_S: Final = 0.2
_FINGER_S: Final = 30.0
_GONE_S: Final = 3.0
_OPENINGS: Final = 5
_CANCELS: Final = 5


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, how it ended, and what is to be said of it."""

    name: str
    outcome: Outcome
    said: str = ""


@dataclass(slots=True)
class ConformanceReport:
    """What was found of a program; `info` is None where its reader was never ready."""

    program: str
    sha256: str
    info: ScannerInfo | None = None
    checks: list[Check] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the program may be offered to a station."""
        return self.info is not None and all(
            one.outcome is not Outcome.FAILED for one in self.checks
        )


Judge = Callable[[FingerImage], str]
"""What is wrong with an image, empty where nothing is."""


def conformance(
    path: Path,
    fingers: int,
    ask: Callable[[str], None],
    judge: Judge = lambda _: "",
    errors: int | None = None,
) -> ConformanceReport:
    """Run every check against the program at `path`; `ask` tells a person to lay a finger.

    With 0 `fingers` nobody has to be there, and nothing is said about images. Raises `KnownError`
    `not_a_regular_file`, `file_too_large`, `no_read_permission`.
    """
    try:
        handle, sha256 = sealed_copy(path)
    except OSError as error:
        raise KnownError(
            Code.NO_READ_PERMISSION, f"The program {path} cannot be read. Check its name."
        ) from error

    def program() -> Program:
        # A copy of the handle: each start closes its own.
        return Program([path.name], file=os.dup(handle), errors=errors)

    report = ConformanceReport(path.name, sha256)
    try:
        _Run(report, program, ask, judge).all(fingers)
    finally:
        os.close(handle)
    return report


class _FailedError(Exception):
    """The check failed; the text says how."""


class _Run:
    """One run; a check that fails does not keep the next ones from their turn."""

    def __init__(
        self,
        report: ConformanceReport,
        program: Callable[[], Program],
        ask: Callable[[str], None],
        judge: Judge,
    ) -> None:
        self._report, self._program, self._ask, self._judge = report, program, ask, judge
        self._scanner = HostedScanner(program)
        self._abilities: frozenset[Ability] = frozenset()

    def all(self, fingers: int) -> None:
        try:
            with self._check("starts, says hello and is ready") as say:
                begun = time.monotonic()
                info = self._scanner.open()
                say(f"{info.name}, {info.ppi} ppi, after {_ms(begun)}")
                self._report.info = info
                self._abilities = self._scanner.abilities
            if not self._report.passed:
                return
            self._without_fingers()
            for number in range(1, fingers + 1):
                self._one_finger(number, fingers)
        finally:
            self._scanner.close()
        self._ends()

    def _without_fingers(self) -> None:
        can_cancel = Ability.CANCELS in self._abilities
        with self._check(f"is free within 200 ms of a stop, {_CANCELS} times") as say:
            times = [self._stopped_after(0.3) for _ in range(_CANCELS)]
            how = "cancelled" if can_cancel else "it cannot cancel, and is started anew"
            say(f"at most {max(times) * 1000:.0f} ms; {how}")
            if max(times) >= _STOP_S:
                raise _FailedError(f"{max(times) * 1000:.0f} ms")
        if can_cancel:
            with self._check("is the same process after a cancel"):
                if not self._scanner.is_running:
                    raise _FailedError("it did not answer `cancelled` in time, and was ended")
        if Ability.FINGER_OFF in self._abilities:
            with self._check("says that the glass is empty"):
                stop = StopToken()
                with _stopped_in(5.0, stop):
                    if not self._scanner.wait_finger_off(stop):
                        raise _FailedError("nothing said within 5 s; is something on the glass?")
        with self._check(f"opens and closes {_OPENINGS} times"):
            for _ in range(_OPENINGS):
                self._scanner.open()

    def _one_finger(self, number: int, of: int) -> None:
        with self._check(f"gives an image ({number} of {of})") as say:
            self._ask(f"Lay a finger on the reader ({number} of {of}).")
            if Ability.GIVES_AFTER_LIFT in self._abilities:
                self._ask("Lift it again after a second.")
            told: list[LiveFrame | FingerOnGlass] = []
            stop = StopToken()
            begun = time.monotonic()
            with _stopped_in(_FINGER_S, stop):
                result = self._scanner.capture(stop, told.append)
            frames = [one for one in told if isinstance(one, LiveFrame)]
            if Ability.ONLY_FRAMES in self._abilities and frames:
                result = frames[-1].image
            if isinstance(result, Stopped):
                raise _FailedError(f"no finger was told within {_FINGER_S:.0f} s")
            if isinstance(result, Retry):
                raise _FailedError(f"no image: {result.reason}")
            assert isinstance(result, FingerImage)
            say(f"{result.width} x {result.height} after {_ms(begun)}, {len(frames)} frames")
            self._claims_kept(told)
            if wrong := self._judge(result):
                raise _FailedError(wrong)

    def _claims_kept(self, told: list[LiveFrame | FingerOnGlass]) -> None:
        """The abilities that it claims are those that it shows."""
        streams = any(isinstance(one, LiveFrame) for one in told)
        senses = any(isinstance(one, FingerOnGlass) for one in told)
        if streams is not (Ability.STREAMS in self._abilities):
            raise _FailedError(f"streams is {not streams}, and frames came: {streams}")
        if senses is not (Ability.SENSES_FINGER in self._abilities):
            raise _FailedError(f"senses_finger is {not senses}, and a finger was told: {senses}")

    def _ends(self) -> None:
        """What the scanner's adapter forgives, and a maker should know."""
        with self._check("answers a ping and ignores orders that it does not know") as say:
            if Ability.CANCELS not in self._abilities:
                say("not asked of a program that cannot cancel")
            else:
                self._ping()
        with self._check("ends when its standard input ends"), self._process() as one:
            if not one.end():
                raise _FailedError("it had to be killed after 500 ms")

    def _ping(self) -> None:
        with self._process() as process:
            process.send("something-new")
            process.send("cancel", 999)
            process.send("ping")
            if not isinstance(process.receive(2.0), Pong):
                raise _FailedError("no pong within 2 s")

    @contextmanager
    def _process(self) -> Iterator[ReaderProcess]:
        """The program with its reader open, and nothing in between."""
        program = self._program()
        try:
            process = ReaderProcess(program)
        finally:
            program.release()
        try:
            process.send("hello")
            until = time.monotonic() + _FINGER_S
            while time.monotonic() < until and not isinstance(process.receive(0.1), Ready):
                pass
            yield process
        finally:
            process.kill()
            if not process.is_gone(_GONE_S):
                process.give_up()

    def _stopped_after(self, seconds: float) -> float:
        """How long a capture went on after it was stopped."""
        stop, stopped = StopToken(), list[float]()

        def end() -> None:
            stopped.append(time.monotonic())
            stop.stop()

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            result = self._scanner.capture(stop, lambda _: None)
            ended = time.monotonic()
        finally:
            timer.join()
        if not isinstance(result, Stopped):
            raise _FailedError("a finger was told although nobody was asked for one")
        return ended - stopped[0]

    @contextmanager
    def _check(self, name: str) -> Iterator[Callable[[str], None]]:
        said: list[str] = []
        try:
            yield said.append
        except _FailedError as fault:
            self._add(name, Outcome.FAILED, str(fault))
        except KnownError as fault:
            self._add(name, Outcome.FAILED, _why(fault))
        except ProtocolError as fault:
            self._add(name, Outcome.FAILED, str(fault))
        except ProgramEndedError:
            self._add(name, Outcome.FAILED, "the program ended")
        else:
            self._add(name, Outcome.PASSED, " ".join(said))

    def _add(self, name: str, outcome: Outcome, said: str) -> None:
        self._report.checks.append(Check(name, outcome, said))


@contextmanager
def _stopped_in(seconds: float, stop: StopToken) -> Iterator[None]:
    timer = threading.Timer(seconds, stop.stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _why(fault: KnownError) -> str:
    """What a maker can use: what the program did, where the station's sentence hides it."""
    match fault.__cause__:
        case ProtocolError() as cause:
            return str(cause)
        case ProgramEndedError():
            return "the program ended"
    return f"{fault.code}: {fault.message}"


def _ms(begun: float) -> str:
    return f"{(time.monotonic() - begun) * 1000:.0f} ms"
