"""Photographs of real people, where `STATION_REAL_FACES` names some: found and told apart."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import pytest

from station_app.biometrics.engines import FACES, Enrollers, packed, usable
from station_app.biometrics.face.assessment import assess_face
from station_app.biometrics.face.pictures import read_face_image
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FaceImage, FaceShots
from station_app.evaluation.face_folder import list_face_files
from tests.biometrics.real_faces import real_faces

pytestmark = pytest.mark.realdata
PEOPLE = 6


@pytest.fixture(scope="module")
def people() -> list[tuple[FaceImage, FaceImage]]:
    """Two pictures each of some people whose portrait can be enrolled."""
    files = list_face_files(real_faces())
    found = []
    for _, group in groupby(files, lambda file: file.name):
        first, *others = group
        if others and len(found) < PEOPLE:
            pair = read_face_image(files[first]), read_face_image(files[others[0]])
            if all(assess_face(one).quality >= 35 for one in pair):
                found.append(pair)
    return found


class Store:
    def __init__(self, pairs: Sequence[tuple[int, EnrolledTemplate]]) -> None:
        self._pairs, self._chunks = pairs, list(packed(pairs))

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        yield from (one for one in self._chunks if one.engine == engine)

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        known = {(row, one.position): one for row, one in self._pairs if one.engine == engine}
        return [known[key].content for key in keys]


def test_everybody_is_found_by_every_engine(people: list[tuple[FaceImage, FaceImage]]) -> None:
    enrollers = Enrollers()
    pairs = [
        (row, template)
        for row, (portrait, _) in enumerate(people)
        for template in enrollers.enrol(FaceShots((portrait,)), FingerPosition.UNKNOWN)
    ]
    engines = sorted({template.engine for _, template in pairs})
    for names in ([FACES.name], engines):
        matcher = usable(names)[FaceShots].matcher(Store(pairs))
        assert matcher.finds_its_own()
        for row, (_, probe) in enumerate(people):
            seen = matcher.examine(FaceShots((probe, probe)), row)
            assert seen.candidates[0].row == row
            assert seen.candidates[0].evidence > 3
            assert seen.fingers_compared == len(people)


def test_spoiled_pictures_have_their_flaw(people: list[tuple[FaceImage, FaceImage]]) -> None:
    image, _ = people[0]
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)

    def flaws(pixels: np.ndarray) -> tuple[FaceFlaw, ...]:
        height, width = pixels.shape[:2]
        return assess_face(FaceImage(pixels.astype(np.uint8).tobytes(), width, height)).flaws

    assert FaceFlaw.TOO_DARK in flaws(rgb * 0.2)
    assert FaceFlaw.SEVERAL_FACES in flaws(np.concatenate([rgb, rgb[:, ::-1]], axis=1))
    _, top, _, height = assess_face(image).box or (0, 0, 0, 0)
    assert FaceFlaw.AT_THE_EDGE in flaws(rgb[: top + height * 3 // 4])
    assert FaceFlaw.TOO_SMALL in flaws(rgb[::2, ::2])


def test_a_portrait_of_two_is_not_enrolled(people: list[tuple[FaceImage, FaceImage]]) -> None:
    image, _ = people[0]
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)
    both = np.ascontiguousarray(np.concatenate([rgb, rgb], axis=1))
    with pytest.raises(KnownError) as caught:
        Enrollers().enrol(
            FaceShots((FaceImage(both.tobytes(), 2 * image.width, image.height),)),
            FingerPosition.UNKNOWN,
        )
    assert caught.value.code == "not_enrollable"
