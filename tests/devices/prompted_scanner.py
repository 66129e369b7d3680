"""A real scanner, whose glass and cable are a person's: the suite says what to do and waits."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TextIO

from station_app.devices.drivers import Driver
from station_app.devices.finger_scanner import FingerScanner
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from tests.devices.scanner_conformance import ScannerCase

PATIENCE_S: Final = 60.0
"""For a hand to do what it is asked for."""
_LOOK_EVERY_S: Final = 0.2


class PromptedCase(ScannerCase):
    """Fewer captures than in a program's hands; what a finger gives is not known beforehand."""

    image: FingerImage | None = None
    captures = 10
    again_after = 20.0

    def __init__(
        self,
        scanner: FingerScanner,
        driver: Driver[FingerScanner],
        port: str,
        say: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.scanner, self._driver, self._port, self._say = scanner, driver, port, say
        self._is_in = True

    def touch(self) -> None:
        self._say("Lay a finger on the glass and leave it there until you are told to lift it.")

    def lift(self) -> None:
        self._say("Lift the finger.")

    def unplug(self) -> None:
        if self._is_in:
            self._is_in = False
            self._say("Pull the scanner's USB cable out.")
            self._wait(is_in=False)

    def plug_in(self) -> None:
        if not self._is_in:
            self._is_in = True
            self._say("Push the scanner's USB cable in again.")
            self._wait(is_in=True)

    def plug_in_elsewhere(self) -> bool:
        self._is_in = True
        self._say("Push the cable into ANOTHER USB port.")
        self._wait(is_in=True)
        return True

    def _wait(self, *, is_in: bool) -> None:
        """Until the cable is where it is asked for, as far as the driver can see that."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                if self._driver.find(self._port) is is_in:
                    return
            except KnownError:
                return
            time.sleep(_LOOK_EVERY_S)


def terminal() -> TextIO:
    """Where a person reads, whatever pytest does with the output of tests."""
    try:
        return Path("/dev/tty").open("w", encoding="utf-8")
    except OSError:
        return os.fdopen(os.dup(2), "w", encoding="utf-8")
