"""Portraits of a commission, large and broken ones too."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from station_app.centre.portraits import MOST_BYTES, read_portrait
from station_app.domain.errors import KnownError


def saved(path: Path, form: str, size: tuple[int, int] = (90, 120), **how: object) -> Path:
    """Noise, which packs badly."""
    mode = 4 if how.pop("clear", False) else 3
    pixels = np.random.default_rng(3).integers(0, 255, (size[1], size[0], mode), np.uint8)
    Image.fromarray(pixels).save(path, form, **how)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(KnownError) as caught:
        read_portrait(path)
    return caught.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_small_ones_stay_as_they_are(tmp_path: Path, form: str) -> None:
    path = saved(tmp_path / "a", form, (60, 80))
    assert read_portrait(path).stored == path.read_bytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_large_ones_are_made_smaller(tmp_path: Path, form: str) -> None:
    path = saved(tmp_path / "a", form, (900, 1200), clear=form == "PNG")
    assert path.stat().st_size > 10 * MOST_BYTES
    small = read_portrait(path).stored
    assert Image.open(io.BytesIO(small)).size == (300, 400)
    assert len(small) < 2 * MOST_BYTES  # of noise
    assert len(small) < path.stat().st_size / 10


def test_large_ones_are_turned_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    path = saved(tmp_path / "a", "JPEG", (1200, 900), exif=turned)
    picture = Image.open(io.BytesIO(read_portrait(path).stored))
    assert picture.size == (300, 400)
    assert not picture.getexif()


def test_broken_ones(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none") == "portrait_unreadable"
    for form in ("JPEG", "PNG"):
        path = saved(tmp_path / "a", form)
        path.write_bytes(path.read_bytes()[:-200])
        assert code_of(path) == "portrait_unreadable"
    assert code_of(saved(tmp_path / "a", "GIF")) == "portrait_unreadable"
    (tmp_path / "a").write_bytes(b"")
    assert code_of(tmp_path / "a") == "portrait_unreadable"


def test_bombs(tmp_path: Path) -> None:
    for size in ((8000, 8000), (14000, 14000)):
        Image.new("1", size).save(tmp_path / "a", "PNG")
        assert code_of(tmp_path / "a") == "portrait_too_large"
    with (tmp_path / "a").open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    assert code_of(tmp_path / "a") == "portrait_too_large"
