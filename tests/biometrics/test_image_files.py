import contextlib
import struct
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.biometrics.images import read_finger_image
from station_app.domain.errors import KnownError


def ramp(width: int = 200, height: int = 150) -> np.ndarray:
    across = np.linspace(0, 255, width).astype(np.uint8)
    return np.tile(across, (height, 1))


def saved(folder: Path, pixels: np.ndarray, ending: str = ".png") -> Path:
    path = folder / f"1_1{ending}"
    assert cv2.imwrite(str(path), pixels)
    return path


def refused(path: Path, ppi: int = 500) -> KnownError:
    with pytest.raises(KnownError) as caught:
        read_finger_image(path, ppi)
    assert caught.value.message.endswith((".", "again."))
    return caught.value


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tif", ".jp2"])
def test_grey_comes_back_exactly(tmp_path: Path, ending: str) -> None:
    image = read_finger_image(saved(tmp_path, ramp(), ending), 569)
    assert (image.width, image.height, image.ppi) == (200, 150, 569)
    assert image.pixels == ramp().tobytes()


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    image = read_finger_image(saved(tmp_path, ramp().astype(np.uint16) * 257))
    assert image.pixels == ramp().tobytes()


def test_transparent_becomes_white(tmp_path: Path) -> None:
    colour = np.dstack([ramp(), ramp(), ramp(), np.zeros_like(ramp())])
    assert set(read_finger_image(saved(tmp_path, colour)).pixels) == {255}


def test_opaque_colour_becomes_luminance(tmp_path: Path) -> None:
    colour = np.dstack([ramp(), ramp(), ramp(), np.full_like(ramp(), 255)])
    assert read_finger_image(saved(tmp_path, colour)).pixels == ramp().tobytes()


def test_palette_is_looked_up(tmp_path: Path) -> None:
    palette = bytes(v for i in range(256) for v in (255 - i, 255 - i, 255 - i, 0))
    head = struct.pack("<IiiHHIIiiII", 40, 100, 80, 1, 8, 0, 8000, 0, 0, 256, 0)
    body = bytes([0]) * 8000
    offset = 14 + len(head) + len(palette)
    path = tmp_path / "1_1.bmp"
    path.write_bytes(
        b"BM" + struct.pack("<IHHI", offset + 8000, 0, 0, offset) + head + palette + body
    )
    assert set(read_finger_image(path).pixels) == {255}


def test_ten_by_ten_is_too_small(tmp_path: Path) -> None:
    assert refused(saved(tmp_path, ramp(10, 10))).code == "image_too_small"


def test_eight_thousand_pixels_are_refused_before_decoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, np.zeros((8000, 8000), np.uint8))
    monkeypatch.setattr(cv2, "imdecode", None)
    assert refused(path).code == "image_too_large"


def test_size_is_judged_at_the_working_resolution(tmp_path: Path) -> None:
    path = saved(tmp_path, ramp(800, 600))
    assert refused(path, 100).code == "image_too_large"
    assert read_finger_image(path, 1000).ppi == 1000


@pytest.mark.parametrize("ppi", [0, -5, 99, 2001])
def test_impossible_resolution(tmp_path: Path, ppi: int) -> None:
    assert refused(saved(tmp_path, ramp()), ppi).code == "image_resolution"


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tif"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.97])
def test_cut_off_files(tmp_path: Path, ending: str, share: float) -> None:
    rng = np.random.default_rng(1)
    path = saved(tmp_path, rng.integers(0, 256, (150, 200)).astype(np.uint8), ending)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refused(path).code == "image_unreadable"


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tif"])
def test_damaged_headers_never_escape(tmp_path: Path, ending: str) -> None:
    rng = np.random.default_rng(2)
    path = saved(tmp_path, rng.integers(0, 256, (90, 100)).astype(np.uint8), ending)
    sound = path.read_bytes()
    for _ in range(150):
        data = bytearray(sound)
        for place in rng.integers(0, min(400, len(data)), 3):
            data[place] = rng.integers(0, 256)
        path.write_bytes(bytes(data))
        # Warnings are errors and nothing but a refusal may come out of a damaged header.
        with contextlib.suppress(KnownError):
            read_finger_image(path)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff\xd8\xff\xe0 not supported", b"BM", b"II*\0"]
)
def test_other_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "1_1.png"
    path.write_bytes(content)
    assert refused(path).code == "image_unreadable"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.png").code == "image_unreadable"
    assert refused(tmp_path).code == "image_unreadable"


def test_what_a_decoder_says_stays_with_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """OpenCV wrote its sources' file names and line numbers beside our sentence."""
    pixels = np.random.default_rng(1).integers(0, 255, (300, 300)).astype(np.uint8)
    written = bytearray(
        cv2.imencode(".tif", pixels, [cv2.IMWRITE_TIFF_COMPRESSION, 5])[1].tobytes()
    )
    written[2000:2400] = b"\xff" * 400
    path = tmp_path / "worn.tif"
    path.write_bytes(written)
    with suppress(KnownError):
        read_finger_image(path)
    assert capfd.readouterr().err == ""
