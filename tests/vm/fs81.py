"""A Futronic FS81 as one published description has it; nobody has held it against a real one."""

from typing import Final

from tests.vm.usb_over_ip import HIGH_SPEED, UsbDevice

WIDTH: Final = 320
LINES: Final = 480
_IN: Final = 0x82
_SIZE, _UNKNOWN, _FRAMES = 0xE0, (0x6C, 0x50), (0x6E, 0xFE)


class Fs81(UsbDevice):
    """`lay` puts an image on the glass (320 x 480, 8 bit), `lift` takes it off: black then."""

    device = bytes.fromhex("120100020000004091142000000101020001")  # 1491:0020
    configuration = bytes.fromhex(
        "09022000010100c0fa0904000002ff000000" + "07050102000200" + "07058202000200"
    )
    strings = ("Futronic Technology Company Ltd.", "FS81 Fingerprint Scanner Module")
    speed = HIGH_SPEED

    def __init__(self) -> None:
        super().__init__()
        self._image = bytes(WIDTH * LINES)

    def lay(self, image: bytes) -> None:
        """A finger comes."""
        assert len(image) == WIDTH * LINES
        with self._lock:
            self._image = image

    def lift(self) -> None:
        """The finger goes."""
        with self._lock:
            self._image = bytes(WIDTH * LINES)

    def received(self, endpoint: int, data: bytes) -> None:
        order = data[0]
        if order == _SIZE:
            size = WIDTH.to_bytes(2, "big") + LINES.to_bytes(2, "big")
            self.send(_IN, (bytes(4) + size).ljust(512, b"\0"))
        elif order in _UNKNOWN:
            self.send(_IN, bytes(512))
        elif order in _FRAMES:
            for last in range((LINES - 1) * WIDTH, -1, -WIDTH * 16):  # 16 rows are 10 packets
                rows = range(last, max(-1, last - WIDTH * 16), -WIDTH)
                self.send(_IN, b"".join(self._image[row : row + WIDTH] for row in rows))
