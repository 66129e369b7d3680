"""A DigitalPersona U.are.U 4500 as its wire shows it: libfprint's uru4000 driver takes it for one.

Its answers were learned from libfprint's recording of a real one. Like that one it gives its
image once, upside down, and tells when a finger comes and goes only while it is asked to.
"""

from typing import Final

from tests.vm.usb_over_ip import Stall, UsbDevice

WIDTH: Final = 384
LINES: Final = 289
_INTERRUPT, _DATA = 0x81, 0x82
_HARDWARE_STATUS, _MODE, _INFO = 0x07, 0x4E, 0xF0
_AWAIT_ON, _AWAIT_OFF, _CAPTURE = 0x10, 0x12, 0x20
_POWERED, _ON, _OFF = b"\x56\xaa", b"\x01\x01", b"\x02\x00"
_INVERTED: Final = bytes(range(255, -1, -1))


class UareU4500(UsbDevice):
    """`lay` puts an image on the glass (384 x 289, 8 bit, dark ridges), `lift` takes it off."""

    device = bytes.fromhex("1201000200000040ba050a00030101020301")  # 05ba:000a
    configuration = bytes.fromhex(
        "0902200001010080640904000002ffffff00" + "07058103400008" + "07058202400000"
    )

    def __init__(self, serial: str = "{00000000}") -> None:
        super().__init__()
        self.strings = ("DigitalPersona, Inc.", "U.are.U 4500 Fingerprint Reader", serial)
        self._mode, self._status = 0, 0x01
        self._image: bytes | None = None
        self._is_taken = self._is_felt = self._is_leaving = False

    def plugged(self) -> None:
        self._mode, self._status = 0, 0x01
        self._is_felt = False

    def lay(self, image: bytes) -> None:
        """A finger comes."""
        assert len(image) == WIDTH * LINES
        with self._lock:
            self._image = image
            self._is_taken = self._is_felt = self._is_leaving = False
            if self._mode == _AWAIT_ON:
                self._feel()

    def lift(self) -> None:
        """The finger goes; one that was felt stays until its image is taken, as if read quickly."""
        with self._lock:
            self._is_leaving = self._is_felt and not self._is_taken
            if not self._is_leaving:
                self._image = None
                if self._mode == _AWAIT_OFF:
                    self._tell(_OFF)

    def is_looking(self) -> bool:
        """Whether somebody wants to be told of a finger."""
        return self._mode == _AWAIT_ON

    def is_taken(self) -> bool:
        """Whether the image on the glass has been fetched: a finger is lifted then."""
        return self._is_taken

    def control(
        self, kind: int, request: int, value: int, index: int, data: bytes, length: int
    ) -> bytes:
        if request != 4:
            raise Stall
        with self._lock:
            if kind & 0x80:
                registers = {
                    _HARDWARE_STATUS: bytes([self._status]),
                    _INFO: bytes.fromhex("1a0a1a0a01150000002000108b211130"),
                }
                return registers.get(value, bytes(length))[:length]
            if value == _HARDWARE_STATUS:
                self._status = data[0] & 0x7F
                if not data[0] & 0x80:
                    self._tell(_POWERED)
            elif value == _MODE:
                self._enter(data[0])
            return b""

    def _enter(self, mode: int) -> None:
        self._mode = mode
        if self._is_leaving and mode != _CAPTURE:
            self._image, self._is_leaving = None, False
        if mode == _AWAIT_ON and self._image is not None:
            self._feel()
        elif mode == _AWAIT_OFF and self._image is None:
            self._tell(_OFF)
        elif mode == _CAPTURE:
            if self._image is not None:
                self._is_taken = True
            self.send(_DATA, self._frame(self._image or b"\xff" * (WIDTH * LINES)))

    def _feel(self) -> None:
        self._is_felt = True
        self._tell(_ON)

    def _frame(self, image: bytes) -> bytes:
        """Upside down, bright ridges, two even lines: others would mean that it is scrambled."""
        raw = bytearray(image[::-1].translate(_INVERTED))
        raw[: 2 * WIDTH] = bytes(2 * WIDTH)
        head = bytearray(64)
        head[0:7] = b"\x10\x40\x80\x01" + LINES.to_bytes(2, "little") + b"\x01"
        head[16:20] = bytes([0, 255, 0, LINES - 255])
        return bytes(head + raw)

    def _tell(self, what: bytes) -> None:
        self.send(_INTERRUPT, what + bytes(62))
