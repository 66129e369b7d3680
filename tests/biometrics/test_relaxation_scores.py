from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.relaxation import (
    _greedy_pairs,
    pairing_of,
    relaxation_scores,
)

Make = Callable[..., Minutiae]


def shaken(finger: Minutiae, seed: int, keep: int) -> Minutiae:
    """The same finger again: some minutiae lost, all a little displaced and turned."""
    rng = np.random.default_rng(seed)
    kept = np.sort(rng.permutation(len(finger))[:keep])
    return Minutiae(
        xs=(finger.xs[kept] + rng.integers(-3, 4, keep) + 20).astype(np.int32),
        ys=(finger.ys[kept] + rng.integers(-3, 4, keep) + 9).astype(np.int32),
        directions=(finger.directions[kept] + rng.integers(-5, 6, keep)).astype(np.uint8),
        confidences=finger.confidences[kept],
    )


def test_the_same_finger_stands_out(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    others = [random_minutiae(40, seed) for seed in range(2, 22)]
    candidates = make_cylinders([*others, shaken(finger, 5, 32), finger])
    scores = relaxation_scores(make_cylinders([finger]), candidates)
    assert scores[-1] > scores[-2] > 3 * scores[:-2].max()
    assert 0 <= scores.min() <= scores.max() <= 1


def test_candidates_do_not_influence_each_other(random_minutiae: Make) -> None:
    probe = make_cylinders([random_minutiae(35, 1)])
    fingers = [random_minutiae(n, n) for n in (20, 48, 9, 60)]
    together = relaxation_scores(probe, make_cylinders(fingers))
    alone = [relaxation_scores(probe, make_cylinders([f]))[0] for f in fingers]
    np.testing.assert_allclose(together, alone, rtol=1e-4)


def test_score_hardly_depends_on_the_direction(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    one, other = make_cylinders([finger]), make_cylinders([shaken(finger, 5, 30)])
    there, back = relaxation_scores(one, other)[0], relaxation_scores(other, one)[0]
    assert there == pytest.approx(back, rel=0.02)


def test_a_finger_turned_too_far_is_not_compared(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    half_turn = Minutiae(
        400 - finger.xs, 400 - finger.ys, finger.directions + np.uint8(128), finger.confidences
    )
    probe = make_cylinders([finger])
    assert relaxation_scores(probe, make_cylinders([half_turn]))[0] < 0.05


def test_too_few_cylinders_score_nothing(random_minutiae: Make) -> None:
    few, many = make_cylinders([random_minutiae(4, 1)]), make_cylinders([random_minutiae(40, 2)])
    assert few.counts[0] < 6
    assert relaxation_scores(few, many).tolist() == [0]
    assert relaxation_scores(many, few).tolist() == [0]


def test_greedy_pairs_by_hand() -> None:
    similarity = np.array([[[0.9, 0.8, 0.1], [0.85, 0.2, 0.3]]], np.float32)
    a, b, strength = _greedy_pairs(similarity, 2)
    assert (a.tolist(), b.tolist()) == ([[0, 1]], [[0, 2]])
    np.testing.assert_allclose(strength, [[0.9, 0.3]])


def test_greedy_pairs_are_those_of_the_plain_algorithm() -> None:
    rng = np.random.default_rng(1)
    similarity = rng.random((5, 12, 17)).astype(np.float32)
    a, b, strength = _greedy_pairs(similarity, 12)
    for k in range(5):
        left, expected = similarity[k].copy(), []
        for _ in range(12):
            row, column = np.unravel_index(left.argmax(), left.shape)
            expected.append((row, column, left[row, column]))
            left[row, :], left[:, column] = -1, -1
        assert [(r, c) for r, c, _ in expected] == list(zip(a[k], b[k], strict=True))
        np.testing.assert_array_equal(strength[k], [s for _, _, s in expected])


def test_the_pairs_shown_are_those_of_the_score(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    probe = make_cylinders([shaken(finger, 5, 30)])
    for other in (finger, random_minutiae(12, 3)):
        candidate = make_cylinders([other])
        pairing = pairing_of(probe, candidate)
        score = relaxation_scores(probe, candidate)[0]
        assert pairing.after[: pairing.counted].mean() == pytest.approx(score, rel=1e-5)
        assert len(set(pairing.probe)) == len(set(pairing.candidate)) == len(pairing.after)
        assert max(pairing.candidate) < candidate.counts[0]
    assert pairing_of(probe, make_cylinders([random_minutiae(3, 3)])).counted == 0
