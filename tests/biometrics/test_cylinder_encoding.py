from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint import encoding, network
from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.encoding import (
    encode,
    fit_basis,
    save_basis,
    shipped_basis,
)
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.model_files import model_bytes
from station_app.domain.errors import KnownError

Make = Callable[..., Minutiae]


def test_int8_keeps_the_similarity(random_minutiae: Make) -> None:
    made = make_cylinders([random_minutiae(40, 1)])
    basis, p = shipped_basis(), STANDARD
    count = int(made.counts[0])
    small = encode(made, basis)[0].astype(np.float64)
    exact = (made.values[0, :count] - basis.mean) @ basis.axes
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    turn = made.radians[0, :count, None] - made.radians[0, None, :count]
    w = p.direction_weight
    expected = (exact @ exact.T + w * np.cos(turn)) / (1 + w)
    np.testing.assert_allclose(small @ small.T / p.code_scale**2, expected, atol=0.02)


def test_codes_are_hardly_ever_clipped(random_minutiae: Make) -> None:
    codes = encode(make_cylinders([random_minutiae(60, s) for s in range(20)]), shipped_basis())
    assert np.mean(np.abs(np.concatenate(codes)) >= 127) < 1e-3


def test_no_cylinders_no_codes(random_minutiae: Make) -> None:
    (codes,) = encode(make_cylinders([random_minutiae(0, 1)]), shipped_basis())
    assert (codes.shape, codes.dtype) == ((0, 64), np.int8)


def test_shipped_basis_says_what_it_was_made_from() -> None:
    basis = shipped_basis()
    assert basis.mean.shape == (312,)
    assert basis.axes.shape == (312, 62)
    assert "invented fingers" in basis.made_from["source"]
    assert basis.made_from["command"].startswith("python scripts/fit_pca_basis.py")


def test_fit_finds_the_directions_of_spread() -> None:
    rng = np.random.default_rng(1)
    spread = np.linspace(3, 0.1, 312)
    basis = fit_basis((rng.normal(size=(4000, 312)) * spread).astype(np.float32), {"a": 1})
    strongest = np.abs(basis.axes).argmax(axis=0)[:10]
    assert set(strongest.tolist()) <= set(range(40))
    projected = rng.normal(size=(4000, 312)) * spread @ basis.axes
    # Half-whitened: the standard deviation that remains is the fourth root of the variance.
    np.testing.assert_allclose(projected.std(axis=0)[:5], np.sqrt(spread[:5]), rtol=0.1)


def test_the_same_basis_gives_the_same_file() -> None:
    values = np.random.default_rng(1).normal(size=(500, 312)).astype(np.float32)
    assert save_basis(fit_basis(values, {"a": 1})) == save_basis(fit_basis(values, {"a": 1}))


@pytest.mark.parametrize("name", [network.DENSE, network.DIRECTION, encoding.BASIS])
def test_a_changed_model_is_refused(name: str) -> None:
    with pytest.raises(KnownError) as caught:
        model_bytes(name, "0" * 64)
    assert caught.value.code == "model_damaged"


def test_a_missing_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "DENSE", "gone.onnx")
    monkeypatch.setitem(network.CHECKSUMS, "gone.onnx", "0" * 64)
    with pytest.raises(KnownError) as caught:
        network.Network()
    assert caught.value.code == "model_damaged"
