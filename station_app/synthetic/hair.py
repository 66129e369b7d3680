"""Hair of invented people, as strands combed over the head, and what covers it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from station_app.synthetic.faces import HairStyle, InventedFace, looks
from station_app.synthetic.head_mesh import SKIN, Floats, head_mesh
from station_app.synthetic.seeds import generator

CENTRE: Final = np.array((0.0, 7.35, 0.42), np.float32)
"""Of the skull, decimetres."""
_ROWS, _COLUMNS = 36, 72


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """`points` float32 (n, k, 3), root first; `colour` linear RGB float32 (n, 3)."""

    points: Floats
    colour: Floats


class Skull:
    """The distance of the head's surface from `CENTRE` in every direction, without the ears."""

    def __init__(self, positions: Floats) -> None:
        mesh = head_mesh()
        chosen = (mesh.material == SKIN) & (mesh.ears < 0.05) & (mesh.positions[:, 1] > 6.1)
        offset = positions[chosen] - CENTRE
        distance = np.linalg.norm(offset, axis=1)
        row, column = _cell(offset / distance[:, None])
        most = np.zeros((_ROWS, _COLUMNS), np.float32)
        np.maximum.at(most, (row, column), distance)
        self._distance = _filled(most)

    def distance(self, direction: Floats) -> Floats:
        """Decimetres along unit vectors (..., 3)."""
        polar = np.arccos(np.clip(direction[..., 1], -1, 1)) / np.pi * _ROWS - 0.5
        around = (
            np.arctan2(direction[..., 0], direction[..., 2]) / (2 * np.pi) % 1
        ) * _COLUMNS - 0.5
        r0 = np.clip(np.floor(polar), 0, _ROWS - 2).astype(int)
        c0 = np.floor(around).astype(int)
        fr, fc = np.clip(polar - r0, 0, 1), around - c0
        c0, c1 = c0 % _COLUMNS, (c0 + 1) % _COLUMNS
        grid = self._distance
        near = grid[r0, c0] * (1 - fc) + grid[r0, c1] * fc
        far = grid[r0 + 1, c0] * (1 - fc) + grid[r0 + 1, c1] * fc
        return np.asarray(near * (1 - fr) + far * fr, np.float32)


def _cell(direction: Floats) -> tuple[np.ndarray, np.ndarray]:
    row = np.arccos(np.clip(direction[..., 1], -1, 1)) / np.pi * _ROWS
    column = (np.arctan2(direction[..., 0], direction[..., 2]) / (2 * np.pi) % 1) * _COLUMNS
    return np.minimum(row.astype(int), _ROWS - 1), np.minimum(column.astype(int), _COLUMNS - 1)


def _filled(most: Floats) -> Floats:
    """Cells without a vertex take the mean of their neighbours."""
    grid, known = most.copy(), (most > 0).astype(np.float32)
    for _ in range(40):
        padded = np.pad(np.pad(grid * known, ((0, 0), (1, 1)), "wrap"), ((1, 1), (0, 0)), "edge")
        weight = np.pad(np.pad(known, ((0, 0), (1, 1)), "wrap"), ((1, 1), (0, 0)), "edge")
        total = sum(padded[i : i + _ROWS, j : j + _COLUMNS] for i in range(3) for j in range(3))
        count = sum(weight[i : i + _ROWS, j : j + _COLUMNS] for i in range(3) for j in range(3))
        grid = np.where(most > 0, most, total / np.maximum(count, 1e-6)).astype(np.float32)
        known = np.asarray(count > 0, np.float32)
    padded = np.pad(np.pad(grid, ((0, 0), (1, 1)), "wrap"), ((1, 1), (0, 0)), "edge")
    smooth = sum(padded[i : i + _ROWS, j : j + _COLUMNS] for i in range(3) for j in range(3)) / 9
    return np.asarray(0.5 * grid + 0.5 * smooth, np.float32)


_LIES_ABOVE: Final = 7.0


def scalp(neutral: Floats, hairline: float, style: HairStyle) -> Floats:
    """How much hair grows at places of the neutral mesh, (n, 3) to 0..1 (n,)."""
    x, y, z = np.abs(neutral[:, 0]), neutral[:, 1], neutral[:, 2]
    around = np.degrees(np.arctan2(x, z - 0.3))
    knots = (0, 20, 35, 48, 58, 72, 82, 96, 110, 125, 180)
    front = np.array((8.02, 8.02, 7.97, 7.80, 7.60, 7.38, 7.15, 7.30, 7.05, 6.75, 6.55))
    front = front + np.clip(1 - np.array(knots) / 75, 0, 1) * hairline
    if style is HairStyle.RECEDING:
        front = front + np.array((0.34, 0.42, 0.5, 0.4, 0.22, 0.06, 0, 0, 0, 0, 0))
    edge = np.interp(around, knots, front)
    return np.asarray(np.clip((y - edge) / 0.07 + 0.5, 0, 1), np.float32)


