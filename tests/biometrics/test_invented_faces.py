"""The engines on invented portraits: found, judged, turned, told apart by their own engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from station_app.biometrics.engines import Enrollers, packed, usable
from station_app.biometrics.face.assessment import assess_face
from station_app.biometrics.face.embedders import INVENTED_ENGINE
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FaceImage, FaceShots
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, View, portrait
from station_app.synthetic.precinct import invent_precinct

PEOPLE = 2
Drawn = Callable[[int, View], FaceImage]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """`drawn(person, view)`: a picture, drawn once."""
    precinct = invent_precinct(PEOPLE, 78, (FingerPosition.RIGHT_INDEX,))

    @lru_cache
    def picture(row: int, view: View) -> FaceImage:
        return FaceImage(portrait(precinct.face(row), view).tobytes(), view.width, view.height)

    return picture


class Store:
    def __init__(self, pairs: Sequence[tuple[int, EnrolledTemplate]]) -> None:
        self._pairs, self._chunks = dict(pairs), list(packed(pairs))

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        yield from (one for one in self._chunks if one.engine == engine)

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        return [self._pairs[row].content for row, _ in keys]


def test_an_engine_of_their_own_tells_them_apart(drawn: Drawn) -> None:
    enrollers = Enrollers(invented=True)
    pairs = []
    for row in range(PEOPLE):
        shots = FaceShots((drawn(row, ENROLMENT),))
        (template,) = enrollers.enrol(shots, FingerPosition.UNKNOWN)
        assert (template.engine, template.position) == (INVENTED_ENGINE.name, 20)
        assert template.quality >= 35
        pairs.append((row, template))
    matcher = usable((INVENTED_ENGINE.name,))[FaceShots].matcher(Store(pairs))
    assert matcher.finds_its_own()
    for row in range(PEOPLE):
        seen = matcher.examine(FaceShots((drawn(row, WEBCAM),)), None)
        first, second, *_ = seen.candidates
        assert first.row == row
        assert first.evidence > second.evidence + 1
        assert seen.fingers_compared == PEOPLE


def test_a_head_is_measured_turned_to_the_right_side(drawn: Drawn) -> None:
    straight = assess_face(drawn(0, WEBCAM))
    left = assess_face(drawn(0, replace(WEBCAM, yaw=30)))
    assert abs(straight.yaw) < 10
    assert 20 < left.yaw < 45
    assert FaceFlaw.TURNED in left.flaws
    assert FaceFlaw.TURNED not in straight.flaws


def test_spoiled_frames_have_their_flaw(drawn: Drawn) -> None:
    image = drawn(1, WEBCAM)
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)

    def flaws(pixels: np.ndarray) -> tuple[FaceFlaw, ...]:
        height, width = pixels.shape[:2]
        return assess_face(FaceImage(pixels.astype(np.uint8).tobytes(), width, height)).flaws

    assert flaws(rgb) == ()
    assert FaceFlaw.TOO_DARK in flaws(rgb * 0.2)
    assert FaceFlaw.SEVERAL_FACES in flaws(np.concatenate([rgb, rgb], axis=1))
    assert FaceFlaw.TOO_SMALL in flaws(rgb[::5, ::5])
    _, top, _, height = assess_face(image).box or (0, 0, 0, 0)
    assert FaceFlaw.AT_THE_EDGE in flaws(rgb[: top + height * 3 // 4])
