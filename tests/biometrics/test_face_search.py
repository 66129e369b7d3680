"""A gallery of embeddings: who is found, what is refused, what a list of damaged faces says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from station_app.biometrics import engines
from station_app.biometrics.face.embedders import (
    INVENTED_ENGINE,
    SFACE_ENGINE,
    Embedding,
    unit,
)
from station_app.biometrics.face.engine import packer, unpacked
from station_app.biometrics.face.search import FaceGallery, FaceSearcher
from station_app.domain.errors import KnownError
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate, GalleryChunk
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, FaceImage, FaceShots

NAME = SFACE_ENGINE.name
VOTERS = 600


def faces(count: int, seed: int) -> list[Embedding]:
    values = np.random.default_rng(seed).normal(size=(count, 128)).astype(np.float32)
    return [unit(one) for one in values]


def near(face: Embedding, seed: int) -> Embedding:
    """Another picture of this person: cosine of about .8."""
    noise = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return unit(face + 0.75 * unit(noise))


class Store:
    """A list of faces in rows, by engine."""

    def __init__(self, **by_engine: dict[int, Embedding]) -> None:
        self.templates_of = {
            name: {
                row: EnrolledTemplate(name, FACE_POSITION, 80, one.tobytes(), one.tobytes())
                for row, one in known.items()
            }
            for name, known in by_engine.items()
        }

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        yield from packer(engine)(self.templates_of.get(engine, {}).items())

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        return [self.templates_of[engine][row].content for row, _ in keys]


@pytest.fixture(scope="module")
def known() -> dict[int, Embedding]:
    return dict(enumerate(faces(VOTERS, 1)))


@pytest.fixture(scope="module")
def searcher(known: dict[int, Embedding]) -> FaceSearcher:
    return FaceSearcher(Store(**{NAME: known}), [SFACE_ENGINE])


def test_a_voter_is_found_and_named_in_any_case(
    searcher: FaceSearcher, known: dict[int, Embedding]
) -> None:
    found = searcher.candidates({NAME: near(known[500], 2)}, named_row=7)
    assert found[0].row == 500
    assert found[0].met == Face()
    assert found[0].evidence > 6
    assert [one.evidence for one in found[:10]] == sorted(
        (one.evidence for one in found[:10]), reverse=True
    )
    assert [one.row for one in found].count(7) == 1
    assert len(found) in (10, 11)


def test_a_list_finds_its_own_faces(searcher: FaceSearcher) -> None:
    assert searcher.finds_its_own()


def test_a_list_with_rows_mixed_up_does_not(known: dict[int, Embedding]) -> None:
    store = Store(**{NAME: known})
    stored = store.templates_of[NAME]
    store.templates_of[NAME] = {
        row: replace(one, content=stored[(row + 1) % VOTERS].content) for row, one in stored.items()
    }
    assert not FaceSearcher(store, [SFACE_ENGINE]).finds_its_own()


def test_a_list_without_faces_has_nothing_to_find() -> None:
    empty = FaceSearcher(Store(), [SFACE_ENGINE])
    assert empty.finds_its_own()
    assert empty.candidates({NAME: faces(1, 3)[0]}, 4) == ()


SUPER_FACE = (100 * unit(np.ones(128))).astype("<f4").tobytes()
"""Like everybody by its length alone."""


@pytest.mark.parametrize("damage", [b"\0" * 512, b"\xff" * 512, b"short", SUPER_FACE])
def test_damaged_faces_are_refused(damage: bytes) -> None:
    with pytest.raises(KnownError) as caught:
        unpacked(damage)
    assert caught.value.code == "gallery_damaged"


def test_two_faces_of_one_voter_are_refused(known: dict[int, Embedding]) -> None:
    class Twice(Store):
        def chunks(self, engine: str) -> Iterator[GalleryChunk]:
            yield from [*super().chunks(engine), *super().chunks(engine)]

    with pytest.raises(KnownError) as caught:
        FaceGallery(Twice(**{NAME: known}), [SFACE_ENGINE])
    assert caught.value.code == "gallery_damaged"


def test_a_face_of_another_version_is_not_packed() -> None:
    (face,) = faces(1, 4)
    other = EnrolledTemplate("yunet-sface/0.00000000", FACE_POSITION, 80, face.tobytes(), b"")
    with pytest.raises(KnownError) as caught:
        list(packer(NAME)([(0, other)]))
    assert caught.value.code == "template_engine"


def test_a_person_on_both_lists_is_met(searcher: FaceSearcher, known: dict[int, Embedding]) -> None:
    before = Store(**{NAME: {3: unit(known[40] + 0.01 * known[41]), 5: faces(1, 9)[0]}})
    keys = [(40, FACE_POSITION), (41, FACE_POSITION)]
    assert dict(searcher.meetings(keys, before, [3, 5], PROVISIONAL)) == {
        (40, FACE_POSITION): 3,
        (41, FACE_POSITION): None,
    }
    assert dict(searcher.meetings(keys, before, [5], PROVISIONAL))[40, FACE_POSITION] is None


def test_a_picture_without_a_face_has_no_candidates(searcher: FaceSearcher) -> None:
    grey = FaceImage(bytes([128]) * (3 * 64 * 48), 64, 48)
    seen = searcher.examine(FaceShots((grey, grey)), 7)
    assert (seen.quality, seen.candidates, seen.fingers_compared) == (0, (), 0)


def test_invented_people_are_compared_apart() -> None:
    real = {enroller.__class__ for _, enroller in engines.Enrollers().each}
    assert real == {enroller.__class__ for _, enroller in engines.Enrollers(invented=True).each}
    (one,) = engines.usable((INVENTED_ENGINE.name,)).values()
    assert (one.name, one.takes) == (INVENTED_ENGINE.name, FaceShots)
    assert INVENTED_ENGINE.name.endswith("-invented")
    assert not SFACE_ENGINE.name.endswith("-invented")
