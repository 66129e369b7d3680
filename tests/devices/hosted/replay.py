"""A machine with make-believe USB devices (umockdev, by ctypes), and recordings of a U.are.U 4500.

The whole test process has to run under `umockdev-wrapper`, which preloads a library; a child sees
the same devices when `environment` reaches it. The recorded bytes of the real reader stay; only
the picture inside is exchanged, and packets are left out or repeated.
"""

import ctypes as c
import os
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RECORDING: Final = Path(
    os.environ.get(
        "STATION_READER_RECORDINGS",
        Path(__file__).resolve().parents[3].parent / "shared" / "devices" / "recordings",
    )
) / "uru4000-4500"  # fmt: skip
"""libfprint's recording (tests/uru4000-4500 of its source, LGPL-2.1-or-later)."""

WIDTH, LINES = 384, 289
_PACKET = 6  # pcapng's enhanced packet block
_USBMON_HEAD, _PICTURE_HEAD = 64, 64
# The recording's packets: the kernel reading descriptors; the driver waiting for a finger; its
# picture; the descrambling that a plain picture does without.
_OPENED, _WAITING, _PICTURE, _KEY, _KEY_END = 6, 25, 30, 31, 35


def is_inside() -> bool:
    """Whether this process runs under umockdev-wrapper."""
    return "umockdev" in os.environ.get("LD_PRELOAD", "")


class Testbed:
    """The machine; one a process."""

    __test__ = False

    def __init__(self) -> None:
        self._lib = c.CDLL("libumockdev.so.0")
        for name, result, arguments in (
            ("new", c.c_void_p, []),
            ("add_from_string", c.c_int, [c.c_void_p, c.c_char_p, c.c_void_p]),
            ("load_pcap", c.c_int, [c.c_void_p, c.c_char_p, c.c_char_p, c.c_void_p]),
            ("detach_ioctl", c.c_int, [c.c_void_p, c.c_char_p, c.c_void_p]),
            ("uevent", None, [c.c_void_p, c.c_char_p, c.c_char_p]),
            ("remove_device", None, [c.c_void_p, c.c_char_p]),
        ):
            function = getattr(self._lib, f"umockdev_testbed_{name}")
            function.restype, function.argtypes = result, arguments
        self._bed = self._lib.umockdev_testbed_new()
        self._nodes: dict[str, str] = {}
        self._there: set[str] = set()

    def plug_in(self, description: Path, recording: Path) -> str:
        """Add the device with a recorded conversation to answer with; its place in /sys."""
        # A paragraph a device, the hubs it hangs on after it; those stay when it is pulled out.
        parts = [part for part in description.read_text("utf-8").split("\n\n") if part.strip()]
        places = [part.split("\n", 1)[0].removeprefix("P: ") for part in parts]
        for part, one in reversed(list(zip(parts, places, strict=True))):
            if one not in self._there:
                add = self._lib.umockdev_testbed_add_from_string
                assert add(self._bed, f"{part}\n".encode(), None)
                self._there.add(one)
        place = f"/sys{places[0]}"
        node = re.search(r"^E: DEVNAME=(.+)$", parts[0], re.MULTILINE)
        self._nodes[place] = node[1] if node else ""
        load = self._lib.umockdev_testbed_load_pcap
        assert load(self._bed, place.encode(), str(recording).encode(), None)
        self._lib.umockdev_testbed_uevent(self._bed, place.encode(), b"add")
        return place

    def pull_out(self, place: str) -> None:
        """Remove the device, if it is there."""
        if place.removeprefix("/sys") not in self._there:
            return
        self._lib.umockdev_testbed_uevent(self._bed, place.encode(), b"remove")
        self._lib.umockdev_testbed_detach_ioctl(self._bed, self._nodes[place].encode(), None)
        self._lib.umockdev_testbed_remove_device(self._bed, place.encode())
        self._there.discard(place.removeprefix("/sys"))
        # umockdev 0.17 leaves its socket behind, and cannot listen there again.
        Path(f"{_root()}/ioctl{self._nodes[place]}").unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """What a child needs to see the same machine."""
        return {
            "UMOCKDEV_DIR": _root(),
            "LD_PRELOAD": os.environ["LD_PRELOAD"],
            "FP_DEVICE_EMULATION": "1",  # the recorded descrambling needs one seed
        }


def _root() -> str:
    """The library set it, and os.environ does not know."""
    getenv = c.CDLL(None).getenv
    getenv.restype = c.c_char_p
    found: bytes = getenv(b"UMOCKDEV_DIR")
    return found.decode()


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its USB request's number, and a usbmon header with the data."""

    request: int
    usb: bytes

    def as_request(self, number: int) -> "Packet":
        return Packet(number, struct.pack("<Q", number) + self.usb[8:])


class Recording:
    """The recording, cut into packets."""

    def __init__(self) -> None:
        data, at = (RECORDING / "capture.pcapng").read_bytes(), 0
        self._head, self._packets = b"", list[Packet]()
        while at < len(data):
            kind, size = struct.unpack_from("<II", data, at)
            if kind == _PACKET:
                length = struct.unpack_from("<I", data, at + 20)[0]
                usb = data[at + 28 : at + 28 + length]
                self._packets.append(Packet(struct.unpack_from("<Q", usb)[0], usb))
            else:
                self._head += data[at : at + size]
            at += size

    def fingers(self, images: Sequence[bytes | None]) -> list[Packet]:
        """An opening, and a touch for each image (384 x 289, dark ridges).

        None is the recorded touch itself; only as the first one, because it was scrambled for the
        first number that the driver draws.
        """
        packets = self._packets[:_OPENED]
        for number, image in enumerate(images):
            touch = self._packets[_OPENED:]
            if image is not None:
                picture = _with(self._packets[_PICTURE], image)
                touch = [*touch[: _KEY - _OPENED - 1], picture, *touch[_KEY_END - _OPENED :]]
            packets += [one.as_request(one.request + number) for one in touch]
        return packets

    def nobody(self) -> list[Packet]:
        """An opening and a capture in which no finger comes, and which is cancelled."""
        waiting, (off, off_done, interrupt) = self._packets[:_WAITING], self._packets[-3:]
        return [*waiting, off, off_done, interrupt.as_request(waiting[-1].request)]

    def write(self, packets: Sequence[Packet], target: Path) -> Path:
        """The packets as a recording."""
        with target.open("wb") as file:
            file.write(self._head)
            for one in packets:
                raw, length = one.usb + b"\0" * (-len(one.usb) % 4), len(one.usb)
                size = 32 + len(raw)
                file.write(struct.pack("<7I", _PACKET, size, 0, 0, 0, length, length) + raw)
                file.write(struct.pack("<I", size))
        return target


def _with(packet: Packet, image: bytes) -> Packet:
    assert len(image) == WIDTH * LINES
    usb, body = bytearray(packet.usb), _USBMON_HEAD + _PICTURE_HEAD
    # Two plain blocks; upside down, with bright ridges.
    usb[_USBMON_HEAD + 16 : _USBMON_HEAD + 46] = bytes([0, 255, 0, LINES - 255]) + bytes(26)
    usb[body : body + len(image)] = bytes(255 - pixel for pixel in reversed(image))
    # The driver takes a picture for scrambled when its first two lines, our last, are not even.
    usb[body : body + 2 * WIDTH] = bytes(2 * WIDTH)
    return Packet(packet.request, bytes(usb))
