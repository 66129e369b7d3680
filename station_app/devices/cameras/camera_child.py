"""The process that holds one camera: OpenCV decodes what a camera sends, away from the keys.

It takes every frame that arrives, so that none is old, and decodes those that are asked for. It
ends with its parent, whose end of the connection closes then (ADR 0044).

Asked: `ASK`. Answered: a `HEAD`, and the bytes it tells the length of, which the parent does not
trust. Times are the monotonic clock's seconds, the same in both processes.
"""

import errno
import fcntl
import os
import resource
import select
import signal
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final, Protocol

from station_app.devices.camera import MOST_PIXELS
from station_app.devices.computer import keep_memory_private

if TYPE_CHECKING:
    import numpy as np

    Picture = np.ndarray[Any, Any]

HEAD: Final = struct.Struct("<BIIIIdI?")
"""Kind, number asked with, width, height, number of the frame, when it arrived, length, dark."""
ASK: Final = struct.Struct("<BId")
"""Kind, number, and when it was asked: an older frame is none."""
CODE: Final = struct.Struct("<BH")
KINDS: Final = ("QRCode", "PDF417", "DataMatrix", "Aztec")
"""The codes that are looked for, by their names in zxing-cpp."""
MOST_CODES: Final = 4
MOST_PAYLOAD: Final = 4096
"""Bytes; the largest of these codes holds 3,832."""


class Kind(IntEnum):
    """What is asked and answered."""

    OPENED = 1
    FRAME = 2
    CODES = 3
    FAULT = 4


class Fault(IntEnum):
    """Why there is no frame; in the place of `width` of a `FAULT`."""

    LOST = 1
    NOT_PERMITTED = 2
    BUSY = 3
    NO_PICTURE = 4
    BROKEN = 5


@dataclass(frozen=True, slots=True)
class Source:
    """What a camera process opens: a V4L2 node, or a file that is played as a camera."""

    path: str
    is_file: bool
    width: int
    height: int


_QUERYCAP: Final = 0x80685600  # VIDIOC_QUERYCAP of <linux/videodev2.h>
_REQBUFS: Final = 0xC0145608  # VIDIOC_REQBUFS
_NO_BUFFERS: Final = struct.pack("<IIIII", 0, 1, 1, 0, 0)  # of captured pictures, mapped
_QUEUED: Final = 4  # frames that cv2 has the kernel keep
_JPEG: Final = b"\xff\xd8"
_FRESH_S: Final = 0.004
"""A frame that had to be waited for was not queued."""
_LATE_S: Final = 0.04
_FIRST_FRAME_S: Final = 6.0
_NO_PICTURE_S: Final = 2.0
_MOST_MEMORY: Final = 2 << 30
_MOST_FILES: Final = 64
_DARK: Final = 32
_SLOWEST, _FASTEST = 1.0, 60.0
_FILE_ALONE: Final = "protocol_whitelist;file|format_whitelist;avi,matroska,mov"
"""No playlist, which would name other files and addresses to read."""


class _FaultError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class _Frames(Protocol):
    def grab(self) -> bool: ...

    def picture(self) -> "Picture | None": ...

    def is_gone(self) -> bool: ...


def serve(connection: Connection, source: Source) -> None:
    """The whole life of the process."""
    _confine()
    try:
        frames: _Frames = _FileFrames(source) if source.is_file else _V4lFrames(source)
        _Answers(connection, frames).run()
    except _FaultError as error:
        with suppress(OSError):
            _send(connection, HEAD.pack(Kind.FAULT, 0, error.fault, 0, 0, 0.0, 0, False))
    except (EOFError, OSError):  # the parent has closed its end, or is gone
        pass


