"""The adapter of every camera: its frames come from a process of its own (ADR 0044)."""

import os
import select
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final, NoReturn

from station_app.devices.camera import MOST_PIXELS, CameraFrame, CameraInfo, SeenCode
from station_app.devices.cameras.camera_child import (
    ASK,
    CODE,
    HEAD,
    KINDS,
    MOST_CODES,
    MOST_PAYLOAD,
    Fault,
    Kind,
    Source,
    serve,
)
from station_app.devices.finger_scanner import StopToken
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError

_OPEN_S: Final = 60.0
"""A process that loads OpenCV on a busy machine, and a camera that starts slowly."""
_ANSWER_S: Final = 5.0
"""The process itself gives up sooner; it cannot where the kernel holds it."""
_LOOK_S: Final = 0.02
_END_S: Final = 0.5
_KILLED_S: Final = 5.0
"""Longer on a busy machine alone, or where the kernel holds the process."""
_CHUNK: Final = 1 << 18

_FAULTS: Final[Mapping[int, tuple[Code, str]]] = {
    Fault.NOT_PERMITTED: (
        Code.CAMERA_NOT_PERMITTED,
        "This user may not use the camera. Add the user to the group video, then log in again.",
    ),
    Fault.BUSY: (
        Code.CAMERA_BUSY,
        "Another program uses the camera. Close it, or restart the computer.",
    ),
    Fault.NO_PICTURE: (
        Code.CAMERA_NO_PICTURE,
        "The camera sends no picture. Pull its plug, wait ten seconds, plug it in again.",
    ),
    Fault.BROKEN: (
        Code.DEVICE_FAULT,
        "The camera cannot be read. Pull its plug and plug it in again, or use another one.",
    ),
}


@dataclass(frozen=True, slots=True)
class CameraSource:
    """What is opened; `name` is one line for people."""

    source: Source
    name: str


def seen_codes(data: bytes) -> tuple[SeenCode, ...]:
    """The codes in an answer's bytes, as `codes_in` writes them; `ValueError` for other bytes."""
    found = []
    while data:
        if len(data) < CODE.size:
            raise ValueError("a code's head is cut off")
        kind, length = CODE.unpack_from(data)
        payload = data[CODE.size : CODE.size + length]
        if kind >= len(KINDS) or not 0 < length <= MOST_PAYLOAD or len(payload) != length:
            raise ValueError("a code is not as its head says")
        found.append(SeenCode(KINDS[kind], payload))
        data = data[CODE.size + length :]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Message:
    kind: int
    asked: int
    width: int
    height: int
    number: int
    taken: float
    length: int
    is_dark: bool


