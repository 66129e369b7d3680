"""A USB video class camera (MJPEG over bulk) that the kernel's uvcvideo takes for one.

USB Device Class Definition for Video Devices 1.0. Its pictures are files, shown in turn.
"""

import struct
import threading
import time
from pathlib import Path
from typing import Final

from tests.vm.usb_over_ip import HIGH_SPEED, Stall, UsbDevice

SIZES: Final = ((640, 480), (1280, 720))
_DATA: Final = 0x81
_PAYLOAD: Final = 16384
_FASTEST, _SLOWEST = 333_333, 666_666  # in 100 ns
_SET_CUR, _GET_LEN, _GET_INFO = 0x01, 0x85, 0x86
_GET_VALUES: Final = (0x81, 0x82, 0x83, 0x87)
_PROBE, _COMMIT = 1, 2


def _configuration() -> bytes:
    camera = struct.pack("<BBBBHBBHHHB3s", 18, 0x24, 2, 1, 0x0201, 0, 0, 0, 0, 0, 3, b"\0\0\0")
    to_usb = struct.pack("<BBBBHBBB", 9, 0x24, 3, 2, 0x0101, 0, 1, 0)
    units = 13 + len(camera) + len(to_usb)
    control = struct.pack("<BBBHHIBB", 13, 0x24, 1, 0x100, units, 48_000_000, 1, 1)
    frames = b""
    for number, (width, height) in enumerate(SIZES, 1):
        rate = width * height * 16 * 30
        frames += struct.pack(
            "<BBBBBHHIIIIBII", 34, 0x24, 7, number, 0, width, height, rate // 4, rate,
            width * height * 2, _FASTEST, 2, _FASTEST, _SLOWEST,
        )  # fmt: skip
    frames += struct.pack("<BBBBBB", 6, 0x24, 13, 1, 1, 4)  # colours
    mjpeg = struct.pack("<BBBBBBBBBBB", 11, 0x24, 6, 1, len(SIZES), 0, 1, 0, 0, 0, 0)
    size = 14 + len(mjpeg) + len(frames)
    streaming = struct.pack(
        "<BBBBHBBBBBBBB", 14, 0x24, 1, 1, size, _DATA, 0, 2, 0, 0, 0, 1, 0
    )  # fmt: skip
    body = bytes((8, 11, 0, 2, 14, 3, 0, 4))  # the two interfaces belong together
    body += bytes((9, 4, 0, 0, 0, 14, 1, 0, 4)) + control + camera + to_usb
    body += bytes((9, 4, 1, 0, 1, 14, 2, 0, 0)) + streaming + mjpeg + frames
    body += struct.pack("<BBBBHB", 7, 5, _DATA, 2, 512, 0)
    return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 2, 1, 0, 0x80, 250) + body


def _pictures(folder: Path, width: int, height: int) -> list[bytes]:
    return [one.read_bytes() for one in sorted(folder.glob(f"{width}x{height}-*.jpg"))]


class UvcCamera(UsbDevice):
    """`show` gives it a folder of JPEG files `<width>x<height>-<number>.jpg` for each size."""

    device = bytes.fromhex("12010002ef0201406d042508100001020301")  # 046d:0825, a C270
    configuration = _configuration()
    speed = HIGH_SPEED

    def __init__(self, name: str, serial: str) -> None:
        super().__init__()
        self.strings = ("Make-believe", name, serial, name)
        self._pictures: dict[tuple[int, int], list[bytes]] = {}
        self._is_spoilt = self._is_stopped = False
        self._setting = self._agreed(b"")
        self._is_streaming = threading.Event()
        threading.Thread(target=self._stream, daemon=True).start()

    def show(self, folder: str) -> None:
        """Other pictures from now on."""
        self._pictures = {size: _pictures(Path(folder), *size) for size in SIZES}

    def spoil(self) -> None:
        """Frames are cut short from now on."""
        self._is_spoilt = True

    def stop(self) -> None:
        """No frame from now on; everything else is answered."""
        self._is_stopped = True

    def mend(self) -> None:
        """Whole frames again."""
        self._is_spoilt = self._is_stopped = False

    def plugged(self) -> None:
        self._is_streaming.clear()

    def control(
        self, kind: int, request: int, value: int, index: int, data: bytes, length: int
    ) -> bytes:
        if index & 0xFF != 1 or value >> 8 not in (_PROBE, _COMMIT):
            raise Stall
        if request == _SET_CUR:
            self._setting = self._agreed(data)
            if value >> 8 == _COMMIT:
                self._is_streaming.set()
            return b""
        if request == _GET_LEN:
            return struct.pack("<H", len(self._setting))
        if request == _GET_INFO:
            return b"\x03"
        if request in _GET_VALUES:
            return self._setting
        raise Stall

    @staticmethod
    def _agreed(wish: bytes) -> bytes:
        """What the camera makes of a wish for a size and an interval."""
        frame, interval = 1, _FASTEST
        if len(wish) >= 8:
            frame = min(max(wish[3], 1), len(SIZES))
            interval = min(max(struct.unpack_from("<I", wish, 4)[0], _FASTEST), _SLOWEST)
        width, height = SIZES[frame - 1]
        return struct.pack(
            "<HBBI5HII", 1, 1, frame, interval, 0, 0, 0, 0, 0, width * height * 2, _PAYLOAD
        )

    def _stream(self) -> None:
        number = 0
        while True:
            self._is_streaming.wait()
            frame, interval = self._setting[3], struct.unpack_from("<I", self._setting, 4)[0]
            pictures = self._pictures[SIZES[frame - 1]]
            if self.is_asked(_DATA) and not self._is_stopped:
                data = pictures[number % len(pictures)]
                data = data[: len(data) // 3] if self._is_spoilt else data
                room = _PAYLOAD - 2
                for at in range(0, len(data), room):
                    is_last = at + room >= len(data)
                    head = bytes((2, 0x80 | number & 1 | 2 * is_last))
                    self.send(_DATA, head + data[at : at + room])
                number += 1
            time.sleep(interval / 1e7)
