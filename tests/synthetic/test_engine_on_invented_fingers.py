"""The real engine reads invented fingers and tells their owners apart."""

import pytest

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.samples import Finger, RetryReason
from station_app.synthetic.impressions import empty_glass
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.synthetic.presets import Preset

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
PEOPLE = 4
CERTAIN = 7.0  # -log10 FMR: enough for a search through any precinct
UNLIKELY = 5.0


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return invent_precinct(PEOPLE, 2031, (RIGHT, LEFT))


@pytest.fixture(scope="module")
def engine() -> FingerEngine:
    return FingerEngine()


@pytest.fixture(scope="module")
def searcher(precinct: Precinct, engine: FingerEngine) -> Searcher:
    enrolled: dict[tuple[int, int], EnrolledTemplate] = {
        (row, int(position)): engine.enrol(precinct.enrolment(row, position), position)
        for row in range(PEOPLE)
        for position in precinct.fingers
    }
    chunks = pack((row, finger) for (row, _), finger in enrolled.items())
    return Searcher(
        engine,
        Gallery(chunks, ENGINE),
        lambda wanted: [enrolled[key].content for key in wanted],
    )


def test_minutiae_are_as_many_as_in_real_prints(precinct: Precinct, engine: FingerEngine) -> None:
    for preset in (Preset.GOOD, Preset.FAIR):
        counts = sorted(
            len(engine.extract(precinct.impression(row, RIGHT, 1, preset)).minutiae)
            for row in range(PEOPLE)
        )
        assert 30 <= counts[len(counts) // 2] <= 70, counts
        assert counts[0] >= 22, counts


@pytest.mark.parametrize("position", [RIGHT, LEFT])
def test_everybody_is_found_and_nobody_else(
    precinct: Precinct, searcher: Searcher, position: FingerPosition
) -> None:
    for row in range(PEOPLE):
        best, second = searcher.examine(
            precinct.impression(row, position, 1, Preset.GOOD)
        ).candidates[:2]
        assert (best.row, best.met) == (row, Finger(position))
        assert best.evidence > CERTAIN
        assert second.evidence < UNLIKELY


def test_strangers_are_not_found(precinct: Precinct, searcher: Searcher) -> None:
    for number in range(4):
        seen = searcher.examine(precinct.stranger(number, RIGHT, 1, Preset.GOOD))
        assert all(candidate.evidence < UNLIKELY for candidate in seen.candidates)


def test_dry_fingers_read_badly(precinct: Precinct, engine: FingerEngine) -> None:
    dry = [engine.extract(precinct.impression(row, RIGHT, 1, Preset.DRY)) for row in range(PEOPLE)]
    assert all(template.quality < 50 for template in dry)
    hints = [template.hint for template in dry]
    assert hints.count(RetryReason.TOO_DRY) >= PEOPLE // 2, hints
    assert set(hints) <= {RetryReason.TOO_DRY, RetryReason.NOT_A_FINGER, RetryReason.TOO_LIGHT}


def test_empty_glass_is_not_a_finger(engine: FingerEngine) -> None:
    template = engine.extract(empty_glass(1))
    assert template.hint is RetryReason.NOT_A_FINGER
    assert template.quality == 0
