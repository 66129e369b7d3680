"""Fingerprint modules on a serial port: ZFM-20, R30x, AS608 and their kin, for evaluation.

The packets are those of the "ZFM-20 Series Fingerprint Identification Module User Manual" (version
1.4, chapters 5 and 6), which the others follow: EF01, address, kind, length, content, sum. The
module takes a picture of 256 x 288 dots and hands it out at 4 bits each, in packets that cannot
be stopped: 288 of 139 bytes are 7 s at 57,600 bits a second, too long for a queue.
"""

import errno
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station_app.devices.finger_scanner import ScannerInfo, StopToken, Tell
from station_app.devices.usb import usb_device_of
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import (
    CaptureResult,
    FingerImage,
    FingerOnGlass,
    Retry,
    RetryReason,
    Stopped,
)

if TYPE_CHECKING:
    from serial import Serial

WIDTH: Final = 256
HEIGHT: Final = 288
PPI: Final = 500
"""Of the modules' data sheets: 256 x 288 dots of 0.05 mm."""
SPEEDS: Final = (9600, 19200, 38400, 57600, 115200)

COMMAND, DATA, ANSWER, LAST = 1, 2, 7, 8
VERIFY_PASSWORD: Final = b"\x13\0\0\0\0"
TAKE_IMAGE: Final = b"\x01"
SEND_IMAGE: Final = b"\x0a"
DONE, NO_FINGER = 0x00, 0x02
_START: Final = b"\xef\x01"
_ADDRESS: Final = b"\xff\xff\xff\xff"
_LONGEST: Final = 256
"""Bytes of content; the manual's largest data packet."""
_NIBBLES: Final = [bytes(((two >> 4) * 17, (two & 15) * 17)) for two in range(256)]

_ANSWER_S: Final = 1.0
_IMAGE_S: Final = 60.0
"""At 9,600 bits a second one takes 43."""
_SILENCE_S: Final = 0.3
"""Longer than any pause between the packets of an image."""
_POLL_S: Final = 0.1
_READ_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class _UartSettings:
    path: str
    speed: int


def _settings(port: str) -> _UartSettings:
    path, speed = "", 57600
    for word in port.split():
        if word.startswith("/") and not path:
            path = word
        elif word.isascii() and word.isdigit() and int(word) in SPEEDS:
            speed = int(word)
        else:
            path = ""
            break
    if not path:
        raise KnownError(
            Code.SETTINGS_REFUSED,
            "The port of a serial fingerprint module is a path and a speed, as in "
            f"/dev/ttyUSB0 57600; the speeds are {', '.join(map(str, SPEEDS))}.",
        )
    return _UartSettings(path, speed)


def packet(kind: int, content: bytes) -> bytes:
    """One packet; `kind` is COMMAND, DATA, ANSWER or LAST."""
    body = bytes((kind,)) + (len(content) + 2).to_bytes(2, "big") + content
    return _START + _ADDRESS + body + (sum(body) & 0xFFFF).to_bytes(2, "big")


