from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from station_app.biometrics.explanation.comparison import Explanation, explain
from station_app.biometrics.explanation.limits import Cause, find_limits
from station_app.biometrics.explanation.placement import place, shared_area
from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import Minutiae, pack_minutiae
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template

Extracted = Callable[[int, int], Template]
THRESHOLD, FLOOR = 4.0, 35


def causes(seen: Explanation, floor: int = FLOOR) -> list[Cause]:
    return [limit.cause for limit in find_limits(seen, floor)]


def first(template: Template, count: int, engine: FingerEngine) -> Template:
    """The same finger with only its `count` best minutiae."""
    m = template.minutiae
    parts = (m.xs, m.ys, m.directions, m.confidences)
    return engine.template_of(Minutiae(*(part[:count] for part in parts)), template.quality)


def test_the_evidence_is_the_one_a_search_gives(engine: FingerEngine, extracted: Extracted) -> None:
    enrolled = extracted(1, 1)
    gallery = Gallery(pack([(0, engine.enrolled(enrolled))]), engine.name)
    searcher = Searcher(engine, gallery, lambda _: [pack_minutiae(enrolled.minutiae)])
    for probe in (extracted(1, 2), extracted(2, 1)):
        (candidate,) = searcher.candidates(probe)
        seen = explain(engine, probe, enrolled, THRESHOLD)
        assert seen.score.evidence == pytest.approx(candidate.evidence, rel=1e-4)


def test_one_finger_has_its_pairs_in_one_placement(
    engine: FingerEngine, extracted: Extracted
) -> None:
    seen = explain(engine, extracted(1, 2), extracted(1, 1), THRESHOLD)
    assert seen.matches
    assert seen.placed
    assert seen.agreeing.sum() >= 10
    assert 30 < seen.shared_mm2 <= seen.smaller_mm2
    assert causes(seen) == []


def test_two_fingers_are_said_to_look_like_two(engine: FingerEngine, extracted: Extracted) -> None:
    seen = explain(engine, extracted(2, 1), extracted(1, 1), THRESHOLD)
    assert not seen.matches
    assert not seen.placed
    assert causes(seen)[0] in {Cause.GEOMETRY, Cause.UNLIKE}


def test_a_print_upside_down_is_said_to_be_turned(
    engine: FingerEngine, extracted: Extracted
) -> None:
    probe = turned(extracted(1, 2), 180)
    seen = explain(engine, probe, extracted(1, 1), 11.0)
    assert causes(seen)[0] is Cause.TURNED
    assert seen.remedy is not None
    assert abs(seen.remedy.degrees) == pytest.approx(180, abs=25)


def test_a_wrong_resolution_is_measured(engine: FingerEngine, extracted: Extracted) -> None:
    probe = rescaled(extracted(1, 2), 0.9, shipped_basis())
    seen = explain(engine, probe, extracted(1, 1), THRESHOLD)
    assert causes(seen)[0] is Cause.SCALE
    assert seen.placement is not None
    assert seen.placement.scale == pytest.approx(1 / 0.9, abs=0.04)


def test_a_resolution_so_wrong_that_nothing_matches(
    engine: FingerEngine, extracted: Extracted
) -> None:
    probe = rescaled(extracted(1, 2), 0.84, shipped_basis())
    seen = explain(engine, probe, extracted(1, 1), 9.0)
    assert not seen.matches
    assert seen.remedy is not None
    assert seen.remedy.size == pytest.approx(1 / 0.84, abs=0.06)
    assert causes(seen)[0] is Cause.SCALE


def test_few_minutiae_and_low_quality_are_named(engine: FingerEngine, extracted: Extracted) -> None:
    enrolled = extracted(1, 1)
    some = explain(engine, first(extracted(1, 2), 16, engine), enrolled, THRESHOLD)
    assert Cause.FEW_MINUTIAE in causes(some)
    assert Cause.LOW_QUALITY in causes(replace(some, probe=replace(some.probe, quality=20)))
    none = explain(engine, first(extracted(1, 2), 4, engine), enrolled, THRESHOLD)
    assert causes(none) == [Cause.TOO_FEW_MINUTIAE]
    assert none.score.evidence == 0


def test_a_placement_is_found_among_wrong_pairs() -> None:
    rng = np.random.default_rng(5)
    probe = rng.uniform(0, 250, (12, 2)).astype(np.float32)
    angles = rng.uniform(0, 6, 12).astype(np.float32)
    turn = np.float32(0.6)
    cos, sin = np.cos(turn), np.sin(turn)
    enrolled = probe @ np.array([[cos, sin], [-sin, cos]], np.float32) + np.float32([40, -25])
    enrolled += rng.normal(0, 2, (12, 2)).astype(np.float32)
    enrolled[8:] = rng.uniform(0, 250, (4, 2))
    found = place(probe, angles, enrolled, angles + turn, 12)
    assert found is not None
    assert found.agreeing.tolist()[:8] == [True] * 8
    assert found.radians == pytest.approx(0.6, abs=0.05)
    assert found.scale == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(found.of(probe)[:8], enrolled[:8], atol=8)


def test_nothing_places_one_pair_or_none() -> None:
    nowhere, nothing = np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    assert place(nowhere, nothing, nowhere, nothing, 0) is None
    one, angle = np.ones((1, 2), np.float32), np.ones(1, np.float32)
    assert place(one, angle, one, angle, 1) is None


def test_shared_area_of_squares() -> None:
    square = np.array([[0, 0], [100, 0], [100, 100], [0, 100]], np.float32)
    shared, smaller = shared_area(square, square + np.float32([50, 0]))
    assert smaller == pytest.approx(100 * 100 * (25.4 / 500) ** 2)
    assert shared == pytest.approx(smaller / 2)
    assert shared_area(square[:2], square) == (0, 0)
