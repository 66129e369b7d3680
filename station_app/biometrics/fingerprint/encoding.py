"""Stage 5: cylinders to 64 int8 numbers each, what the gallery keeps in memory."""

import io
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.cylinders import Cylinders, make_cylinders
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.model_files import model_bytes

BASIS = "cylinder-basis.npz"
BASIS_CHECKSUM = "ea070a100e2f823b4f059f38c4a06cc00dc38b0985c66416bf2069c11a805add"


@dataclass(frozen=True, slots=True)
class Basis:
    """Principal components of cylinders, half-whitened.

    `mean`: float32 (312,); `axes`: float32 (312, 62), every column divided by the fourth
    root of its variance; `made_from`: what it was fitted on, by which command.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    made_from: dict[str, Any]


def fit_basis(
    values: NDArray[np.float32], made_from: dict[str, Any], p: Parameters = STANDARD
) -> Basis:
    """Basis of `values`, float32 (n, 312), n well above 312.

    Half-whitening (variance^-1/4) lies between plain PCA, where the first few components
    decide alone, and full whitening, which amplifies noise.
    """
    mean = values.mean(axis=0, dtype=np.float64)
    centred = values - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / len(values))
    keep = p.code_size - 2
    variances, vectors = variances[::-1][:keep], vectors[:, ::-1][:, :keep]
    # An eigenvector's sign is arbitrary: the largest element is made positive.
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(keep)])
    axes = vectors * signs / variances**0.25
    return Basis(mean.astype(np.float32), axes.astype(np.float32), made_from)


def save_basis(basis: Basis) -> bytes:
    """The NPZ file of a basis; the same basis always gives the same bytes."""
    buffer = io.BytesIO()
    note = np.frombuffer(json.dumps(basis.made_from, sort_keys=True).encode(), np.uint8)
    np.savez(buffer, allow_pickle=False, mean=basis.mean, axes=basis.axes, made_from=note)
    return buffer.getvalue()


@lru_cache
def shipped_basis() -> Basis:
    """The basis in `content/models`. Raises `KnownError("model_damaged")`."""
    with np.load(io.BytesIO(model_bytes(BASIS, BASIS_CHECKSUM)), allow_pickle=False) as stored:
        note = json.loads(stored["made_from"].tobytes())
        return Basis(stored["mean"], stored["axes"], note)


def encode(cylinders: Cylinders, basis: Basis, p: Parameters = STANDARD) -> list[NDArray[np.int8]]:
    """One int8 array (count, 64) a finger; dot product / code_scale^2 is the similarity.

    The similarity of two cylinders is (cosine of their descriptors + w cos of the
    difference of their directions) / (1 + w), with w = `p.direction_weight`.
    """
    codes = (cylinders.values - basis.mean) @ basis.axes
    lengths = np.sqrt(np.square(codes).sum(axis=-1, keepdims=True))
    codes = codes / np.maximum(lengths, np.float32(1e-6))
    turn = np.stack([np.cos(cylinders.radians), np.sin(cylinders.radians)], axis=-1)
    whole = np.concatenate([codes, np.float32(p.direction_weight**0.5) * turn], axis=-1)
    scale = np.float32(p.code_scale / (1 + p.direction_weight) ** 0.5)
    small = np.rint(whole * scale).clip(-127, 127).astype(np.int8)
    return [small[i, :count] for i, count in enumerate(cylinders.counts)]


def coded(
    minutiae: Minutiae, basis: Basis, p: Parameters = STANDARD
) -> tuple[Minutiae, NDArray[np.int8]]:
    """Codes int8 (count, 64) of one finger, and its minutiae with those of the codes first."""
    cylinders = make_cylinders([minutiae], p)
    chosen = cylinders.minutiae[0, : cylinders.counts[0]]
    rest = np.setdiff1d(np.arange(len(minutiae)), chosen)
    return minutiae.picked(np.concatenate([chosen, rest])), encode(cylinders, basis, p)[0]
