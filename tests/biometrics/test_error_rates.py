import math

import numpy as np
import pytest

from station_app.evaluation.fingerprints import (
    ScoreTable,
    equal_error_rate,
    figures_of,
    fnir_at_fpir,
    fnmr_at_fmr,
    rank_one,
)


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_eer_by_hand() -> None:
    # At threshold 5 one of four genuine is below, one of four impostors at or above.
    assert equal_error_rate(scores(4, 6, 7, 8), scores(1, 2, 3, 5)) == 25
    assert equal_error_rate(scores(5, 6), scores(1, 2)) == 0
    assert equal_error_rate(scores(1, 2), scores(5, 6)) == 100
    assert equal_error_rate(scores(3, 3), scores(3, 3)) == 50


def test_eer_between_two_thresholds_is_the_nearer_middle() -> None:
    # t=4: FNMR 0, FMR 1/3. t=5: FNMR 1/2, FMR 1/3. The curves cross in between.
    assert equal_error_rate(scores(4, 6), scores(1, 2, 5)) == pytest.approx(100 / 6)


def test_fnmr_at_fmr_by_hand() -> None:
    impostor = scores(*range(100))
    assert fnmr_at_fmr(scores(98, 98.5, 99, 100), impostor, 0.01) == 25  # one may lie above
    assert fnmr_at_fmr(scores(98, 98.5, 99, 100), impostor, 0.001) == 75
    assert fnmr_at_fmr(scores(98), impostor, 1.0) == 0


def test_rank_one_counts_ties_as_misses() -> None:
    assert rank_one(scores(5, 4, 3), scores(1, 4, 9)) == pytest.approx(100 / 3)


def test_fnir_uses_the_best_other_finger() -> None:
    other = scores(*([1.0] * 99), 7)
    mated = scores(*([5.0] * 90), *([1.0] * 10))
    assert fnir_at_fpir(mated, other, 0.01) == 10


def test_empty_sides_are_not_numbers() -> None:
    nothing = scores()
    assert math.isnan(equal_error_rate(nothing, scores(1)))
    assert math.isnan(fnmr_at_fmr(scores(1), nothing, 0.01))
    assert math.isnan(rank_one(nothing, nothing))


def test_figures_of_a_small_table() -> None:
    """Two fingers, three impressions: 6 genuine pairs, 9 impostor pairs, 1 of them FVC."""
    table = np.zeros((6, 6), np.float32)
    table[:3, :3] = table[3:, 3:] = 9
    table[0, 3] = table[3, 0] = 1  # the only pair of first impressions
    table[1, 4] = table[4, 1] = 10  # one bad impostor pair, which FVC never looks at
    table[4, 0] = 9.5  # and a probe that finds the wrong first impression
    figures = figures_of(
        ScoreTable(
            table,
            np.ones_like(table),
            np.array([1, 1, 1, 2, 2, 2]),
            np.array([1, 2, 3, 1, 2, 3]),
            compare_us=2.5,
        ),
        extract_ms=3.5,
        failed=0.0,
    )
    assert (figures.images, figures.fingers) == (6, 2)
    assert figures.eer_fvc == 0
    # Above 9 all six genuine are rejected; at 9 only one of nine impostors is accepted.
    assert figures.eer_all_pairs == pytest.approx(100 / 9 / 2)
    assert figures.fmr1000 == 100
    assert figures.rank1 == 75
    assert (figures.extract_ms_p50, figures.compare_us) == (3.5, 2.5)
