"""The camera as a reader of documents."""

import time
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.devices.camera import CameraFrame, CameraInfo, SeenCode
from station_app.devices.cameras.camera_child import CODE, KINDS, MOST_CODES, codes_in
from station_app.devices.drivers import DOCUMENT_READERS, DriverContext, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.readers.camera_codes import CameraCodes
from station_app.domain.documents import DocumentKind, DocumentRead, DocumentUnread, UnreadReason
from station_app.domain.samples import Stopped
from tests.devices.camera_conformance import write_clip
from tests.devices.document_reader_conformance import PIN
from tests.devices.scanner_conformance import after
from tests.devices.shown_codes import code_picture


def seen(picture: np.ndarray) -> list[tuple[str, bytes]]:
    data, found = codes_in(picture), []
    while data:
        kind, length = CODE.unpack_from(data)
        found.append((KINDS[kind], data[CODE.size : CODE.size + length]))
        data = data[CODE.size + length :]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_code_is_read(kind: str) -> None:
    assert seen(code_picture(f"PIN {PIN}", kind)) == [(kind, f"PIN {PIN}".encode())]


def test_other_codes_are_not_looked_for() -> None:
    assert seen(code_picture("4006381333931", "EAN13")) == []


def test_bytes_are_passed_on_as_they_are() -> None:
    payload = bytes(range(256)) * 4
    assert seen(code_picture(payload, scale=3)) == [("QRCode", payload)]


def test_a_wall_of_codes_is_bounded() -> None:
    small = cv2.resize(code_picture(PIN)[200:520, 480:800], (320, 320))
    assert len(seen(np.tile(small, (2, 4, 1)))) == MOST_CODES


class Looks:
    """A camera that sees these codes, one after the other, and then none."""

    is_simulated = True

    def __init__(self, *seen: tuple[SeenCode, ...]) -> None:
        self._seen = list(seen)
        self.looks = 0

    def open(self) -> CameraInfo:
        return CameraInfo("Looks", 8, 8, (8, 8))

    def frame(self, stop: StopToken) -> CameraFrame | None:
        raise NotImplementedError

    def codes(self, stop: StopToken) -> tuple[SeenCode, ...] | None:
        self.looks += 1
        return self._seen.pop(0) if self._seen else ()

    def close(self) -> None:
        pass


def test_the_code_with_a_pin_counts_among_several() -> None:
    letter = SeenCode("QRCode", b"https://example.org")
    card = SeenCode("PDF417", f"ID {PIN}".encode())
    both, one = CameraCodes(Looks((letter, card))), CameraCodes(Looks((letter,)))
    assert both.read(StopToken()) == DocumentRead(PIN, DocumentKind.CODE)
    assert one.read(StopToken()) == DocumentUnread(UnreadReason.NOT_A_DOCUMENT)


def test_it_looks_five_times_a_second_at_most() -> None:
    camera, stop = Looks(), StopToken()
    began = time.monotonic()
    after(1.0, stop.stop)
    assert CameraCodes(camera).read(stop) == Stopped()
    assert camera.looks <= 2 + 5 * (time.monotonic() - began)


def test_codes_from_a_clip_come_through_the_process(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.avi", [code_picture(f"PIN {PIN}", "PDF417")] * 10)
    reader = named(DOCUMENT_READERS, "video").open(str(clip), DriverContext(tmp_path))
    with closing(reader):
        reader.open()
        assert reader.read(StopToken()) == DocumentRead(PIN, DocumentKind.CODE)
