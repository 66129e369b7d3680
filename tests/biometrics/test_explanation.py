from collections.abc import Callable
from dataclasses import replace

import pytest

from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import Minutiae, pack_minutiae
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template
from station_app.evaluation.comparison import Cause, Explanation, explain, find_limits

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


def test_one_finger_meets_itself(engine: FingerEngine, extracted: Extracted) -> None:
    seen = explain(engine, extracted(1, 2), extracted(1, 1), THRESHOLD)
    assert seen.matches
    assert seen.placed
    assert seen.meeting.fitting.sum() >= 10
    assert len(seen.meeting.met) == seen.score.met >= 20
    assert 30 < seen.meeting.shared_mm2 <= seen.meeting.smaller_mm2
    assert seen.meeting.size == pytest.approx(1, abs=0.05)
    assert causes(seen) == []


def test_two_fingers_are_said_to_look_like_two(engine: FingerEngine, extracted: Extracted) -> None:
    seen = explain(engine, extracted(2, 1), extracted(1, 1), THRESHOLD)
    assert not seen.matches
    assert not seen.placed
    assert causes(seen) == [Cause.GEOMETRY]


def test_a_print_upside_down_matches_and_is_said_to_be_so(
    engine: FingerEngine, extracted: Extracted
) -> None:
    probe = turned(extracted(1, 2), 180)
    seen = explain(engine, probe, extracted(1, 1), THRESHOLD)
    assert seen.matches
    assert causes(seen) == [Cause.TURNED]
    assert abs(seen.degrees) == pytest.approx(180, abs=25)


def test_a_wrong_resolution_is_measured(engine: FingerEngine, extracted: Extracted) -> None:
    probe = rescaled(extracted(1, 2), 0.9, shipped_basis())
    seen = explain(engine, probe, extracted(1, 1), THRESHOLD)
    assert causes(seen)[0] is Cause.SCALE
    assert seen.meeting.size == pytest.approx(1 / 0.9, abs=0.04)


def test_a_resolution_so_wrong_that_nothing_matches(
    engine: FingerEngine, extracted: Extracted
) -> None:
    probe = rescaled(extracted(1, 2), 0.82, shipped_basis())
    seen = explain(engine, probe, extracted(1, 1), 9.0)
    assert not seen.matches
    assert seen.remedy is not None
    assert seen.remedy.size == pytest.approx(1 / 0.82, abs=0.06)
    assert causes(seen)[0] is Cause.SCALE


def test_few_minutiae_and_low_quality_are_named(engine: FingerEngine, extracted: Extracted) -> None:
    enrolled = extracted(1, 1)
    some = explain(engine, first(extracted(1, 2), 16, engine), enrolled, THRESHOLD)
    assert Cause.FEW_MINUTIAE in causes(some)
    assert Cause.LOW_QUALITY in causes(replace(some, probe=replace(some.probe, quality=20)))
    none = explain(engine, first(extracted(1, 2), 4, engine), enrolled, THRESHOLD)
    assert causes(none) == [Cause.TOO_FEW_MINUTIAE]
    assert none.score.evidence == 0
