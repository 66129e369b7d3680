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
    redrawn_shares,
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


def limit_of(sets: list[SensorScores], seed: int = 1) -> NDArray[np.float64]:
    return fit_band(sets, LEVELS, SHARE, 0.95, 60, seed).limit


def test_alike_sensors_say_together_what_each_alone_cannot() -> None:
    sets = [made_set(str(n), 8, 4, 0.01, n) for n in range(6)]
    band = fit_band(sets, LEVELS, SHARE, 0.95, 120, 1)
    assert (band.limit[-2:] < band.high.max(axis=0)[-2:]).all()
    assert (band.middle < band.limit).all()
    assert band.spread[-1] < 0.1


def test_sensors_that_differ_leave_room_for_one_more() -> None:
    alike = limit_of([made_set(str(n), 8, 4, 0.01, n) for n in range(6)])
    scales = (0.006, 0.008, 0.01, 0.01, 0.0125, 0.016)
    unlike = limit_of([made_set(str(n), 8, 4, scale, n) for n, scale in enumerate(scales)])
    assert (unlike > 1.3 * alike).all()


def test_a_further_sensor_stays_below_the_limit() -> None:
    """Sensors whose scales differ by a quarter: the limit holds for 19 of 20 others."""
    rng, kept = np.random.default_rng(4), []
    for turn in range(8):
        scales = 0.01 * np.exp(0.25 * rng.standard_normal(7))
        sets = [made_set(str(n), 10, 2, scale, 50 * turn + n) for n, scale in enumerate(scales)]
        further = 0.01 * np.exp(0.25 * rng.standard_normal(400)) * 4 * np.log(10)
        kept.append(np.mean(further < limit_of(sets, turn)[3]))
    assert 0.9 < np.mean(kept) < 0.995


def test_drawing_fingers_again_overstates_what_independent_pairs_differ_by() -> None:
    shares = [np.mean(made_set("a", 10, 1, 1.0, seed).impostors >= 1) for seed in range(200)]
    one = made_set("a", 10, 1, 1.0, 0)
    low, high = redrawn_shares(one, np.array([1.0]), 0.683, 1, 300)[0]
    assert 2 < ((high - low) / 2) ** 2 / np.var(shares) < 4


def test_two_sensors_leave_the_strictest_edge() -> None:
    sets = [made_set("a", 8, 4, 0.01, 1), made_set("b", 8, 4, 0.02, 2)]
    band = fit_band(sets, LEVELS, SHARE, 0.95, 60, 1)
    np.testing.assert_array_equal(band.limit, band.high.max(axis=0))


def test_shares_of_fingers_drawn_again_are_round_the_share() -> None:
    one = made_set("a", 10, 4, 0.01, 4)
    scores = np.array([0.01, 0.03])
    edges = redrawn_shares(one, scores, 0.95, 1, 100)
    for score, (low, high) in zip(scores, edges, strict=True):
        assert low < np.mean(one.impostors >= score) < high
