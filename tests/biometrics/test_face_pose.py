"""Head angles of landmarks: a projected head gives back how it was turned."""

import numpy as np
import pytest

from station_app.biometrics.face.alignment import PLACES, similarity
from station_app.biometrics.face.pose import HEAD, head_angles


def _turned(yaw: float, pitch: float, roll: float) -> np.ndarray:
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return (HEAD @ (about_z @ about_y @ about_x).T)[:, :2]


@pytest.mark.parametrize(
    "angles", [(0, 0, 0), (30, 0, 0), (-30, 0, 0), (0, 15, 0), (0, -15, 0), (0, 0, 20), (25, 9, -8)]
)
def test_a_projected_head_has_its_angles(angles: tuple[float, float, float]) -> None:
    landmarks = (_turned(*angles) * 1.7 + [320, 240]).astype(np.float32)
    np.testing.assert_allclose(head_angles(landmarks), angles, atol=0.01)


def test_turning_to_the_left_brings_the_nose_to_the_right_of_the_picture() -> None:
    straight, left = _turned(0, 0, 0), _turned(20, 0, 0)
    assert left[2, 0] - left[:2, 0].mean() > straight[2, 0] - straight[:2, 0].mean()


def test_looking_up_brings_the_nose_up() -> None:
    assert _turned(0, 20, 0)[2, 1] - _turned(0, 20, 0)[0, 1] < HEAD[2, 1]


def test_landmarks_in_one_place_have_no_angles() -> None:
    assert head_angles(np.full((5, 2), 7, np.float32)) == (0.0, 0.0, 0.0)


def test_alignment_brings_landmarks_to_their_places() -> None:
    turn = np.array([[0.8, -0.3], [0.3, 0.8]])
    landmarks = (PLACES @ turn.T * 2 + [40, 90]).astype(np.float32)
    moved = landmarks @ similarity(landmarks)[:, :2].T + similarity(landmarks)[:, 2]
    np.testing.assert_allclose(moved, PLACES, atol=1e-3)
