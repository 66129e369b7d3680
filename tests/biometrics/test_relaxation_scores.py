import numpy as np

from station_app.biometrics.fingerprint.relaxation import _greedy_pairs


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
