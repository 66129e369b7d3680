"""A folder as a reader: a new image in it is a finger, and nothing else is."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.biometrics.images import finger_image_of
from station_app.devices.drivers import SCANNERS, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.scanners.folder_scanner import FolderScanner
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import FingerImage, Retry, RetryReason, Stopped
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance

PIXELS = np.tile(np.arange(120, dtype=np.uint8), (90, 1))


def encoded(pixels: np.ndarray = PIXELS) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


class FolderCase(ScannerCase):
    image = FingerImage(PIXELS.tobytes(), 120, 90, 500)

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._folder, self._away, self._number = place / "in", place / "away", 0
        self._folder.mkdir()
        self.scanner = FolderScanner(str(self._folder), finger_image_of)

    def touch(self) -> None:
        self._number += 1
        draft = self._folder / f".{self._number}"
        with suppress(OSError):
            draft.write_bytes(encoded())
            draft.rename(self._folder / f"{self._number}.png")

    def lift(self) -> None:
        for path in self._folder.glob("*"):
            path.unlink()

    def unplug(self) -> None:
        if self._folder.exists():
            self._folder.rename(self._away)

    def plug_in(self) -> None:
        if self._away.exists():
            self._away.rename(self._folder)

    def garbage(self) -> bool:
        (self._folder / "garbage.png").write_bytes(encoded()[:-9])
        return True


class TestFolderScanner(ScannerConformance):
    driver = named(SCANNERS, "folder")
    make = FolderCase


def opened(port: str) -> FolderScanner:
    scanner = FolderScanner(port, finger_image_of)
    scanner.open()
    return scanner


def read(scanner: FolderScanner) -> object:
    return scanner.capture(StopToken(), lambda _: None)


def test_only_what_comes_after_the_start_is_taken_and_once(tmp_path: Path) -> None:
    (tmp_path / "old.png").write_bytes(encoded())
    scanner = opened(f"{tmp_path} 569ppi")
    (tmp_path / "new.png").write_bytes(encoded())
    assert read(scanner) == FingerImage(PIXELS.tobytes(), 120, 90, 569)
    stop = StopToken()
    threading.Timer(0.3, stop.stop).start()
    assert scanner.capture(stop, lambda _: None) == Stopped()


def test_the_oldest_comes_first(tmp_path: Path) -> None:
    scanner = opened(str(tmp_path))
    for name, shade, at in (("a", 10, 2000), ("b", 20, 1000)):
        path = tmp_path / f"{name}.png"
        path.write_bytes(encoded(np.full((90, 120), shade, np.uint8)))
        os.utime(path, (at, at))
    first, second = read(scanner), read(scanner)
    assert isinstance(first, FingerImage)
    assert isinstance(second, FingerImage)
    assert (first.pixels[0], second.pixels[0]) == (20, 10)


def test_a_file_is_read_when_it_no_longer_grows(tmp_path: Path) -> None:
    scanner, data = opened(str(tmp_path)), encoded()

    def copy() -> None:
        with (tmp_path / "slow.png").open("wb", buffering=0) as file:
            for at in range(0, len(data), 1 + len(data) // 20):
                file.write(data[at : at + 1 + len(data) // 20])
                time.sleep(0.01)

    threading.Thread(target=copy).start()
    assert isinstance(read(scanner), FingerImage | Retry)  # a machine may stand still for a while


def test_no_image_costs_a_try(tmp_path: Path) -> None:
    scanner = opened(str(tmp_path))
    (tmp_path / "notes.txt").write_text("no finger")
    assert read(scanner) == Retry(RetryReason.NOT_A_FINGER)


def test_links_and_pipes_are_not_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scanner = opened(str(folder))
    (tmp_path / "1.png").write_bytes(encoded())
    (folder / "1.png").symlink_to(tmp_path / "1.png")
    os.mkfifo(folder / "2.png")
    stop = StopToken()
    threading.Timer(0.3, stop.stop).start()
    assert scanner.capture(stop, lambda _: None) == Stopped()


def test_a_folder_that_is_gone_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scanner = opened(str(folder))
    assert scanner.find()
    folder.rmdir()
    assert not scanner.find()
    with pytest.raises(DeviceLostError, match="Make it, or give its path"):
        read(scanner)
