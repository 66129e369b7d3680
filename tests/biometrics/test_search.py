from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.second_look import turned
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.errors import KnownError
from station_app.evaluation.gallery_growth import searcher_of

Extracted = Callable[[int, int], Template]
FINGERS = 45  # more than are looked at closely


@pytest.fixture(scope="module")
def searcher(engine: FingerEngine, extracted: Extracted) -> Searcher:
    rng = np.random.default_rng(5)

    def scrambled(finger: int) -> Template:
        own = extracted(finger % 3, 1)
        codes = own.encoding[rng.permutation(len(own.encoding))]
        codes[:, :-2] = rng.permuted(codes[:, :-2], axis=1)
        return Template(own.minutiae, codes, own.quality, None, 0.0)

    templates = [extracted(finger, 1) for finger in range(3)]
    templates += [scrambled(finger) for finger in range(3, FINGERS)]
    return searcher_of(engine, [(row, engine.enrolled(one)) for row, one in enumerate(templates)])


def test_the_owner_leads(searcher: Searcher, extracted: Extracted) -> None:
    for finger in range(3):
        first, second = searcher.candidates(extracted(finger, 2))[:2]
        assert first.row == finger
        assert first.evidence > 8
        assert second.evidence < 4


@pytest.mark.parametrize("degrees", [0, 45, 90, 135, 180, 250, 315])
def test_a_finger_is_found_however_it_lies(
    searcher: Searcher, extracted: Extracted, degrees: float
) -> None:
    (first, *_) = searcher.candidates(turned(extracted(1, 2), degrees))
    assert first.row == 1
    assert first.evidence > 7


def test_the_named_voter_is_always_among_them(searcher: Searcher, extracted: Extracted) -> None:
    found = searcher.candidates(extracted(1, 2), named_row=30, limit=2)
    assert found[0].row == 1
    assert found[-1].row == 30
    assert len(found) <= 3
    assert len({one.row for one in found}) == len(found)


def test_a_stranger_finds_nobody(searcher: Searcher, extracted: Extracted) -> None:
    found = searcher.candidates(extracted(77, 1))
    assert found[0].evidence < 4
    assert [one.evidence for one in found] == sorted((c.evidence for c in found), reverse=True)


def test_a_record_with_fewer_minutiae_than_codes_is_refused(
    engine: FingerEngine, extracted: Extracted
) -> None:
    finger = engine.enrolled(extracted(1, 1))
    record = b"LM\x02\x01" + finger.content[4:10]
    gallery = Gallery(pack([(0, finger)]), engine.name)
    with pytest.raises(KnownError) as caught:
        Searcher(engine, gallery, lambda _: [record]).candidates(extracted(1, 2))
    assert caught.value.code == "gallery_damaged"
