"""JPEG 2000 images: what OpenJPEG decodes, and what is refused before it sees it."""

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.biometrics.images import finger_image_of
from station_app.biometrics.jpeg2000 import jpeg2000_size
from station_app.domain.errors import KnownError

RAMP = np.tile(np.linspace(0, 255, 120).astype(np.uint8), (90, 1))


def encoded(pixels: np.ndarray = RAMP) -> bytes:
    made, data = cv2.imencode(".jp2", pixels)
    assert made
    return data.tobytes()


FILE = encoded()
STREAM = FILE[FILE.index(b"\xff\x4f\xff\x51") :]


def changed(data: bytes, place: int, form: str, value: int) -> bytes:
    made = bytearray(data)
    struct.pack_into(form, made, place, value)
    return bytes(made)


@pytest.mark.parametrize("data", [FILE, STREAM, encoded(RAMP.astype(np.uint16) * 257)])
def test_a_file_and_a_codestream_come_back_exactly(data: bytes) -> None:
    image = finger_image_of(data, "view", 500)
    assert (image.width, image.height, image.pixels) == (120, 90, RAMP.tobytes())


@pytest.mark.parametrize("end", [20, 60, 120, len(FILE) // 2, len(FILE) - 1])
def test_a_cut_off_image_is_refused(end: int) -> None:
    with pytest.raises(KnownError, match="cut off"):
        finger_image_of(FILE[:end], "view", 500)


@pytest.mark.parametrize(
    ("place", "form", "value", "why"),
    [
        (8, ">I", 60_000, "too many tiles"),  # the image's right edge
        (16, ">I", 3, "corner"),  # its left edge
        (24, ">I", 1, "too many tiles"),  # a tile's width
        (24, ">I", 0, "corner"),
        (40, ">H", 200, "colours"),
        (42, ">B", 30, "bits"),
        (43, ">B", 2, "bits"),
    ],
)
def test_a_header_that_asks_for_much_is_refused(
    place: int, form: str, value: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        jpeg2000_size(changed(STREAM, place, form, value))


def test_many_layers_and_small_precincts_are_refused() -> None:
    style = STREAM.index(b"\xff\x52")
    with pytest.raises(ValueError, match="layers"):
        jpeg2000_size(changed(STREAM, style + 6, ">H", 65535))
    (length,) = struct.unpack_from(">H", STREAM, style + 2)
    levels = STREAM[style + 9]
    small = changed(changed(STREAM, style + 4, ">B", 1), style + 2, ">H", length + levels + 1)
    end = style + 2 + length
    with pytest.raises(ValueError, match="precincts"):
        jpeg2000_size(small[:end] + bytes([0x11]) * (levels + 1) + small[end:])


def test_a_file_that_gives_two_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match="two sizes"):
        jpeg2000_size(changed(FILE, FILE.index(b"ihdr") + 4, ">I", 91))


@given(st.data())
def test_a_changed_byte_gives_an_image_of_its_size_or_a_refusal(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(FILE) - 1))
    try:
        image = finger_image_of(changed(FILE, place, ">B", data.draw(st.integers(0, 255))), "v")
    except KnownError:
        return
    assert max(image.width, image.height) <= 2400
