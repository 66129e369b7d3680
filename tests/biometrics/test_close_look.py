from collections.abc import Callable, Sequence
from math import pi

import numpy as np
import pytest

from station_app.biometrics.fingerprint.close_look import comparison_scores, look_closely
from station_app.biometrics.fingerprint.comparable import Comparables, comparables
from station_app.biometrics.fingerprint.encoding import coded, shipped_basis
from station_app.biometrics.fingerprint.minutiae import Minutiae

Make = Callable[..., Minutiae]


def shaken(finger: Minutiae, seed: int, keep: int, shift: tuple[int, int] = (20, 9)) -> Minutiae:
    """The same finger again: some minutiae lost, all a little displaced and turned."""
    rng = np.random.default_rng(seed)
    kept = np.sort(rng.permutation(len(finger))[:keep])
    return Minutiae(
        xs=(finger.xs[kept] + rng.integers(-3, 4, keep) + shift[0]).astype(np.int32),
        ys=(finger.ys[kept] + rng.integers(-3, 4, keep) + shift[1]).astype(np.int32),
        directions=(finger.directions[kept] + rng.integers(-5, 6, keep)).astype(np.uint8),
        confidences=finger.confidences[kept],
    )


def turned(finger: Minutiae, steps: int) -> Minutiae:
    """Turned clockwise by 256ths of a turn about (200, 200)."""
    angle = steps * 2 * pi / 256
    x, y = finger.xs - 200, finger.ys - 200
    return Minutiae(
        np.rint(200 + np.cos(angle) * x - np.sin(angle) * y).astype(np.int32),
        np.rint(200 + np.sin(angle) * x + np.cos(angle) * y).astype(np.int32),
        (finger.directions + steps).astype(np.uint8),
        finger.confidences,
    )


def made(fingers: Sequence[Minutiae]) -> Comparables:
    return comparables([coded(finger, shipped_basis()) for finger in fingers])


def scores(probe: Minutiae, others: Sequence[Minutiae]) -> np.ndarray:
    return comparison_scores(made([probe]), made(others))


def test_the_same_finger_stands_out(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    others = [random_minutiae(40, seed) for seed in range(2, 22)]
    found = scores(finger, [*others, shaken(finger, 5, 32), finger])
    assert found[-1] > found[-2] > 5 * found[:-2].max()
    assert found.min() >= 0


def test_candidates_do_not_influence_each_other(random_minutiae: Make) -> None:
    probe = random_minutiae(35, 1)
    fingers = [random_minutiae(n, n) for n in (20, 48, 9, 60)]
    fingers.append(shaken(probe, 3, 30))
    alone = [scores(probe, [finger])[0] for finger in fingers]
    np.testing.assert_allclose(scores(probe, fingers), alone, rtol=1e-4)


def test_the_score_hardly_depends_on_which_is_the_probe(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    other = shaken(finger, 5, 30)
    assert scores(finger, [other])[0] == pytest.approx(scores(other, [finger])[0], rel=0.03)


@pytest.mark.parametrize("steps", [0, 16, 40, 230])
def test_a_turned_finger_is_laid_back(random_minutiae: Make, steps: int) -> None:
    finger = random_minutiae(40, 1)
    look = look_closely(made([turned(finger, steps)]), made([finger]))
    expected = -steps * 2 * pi / 256
    assert np.cos(look.agreement.turn[0] - expected) > 0.999
    assert look.agreement.matched[0] >= 38
    assert look.share[0] > 0.9


def test_what_met_is_one_to_one(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    others = [shaken(finger, 5, 30), random_minutiae(50, 4)]
    agreement = look_closely(made([finger]), made(others)).agreement
    for partner, matched, size in zip(agreement.partner, agreement.matched, (30, 50), strict=True):
        met = partner[partner >= 0]
        assert len(met) == matched == len(set(met.tolist()))
        assert met.max(initial=0) < size
    assert agreement.matched[0] > 3 * agreement.matched[1]


def test_what_meets_by_chance_does_not_count(random_minutiae: Make) -> None:
    """Strangers whose ridges all run alike meet more often, and prove no more."""
    scattered = [random_minutiae(60, seed) for seed in range(1, 9)]
    parallel = [
        Minutiae(one.xs, one.ys, np.full(60, 30, np.uint8), one.confidences) for one in scattered
    ]
    unlike, alike = (
        look_closely(made(fingers[:1]), made(fingers[1:])) for fingers in (scattered, parallel)
    )
    assert alike.agreement.matched.mean() > 2 * unlike.agreement.matched.mean()
    assert alike.agreement.chance.mean() > 2 * unlike.agreement.chance.mean()
    assert alike.share.mean() < 0.5 * alike.agreement.matched.mean() / 60
    own = look_closely(made(parallel[:1]), made(parallel[:1]))
    assert own.share[0] > 0.8


def test_minutiae_outside_the_shared_area_do_not_count(random_minutiae: Make) -> None:
    finger = random_minutiae(60, 1)
    half = finger.picked(np.flatnonzero(finger.xs < np.median(finger.xs)))
    agreement = look_closely(made([half]), made([finger])).agreement
    assert agreement.probe[0] == len(half)
    assert agreement.candidate[0] < 48
    assert agreement.matched[0] == len(half)


def test_pairs_have_geometry_in_common(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    pairs = look_closely(made([finger]), made([shaken(finger, 2, 40)])).pairs
    assert (pairs.after <= pairs.before).all()
    assert pairs.compatibility.min() >= 0
    assert pairs.compatibility.max() <= 1


def test_too_few_codes_score_nothing(random_minutiae: Make) -> None:
    few, many = random_minutiae(4, 1), random_minutiae(40, 2)
    assert made([few]).counts[0] < 6
    assert scores(few, [many]).tolist() == [0]
    assert scores(many, [few]).tolist() == [0]
    assert scores(few, [few]).tolist() == [0]


def test_few_codes_count_less(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    small = finger.picked(np.argsort(np.hypot(finger.xs - 150, finger.ys - 150))[:12])
    look = look_closely(made([small]), made([finger]))
    expected = made([small]).counts[0] / 24
    assert look.support[0] == pytest.approx(expected)
    assert look.scores[0] < look.relaxation[0] + 2 * look.likeness[0]


def test_an_empty_set_has_no_scores(random_minutiae: Make) -> None:
    assert scores(random_minutiae(40, 1), []).tolist() == []


def test_only_the_most_alike_are_laid_on_the_probe(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    others = made([*(random_minutiae(40, seed) for seed in range(2, 12)), shaken(finger, 5, 32)])
    probe = made([finger])
    full, quick = comparison_scores(probe, others), comparison_scores(probe, others, most=2)
    assert quick[-1] == pytest.approx(full[-1], rel=1e-5)
    look = look_closely(probe, others)
    unmet = look.scores * 0.5 / (0.5 + look.share)
    assert 1 <= np.count_nonzero(quick > unmet * (1 + 1e-5)) <= 2
    assert np.count_nonzero(full > unmet * (1 + 1e-5)) > 2
    assert (quick <= full + 1e-6).all()
    np.testing.assert_allclose(comparison_scores(probe, others, most=11), full, rtol=1e-5)
