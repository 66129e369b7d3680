"""A Futronic FS80 or FS81 through libusb, as a reader's program.

    futronic_child BUS ADDRESS PPI WIDTH HEIGHT

NOT TRIED ON A REAL ONE. The maker publishes no protocol; this is the one that one person observed
and published ("FS81 USB protocol 1491:0020"), and only an emulator made from the same text has
answered it. Bulk transfers only: E0 gives 512 bytes with the size, 6C and 50 give 512 bytes whose
meaning is unknown, DD 32 00 turns the lamp on, 6E gives one frame, bottom row first. Nothing
numbers an answer, so what an earlier program left unread is drained first.

It streams; the station chooses the best frame. Whether a finger is on the glass is judged by the
contrast of a sample of the frame. Standard library only: ctypes on libusb-1.0.so.0.
"""

import _ctypes
import ctypes as c
import os
import select
import statistics
import time

from station_app.devices.hosted.program_side import EndError, Orders, say, serve

_OUT, _IN, _PACKET = 0x01, 0x82, 512
_CHUNK = 16 * 1024
_ACCESS, _NO_DEVICE, _BUSY, _TIMEOUT = -3, -4, -6, -7  # of libusb.h
_ANSWER_MS, _DRAIN_MS = 1000, 50
_LAMP_ON, _FRAME = b"\xdd\x32\x00", b"\x6e"
_MOST_DRAINED = 64
_SAMPLE = 97
"""Every so many pixels are looked at; no divisor of a width."""
_RIDGES, _EMPTY = 24.0, 14.0
"""Standard deviations of grey levels: above, a finger; below, none. Not from a real reader."""
_WATCH_S = 0.12
"""Between frames while nobody lies on the glass."""

_P = c.c_void_p


class _LostError(Exception):
    """The reader is not there any more."""


def _library() -> c.CDLL:
    # Not by CDLL's name: in a packed program that looks beside the program first.
    usb = c.CDLL(None, handle=_ctypes.dlopen("libusb-1.0.so.0", os.RTLD_NOW | os.RTLD_GLOBAL))
    usb.libusb_init.argtypes = [c.POINTER(_P)]
    usb.libusb_get_device_list.argtypes = [_P, c.POINTER(c.POINTER(_P))]
    usb.libusb_get_device_list.restype = c.c_ssize_t
    usb.libusb_get_bus_number.argtypes = usb.libusb_get_device_address.argtypes = [_P]
    usb.libusb_get_bus_number.restype = usb.libusb_get_device_address.restype = c.c_uint8
    usb.libusb_open.argtypes = [_P, c.POINTER(_P)]
    usb.libusb_claim_interface.argtypes = [_P, c.c_int]
    usb.libusb_bulk_transfer.argtypes = [
        _P, c.c_ubyte, _P, c.c_int, c.POINTER(c.c_int), c.c_uint,
    ]  # fmt: skip
    return usb


