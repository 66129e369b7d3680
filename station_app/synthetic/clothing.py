"""What invented people wear: a garment, perhaps a headscarf or glasses."""

from typing import Final

import cv2
import numpy as np

from station_app.synthetic.faces import Collar, InventedFace, Looks
from station_app.synthetic.hair import CENTRE, Skull
from station_app.synthetic.head_mesh import LEFT_EYE, RIGHT_EYE, Floats, Whole, head_mesh
from station_app.synthetic.seeds import generator

_RINGS: Final = (
    # height, half width, depth to the front and to the back, centre's z; decimetres
    (6.06, 0.59, 0.68, 0.56, 0.14), (6.00, 0.66, 0.72, 0.62, 0.14), (5.93, 0.82, 0.76, 0.66, 0.14),
    (5.84, 1.05, 0.76, 0.72, 0.13), (5.74, 1.40, 0.86, 0.76, 0.12), (5.60, 1.76, 0.92, 0.78, 0.10),
    (5.36, 2.00, 1.00, 0.82, 0.10), (5.00, 2.12, 1.10, 0.84, 0.10), (4.50, 2.18, 1.20, 0.85, 0.10),
    (3.60, 2.26, 1.25, 0.85, 0.10), (2.00, 2.36, 1.25, 0.85, 0.10), (-7.0, 2.40, 1.25, 0.85, 0.10),
)  # fmt: skip


def garment_mesh(face: InventedFace) -> tuple[Floats, Whole]:
    """Clothed shoulders and chest, of rings: vertices float32 (n, 3), triangles int32."""
    rng = generator("garment", face.seed)
    broad = float(rng.normal(0.90 if face.sex == "f" else 1.0, 0.04))
    columns = 72
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    fine = np.linspace(0, len(_RINGS) - 1, 48)
    table = np.array(_RINGS)
    rings = np.stack([np.interp(fine, range(len(_RINGS)), table[:, n]) for n in range(5)], axis=1)
    rings = cv2.GaussianBlur(rings, (1, 5), 0, borderType=cv2.BORDER_REPLICATE)
    y, wide, front, back, z = (rings[:, n : n + 1] for n in range(5))
    wide = wide * (1 + (broad - 1) * np.clip((6.0 - y) * 2, 0, 1))
    sin, cos = np.sin(around)[None], np.cos(around)[None]
    depth = np.where(cos > 0, front, back)
    px = wide * np.sign(sin) * np.abs(sin) ** 0.85
    pz = z + depth * cos
    py = y - 0.10 * np.clip(wide - 0.6, 0, 0.5) * np.abs(sin) ** 2
    vertices = np.stack([px, np.broadcast_to(py, px.shape), pz], axis=-1).reshape(-1, 3)
    return vertices.astype(np.float32), grid_triangles(48, columns)


def grid_triangles(rows: int, columns: int) -> Whole:
    """Triangles of a closed surface of rings, the highest first, counter-clockwise from outside."""
    number = np.arange(rows * columns).reshape(rows, columns)
    right = np.roll(number, -1, axis=1)
    quads = np.stack([number[:-1], number[1:], right[1:], right[:-1]], axis=-1).reshape(-1, 4)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def scarf_mesh(skull: Skull) -> tuple[Floats, Whole]:
    """A cloth over hair and ears: vertices float32 (n, 3), triangles int32 (m, 3) outward."""
    rows, columns = 30, 96
    around = np.linspace(-np.pi, np.pi, columns, endpoint=False)
    knots = np.radians((0, 25, 45, 60, 75, 90, 110, 140, 180))
    edge = np.interp(np.abs(around), knots, (1.0, 1.05, 1.25, 1.6, 1.95, 2.12, 2.2, 2.25, 2.3))
    share = np.linspace(0.01, 1, rows)[:, None]
    p, a = share * edge, np.broadcast_to(around, (rows, columns))
    direction = np.stack([np.sin(p) * np.sin(a), np.cos(p), np.sin(p) * np.cos(a)], axis=-1)
    direction = direction.astype(np.float32)
    distance = skull.distance(direction)
    ear = np.exp(-(((p - 1.72) / 0.42) ** 2)) * np.exp(-(((np.abs(a) - 1.62) / 0.42) ** 2))
    folds = 0.012 * np.sin(a * 8 + 4 * p) * np.clip(p - 0.6, 0, 1)
    inwards = np.clip((share - 0.90) / 0.10, 0, 1) ** 2
    lifted = distance + 0.06 * (1 - inwards) + (0.13 * ear + folds) * (1 - inwards)
    vertices = CENTRE + direction * lifted[..., None]
    return vertices.reshape(-1, 3).astype(np.float32), grid_triangles(rows, columns)


