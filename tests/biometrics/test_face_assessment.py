"""What is said of pictures without a face, and of real ones."""

import numpy as np
import pytest

from station_app.biometrics.face.assessment import assess_face
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FaceImage, FaceShots
from station_app.synthetic.portraits import WEBCAM, portrait
from station_app.synthetic.precinct import invent_precinct


def picture(pixels: np.ndarray) -> FaceImage:
    return FaceImage(pixels.astype(np.uint8).tobytes(), pixels.shape[1], pixels.shape[0])


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((480, 640, 3)),
        np.full((480, 640, 3), 255),
        np.random.default_rng(1).integers(0, 256, (120, 90, 3)),
        np.zeros((1, 1, 3)),
        np.zeros((3, 2000, 3)),
    ],
    ids=["black", "white", "noise", "a point", "a line"],
)
def test_nothing_is_no_face(pixels: np.ndarray) -> None:
    seen = assess_face(picture(pixels))
    assert (seen.box, seen.landmarks, seen.quality) == (None, (), 0)
    assert seen.flaws == (FaceFlaw.NO_FACE,)


@pytest.mark.parametrize("height", [1, 3, 31, 32])
def test_a_strip_after_a_whole_picture_has_no_face(height: int) -> None:
    """OpenCV's detector gave about every second black strip faces, others each time."""
    face = invent_precinct(1, 5, (FingerPosition.RIGHT_INDEX,)).face(0)
    frame = picture(portrait(face, WEBCAM))
    strip = picture(np.zeros((height, 640, 3)))
    for _ in range(4):
        assert assess_face(frame).box is not None
        assert assess_face(strip).box is None


def test_pictures_have_the_size_they_say() -> None:
    with pytest.raises(ValueError, match="do not make"):
        FaceImage(b"123", 2, 2)
    with pytest.raises(ValueError, match="no pictures"):
        FaceShots(())