class UartScanner:
    """A module on the serial port that `port` names: `/dev/ttyUSB0 57600`."""

    is_simulated = False

    def __init__(self, port: str) -> None:
        """Raises `KnownError` `settings_refused` for a port it cannot read."""
        self._settings = _settings(port)
        self._port: Serial | None = None
        self._box = bytearray()
        self._is_sending = False
        self._must_lift = True

    def find(self) -> bool:
        """Whether there is such a port."""
        return os.path.exists(self._settings.path)  # noqa: PTH110  (raises for none)

    def open(self) -> ScannerInfo:
        """Ask for the module; its password is the maker's."""
        self.close()
        self._port = _opened(self._settings)
        self._is_sending = self._must_lift = True  # an earlier program may have left it so
        if not self._is_quiet(StopToken(), within=15.0):
            raise self._nonsense()
        status = self._ask(VERIFY_PASSWORD, StopToken())
        if status != DONE:
            raise self._nonsense()
        self._must_lift = self._ask(TAKE_IMAGE, StopToken()) == DONE
        usb = usb_device_of(Path("/sys/class/tty") / Path(self._settings.path).name / "device")
        name = "Serial fingerprint module" if usb is None else f"Serial module ({usb.title})"
        return ScannerInfo(name, PPI, WIDTH, HEIGHT, senses_finger=True)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The next finger; the module takes its picture at once and sends it for seconds."""
        while not stop.stopped:
            if not self._is_quiet(stop):
                break
            status = self._ask(TAKE_IMAGE, stop)
            if status < 0:
                break
            is_there = status == DONE
            if is_there and not self._must_lift:
                self._must_lift = True
                tell(FingerOnGlass(is_on=True))
                return self._image(stop)
            self._must_lift = self._must_lift and is_there
            stop.wait(_POLL_S)
        return Stopped()

    def wait_finger_off(self, stop: StopToken) -> bool:
        """True when the glass is empty."""
        while not stop.stopped:
            if not self._is_quiet(stop):
                break
            if self._ask(TAKE_IMAGE, stop) == NO_FINGER:
                self._must_lift = False
                return True
            stop.wait(_POLL_S)
        return False

    def close(self) -> None:
        """Let the port go."""
        port, self._port = self._port, None
        self._box.clear()
        if port is not None:
            try:
                port.close()
            except OSError:  # it is gone already
                port.fd = None

    def _image(self, stop: StopToken) -> CaptureResult:
        status = self._ask(SEND_IMAGE, stop)
        if status < 0:
            return Stopped()
        if status != DONE:
            return Retry(RetryReason.NOT_A_FINGER)
        self._is_sending = True
        halves = bytearray()
        for kind, content in self._packets(stop, _IMAGE_S):
            if kind not in (DATA, LAST):
                return Retry(RetryReason.NOT_A_FINGER)
            halves += content
            if kind == LAST:
                self._is_sending = False
            if kind == LAST or len(halves) > WIDTH * HEIGHT // 2:
                break
        if stop.stopped:
            return Stopped()
        if len(halves) != WIDTH * HEIGHT // 2:  # a packet was damaged, or is missing
            return Retry(RetryReason.NOT_A_FINGER)
        return FingerImage(b"".join(map(_NIBBLES.__getitem__, halves)), WIDTH, HEIGHT, PPI)

    def _ask(self, order: bytes, stop: StopToken) -> int:
        """The module's confirmation code, -1 when stopped first.

        Raises `DeviceLostError` where it does not answer.
        """
        port = self._opened_port()
        try:
            port.write(packet(COMMAND, order))
        except OSError as error:
            raise _gone() from error
        for kind, content in self._packets(stop, 2 * _ANSWER_S):
            if kind == ANSWER and content:
                return content[0]
        if stop.stopped:
            self._is_sending = True  # the answer may still come
            return -1
        raise _gone()

    def _is_quiet(self, stop: StopToken, within: float = 60.0) -> bool:
        """True once nothing is left of an image that nobody waits for; False when stopped."""
        if not self._is_sending:
            return True
        silent_since = begun = time.monotonic()
        while not stop.stopped:
            now = time.monotonic()
            if self._received():
                silent_since = now
            elif now - silent_since > _SILENCE_S:
                self._is_sending = False
                self._box.clear()
                return True
            self._box.clear()
            if now - begun > within:
                return False
        return False

    def _packets(self, stop: StopToken, within: float) -> Iterator[tuple[int, bytes]]:
        """The whole packets with a right sum, until a stop, silence, or `within` seconds."""
        last = time.monotonic() + within
        until = time.monotonic() + _ANSWER_S
        while not stop.stopped and time.monotonic() < min(until, last):
            for one in self._whole():
                yield one
                until = time.monotonic() + _ANSWER_S
            self._received()

    def _whole(self) -> Iterator[tuple[int, bytes]]:
        box = self._box
        while True:
            start = box.find(_START)
            del box[: start if start >= 0 else max(0, len(box) - 1)]
            if len(box) < 9:
                return
            length = int.from_bytes(box[7:9], "big")
            if not 2 <= length <= _LONGEST + 2:
                del box[:2]
                continue
            end = 9 + length
            if len(box) < end:
                return
            body, total = bytes(box[6 : end - 2]), int.from_bytes(box[end - 2 : end], "big")
            if sum(body) & 0xFFFF != total:
                del box[:2]
                continue
            del box[:end]
            yield body[0], body[3:]

    def _received(self) -> bool:
        """Wait a moment for bytes; whether any came."""
        port = self._opened_port()
        try:
            data = port.read(1)
            if data:
                data += port.read(min(port.in_waiting, 4096))
        except (OSError, TypeError) as error:  # TypeError: closed under it
            raise _gone() from error
        self._box += data
        return bool(data)

    def _opened_port(self) -> "Serial":
        if self._port is None:
            raise DeviceLostError("the module is not open")
        return self._port

    def _nonsense(self) -> KnownError:
        self.close()
        return DeviceFaultError(
            Code.DEVICE_FAULT,
            f"What is at {self._settings.path} does not answer like a fingerprint module at "
            f"{self._settings.speed} bits a second. Check port and speed.",
        )


def _opened(settings: _UartSettings) -> "Serial":
    import serial  # noqa: PLC0415  (only where there is a module)

    try:
        return serial.Serial(
            settings.path, settings.speed, timeout=_READ_S, write_timeout=_ANSWER_S, exclusive=True
        )
    except PermissionError as error:
        raise _refused(settings) from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EBUSY, errno.EAGAIN):
            raise _refused(settings) from error
        raise _gone() from error


def _refused(settings: _UartSettings) -> KnownError:
    return DeviceFaultError(
        Code.DEVICE_FAULT,
        f"The fingerprint module at {settings.path} cannot be used: let this user use it (group "
        "dialout), and close other programs that do.",
    )


def _gone() -> DeviceLostError:
    return DeviceLostError("the fingerprint module does not answer")
