"""How an ESC/POS printer is connected: the words after its path in the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.printers.printer import WIDTHS
from station_app.domain.errors import KnownError

SPEEDS: Final = (9600, 19200, 38400, 57600, 115200)
"""Bits a second that a serial port may be set to."""


@dataclass(frozen=True, slots=True)
class EscposSettings:
    """`path` of the device file, empty for the first USB printer; dots across; bits a second.

    `rtscts`: the printer stops the computer by wire (serial only). `is_mute`: it cannot
    answer, so nobody knows whether it has paper, or is there at all.
    """

    path: str = ""
    width: int = WIDTHS["80mm"]
    speed: int = 115200
    rtscts: bool = False
    is_mute: bool = False

    def find(self, usb: Path = Path("/dev/usb")) -> str:
        """The device file to open."""
        if self.path:
            return self.path
        return str(min(usb.glob("lp*"), default=usb / "lp0"))


def escpos_settings(port: str) -> EscposSettings:
    """The settings in a device's `port`, as `/dev/ttyUSB0 38400 rtscts 58mm mute`.

    Everything may be left out; the order does not matter. Raises `KnownError`
    `settings_refused` for a word it does not know.
    """
    path, width, speed = "", WIDTHS["80mm"], 115200
    words = port.split()
    for word in words:
        if word.startswith("/"):
            path = word
        elif word in WIDTHS:
            width = WIDTHS[word]
        elif word.isascii() and word.isdigit() and int(word) in SPEEDS:
            speed = int(word)
        elif word not in ("rtscts", "mute"):
            raise KnownError(
                "settings_refused",
                f"The slip printer's port has a word that is not known: {word}. Write a path, "
                f"{' or '.join(WIDTHS)}, one of {', '.join(map(str, SPEEDS))}, rtscts, mute.",
            )
    return EscposSettings(path, width, speed, "rtscts" in words, "mute" in words)
