"""Tails of made scores whose truth is known."""

from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from station_app.evaluation.tail_fit import (
    SensorScores,
    Tail,
    fit_band,
    fit_tails,
    needed_scores,
)
from tests.biometrics.made_scores import made_set, pareto

SHARE = 0.05
LEVELS = np.array([0.5, 1.0, 2.0, 4.0, 6.0])


@pytest.mark.parametrize("shape", [0.0, 0.1, 0.25])
def test_shape_and_scale_are_found_again(shape: float) -> None:
    (tail,), found = fit_tails([pareto(shape, 0.01, 400_000, 3)], SHARE)
    assert found == pytest.approx(shape, abs=0.03)
    assert tail.start == pytest.approx(
        float(Tail(1.0, 0, 0.01, shape).score_at(np.array(log(20, 10)))), rel=0.02
    )
    assert float(tail.score_at(np.array(5.0))) == pytest.approx(
        float(Tail(1.0, 0, 0.01, shape).score_at(np.array(5.0))), rel=0.12
    )


def test_a_decade_of_an_exponential_tail_is_ten_times_rarer() -> None:
    tail = Tail(0.05, 2.0, 0.1, 0.0)
    start, above = tail.score_at(np.array([-np.log10(0.05), 1 - np.log10(0.05)]))
    assert start == pytest.approx(2.0)
    assert above == pytest.approx(2.0 + 0.1 * log(10))


def test_a_tail_that_seems_to_end_is_not_believed() -> None:
    """Uniform scores have shape -1 and nothing above 1; nobody can know that of fingers."""
    scores = np.random.default_rng(1).random(400_000)
    (tail,), found = fit_tails([scores], SHARE)
    assert found == pytest.approx(-1, abs=0.05)
    assert tail.shape == 0
    assert tail.score_at(np.array(6.0)) > 1.2


def test_the_shape_is_common_and_the_scale_is_not() -> None:
    sets = [pareto(0.15, scale, 50_000, n) for n, scale in enumerate((0.01, 0.02, 0.04))]
    tails, shape = fit_tails(sets, SHARE)
    assert {tail.shape for tail in tails} == {shape}
    assert [tails[n + 1].scale / tails[n].scale for n in range(2)] == pytest.approx([2, 2], rel=0.1)


def test_scores_that_are_all_the_same_have_no_tail() -> None:
    (tail,), _ = fit_tails([np.full(100, 0.3)], SHARE)
    assert tail.score_at(np.array(9.0)) == 0.3


def test_what_was_seen_often_is_counted() -> None:
    scores = np.arange(1001, dtype=np.float32)
    needed, _ = needed_scores([scores], np.array([0.5, 1.0]), SHARE)
    np.testing.assert_allclose(needed[0], 1000 * (1 - 10 ** -np.array([0.5, 1.0])))


def band_of(*sets: SensorScores, seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    band = fit_band(sets, LEVELS, SHARE, 0.95, 120, seed)
    assert (band.low <= band.fitted).all()
    assert (band.fitted <= band.high).all()
    assert (np.diff(band.high, axis=1) > 0).all()
    assert band.shapes[1] < band.shapes[0] < band.shapes[2]
    return band.low, band.high


def test_the_same_seed_gives_the_same_band() -> None:
    sets = made_set("a", 8, 4, 0.01, 1), made_set("b", 8, 4, 0.02, 2)
    np.testing.assert_array_equal(band_of(*sets)[1], band_of(*sets)[1])
    assert (band_of(*sets)[1] != band_of(*sets, seed=2)[1]).any()


def test_comparing_the_same_fingers_again_narrows_nothing() -> None:
    """Sixteen equal comparisons of two fingers say what one says: the band knows."""
    one = made_set("a", 10, 2, 0.01, 4)
    copies = SensorScores(
        "b", np.repeat(one.owners, 4), np.repeat(np.repeat(one.table, 4, 0), 4, 1)
    )
    alone, many = (np.subtract(*band_of(each)[::-1]) for each in (one, copies))
    np.testing.assert_allclose(many, alone, rtol=0.35)


def test_more_fingers_narrow_the_band() -> None:
    few, many = (np.subtract(*band_of(made_set("a", count, 4, 0.01, 5))[::-1]) for count in (6, 40))
    assert (many[:-1] < 0.6 * few[:-1]).all()
