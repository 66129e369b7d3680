"""Where a receipt printer is: what its port says, and which ones are plugged in.

usblp gives printers of USB's printer class a file `/dev/usb/lp0` and, in sysfs, their IEEE 1284
device id (drivers/usb/class/usblp.c of the kernel; the keys are those of IEEE 1284-2000, 7.6).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.devices.printers.byte_port import BytePort, PrinterLine
from station_app.devices.printers.network_port import NetworkAddress, NetworkPort, network_address
from station_app.devices.printers.slip_printer import WIDTHS
from station_app.devices.usb import UsbDevice, usb_device_of
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.slips import PrinterState

SPEEDS: Final = (9600, 19200, 38400, 57600, 115200)
"""Bits a second that a serial port may be set to."""

_IDENTITY: Final = re.compile(r"usb:[0-9a-f]{4}:[0-9a-f]{4}(:[\w.-]{4,64})?", re.ASCII)
_MOST_ID: Final = 1024
"""Characters of an IEEE 1284 id that are read; the kernel keeps no more."""
_PAGE_LANGUAGES: Final = frozenset(
    ("PCL", "PCLXL", "PJL", "POSTSCRIPT", "PS", "PDF", "PWG", "URF", "XPS", "ESCPL2", "ESCPR1")
)
"""Languages of printers for whole pages, which are the print service's."""


@dataclass(frozen=True, slots=True)
class UsbPort:
    """A device file of something on USB: a printer's (`is_printer`), or a serial port's."""

    path: Path
    usb: UsbDevice
    is_printer: bool
    title: str


def usb_ports(sys: Path = Path("/sys"), dev: Path = Path("/dev")) -> list[UsbPort]:
    """The printers, then the serial ports, by name; printers for whole pages are left out."""
    return [*_printers(sys, dev), *_serial_ports(sys, dev)]


def _printers(sys: Path, dev: Path) -> Iterator[UsbPort]:
    for place in _numbered(sys / "class/usbmisc", r"lp\d+"):
        usb = usb_device_of(place / "device")
        about = _device_id(place / "device")
        if usb is not None and not _is_page_printer(about):
            said = " ".join(filter(None, (about.get("MFG", ""), about.get("MDL", ""))))
            yield UsbPort(dev / "usb" / place.name, usb, True, said or usb.title)


def _serial_ports(sys: Path, dev: Path) -> Iterator[UsbPort]:
    for place in _numbered(sys / "class/tty", r"tty(USB|ACM)\d+"):
        usb = usb_device_of(place / "device")
        if usb is not None:
            yield UsbPort(dev / place.name, usb, False, f"{usb.title} ({place.name})")


def _numbered(folder: Path, pattern: str) -> list[Path]:
    try:
        found = [one for one in folder.iterdir() if re.fullmatch(pattern, one.name, re.ASCII)]
    except OSError:
        return []
    return sorted(found, key=lambda one: (len(one.name), one.name))


def _device_id(place: Path) -> dict[str, str]:
    """Short keys and values of `MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;`; empty where it says none."""
    try:
        with (place / "ieee1284_id").open("rb") as file:
            said = file.read(_MOST_ID).decode("ascii", "replace")
    except OSError:
        return {}
    long = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD"}
    found = {}
    for part in said.split(";"):
        key, _, value = part.partition(":")
        key = key.strip().upper()
        found[long.get(key, key)] = "".join(filter(str.isprintable, value)).strip()[:64].strip()
    return found


def _is_page_printer(about: dict[str, str]) -> bool:
    return not _PAGE_LANGUAGES.isdisjoint(re.split(r"[^A-Z0-9]+", about.get("CMD", "").upper()))


def look_for_printers(
    sys: Path = Path("/sys"), dev: Path = Path("/dev")
) -> tuple[FoundDevice, ...]:
    """Receipt printers on USB, and serial ports on USB, behind which one may be.

    Network printers are not looked for: that would mean asking every address.
    """
    ports = usb_ports(sys, dev)
    return tuple(
        FoundDevice(
            _port_of(one, ports, dev),
            one.title,
            _fault(one.path),
            is_certain=one.is_printer,
        )
        for one in ports
    )


def _fault(path: Path) -> str:
    may = os.access(path, os.R_OK | os.W_OK, effective_ids=True)
    return "" if may else PrinterState.NO_PERMISSION.code


def _port_of(one: UsbPort, ports: list[UsbPort], dev: Path) -> str:
    """Its identity; where others have the same one, a link of udev's that stays, or its file."""
    if _named(one.usb.identity, ports) == [one]:
        return one.usb.identity
    for folder in ("serial/by-id", "serial/by-path"):
        try:
            links = sorted((dev / folder).iterdir())
        except OSError:
            continue
        for link in links:
            if link.resolve() == one.path.resolve() and " " not in link.name:
                return str(link)
    return str(one.path)


