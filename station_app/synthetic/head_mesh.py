"""The mesh of an invented head and bust: MakeHuman's base mesh and targets (CC0, ADR 0053)."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]

ASSET: Final = Path(__file__).parents[1] / "content" / "models" / "head-mesh.npz"
ASSET_SHA256: Final = "6ed4ba3410c2bb354adca6b8ad3fe0fd5d363b18c33fa427801683f686fde46e"

SKIN, LEFT_EYE, RIGHT_EYE = 0, 1, 2
"""Materials of vertices."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A change of the shape: vertices `at` (n,) move by `by` (n, 3), in decimetres."""

    at: npt.NDArray[np.intp]
    by: Floats


@dataclass(frozen=True, slots=True, eq=False)
class HeadMesh:
    """The neutral mesh, in decimetres: x to the person's left, y up, z to the front.

    `positions` float32 (n, 3), `triangles` int32 (m, 3), counter-clockwise from outside; a
    vertex: its `material`, its share of `lips`, `lids` and `ears` in 0..1, float32 (n,).
    """

    positions: Floats
    triangles: Whole
    material: npt.NDArray[np.uint8]
    lips: Floats
    lids: Floats
    ears: Floats
    targets: Mapping[str, Target]

    def shaped(self, weights: Mapping[str, float]) -> Floats:
        """The positions after these targets, each times its weight."""
        shaped = self.positions.copy()
        for name, weight in weights.items():
            target = self.targets[name]
            shaped[target.at] += np.float32(weight) * target.by
        return shaped

    def normals(self, positions: Floats) -> Floats:
        """Unit normals of vertices, float32 (n, 3), outward."""
        a, b, c = (positions[self.triangles[:, corner]] for corner in range(3))
        of_faces = np.cross(b - a, c - a)
        summed = np.zeros_like(positions)
        for corner in range(3):
            for axis in range(3):
                summed[:, axis] += np.bincount(
                    self.triangles[:, corner], of_faces[:, axis], len(positions)
                ).astype(np.float32)
        length = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.asarray(summed / np.maximum(length, 1e-9), np.float32)


@cache
def head_mesh() -> HeadMesh:
    """The shipped mesh. Raises `KnownError` `model_damaged` for another file, or none."""
    try:
        data = ASSET.read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != ASSET_SHA256:
        raise KnownError(
            Code.MODEL_DAMAGED, f"The file {ASSET.name} is damaged. Install the program again."
        )
    with np.load(io.BytesIO(data), allow_pickle=False) as packed:
        return _unpacked(packed)


def _unpacked(packed: Mapping[str, np.ndarray]) -> HeadMesh:
    names = packed["names"].tobytes().decode().split("\n")
    starts, deltas = packed["starts"], packed["deltas"].T * packed["unit"]
    targets = {}
    for number, name in enumerate(names):
        part = slice(int(starts[number]), int(starts[number + 1]))
        at = np.cumsum(packed["indices"][part].astype(np.intp))
        targets[name] = Target(at, deltas[part])
    positions = packed["positions"].astype(np.float32) * packed["unit"]
    ears = np.zeros(len(positions), np.float32)
    wing = targets["ear-wing-incr"]
    ears[wing.at] = np.clip(np.linalg.norm(wing.by, axis=1) / 0.03, 0, 1)
    return HeadMesh(
        positions=positions,
        triangles=packed["triangles"].astype(np.int32),
        material=packed["material"],
        lips=packed["lips"].astype(np.float32) / np.float32(255),
        lids=packed["lids"].astype(np.float32) / np.float32(255),
        ears=ears,
        targets=targets,
    )