def _confine() -> None:
    """No words on the station's terminal, no core file, no debugger, bounded memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the parent too
    keep_memory_private()
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES, _MOST_FILES))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    # cv2 looks at these: how long it waits for a silent camera (10 s unless told), before its
    # first read, and what a video file may be.
    os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = "1"
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = _FILE_ALONE
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MOST_PIXELS)  # before memory is taken
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import cv2  # noqa: PLC0415  (after what it looks at)

    cv2.setNumThreads(1)


class _V4lFrames:
    """A camera of the kernel."""

    def __init__(self, source: Source) -> None:
        import cv2  # noqa: PLC0415

        try:
            self._node = os.open(source.path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError as error:
            raise _FaultError(Fault.NOT_PERMITTED) from error
        except OSError as error:
            raise _FaultError(Fault.LOST) from error
        self._refuse_busy()  # cv2 would try for ten seconds
        self._capture = cv2.VideoCapture(source.path, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise _FaultError(Fault.LOST if self.is_gone() else Fault.BUSY)
        # Raw frames of this size fit USB 2 at 5 to 10 a second only.
        fourcc = cv2.VideoWriter.fourcc(*"MJPG")
        self._capture.set(cv2.CAP_PROP_FOURCC, fourcc)
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, source.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, source.height)
        # Decoded here: cv2 would give the picture before again where one is damaged.
        self._is_jpeg = int(self._capture.get(cv2.CAP_PROP_FOURCC)) == fourcc
        self._is_jpeg = self._is_jpeg and self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
        self._ended = time.monotonic()

    def _refuse_busy(self) -> None:
        """Asking for no buffers changes nothing, and is refused while another program has some."""
        try:
            fcntl.ioctl(self._node, _REQBUFS, _NO_BUFFERS)
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise _FaultError(Fault.BUSY) from error

    def grab(self) -> bool:
        """Take the next frame; those that were queued while nobody took any are dropped."""
        began = time.monotonic()
        was_late = began - self._ended > _LATE_S
        good = bool(self._capture.grab())
        for _ in range(_QUEUED if was_late else 0):
            if not good or time.monotonic() - began > _FRESH_S:
                break
            began = time.monotonic()
            good = bool(self._capture.grab())
        self._ended = time.monotonic()
        return good

    def picture(self) -> "Picture | None":
        """The frame taken last."""
        taken = _retrieved(self._capture)
        return decoded(taken) if taken is not None and self._is_jpeg else taken

    def is_gone(self) -> bool:
        """Whether the kernel has let the device go; cv2 does not say."""
        try:
            fcntl.ioctl(self._node, _QUERYCAP, bytes(104))
        except OSError:
            return True
        return False


class _FileFrames:
    """A video file, at its own speed and from the beginning again at its end.

    One that is put in its place is played from then on.
    """

    def __init__(self, source: Source) -> None:
        self._path = source.path
        self._begin()

    def _begin(self) -> None:
        import cv2  # noqa: PLC0415

        self._file = self._found()
        self._capture = cv2.VideoCapture(self._path, cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise _FaultError(Fault.BROKEN)
        speed = self._capture.get(cv2.CAP_PROP_FPS)
        self._speed = min(max(speed, _SLOWEST), _FASTEST) if speed > 0 else _FASTEST / 2
        self._started, self._taken = time.monotonic(), 0

    def grab(self) -> bool:
        """Wait until the next frame is due; those that are over were missed."""
        if self._found() != self._file:
            self._begin()
        due = self._started + self._taken / self._speed
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        for _ in range(max(1, 1 + int((time.monotonic() - due) * self._speed))):
            if not self._capture.grab():
                if not self._taken:
                    raise _FaultError(Fault.BROKEN)
                self._capture.release()
                self._begin()
                return self.grab()
            self._taken += 1
        return True

    def picture(self) -> "Picture | None":
        """The frame taken last."""
        return _retrieved(self._capture)

    def is_gone(self) -> bool:
        """Whether the file was taken away."""
        return not os.path.isfile(self._path)  # noqa: PTH113  (raises for none)

    def _found(self) -> tuple[int, int]:
        try:
            status = os.stat(self._path)  # noqa: PTH116  (raises nothing else)
        except OSError as error:
            raise _FaultError(Fault.LOST) from error
        return status.st_dev, status.st_ino


class _Answers:
    """Takes frames, and gives the newest to whoever asks."""

    def __init__(self, connection: Connection, frames: _Frames) -> None:
        self._connection, self._frames = connection, frames
        self._asked: tuple[Kind, int, float] | None = (Kind.OPENED, 0, 0.0)
        self._buffer = b""
        self._number = 0

    def run(self) -> None:
        """Until the parent ends it (`EOFError`), or there is nothing to give (`_FaultError`)."""
        good_at, patience = time.monotonic(), _FIRST_FRAME_S
        while True:
            good = self._frames.grab()
            now = time.monotonic()
            self._number += good
            self._listen()
            if good and self._asked is not None and now > self._asked[2]:
                good = self._answer(*self._asked[:2], now)
                if good:
                    self._asked, patience = None, _NO_PICTURE_S
            if good:
                good_at = now
                continue
            if self._frames.is_gone():
                raise _FaultError(Fault.LOST)
            if now - good_at > patience:
                raise _FaultError(Fault.NO_PICTURE)
            time.sleep(0.005)

    def _listen(self) -> None:
        """Read what was asked meanwhile; only the last counts."""
        while select.select([self._connection], [], [], 0)[0]:
            data = os.read(self._connection.fileno(), 1024)
            if not data:
                raise EOFError
            self._buffer += data
            while len(self._buffer) >= ASK.size:
                kind, number, at = ASK.unpack_from(self._buffer)
                self._buffer = self._buffer[ASK.size :]
                self._asked = Kind(kind), number, at

    def _answer(self, kind: Kind, asked: int, taken: float) -> bool:
        """False where the frame cannot be used, as with a damaged one."""
        raw = self._frames.picture()
        picture = None if raw is None else rgb(raw)
        if picture is None:
            return False
        body = b""
        if kind is Kind.FRAME:
            body = picture.tobytes()
        elif kind is Kind.CODES:
            body = codes_in(picture)
        height, width = picture.shape[:2]
        head = (kind, asked, width, height, self._number & 0xFFFFFFFF, taken, len(body))
        _send(self._connection, HEAD.pack(*head, is_dark(picture)))
        _send(self._connection, body)
        return True


def _send(connection: Connection, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(connection.fileno(), rest) :]


def _retrieved(capture: Any) -> "Picture | None":
    import cv2  # noqa: PLC0415

    try:
        good, picture = capture.retrieve()
    except cv2.error:
        return None
    return picture if good and picture is not None and picture.size else None


def decoded(data: "Picture") -> "Picture | None":
    """The picture of a JPEG's bytes; None for anything else, and for one that is damaged."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    data = data.reshape(-1)
    if data.dtype != np.uint8 or data[:2].tobytes() != _JPEG:
        return None
    try:
        return cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error:
        return None