_COUNT: Final = {
    HairStyle.SHORT: 5200, HairStyle.CROPPED: 4200, HairStyle.PARTED: 5200,
    HairStyle.RECEDING: 2600,
    HairStyle.TIED: 4200, HairStyle.BOB: 4600, HairStyle.LONG: 5000, HairStyle.SCARF: 0,
}  # fmt: skip
_LENGTH: Final = {
    HairStyle.SHORT: 0.30, HairStyle.CROPPED: 0.12, HairStyle.PARTED: 0.55, HairStyle.RECEDING: 0.2,
    HairStyle.TIED: 1.25, HairStyle.BOB: 1.55, HairStyle.LONG: 2.7, HairStyle.SCARF: 0.0,
}  # fmt: skip
_STEPS: Final = {
    HairStyle.SHORT: 6, HairStyle.CROPPED: 3, HairStyle.PARTED: 8, HairStyle.RECEDING: 4,
    HairStyle.TIED: 14, HairStyle.BOB: 16, HairStyle.LONG: 22, HairStyle.SCARF: 2,
}  # fmt: skip


_VOLUME: Final = {
    HairStyle.SHORT: 0.09,
    HairStyle.PARTED: 0.12,
    HairStyle.LONG: 0.07,
    HairStyle.BOB: 0.1,
}


def strands(face: InventedFace, positions: Floats, skull: Skull) -> Strands:
    """The person's hair as it lies on their head of these `positions`."""
    rng = generator("face hair", face.seed)
    look = looks(face)
    count = _COUNT[look.style]
    if not count:
        return Strands(np.zeros((0, 2, 3), np.float32), np.zeros((0, 3), np.float32))
    root, normal, neutral = _roots(rng, positions, count, look.hairline, look.style)
    count = len(root)
    side = np.sign(neutral[:, 0] - look.part + rng.normal(0, 0.01, count)).astype(np.float32)
    steps, length = _STEPS[look.style], _LENGTH[look.style]
    lengths = length * rng.uniform(0.75, 1.1, count).astype(np.float32)
    lift = rng.gamma(5.0, 0.008, count).astype(np.float32)
    lift *= {HairStyle.CROPPED: 0.8, HairStyle.TIED: 0.6, HairStyle.RECEDING: 0.6}.get(
        look.style, 1.6
    )
    crown = np.clip((neutral[:, 1] - 7.7) / 0.6, 0, 1)
    lift += (
        _VOLUME.get(look.style, 0.02) * crown.astype(np.float32) * np.float32(rng.uniform(0.6, 1.3))
    )
    points = np.empty((count, steps, 3), np.float32)
    place = root + normal * np.float32(0.004)
    heading = normal.copy()
    points[:, 0] = place
    step = (lengths / (steps - 1))[:, None]
    wave = rng.normal(0, 1, (count, 3)).astype(np.float32)
    for number in range(1, steps):
        wanted = _combed(look.style, place, neutral, side, number / steps, look.fringe)
        wanted = wanted + np.float32(0.06) * wave
        heading = _unit(heading * np.float32(0.35) + wanted * np.float32(0.65))
        place = place + heading * step
        offset = place - CENTRE
        distance = np.linalg.norm(offset, axis=1, keepdims=True)
        direction = offset / np.maximum(distance, 1e-6)
        least = (
            skull.distance(direction)[:, None] + (lift * min(1, 0.35 + 2 * number / steps))[:, None]
        )
        # Over the skull hair lies on it; below it falls freely.
        most = np.where(place[:, 1:2] > _LIES_ABOVE, least, np.inf)
        place = CENTRE + direction * np.clip(distance, least, np.maximum(most, least))
        points[:, number] = place
    if look.style is HairStyle.TIED and look.fringe > 0.35:
        points = np.concatenate([points, _bun(rng, steps, look.fringe)])
        count = len(points)
    base = np.array(look.hair, np.float32)
    is_grey = rng.random(count) < look.grey * np.clip(rng.normal(1, 0.1), 0.6, 1.0)
    colour = base * rng.normal(1, 0.12, (count, 1))
    colour[is_grey] = rng.normal(0.62, 0.08, (int(is_grey.sum()), 1)) * (1, 0.99, 0.97)
    return Strands(points, np.asarray(np.clip(colour, 0.01, 0.9) ** 2.2, np.float32))


