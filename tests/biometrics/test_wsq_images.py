"""WSQ: equal to NIST's decoder, and one clear error for damaged files.

The samples are invented fingers, encoded (and `-by-nist.png` decoded) by NIST's code in the
package wsq 0.9.
"""

import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.biometrics.images import read_finger_image
from station_app.biometrics.wsq import decode_wsq, wsq_size
from station_app.biometrics.wsq_wavelet import band_shapes
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage

SAMPLES = Path(__file__).parent / "samples"
RIDGES = (SAMPLES / "invented-ridges.wsq").read_bytes()
FRAME = RIDGES.index(b"\xff\xa2")


def changed(place: int, value: bytes) -> bytes:
    return RIDGES[:place] + value + RIDGES[place + len(value) :]


def test_equals_the_decoder_of_nist() -> None:
    theirs = cv2.imread(str(SAMPLES / "invented-ridges-by-nist.png"), cv2.IMREAD_GRAYSCALE)
    ours = decode_wsq(RIDGES)
    assert theirs is not None
    assert wsq_size(RIDGES) == (65, 91)
    assert np.abs(ours.astype(int) - theirs).max() <= 1
    assert (ours != theirs).mean() < 0.01


def test_a_finger_looks_as_it_was(impression: Callable[[int, int], FingerImage]) -> None:
    image = read_finger_image(SAMPLES / "invented-finger.wsq", 500)
    original = impression(71, 1)
    assert (image.width, image.height) == (original.width, original.height)
    pair = [np.frombuffer(one.pixels, np.uint8).astype(float) for one in (image, original)]
    assert np.corrcoef(*pair)[0, 1] > 0.98


@pytest.mark.parametrize("size", [(64, 64), (65, 91), (388, 374), (2400, 63), (1, 1)])
def test_the_subbands_fill_three_quarters(size: tuple[int, int]) -> None:
    width, height = size
    uncoded = (width // 2) * (height // 2)
    assert sum(h * w for h, w in band_shapes(width, height)) == width * height - uncoded


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "1_1.wsq"
    path.write_bytes(data)
    with pytest.raises(KnownError) as caught:
        read_finger_image(path, 500)
    assert caught.value.message.startswith("1_1.wsq ")
    return caught.value.code


def test_cut_off_files_are_refused(tmp_path: Path) -> None:
    for length in [2, 3, 20, FRAME, FRAME + 5, *range(60, len(RIDGES), 97), len(RIDGES) - 1]:
        assert refused(tmp_path, RIDGES[:length]) == "image_unreadable"


def test_sizes_are_checked_before_anything_is_decoded(tmp_path: Path) -> None:
    assert refused(tmp_path, changed(FRAME + 6, b"\xff\xff\xff\xff")) == "image_too_large"
    assert refused(tmp_path, changed(FRAME + 6, b"\0\x20\0\x20")) == "image_too_small"
    assert refused(tmp_path, changed(FRAME + 6, b"\0\0\0\0")) == "image_unreadable"
    assert refused(tmp_path, changed(FRAME + 6, b"\x01\0\x01\0")) == "image_unreadable"


def segment(marker: int, contents: bytes) -> bytes:
    return struct.pack(">HH", marker, len(contents) + 2) + contents


@pytest.mark.parametrize(
    "inserted",
    [
        segment(0xFFA4, b"\x08\x08" + bytes(48)),  # filters of even length
        segment(0xFFA4, b"\x09\x07" + bytes(6)),  # too few taps
        segment(0xFFA5, bytes(10)),  # too few bins
        segment(0xFFA6, b"\x09" + bytes(16)),  # a table with an impossible number
        segment(0xFFA6, b"\x00\x03" + bytes(15) + b"\x01\x02\x03"),  # more codes than there are
        segment(0xFFA6, (b"\x00" + bytes(16)) * 2),  # a table twice in a segment
        RIDGES[FRAME : FRAME + 19],  # a second image
        segment(0xFFA8, b"x") * 256,  # segments without end
        b"\xff\xc0\x00\x02",  # a marker of another format
    ],
)
def test_wrong_segments_are_refused(tmp_path: Path, inserted: bytes) -> None:
    assert refused(tmp_path, RIDGES[:2] + inserted + RIDGES[2:]) == "image_unreadable"


def test_missing_parts_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\xff\xa0\xff\xa1") == "image_unreadable"


def test_comments_are_passed_over() -> None:
    commented = RIDGES[:2] + segment(0xFFA8, b"PPI 500") + RIDGES[2:]
    assert np.array_equal(decode_wsq(commented), decode_wsq(RIDGES))


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(2, len(RIDGES) - 1), st.integers(0, 255)), min_size=1, max_size=4
    )
)
def test_damaged_files_are_an_image_or_a_value_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(RIDGES)
    for place, value in changes:
        data[place] = value
    try:
        width, height = wsq_size(bytes(data))
        small = width * height < 1 << 18
        pixels = decode_wsq(bytes(data)) if small else np.zeros((height, width), np.uint8)
    except ValueError:
        return
    assert pixels.shape == (height, width)