def rgb(picture: "Picture") -> "Picture | None":
    """The picture in 8-bit RGB; None for what no camera should give.

    16-bit pictures, of which cameras use 10 to 16 bits, are spread over what their brightest
    pixel needs.
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    if picture.ndim not in (2, 3) or not 0 < picture.shape[0] * picture.shape[1] <= MOST_PIXELS:
        return None
    if picture.dtype == np.uint16:
        bits = max(8, int(picture.max()).bit_length())
        picture = (picture >> (bits - 8)).astype(np.uint8)
    if picture.dtype != np.uint8:
        return None
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    ways = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    return cv2.cvtColor(picture, ways[channels]) if channels in ways else None


def is_dark(picture: "Picture") -> bool:
    """Hardly anything but black: the lens is covered, or there is no light."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    small = cv2.resize(picture, (32, 18), interpolation=cv2.INTER_AREA)
    return float(np.percentile(small.max(axis=2), 95)) < _DARK


def codes_in(picture: "Picture") -> bytes:
    """The codes in a picture as the answer holds them; longer ones are left out."""
    import cv2  # noqa: PLC0415
    import zxingcpp  # noqa: PLC0415

    formats = zxingcpp.barcode_formats_from_str("|".join(KINDS))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found = b""
    for one in zxingcpp.read_barcodes(grey, formats=formats, try_invert=False)[:MOST_CODES]:
        payload = bytes(one.bytes)
        kind = one.symbology.name
        if one.valid and kind in KINDS and 0 < len(payload) <= MOST_PAYLOAD:
            found += CODE.pack(KINDS.index(kind), len(payload)) + payload
    return found
