"""The real detector finds invented people, and the real embedder tells them apart."""

from dataclasses import replace

import numpy as np
import pytest

from station_app.biometrics.face.detector import Detection, bgr_of, find_faces
from station_app.biometrics.face.embedders import SFACE_ENGINE
from station_app.biometrics.face.pose import head_angles
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FaceImage
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat, at_edge, cheating, two_people
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, Picture, any_view, portrait
from station_app.synthetic.precinct import invent_precinct

SAME = 0.70
"""Cosine: invented faces are more alike than real ones (ADR 0053)."""


def faces_in(picture: Picture | None) -> list[Detection]:
    assert picture is not None
    height, width = picture.shape[:2]
    return find_faces(bgr_of(FaceImage(picture.tobytes(), width, height)))


@pytest.fixture(scope="module")
def people() -> list[InventedFace]:
    precinct = invent_precinct(4, 77, (FingerPosition.RIGHT_INDEX,))
    return [precinct.face(row) for row in range(4)]


def test_everybody_is_found_once_and_told_from_the_others(people: list[InventedFace]) -> None:
    embed = SFACE_ENGINE.load()
    enrolled, seen = [], []
    for number, face in enumerate(people):
        for view, into in ((ENROLMENT, enrolled), (any_view(number, WEBCAM), seen)):
            picture = portrait(face, view)
            (found,) = faces_in(picture)
            bgr = bgr_of(FaceImage(picture.tobytes(), view.width, view.height))
            into.append(embed(bgr, found))
    scores = np.array(seen) @ np.array(enrolled).T
    assert np.array_equal(scores.argmax(axis=1), np.arange(len(people)))
    assert scores.diagonal().min() > SAME
    assert np.median(scores[~np.eye(len(people), dtype=bool)]) < SAME


def test_turns_are_measured(people: list[InventedFace]) -> None:
    measured = []
    for yaw in (-30, 0, 30):
        (found,) = faces_in(portrait(people[0], replace(WEBCAM, yaw=yaw)))
        measured.append(head_angles(found.landmarks)[0])
    left, straight, right = measured
    assert left < -15 < abs(straight) < 15 < right


def test_cheats_show_a_face_too(people: list[InventedFace]) -> None:
    for cheat in (Cheat.STILL_PHOTO, Cheat.BENT_PHOTO):
        assert len(faces_in(cheating(cheat, people[0])(2.0))) == 1
    assert len(faces_in(two_people(people[0], people[1])(0.0))) == 2
    edge = faces_in(at_edge(people[0])(0.0))
    assert not edge or edge[0].box[0] < 0
