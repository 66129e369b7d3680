"""Pictures of faces from files: hostile ones are a sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from station_app.biometrics.face.pictures import face_image_of, read_face_image
from station_app.domain.errors import KnownError


def packed(picture: Image.Image, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    picture.save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_all_colours_become_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = face_image_of(packed(Image.new(mode, (30, 20)), kind), "x")
    assert (image.width, image.height, len(image.pixels)) == (30, 20, 1800)


def test_a_grey_of_sixteen_bits_keeps_its_light() -> None:
    grey = np.array([[0, 0x1234, 0x80FF, 0xFFFF]], np.uint16)
    image = face_image_of(packed(Image.fromarray(grey)), "x")
    assert list(image.pixels[::3]) == [0, 0x12, 0x80, 0xFF]


def test_what_is_transparent_becomes_white() -> None:
    image = face_image_of(packed(Image.new("RGBA", (4, 4), (0, 0, 0, 0))), "x")
    assert image.pixels == b"\xff" * 48


def test_a_large_picture_is_made_smaller() -> None:
    image = face_image_of(packed(Image.new("RGB", (3000, 1500)), "JPEG"), "x")
    assert (image.width, image.height) == (1280, 640)


@pytest.mark.parametrize("cut", [0, 3, 40, -400])
def test_what_is_cut_off_is_refused(cut: int) -> None:
    whole = packed(Image.effect_noise((60, 60), 50).convert("RGB"))
    with pytest.raises(KnownError) as caught:
        face_image_of(whole[:cut] if cut else b"", "x")
    assert caught.value.code == "image_unreadable"


def test_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    with pytest.raises(KnownError) as caught:
        face_image_of(packed(Image.new("1", (5000, 5000))), "x")
    assert caught.value.code == "image_too_large"


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        read_face_image(tmp_path / "none.jpg")
    assert caught.value.code == "image_unreadable"
    with pytest.raises(KnownError) as caught:
        read_face_image(tmp_path)
    assert caught.value.code == "image_unreadable"
