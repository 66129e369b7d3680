from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import Finger, FingerImage, RetryReason
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import Master
from station_app.synthetic.presets import Preset

Impression = Callable[[int, int], FingerImage]
Extracted = Callable[[int, int], Template]

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
VOTERS = range(1, 5)


def as_image(pixels: np.ndarray, ppi: int = 500) -> FingerImage:
    small = np.ascontiguousarray(pixels, np.uint8)
    return FingerImage(small.tobytes(), small.shape[1], small.shape[0], ppi)


def as_pixels(image: FingerImage) -> np.ndarray:
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def test_a_good_finger_has_minutiae_and_quality(extracted: Extracted) -> None:
    template = extracted(1, 1)
    assert 25 <= len(template.minutiae) <= 90
    assert 20 <= len(template.encoding) <= 48
    assert template.quality >= 60
    assert template.hint is None


def test_the_same_image_gives_the_same_template(
    engine: FingerEngine, impression: Impression, extracted: Extracted
) -> None:
    again, first = engine.enrol(impression(1, 1)), engine.enrolled(extracted(1, 1))
    assert again == first


def test_resolution_is_brought_to_500(engine: FingerEngine, impression: Impression) -> None:
    image = impression(1, 1)
    at_500 = engine.extract(image)
    size = round(image.width * 0.8), round(image.height * 0.8)
    coarse = as_image(cv2.resize(as_pixels(image), size, interpolation=cv2.INTER_AREA), 400)
    gallery = Gallery(pack([(0, engine.enrolled(at_500))]), ENGINE)
    searcher = Searcher(engine, gallery, lambda _: [engine.enrolled(at_500).content])
    assert searcher.examine(coarse).candidates[0].evidence > 7


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("blank", np.full((300, 300), 230)),
        ("black", np.zeros((300, 300))),
        ("faint grain", np.random.default_rng(1).normal(200, 3, (300, 300))),
        ("noise", np.random.default_rng(2).integers(0, 256, (384, 352))),
        ("coarse", np.kron(np.random.default_rng(3).integers(0, 256, (60, 60)), np.ones((5, 5)))),
        ("ramp", np.tile(np.linspace(0, 255, 300), (300, 1))),
        ("checks", np.kron(np.indices((10, 10)).sum(axis=0) % 2 * 255, np.ones((30, 30)))),
        ("tiny", np.random.default_rng(4).integers(0, 256, (10, 10))),
        ("one pixel", np.zeros((1, 1))),
        ("one row", np.random.default_rng(5).integers(0, 256, (1, 400))),
    ],
)  # fmt: skip
def test_what_is_not_a_finger(engine: FingerEngine, name: str, pixels: np.ndarray) -> None:
    image = as_image(pixels.clip(0, 255))
    template = engine.extract(image)
    assert (template.quality, template.hint) == (0, RetryReason.NOT_A_FINGER), name
    assert len(template.minutiae) == 0
    with pytest.raises(KnownError) as caught:
        engine.enrol(image)
    assert caught.value.code == "not_enrollable"


def test_a_photograph_is_not_a_finger(engine: FingerEngine) -> None:
    """A drawn scene with the low frequencies and edges of a photograph."""
    scene = np.full((400, 350), 150, np.uint8)
    cv2.circle(scene, (175, 180), 110, 90, -1)
    cv2.ellipse(scene, (175, 160), (60, 25), 20, 0, 360, 220, -1)
    cv2.line(scene, (0, 350), (350, 280), 30, 20)
    grain = np.random.default_rng(1).normal(0, 6, scene.shape)
    photo = cv2.GaussianBlur(scene, (0, 0), 4) + grain
    assert engine.extract(as_image(photo.clip(0, 255))).hint is RetryReason.NOT_A_FINGER


@pytest.mark.parametrize(
    ("preset", "hints"),
    [
        (Preset.GOOD, {None}),
        (Preset.DRY, {RetryReason.TOO_DRY}),
        (Preset.PARTIAL, {RetryReason.TOO_LIGHT}),
        (Preset.OFF_CENTRE, {RetryReason.OFF_CENTRE}),
    ],
)
def test_hints_fit_the_fault(
    engine: FingerEngine,
    master: Callable[[int], Master],
    preset: Preset,
    hints: set[RetryReason | None],
) -> None:
    assert {engine.extract(press(master(3), number, preset)).hint for number in range(3)} == hints