class ChildCamera:
    """Implements `Camera`.

    `find` looks for the camera anew with every `open`, as its node changes with every plugging;
    it raises as `Camera.open` does.
    """

    def __init__(self, find: Callable[[], CameraSource], *, is_simulated: bool) -> None:
        self._find, self._is_simulated = find, is_simulated
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._asked = 0
        self._head = bytearray()
        self._message: _Message | None = None
        self._body = bytearray()

    @property
    def is_simulated(self) -> bool:
        """See `Camera`."""
        return self._is_simulated

    def open(self) -> CameraInfo:
        """See `Camera`."""
        self.close()
        found = self._find()
        context = get_context("spawn")
        self._connection, far = context.Pipe()
        self._process = context.Process(
            target=serve, args=(far, found.source), name="camera", daemon=True
        )
        try:
            self._process.start()
        except OSError:  # no memory, or too many files
            self._end_with(Fault.BROKEN)
        finally:
            far.close()
        self._asked = 0
        said = self._answer(Kind.OPENED, time.monotonic() + _OPEN_S, StopToken())
        assert said is not None  # nobody stops this
        asked = found.source.width, found.source.height
        return CameraInfo(found.name, said[0].width, said[0].height, asked)

    def frame(self, stop: StopToken) -> CameraFrame | None:
        """See `Camera`."""
        answer = self._ask(Kind.FRAME, stop)
        if answer is None:
            return None
        said, pixels = answer
        return CameraFrame(pixels, said.width, said.height, said.number, said.taken, said.is_dark)

    def codes(self, stop: StopToken) -> tuple[SeenCode, ...] | None:
        """See `Camera`."""
        answer = self._ask(Kind.CODES, stop)
        return None if answer is None else self._seen(answer[1])

    def close(self) -> None:
        """See `Camera`."""
        connection, self._connection = self._connection, None
        process, self._process = self._process, None
        self._head.clear()
        self._body.clear()
        self._message = None
        if connection is not None:
            connection.close()
        if process is None or process.pid is None:
            return
        process.join(_END_S)
        if process.exitcode is None:
            process.kill()
            process.join(_KILLED_S)
        if process.exitcode is not None:  # else the kernel holds it; it goes when that lets go
            process.close()

    def _ask(self, kind: Kind, stop: StopToken) -> tuple[_Message, bytes] | None:
        if self._connection is None:
            raise DeviceLostError("The camera is not open.", Code.CAMERA_LOST)
        self._asked = (self._asked + 1) & 0xFFFFFFFF
        with suppress(OSError):  # it has ended; what it said before that is read below
            os.write(self._connection.fileno(), ASK.pack(kind, self._asked, time.monotonic()))
        return self._answer(kind, time.monotonic() + _ANSWER_S, stop)

    def _answer(self, kind: Kind, until: float, stop: StopToken) -> tuple[_Message, bytes] | None:
        """The answer to what was asked last; those to what was asked before are dropped."""
        while True:
            answer = self._received(until, stop)
            if answer is None:
                return None
            said = answer[0]
            if said.kind == Kind.FAULT:
                self._end_with(said.width)
            if (said.kind, said.asked) == (kind, self._asked):
                return answer

    def _received(self, until: float, stop: StopToken) -> tuple[_Message, bytes] | None:
        """The next whole message; one that was read in part when stopped is read on."""
        assert self._connection is not None
        poll = select.poll()
        poll.register(self._connection.fileno(), select.POLLIN)
        while not stop.stopped:
            left = until - time.monotonic()
            if left <= 0:
                self._end_with(Fault.NO_PICTURE)
            if not poll.poll(min(left, _LOOK_S) * 1000):
                continue
            if self._message is None:
                self._head += self._some(HEAD.size - len(self._head))
                if len(self._head) == HEAD.size:
                    self._message = self._checked(_Message(*HEAD.unpack(self._head)))
                    self._head.clear()
            else:
                self._body += self._some(min(_CHUNK, self._message.length - len(self._body)))
            if self._message is not None and len(self._body) == self._message.length:
                whole = self._message, bytes(self._body)
                self._message = None
                self._body.clear()
                return whole
        return None

    def _some(self, most: int) -> bytes:
        assert self._connection is not None
        try:
            data = os.read(self._connection.fileno(), most)
        except OSError:
            data = b""
        if not data:
            self._end_with(Fault.BROKEN)
        return data

    def _checked(self, said: _Message) -> _Message:
        """The message, once its sizes are what they may be: nothing larger is read."""
        if said.kind == Kind.FRAME:
            is_right = said.length == 3 * said.width * said.height > 0
            is_right = is_right and said.width * said.height <= MOST_PIXELS
        elif said.kind == Kind.CODES:
            is_right = said.length <= MOST_CODES * (CODE.size + MOST_PAYLOAD)
        else:
            is_right = said.length == 0
        if not is_right:
            self._end_with(Fault.BROKEN)
        return said

    def _seen(self, data: bytes) -> tuple[SeenCode, ...]:
        try:
            return seen_codes(data)
        except ValueError:
            self._end_with(Fault.BROKEN)

    def _end_with(self, fault: int) -> NoReturn:
        """End the process, and raise what the fault is to whoever uses the camera."""
        if self._process is not None and self._process.pid is not None:
            self._process.kill()
        self.close()
        if fault == Fault.LOST:
            raise DeviceLostError("The camera was unplugged. Plug it in again.", Code.CAMERA_LOST)
        code, message = _FAULTS.get(fault, _FAULTS[Fault.BROKEN])
        raise DeviceFaultError(code, message)