def _bun(rng: np.random.Generator, steps: int, height: float) -> Floats:
    """A knot of hair behind the crown: strands wound about a ball, (n, steps, 3)."""
    count = 900
    middle = np.array((0.0, 8.05 + 0.3 * height, -0.3), np.float32)
    axis = _unit(rng.normal(0, 1, (count, 3)) * (0.5, 1, 0.5)).astype(np.float32)
    first = _unit(np.cross(axis, rng.normal(0, 1, (count, 3)))).astype(np.float32)
    second = np.cross(axis, first)
    turn = (rng.uniform(0, 6.28, (count, 1)) + np.linspace(0, 2.2, steps)).astype(np.float32)[
        ..., None
    ]
    radius = (0.30 * rng.uniform(0.9, 1.04, (count, 1, 1))).astype(np.float32)
    wound = np.cos(turn) * first[:, None] + np.sin(turn) * second[:, None]
    return np.asarray(middle + radius * wound * np.array((1.1, 0.85, 1), np.float32), np.float32)


def _roots(
    rng: np.random.Generator, positions: Floats, count: int, hairline: float, style: HairStyle
) -> tuple[Floats, Floats, Floats]:
    mesh = head_mesh()
    grown = scalp(mesh.positions, hairline, style) * (mesh.material == SKIN) * (mesh.ears < 0.25)
    corners = mesh.triangles[
        (grown[mesh.triangles] > 0.0).any(axis=1) & (mesh.ears[mesh.triangles] < 0.25).all(axis=1)
    ]
    a, b, c = (positions[corners[:, n]] for n in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = rng.choice(len(corners), count, p=area / area.sum())
    shares = rng.dirichlet((1, 1, 1), count).astype(np.float32)
    normals = mesh.normals(positions)

    def mixed(values: Floats) -> Floats:
        return np.asarray(np.einsum("nk,nkd->nd", shares, values[corners[chosen]]), np.float32)

    neutral = mixed(mesh.positions)
    keep = rng.random(count) < scalp(neutral, hairline, style)
    return mixed(positions)[keep], _unit(mixed(normals))[keep], neutral[keep]


def _combed(
    style: HairStyle, place: Floats, neutral: Floats, side: Floats, along: float, fringe: float
) -> Floats:
    """Where hair wants to go from `place`; unit vectors (n, 3)."""
    outward = _unit(place - CENTRE)
    wanted = np.zeros_like(place)
    top = np.clip((neutral[:, 1] - 7.75) / 0.5, 0, 1)
    front = np.clip((neutral[:, 2] - 0.6) / 0.6, 0, 1)
    match style:
        case HairStyle.CROPPED | HairStyle.RECEDING:
            wanted[:, 1] -= 0.7 * (1 - top)
            wanted[:, 2] += 0.6 * top
        case HairStyle.SHORT:
            wanted[:, 0] += 0.45 * top * np.sign(fringe - 0.5)
            wanted[:, 1] -= 0.9 * (1 - top)
            wanted[:, 2] += (0.8 * top) * (1 if fringe < 0.7 else -0.5)
        case HairStyle.PARTED:
            wanted[:, 0] += 1.0 * top * side
            wanted[:, 1] -= 0.15 + 0.8 * (1 - top)
            wanted[:, 2] += 0.1 * top - 0.35 * (1 - top)
        case HairStyle.TIED:
            knot = CENTRE + np.array((0, -0.05, -1.25), np.float32)
            wanted += _unit(knot - place)
            wanted[:, 0] += 0.35 * side * top * max(0.0, 1 - 2.5 * along)
        case _:
            fall = np.clip((8.3 - place[:, 1]) / 0.5, 0.15, 1)
            wanted[:, 0] += 0.9 * side * np.clip((place[:, 1] - 7.4) / 0.7, 0, 1)
            wanted[:, 1] -= fall
            wanted[:, 2] -= 0.95 * front * np.clip((place[:, 1] - 7.0) / 0.8, 0, 1)
    tangent = wanted - outward * np.minimum(0, (wanted * outward).sum(axis=1))[:, None]
    return _unit(tangent)


def _unit(vectors: npt.NDArray[Any]) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-6), np.float32)