def _named(identity: str, ports: list[UsbPort]) -> list[UsbPort]:
    """The ports that an identity can mean: a device's printers before its serial ports."""
    same = [one for one in ports if one.usb.identity == identity]
    return [one for one in same if one.is_printer] or same


@dataclass(frozen=True, slots=True)
class EscposSettings:
    """Where the printer is, dots across, bits a second.

    `place` is a device file's path, a USB identity (`devices.usb`), a network address, or empty
    for the first USB printer. `rtscts`: the printer stops the computer by wire (serial only).
    `is_mute`: it cannot answer, so nobody knows whether it has paper, or is there at all.
    """

    place: str | NetworkAddress = ""
    width: int = WIDTHS["80mm"]
    speed: int = 115200
    rtscts: bool = False
    is_mute: bool = False

    def find(self, sys: Path = Path("/sys"), dev: Path = Path("/dev")) -> str:
        """The device file to open, or the network address.

        Raises `DeviceLostError` where no device has this identity, or none is a receipt printer,
        and `DeviceFaultError` `printer_fault` where several have it: none of them is taken.
        """
        if isinstance(self.place, NetworkAddress):
            return str(self.place)
        if not self.place:
            printers = [str(one.path) for one in usb_ports(sys, dev) if one.is_printer]
            if not printers:
                raise DeviceLostError("there is no receipt printer on USB", Code.PRINTER_LOST)
            return printers[0]
        if not self.place.startswith("usb:"):
            return self.place
        found = _named(self.place, usb_ports(sys, dev))
        if not found:
            raise DeviceLostError(f"there is no {self.place}", Code.PRINTER_LOST)
        if len(found) > 1:
            raise DeviceFaultError(
                PrinterState.FAULT.code,
                f"There are {len(found)} devices {self.place}. Unplug the others, or choose the "
                "printer by a link in /dev/serial/by-path.",
            )
        return str(found[0].path)

    @property
    def is_plugged_in(self) -> bool:
        """Whether the device file is there. Of a network printer only opening it can tell;
        this says whether there is a way to its address.
        """
        if isinstance(self.place, NetworkAddress):
            return self.place.has_route
        try:
            return os.path.exists(self.find())  # noqa: PTH110  (raises for no path)
        except DeviceLostError:
            return False
        except DeviceFaultError:
            return True  # more than one

    def open(self) -> PrinterLine:
        """Open the line; raises as `find`, `BytePort` and `NetworkPort` do."""
        if isinstance(self.place, NetworkAddress):
            return NetworkPort(self.place)
        return BytePort(self.find(), self.speed, rtscts=self.rtscts, to_write_only=self.is_mute)


def escpos_settings(port: str) -> EscposSettings:
    """The settings in a device's `port`, as `/dev/ttyUSB0 38400 rtscts 58mm mute`.

    The device is a path or a USB identity (`usb:04b8:0202:J3KF012345`). Everything may be left
    out; the order does not matter. Raises `KnownError` `settings_refused` for a word it does not
    know, and for a network address: two persons sign the driver `escpos_network` instead.
    """
    made = EscposSettings()
    for word in port.split():
        if word.startswith("/") or _IDENTITY.fullmatch(word):
            made = replace(made, place=word)
        elif word in WIDTHS:
            made = replace(made, width=WIDTHS[word])
        elif word.isascii() and word.isdigit() and int(word) in SPEEDS:
            made = replace(made, speed=int(word))
        elif word == "rtscts":
            made = replace(made, rtscts=True)
        elif word == "mute":
            made = replace(made, is_mute=True)
        else:
            raise _unknown(
                word,
                f"a path, usb:VENDOR:PRODUCT:SERIAL, {' or '.join(WIDTHS)}, one of "
                f"{', '.join(map(str, SPEEDS))}, rtscts, mute. A printer on the network has the "
                "driver escpos_network.",
            )
    return made


def network_settings(port: str) -> EscposSettings:
    """The settings in the port of a printer on the network, as `tcp://192.168.1.50:9100 58mm`.

    Raises `KnownError` `settings_refused` for another word, and without an address. Such a printer
    is never mute: nobody would know whether a slip came out.
    """
    made = EscposSettings()
    for word in port.split():
        if (address := network_address(word)) is not None:
            made = replace(made, place=address)
        elif word in WIDTHS:
            made = replace(made, width=WIDTHS[word])
        else:
            raise _unknown(word, f"{_ADDRESS}, and {' or '.join(WIDTHS)}.")
    if not made.place:
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"The slip printer's port does not say where it is. Write {_ADDRESS}.",
        )
    return made


_ADDRESS: Final = "tcp://ADDRESS:PORT with an IPv4 address of a private network, no name"


def _unknown(word: str, words: str) -> KnownError:
    return KnownError(
        Code.SETTINGS_REFUSED,
        f"The slip printer's port has a word that is not known: {word}. Write {words}",
    )