def garment_albedo(look: Looks, place: Floats) -> Floats:
    """Linear RGB (n, 3) at places of the garment."""
    base = np.array(look.garment, np.float32) ** 2.2
    x, y, z = place.T
    weave = 1 + 0.05 * np.sin(x * 95) * np.sin(y * 95)
    fold = 1 - 0.10 * np.exp(-(((np.abs(x) - 1.45 - 0.06 * np.sin(y * 5)) / 0.06) ** 2)) * (y < 5.2)
    fold = fold * (1 + 0.05 * np.sin(x * 4.1 + 1.3 * np.sin(y * 2.3)) * np.clip(5.4 - y, 0, 1))
    albedo = base * (weave * fold)[:, None]
    front = z > 0
    if look.collar is Collar.ROUND:
        band = (y > 5.86) * (1 + 0.2 * np.sin(np.arctan2(x, z - 0.17) * 60))
        albedo *= (1 - 0.18 * band * (y > 5.86))[:, None]
    elif look.collar is Collar.SHIRT:
        light = np.array((0.80, 0.80, 0.79), np.float32)
        inside = (front & (y > 5.15 + np.abs(x) * 1.9))[:, None]
        albedo = np.where(inside, light * weave[:, None], albedo)
        edge = np.exp(-(((y - 5.15 - np.abs(x) * 1.9) / 0.035) ** 2)) * front
        albedo *= (1 - 0.45 * edge)[:, None]
        flap = np.exp(-(((y - 5.72 - 0.5 * np.abs(x)) / 0.02) ** 2)) * front * (np.abs(x) < 0.42)
        albedo *= (1 - 0.3 * flap)[:, None]
        button = np.exp(-((x / 0.012) ** 2)) * front * inside[:, 0]
        albedo *= (1 - 0.25 * button)[:, None]
    else:
        skin = np.array(look.skin, np.float32) ** 2.2
        inside = (front & (y > 5.62 + np.abs(x) * 0.75))[:, None]
        albedo = np.where(inside, skin * 0.8, albedo)
        edge = np.exp(-(((y - 5.60 - np.abs(x) * 0.75) / 0.04) ** 2)) * front
        albedo *= (1 - 0.35 * edge)[:, None]
    return np.asarray(albedo, np.float32)


def scarf_albedo(look: Looks, place: Floats) -> Floats:
    """Linear RGB (n, 3) at places of the scarf."""
    base = np.array(look.scarf, np.float32) ** 2.2
    offset = place - CENTRE
    polar = np.arccos(np.clip(offset[:, 1] / np.linalg.norm(offset, axis=1), -1, 1))
    around = np.arctan2(offset[:, 0], offset[:, 2])
    albedo = base * (1 + 0.04 * np.sin(polar * 140) * np.sin(around * 120))[:, None]
    if look.scarf_pattern > 0.45:
        size = 7 + 5 * look.scarf_pattern
        flower = np.sin(polar * size * 2) * np.sin(around * size)
        other = base[::-1] * 0.6 + 0.25
        albedo = np.where((flower > 0.72)[:, None], other, albedo)
    return np.asarray(albedo, np.float32)


def glasses_lines(look: Looks, positions: Floats) -> list[Floats]:
    """Rims, temples and bridge on a head of these vertex positions, each (n, 3)."""
    wide, tall, power = look.glasses_size
    mesh = head_mesh()
    angle = np.linspace(0, 2 * np.pi, 60)
    cos, sin = np.cos(angle), np.sin(angle)
    eyes = [positions[mesh.material == kind].mean(axis=0) for kind in (LEFT_EYE, RIGHT_EYE)]
    lines = []
    front = float(max(eye[2] for eye in eyes)) + 0.36
    for eye in eyes:
        side = float(np.sign(eye[0]))
        x = eye[0] + side * 0.02 + wide * np.sign(cos) * np.abs(cos) ** (2 / power)
        y = eye[1] - 0.03 + tall * np.sign(sin) * np.abs(sin) ** (2 / power)
        z = front - 0.12 * (np.abs(x) / 0.5) ** 2
        lines.append(np.stack([x, y, z], axis=1))
        outer = eye[0] + side * (0.02 + wide)
        ear = np.array([[outer, eye[1] + 0.03, front - 0.12], [side * 0.66, eye[1] + 0.03, 0.5]])
        t = np.linspace(0, 1, 20)[:, None]
        lines.append(ear[:1] * (1 - t) + ear[1:] * t)
    inner = abs(float(eyes[0][0])) + 0.02 - wide
    x = np.linspace(-inner, inner, 12)
    lines.append(
        np.stack([x, eyes[0][1] + 0.02 + 0.05 * (1 - (x / inner) ** 2), np.full(12, front)], axis=1)
    )
    return [line.astype(np.float32) for line in lines]
