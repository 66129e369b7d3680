"""What sticks do: usb-storage, vfat and exfat are the kernel's own."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from station_app.devices.media import Medium, mounted_media
from tests.devices.stick_conformance import StickSuite
from tests.vm.wire_stick import WireStick


class StickOnTheBus:
    """Two sticks with the same name, of which one is in."""

    is_real = True

    def __init__(self, fs: str) -> None:
        self._stick, self._other = (
            WireStick("STICK", fs=fs, serial=one) for one in ("A1A1", "B2B2")
        )
        self.folder = self._stick.folder
        self._is_in = True
        self._stick.plug()

    def pull(self) -> None:
        if self._is_in:
            self._stick.pull()
            self._is_in = False

    def put_back(self) -> None:
        self._stick.forget_mount()
        self._stick.plug()
        self._is_in = True

    def exchange(self) -> None:
        self.pull()
        self._stick.forget_mount()
        self._stick, self._other = self._other, self._stick
        self._stick.plug()
        self._is_in = True

    def lock(self) -> None:
        self._stick.take_out()
        self._stick.plug(read_only=True)

    def fill(self) -> None:
        rest = self.folder / "rest"
        with rest.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096, 512):
                with suppress(OSError):  # no space left
                    while file.write(bytes(size)):
                        pass

    def media(self) -> list[Medium]:
        return [one for one in mounted_media() if one.folder == self.folder]

    def close(self) -> None:
        self._stick.close()
        self._other.close()


class OnTheBus(StickSuite):
    fs: str

    @pytest.fixture
    def stick(self, tmp_path: Path) -> Iterator[StickOnTheBus]:
        made = StickOnTheBus(self.fs)
        yield made
        made.close()


class TestVfat(OnTheBus):
    fs = "vfat"


class TestExfat(OnTheBus):
    fs = "exfat"