def test_a_template_is_small(engine: FingerEngine, extracted: Extracted) -> None:
    finger = engine.enrolled(extracted(1, 1), RIGHT)
    assert finger.position is RIGHT
    assert len(finger.encoding) % 64 == 0
    assert len(finger.encoding) + len(finger.content) <= 6000


@pytest.fixture(scope="module")
def searcher(engine: FingerEngine, extracted: Extracted) -> Searcher:
    """Four voters with a right (number n) and a left (number n + 100) finger."""
    fingers = []
    for row, voter in enumerate(VOTERS):
        fingers.append((row, engine.enrolled(extracted(voter, 1), RIGHT)))
        fingers.append((row, engine.enrolled(extracted(voter + 100, 1), LEFT)))
    stored = {(row, int(finger.position)): finger.content for row, finger in fingers}
    gallery = Gallery(pack(fingers, chunk=5), ENGINE)
    return Searcher(engine, gallery, lambda wanted: [stored[key] for key in wanted])


@pytest.mark.parametrize(("voter", "hand"), [(2, RIGHT), (4, LEFT)])
def test_the_right_voter_leads_by_far(
    searcher: Searcher, impression: Impression, voter: int, hand: FingerPosition
) -> None:
    finger = voter if hand is RIGHT else voter + 100
    answer = searcher.examine(impression(finger, 2))
    best, second = answer.candidates[:2]
    assert (best.row, best.met) == (voter - 1, Finger(hand))
    assert best.evidence > 7
    assert second.evidence < 4
    assert answer.fingers_compared == 8
    assert answer.extract_ms > 0
    assert answer.search_ms > 0
    rows = [candidate.row for candidate in answer.candidates]
    assert len(set(rows)) == len(rows)
    strengths = [candidate.evidence for candidate in answer.candidates]
    assert strengths == sorted(strengths, reverse=True)


def test_a_stranger_stays_below(searcher: Searcher, impression: Impression) -> None:
    assert searcher.examine(impression(50, 1)).candidates[0].evidence < 4.5


def test_a_named_voter_is_always_among_the_candidates(
    engine: FingerEngine, searcher: Searcher, impression: Impression
) -> None:
    narrow = Searcher(
        FingerEngine(parameters=replace(engine.parameters, rerank=1)),
        searcher._gallery,
        searcher._fetch,
    )
    answer = narrow.examine(impression(2, 2), named_row=3, limit=1)
    assert [candidate.row for candidate in answer.candidates] == [1, 3]
    assert answer.candidates[1].evidence < 4
    nobody = narrow.examine(impression(2, 2), named_row=999)
    assert [candidate.row for candidate in nobody.candidates] == [1]


def test_no_finger_no_candidates(searcher: Searcher) -> None:
    answer = searcher.examine(as_image(np.full((300, 300), 240)), named_row=1)
    assert answer.candidates == ()
    assert (answer.quality, answer.fingers_compared) == (0, 0)
    assert answer.hint is RetryReason.NOT_A_FINGER


def test_an_empty_list_has_no_candidates(engine: FingerEngine, impression: Impression) -> None:
    empty = Searcher(engine, Gallery([], ENGINE), lambda _: [])
    assert empty.examine(impression(1, 1)).candidates == ()


def test_a_list_that_lacks_minutiae_is_damaged(
    engine: FingerEngine, searcher: Searcher, impression: Impression
) -> None:
    broken = Searcher(engine, searcher._gallery, lambda wanted: [b""] * (len(wanted) - 1))
    with pytest.raises(KnownError) as caught:
        broken.examine(impression(1, 1))
    assert caught.value.code == "gallery_damaged"


def test_two_threads_give_the_same_template(impression: Impression, extracted: Extracted) -> None:
    two = FingerEngine(threads=2).extract(impression(1, 1))
    assert len(two.minutiae) == len(extracted(1, 1).minutiae)
    np.testing.assert_array_equal(two.minutiae.xs, extracted(1, 1).minutiae.xs)


def test_a_trace_that_cannot_be_written(tmp_path: Path) -> None:
    from station_app.biometrics.fingerprint.trace import Trace

    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(KnownError) as caught:
        Trace(tmp_path / "file" / "below")
    assert caught.value.code == "trace_unwritable"
