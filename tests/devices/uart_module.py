"""A serial fingerprint module on a pseudo-terminal, made from the ZFM-20's manual.

It speaks its own half of the protocol: no line of the adapter's is used here.
"""

import os
import struct
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

WIDTH, HEIGHT = 256, 288
_START = b"\xef\x01\xff\xff\xff\xff"


def framed(kind: int, content: bytes) -> bytes:
    total = kind + len(content) + 2 + sum(content)
    return (
        _START
        + struct.pack(">BH", kind, len(content) + 2)
        + content
        + struct.pack(">H", total & 0xFFFF)
    )


class UartModule:
    """`place/uart` links to its port. `speed` paces it as a wire does, 0 for none.

    `image` (256 x 288, 8 bits) lies on the glass where it is not None; `spoiled` is the number of
    the data packet to damage, `lost` the one to leave out, `babble` makes it talk nonsense, `mute`
    nothing, `chatter` something else for ever. `halfway` is called in the middle of an image.
    """

    def __init__(self, place: Path, speed: int = 0) -> None:
        self.link, self.speed = place / "uart", speed
        self.image: bytes | None = None
        self.spoiled = self.lost = -1
        self.babble = self.mute = self.chatter = False
        self.halfway: Callable[[], None] = lambda: None
        self._ours = self._theirs = -1
        self.plug_in()

    def plug_in(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.link.symlink_to(os.ttyname(self._theirs))
        threading.Thread(target=self._serve, args=(self._ours,), daemon=True).start()

    def unplug(self) -> None:
        self.link.unlink(missing_ok=True)
        for handle in (self._ours, self._theirs):
            os.close(handle)
        self._ours = self._theirs = -1

    @property
    def is_plugged(self) -> bool:
        return self._ours >= 0

    def close(self) -> None:
        if self.is_plugged:
            self.unplug()

    def _serve(self, ours: int) -> None:
        box = b""
        while True:
            try:
                box += os.read(ours, 4096)
                while (start := box.find(_START)) >= 0 and len(box) >= start + 9:
                    (length,) = struct.unpack_from(">H", box, start + 7)
                    end = start + 9 + length
                    if len(box) < end:
                        break
                    order, box = box[start + 9], box[end:]
                    self._obey(ours, order)
            except OSError:
                return

    def _obey(self, ours: int, order: int) -> None:
        if self.mute:
            return
        while self.chatter:
            self._send(ours, 2, b"")
            time.sleep(0.02)
        if self.babble:
            os.write(
                ours, b"\xef\x01" + bytes(range(256)) + b"\xef\x01\xff\xff\xff\xff\x07\xff\xff"
            )
        elif order == 0x13:
            self._send(ours, 7, b"\0")
        elif order == 0x01:
            self._send(ours, 7, b"\x02" if self.image is None else b"\0")
        elif order == 0x0A:
            self._send(ours, 7, b"\0")
            self._upload(ours, self.image or bytes(WIDTH * HEIGHT))
        else:
            self._send(ours, 7, b"\x1f")

    def _upload(self, ours: int, image: bytes) -> None:
        halves = bytes(a & 0xF0 | b >> 4 for a, b in zip(image[::2], image[1::2], strict=True))
        for number, at in enumerate(range(0, len(halves), 128)):
            if 2 * at == len(halves):
                self.halfway()
            data = framed(8 if at + 128 == len(halves) else 2, halves[at : at + 128])
            if number == self.spoiled:
                data = data[:20] + bytes((data[20] ^ 1,)) + data[21:]
            if number != self.lost:
                self._write(ours, data)

    def _send(self, ours: int, kind: int, content: bytes) -> None:
        self._write(ours, framed(kind, content))

    def _write(self, ours: int, data: bytes) -> None:
        if self.speed:
            time.sleep(len(data) * 10 / self.speed)
        os.write(ours, data)