class Reader:
    """One reader, opened once."""

    def __init__(self, orders: Orders, words: list[str]) -> None:
        self._orders = orders
        self._place, self._expected = (int(words[0]), int(words[1])), tuple(map(int, words[3:5]))
        self._ppi = int(words[2])
        self._usb = _library()
        self._handle = _P()
        self._width = self._height = 0
        self._number = 0
        self._is_on = self._is_known = self._awaits_off = False

    def run(self) -> None:
        """Open the reader and do what the station asks, until one of them is gone."""
        try:
            self._open()
            say({
                "is": "ready", "name": "Futronic FS80/FS81", "ppi": self._ppi,
                "width": self._width, "height": self._height,
                "abilities": ["streams", "senses_finger", "only_frames", "cancels", "finger_off"],
            })  # fmt: skip
            while True:
                self._hear(wait=not self._number)
                if self._number:
                    self._show()
        except _LostError:
            say({"is": "lost"})

    def _open(self) -> None:
        context, devices = _P(), c.POINTER(_P)()
        self._usb.libusb_init(c.byref(context))
        count = self._usb.libusb_get_device_list(context, c.byref(devices))
        places = [
            (self._usb.libusb_get_bus_number(one), self._usb.libusb_get_device_address(one))
            for one in devices[: max(0, count)]
        ]
        if self._place not in places:
            raise _LostError
        self._checked(
            self._usb.libusb_open(devices[places.index(self._place)], c.byref(self._handle))
        )
        self._checked(self._usb.libusb_claim_interface(self._handle, 0))
        for _ in range(_MOST_DRAINED):
            if not self._transfer(_IN, _CHUNK, _DRAIN_MS):
                break
        self._write(b"\xe0")
        size = self._read(_PACKET)
        self._width, self._height = (int.from_bytes(size[at : at + 2], "big") for at in (4, 6))
        if (self._width, self._height) != self._expected:
            say({"is": "fault", "code": "unfit"})
            raise EndError
        for order in (b"\x6c", b"\x50"):
            self._write(order)
            self._read(_PACKET)

    def _hear(self, *, wait: bool) -> None:
        """Take orders that have come; wait for one where there is nothing to do."""
        while wait or select.select([0], [], [], 0)[0]:
            wait = False
            for order in self._orders.read():
                match order.get("do"), order.get("number"):
                    case "ping", _:
                        say({"is": "pong"})
                    case "capture" | "await_off" as work, int() as number:
                        self._number, self._is_on, self._is_known = number, True, False
                        self._awaits_off = work == "await_off"
                    case "cancel", number if number == self._number:
                        self._number = 0
                        say({"is": "cancelled", "to": number})

    def _show(self) -> None:
        """One frame; told only where a finger lies on the glass that came after the start."""
        began = time.monotonic()
        frame = self._frame()
        number = self._number
        if not number:  # cancelled while the frame came
            return
        contrast = statistics.pstdev(frame[::_SAMPLE])
        is_on = contrast > (_EMPTY if self._is_on else _RIDGES)
        if self._awaits_off:
            if not is_on:
                self._number = 0
                say({"is": "finger", "to": number, "on": False})
            return
        if is_on != self._is_on:
            self._is_on = is_on
            if self._is_known:
                say({"is": "finger", "to": number, "on": is_on})
        self._is_known = self._is_known or not is_on  # one that lay there does not count
        if is_on and self._is_known:
            size = {"width": self._width, "height": self._height, "progress": 0}
            say({"is": "frame", "to": number, **size}, frame)
        elif not is_on:
            select.select([0], [], [], max(0.0, _WATCH_S - (time.monotonic() - began)))

    def _frame(self) -> bytes:
        self._write(_LAMP_ON)
        self._write(_FRAME)
        data = self._read(self._width * self._height)
        rows = range((self._height - 1) * self._width, -1, -self._width)
        return b"".join(data[at : at + self._width] for at in rows)

    def _write(self, data: bytes) -> None:
        self._transfer(_OUT, data, _ANSWER_MS)

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            self._hear(wait=False)
            # Whole packets: what overflows a transfer would be lost.
            room = -(-min(count - len(data), _CHUNK) // _PACKET) * _PACKET
            more = self._transfer(_IN, room, _ANSWER_MS)
            if not more:
                say({"is": "fault", "code": "broken"})
                raise EndError
            data += more
        return bytes(data[:count])

    def _transfer(self, endpoint: int, what: bytes | int, patience_ms: int) -> bytes:
        size = what if isinstance(what, int) else len(what)
        buffer = c.create_string_buffer(b"" if isinstance(what, int) else what, size)
        done = c.c_int()
        status = self._usb.libusb_bulk_transfer(
            self._handle, endpoint, buffer, size, c.byref(done), patience_ms
        )
        if status != _TIMEOUT:
            self._checked(status)
        return buffer.raw[: done.value]

    def _checked(self, status: int) -> None:
        """Say why libusb refused, and end."""
        if status >= 0:
            return
        if status == _NO_DEVICE:
            raise _LostError
        code = {_ACCESS: "no_permission", _BUSY: "busy"}.get(status, "broken")
        say({"is": "fault", "code": code})
        raise EndError


def main(arguments: list[str]) -> int:
    """Be the station's reader."""
    return serve(lambda orders: Reader(orders, arguments))
