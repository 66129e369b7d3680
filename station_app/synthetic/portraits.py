"""Pictures of invented people: a mesh, painted and lit, with hair; nobody was photographed."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from station_app.synthetic.clothing import (
    garment_albedo,
    garment_mesh,
    glasses_lines,
    scarf_albedo,
    scarf_mesh,
)
from station_app.synthetic.faces import Colour, HairStyle, InventedFace, Looks, head_shape, looks
from station_app.synthetic.hair import CENTRE, Skull, Strands, scalp, strands
from station_app.synthetic.head_mesh import LEFT_EYE, RIGHT_EYE, SKIN, Floats, head_mesh
from station_app.synthetic.mesh_raster import Raster, rasterise
from station_app.synthetic.seeds import generator
from station_app.synthetic.skin import LEFT, SCALE, TOP, painted

Picture = npt.NDArray[np.uint8]
"""RGB, (height, width, 3)."""

_GARMENT, _SCARF = 3, 4
_PIVOT: Final = np.array((0.0, 6.35, 0.25), np.float32)
"""Heads turn on the neck about this place."""
_EYE_LEVEL: Final = 7.284


@dataclass(frozen=True, slots=True)
class View:
    """How a person is seen.

    `width` and `height` of the picture in pixels; `scale`: pixels a decimetre at the face;
    `distance` of the camera in decimetres; `x`, `y`: where the middle between the eyes is at rest,
    as shares of the picture. The head, in degrees: `yaw`, positive to the person's left, which is
    the right of the picture; `pitch`, positive up; `roll`, positive clockwise in the picture.
    `smile` and `closed` (the lids) in 0..1. `light`: 0 is even, other numbers draw one.
    `blur`: standard deviation in pixels; `noise`: of 255. `gaze` as `yaw`. Pixels are drawn `fine`
    times finer, then averaged.
    """

    width: int = 300
    height: int = 375
    scale: float = 82.0
    distance: float = 14.0
    x: float = 0.5
    y: float = 0.46
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.0
    closed: float = 0.0
    light: int = 0
    backdrop: Colour = (0.86, 0.87, 0.88)
    blur: float = 0.0
    noise: float = 1.2
    gaze: float = 0.0
    fine: int = 2


ENROLMENT: Final = View()
"""As a passport's photo: from the front, even light, plain background."""
WEBCAM: Final = View(
    width=640,
    height=480,
    scale=100,
    distance=6.5,
    y=0.46,
    backdrop=(0.62, 0.61, 0.58),
    blur=0.55,
    noise=2.5,
    fine=1,
)
"""As a camera on the desk sees the person."""
BACKDROPS: Final = (
    (0.62, 0.61, 0.58), (0.50, 0.54, 0.57), (0.66, 0.60, 0.52), (0.44, 0.47, 0.44),
    (0.72, 0.72, 0.70),
)  # fmt: skip


def any_view(seed: int, like: View = ENROLMENT) -> View:
    """A view of another moment: turned, lit and kept otherwise; sd 9, 5, 3 degrees."""
    rng = generator("face view", seed)
    return replace(
        like,
        yaw=float(np.clip(rng.normal(0, 9), -24, 24)),
        pitch=float(np.clip(rng.normal(0, 5), -12, 12)),
        roll=float(np.clip(rng.normal(0, 3), -8, 8)),
        smile=float(np.clip(rng.normal(0.1, 0.25), 0, 0.8)),
        light=1 + seed,
        backdrop=BACKDROPS[int(rng.integers(len(BACKDROPS)))],
        blur=float(rng.uniform(0.2, 1.1)),
        noise=float(rng.uniform(1, 5)),
        x=0.5 + float(rng.normal(0, 0.02)),
        scale=like.scale * float(rng.uniform(0.9, 1.1)),
    )


def portrait(face: InventedFace, view: View = ENROLMENT) -> Picture:
    """The person in this view; the same arguments always give the same pixels."""
    camera = _Camera(view)
    lamps = _lamps(view)
    canvas = _backdrop(view)
    model = _model(face)
    positions = camera.pose(_expressed(model.positions, view), model.heights)
    raster = rasterise(camera.seen(positions), model.triangles, camera.height, camera.width)
    canvas.reshape(-1, 3)[raster.pixel] = _shaded(face, model, positions, raster, lamps, view)
    depth = raster.depth
    _draw_strands(canvas, depth, model, camera, lamps, view)
    if looks(face).glasses is not None:
        _draw_glasses(canvas, depth, looks(face), model, camera)
    return _finished(canvas, face, view)


def portrait_jpeg(face: InventedFace) -> bytes:
    """The photo of the person's document: 300 x 375 pixels, JPEG, about 13 kB."""
    picture = cv2.cvtColor(portrait(face), cv2.COLOR_RGB2BGR)
    encoded, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])
    if not encoded:
        raise RuntimeError("cv2 did not encode a picture")
    return data.tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """A person's geometry at rest: head, garment, perhaps a scarf, in one mesh.

    `neutral` are the places in the neutral mesh (for garment and scarf, their own); `heights`
    say how far a vertex turns with the head.
    """

    positions: Floats
    neutral: Floats
    triangles: np.ndarray
    material: np.ndarray
    marks: Floats
    heights: Floats
    hair: Strands


@lru_cache(maxsize=8)
def _model(face: InventedFace) -> _Model:
    mesh, look = head_mesh(), looks(face)
    head = head_shape(face)
    skull = Skull(head)
    parts = [(head, mesh.positions, mesh.triangles, mesh.material)]
    garment, triangles = garment_mesh(face)
    parts.append((garment, garment, triangles, np.full(len(garment), _GARMENT, np.uint8)))
    if look.style is HairStyle.SCARF:
        cloth, triangles = scarf_mesh(skull)
        parts.append((cloth, cloth, triangles, np.full(len(cloth), _SCARF, np.uint8)))
    starts = np.cumsum([0] + [len(part[0]) for part in parts])
    positions = np.concatenate([part[0] for part in parts])
    marks = np.zeros((len(positions), 3), np.float32)
    marks[: len(head)] = np.stack([mesh.lips, mesh.lids, mesh.ears], axis=1)
    neutral = np.concatenate([part[1] for part in parts])
    material = np.concatenate([part[3] for part in parts])
    heights = neutral[:, 1].copy()
    heights[material == _GARMENT] = 0
    return _Model(
        positions=positions,
        neutral=neutral,
        triangles=np.concatenate(
            [part[2] + start for part, start in zip(parts, starts, strict=False)]
        ),
        material=material,
        marks=marks,
        heights=heights,
        hair=strands(face, head, skull),
    )


def _expressed(positions: Floats, view: View) -> Floats:
    """The positions with a smile and lids as in the view."""
    if not view.smile and not view.closed:
        return positions
    shaped = positions.copy()
    targets = head_mesh().targets
    for name, weight in (
        ("unit-mouth-corner-puller", 0.8 * view.smile),
        ("unit-eye-left-closure", view.closed),
        ("unit-eye-right-closure", view.closed),
    ):
        shaped[targets[name].at] += np.float32(weight) * targets[name].by
    return shaped


class _Camera:
    """Turns heads, and says where in the picture places are."""

    def __init__(self, view: View) -> None:
        self.width, self.height = view.width * view.fine, view.height * view.fine
        self._view = view
        yaw, pitch, roll = (math.radians(a) for a in (view.yaw, -view.pitch, -view.roll))
        cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (math.cos, math.sin))
        about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        self.turn = (about_z @ about_y @ about_x).astype(np.float32)

    def pose(
        self, positions: Floats, heights: Floats, low: float = 5.75, high: float = 6.5
    ) -> Floats:
        """Positions with the head turned; parts between the two heights turn in part."""
        share = np.clip((heights - low) / (high - low), 0, 1)
        share = (share * share * (3 - 2 * share))[..., None]
        turned = (positions - _PIVOT) @ self.turn.T + _PIVOT
        return np.asarray(positions + share * (turned - positions), np.float32)

    def seen(self, positions: Floats) -> Floats:
        """Pixels across and down, and the distance, of places (..., 3)."""
        view = self._view
        eye = 1.25  # the plane in which `scale` holds
        distance = view.distance + eye - positions[..., 2]
        zoom = view.scale * view.fine * view.distance / distance
        x = self.width * view.x + positions[..., 0] * zoom
        y = self.height * view.y - (positions[..., 1] - _EYE_LEVEL) * zoom
        return np.stack([x, y, distance], axis=-1).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Lamp:
    direction: Floats
    colour: Floats


def _lamps(view: View) -> tuple[_Lamp, _Lamp, Floats]:
    """A key lamp, a fill lamp, and what comes from everywhere."""
    if not view.light:
        key, fill, ambient = (0.35, 0.45, 0.82), (-0.6, 0.15, 0.78), 0.36
        strength, weak, warm = 0.62, 0.30, 0.0
    else:
        rng = generator("face light", view.light)
        side = float(rng.choice((-1, 1)))
        key = (side * float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.2, 0.9)), 0.8)
        fill = (-side * 0.7, 0.1, 0.7)
        strength, weak = float(rng.uniform(0.45, 0.75)), float(rng.uniform(0.10, 0.30))
        ambient, warm = float(rng.uniform(0.24, 0.38)), float(rng.normal(0, 0.06))
    tint = np.array((1 + warm, 1.0, 1 - warm), np.float32)
    return (
        _Lamp(_unit(np.array(key, np.float32)), strength * tint),
        _Lamp(_unit(np.array(fill, np.float32)), np.full(3, weak, np.float32)),
        ambient * np.array((1 - warm / 2, 1.0, 1 + warm / 2), np.float32),
    )


_WRAP: Final = np.array((0.34, 0.20, 0.15), np.float32)
"""Red light travels furthest in skin (wrap lighting, GPU Gems, chapter 16)."""


def _shaded(
    face: InventedFace,
    model: _Model,
    positions: Floats,
    raster: Raster,
    lamps: tuple[_Lamp, _Lamp, Floats],
    view: View,
) -> Floats:
    """The colours of the raster's pixels, linear."""
    look = looks(face)
    normals = _normals(positions, model.triangles)
    known = raster.of(np.hstack([normals, model.neutral, model.marks]), model.triangles)
    normal, neutral, marks = _unit(known[:, :3]), known[:, 3:6], known[:, 6:]
    material = model.material[model.triangles[raster.triangle, 0]]
    albedo = np.empty_like(neutral)
    gloss = np.zeros(len(neutral), np.float32)
    hard = np.full(len(neutral), 14.0, np.float32)
    is_skin = material == SKIN
    albedo[is_skin] = _skin_albedo(face, look, neutral[is_skin], marks[is_skin])
    gloss[is_skin] = 0.045 + 0.06 * marks[is_skin, 0]
    for kind in (LEFT_EYE, RIGHT_EYE):
        chosen = material == kind
        if chosen.any():
            albedo[chosen], gloss[chosen] = _eye_albedo(look, neutral[chosen], kind, view)
            hard[chosen] = 90.0
    cloth = material == _GARMENT
    albedo[cloth] = garment_albedo(look, neutral[cloth])
    veil = material == _SCARF
    albedo[veil] = scarf_albedo(look, neutral[veil])
    wrap = np.where(is_skin[:, None], _WRAP, np.float32(0.15))
    light = np.broadcast_to(lamps[2] * (0.8 + 0.2 * normal[:, 1:2]), albedo.shape).copy()
    shine = np.zeros_like(gloss)
    for lamp in lamps[:2]:
        facing = (normal @ lamp.direction)[:, None]
        light += lamp.colour * np.clip((facing + wrap) / (1 + wrap), 0, None)
        half = _unit(lamp.direction + np.array((0, 0, 1), np.float32))
        shine += lamp.colour.mean() * np.clip(normal @ half, 0, 1) ** hard
    light *= _openness(raster)[:, None]
    under = (
        np.clip((6.32 - neutral[:, 1]) / 0.28, 0, 1)
        * is_skin
        * np.clip((6.9 - neutral[:, 1]) * 2, 0, 1)
    )
    light *= (1 - 0.30 * under)[:, None]
    return np.asarray(albedo * light + (gloss * shine)[:, None], np.float32)


def _skin_albedo(face: InventedFace, look: Looks, neutral: Floats, marks: Floats) -> Floats:
    across = ((neutral[:, 0] - LEFT) * SCALE).astype(np.float32)
    down = ((TOP - neutral[:, 1]) * SCALE).astype(np.float32)
    # Behind the ears the map would be stretched: there it is read further along.
    across += np.clip(0.45 - neutral[:, 2], 0, None) * 90 * -np.sign(neutral[:, 0])
    albedo = _read(painted(face), across, down)
    lips = np.clip(marks[:, :1] * 1.25, 0, 1) * 0.85
    albedo += lips * (
        np.array(look.lip, np.float32) ** 2.2
        * (albedo / albedo.mean(axis=1, keepdims=True)).clip(0.8, 1.2)
        - albedo
    )
    if look.style is HairStyle.SCARF:
        return albedo
    grown = scalp(neutral, look.hairline, look.style)
    grown = grown * {HairStyle.CROPPED: 0.75, HairStyle.RECEDING: 0.7}.get(look.style, 0.93)
    shade = np.array(look.hair, np.float32) * (1 - look.grey) + look.grey * 0.42
    return np.asarray(albedo + grown[:, None] * (shade**2.2 - albedo), np.float32)


def _read(picture: Floats, across: Floats, down: Floats) -> Floats:
    """The picture at these places, (n, 3)."""
    rows = -(-len(across) // 512)
    padded = np.zeros((2, rows * 512), np.float32)
    padded[0, : len(across)], padded[1, : len(down)] = across, down
    read = cv2.remap(
        picture, padded[0].reshape(rows, 512), padded[1].reshape(rows, 512), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(read.reshape(-1, 3)[: len(across)], np.float32)


def _eye_albedo(look: Looks, neutral: Floats, kind: int, view: View) -> tuple[Floats, Floats]:
    mesh = head_mesh()
    own = mesh.positions[mesh.material == kind]
    middle = own.mean(axis=0)
    radius = float((own.max(axis=0) - own.min(axis=0)).max()) / 2
    local = (neutral - middle) / radius
    # The eyes stay with the camera while the head turns, as far as eyes can.
    aim = math.radians(float(np.clip(view.gaze - 0.6 * view.yaw, -22, 22)))
    tilt = math.radians(float(np.clip(-0.5 * view.pitch, -10, 10)))
    away = np.hypot(local[:, 0] - math.sin(aim), local[:, 1] - math.sin(tilt))
    iris = np.array(look.iris, np.float32) ** 2.2
    white = np.array((0.72, 0.69, 0.66), np.float32)
    inner = np.clip((0.50 - away) / 0.06, 0, 1)[:, None]
    ring = np.clip(1 - np.abs(away - 0.47) / 0.08, 0, 1)[:, None]
    pupil = np.clip((0.19 - away) / 0.05, 0, 1)[:, None]
    angle = np.arctan2(local[:, 1] - math.sin(tilt), local[:, 0] - math.sin(aim))
    rays = (1 + 0.18 * np.sin(angle * 23) + 0.25 * (0.35 - away))[:, None]
    albedo = white + inner * (iris * rays - white)
    albedo = albedo * (1 - 0.55 * ring) * (1 - 0.95 * pupil)
    lid = np.clip((local[:, 1] - 0.02) / 0.33, 0, 1)[:, None]  # the upper lid's shadow
    corner = np.clip((np.abs(local[:, 0]) - 0.45) / 0.4, 0, 1)[:, None]
    albedo = albedo * (1 - 0.62 * lid) * (1 - 0.35 * corner)
    return np.asarray(albedo, np.float32), np.full(len(neutral), 0.65, np.float32)


def _openness(raster: Raster) -> Floats:
    """Less light reaches what lies deeper than its surroundings: blurred depth, 0.45..1."""
    height, width = raster.depth.shape
    known = np.isfinite(raster.depth)
    far = np.where(known, raster.depth, 0).astype(np.float32)
    total = np.zeros(len(raster.pixel), np.float32)
    small = (width // 2, height // 2)
    for size, gain in ((3.0, 1.3), (11.0, 0.55)):
        deep = cv2.resize(far, small, interpolation=cv2.INTER_AREA)
        some = cv2.resize(known.astype(np.float32), small, interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(deep, (0, 0), size) / np.maximum(
            cv2.GaussianBlur(some, (0, 0), size), 1e-3
        )
        around = cv2.resize(blurred, (width, height)).ravel()[raster.pixel]
        total += np.float32(gain) * np.clip(far.ravel()[raster.pixel] - around, 0, 0.35)
    return np.asarray(np.clip(1 - total, 0.45, 1), np.float32)


def _normals(positions: Floats, triangles: np.ndarray) -> Floats:
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    of_faces = np.cross(b - a, c - a)
    summed = np.empty_like(positions)
    for axis in range(3):
        summed[:, axis] = sum(
            np.bincount(triangles[:, corner], of_faces[:, axis], len(positions))
            for corner in range(3)
        )
    return _unit(summed)


def _draw_strands(
    canvas: Floats,
    depth: Floats,
    model: _Model,
    camera: _Camera,
    lamps: tuple[_Lamp, _Lamp, Floats],
    view: View,
) -> None:
    """Strands in pieces, the farthest first; a piece that starts behind the head is hidden."""
    hair = model.hair
    if not len(hair.points):
        return
    posed = camera.pose(hair.points, hair.points[..., 1], 5.2, 6.6)
    seen = camera.seen(posed)
    steps = seen.shape[1]
    length = 3 if steps > 4 else 2
    starts = np.arange(0, steps - 1, length)
    middles = np.minimum(starts + 1, steps - 1)
    head = (CENTRE - _PIVOT) @ camera.turn.T + _PIVOT
    place = posed[:, middles]
    along = _unit(posed[:, np.minimum(starts + length, steps - 1)] - posed[:, starts])
    outward = _unit(place - head)
    outward = _unit(outward - 0.5 * (outward * along).sum(-1, keepdims=True) * along)
    light = np.broadcast_to(lamps[2] * 0.8, place.shape).copy()
    shine = np.zeros(place.shape[:2], np.float32)
    for lamp in lamps[:2]:
        light += lamp.colour * np.clip((outward @ lamp.direction + 0.25) / 1.25, 0, None)[..., None]
        half = _unit(lamp.direction + np.array((0, 0, 1), np.float32))
        across = np.sqrt(np.clip(1 - (along @ half) ** 2, 0, 1))
        shine += lamp.colour.mean() * across**40 * np.clip(outward @ half, 0, 1)
    root = np.linspace(0.72, 1.05, len(starts), dtype=np.float32)[None, :, None]
    colour = hair.colour[:, None] * light * root + (0.055 * shine)[..., None]
    at = seen[:, middles]
    column, row = at[..., 0].astype(int), at[..., 1].astype(int)
    inside = (column >= 0) & (row >= 0) & (column < camera.width) & (row < camera.height)
    wall = depth[row.clip(0, camera.height - 1), column.clip(0, camera.width - 1)]
    which, piece = np.nonzero(inside & (at[..., 2] < wall + 0.03))
    order = np.argsort(-at[which, piece, 2])
    which, piece = which[order], piece[order]
    ends = starts[piece][:, None] + np.arange(length + 1)
    ends = np.minimum(ends, steps - 1)
    lines = np.round(seen[which[:, None], ends, :2] * 8).astype(np.int32)
    colours = colour[which, piece].tolist()
    kind = cv2.LINE_8 if view.fine > 1 else cv2.LINE_AA
    for line, shade in zip(lines, colours, strict=True):
        cv2.polylines(canvas, [line], False, shade, 1, kind, 3)


def _draw_glasses(
    canvas: Floats, depth: Floats, look: Looks, model: _Model, camera: _Camera
) -> None:
    assert look.glasses is not None
    colour = [float(c**2.2) for c in look.glasses]
    thick = max(1, round(camera.height / 260))
    for points in glasses_lines(look, model.positions[: len(head_mesh().positions)]):
        seen = camera.seen(camera.pose(points, np.full(len(points), 7.3, np.float32)))
        column = seen[:, 0].astype(int).clip(0, camera.width - 1)
        row = seen[:, 1].astype(int).clip(0, camera.height - 1)
        shown = seen[:, 2] < depth[row, column] + 0.02
        for n in np.flatnonzero(shown[:-1] & shown[1:]):
            ends = np.round(seen[n : n + 2, :2] * 8).astype(np.int32)
            cv2.polylines(canvas, [ends], False, colour, thick, cv2.LINE_AA, 3)


def _backdrop(view: View) -> Floats:
    """A wall behind, a little uneven, linear, at the fine size."""
    rng = generator("backdrop", view.light, view.width)
    height, width = view.height * view.fine, view.width * view.fine
    soft = cv2.resize(
        rng.normal(1, 0.035, (5, 5)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    wall = np.array(view.backdrop, np.float32) ** 2.2
    return np.ascontiguousarray(soft[..., None] * wall, np.float32)


def _finished(canvas: Floats, face: InventedFace, view: View) -> Picture:
    size = (view.width, view.height)
    seen = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA) if view.fine > 1 else canvas
    if view.blur:
        seen = cv2.GaussianBlur(seen, (0, 0), view.blur)
    picture = np.float32(255) * np.clip(seen, 0, 1) ** np.float32(1 / 2.2)
    rng = generator("sensor", face.seed, view.light, round(100 * view.yaw), round(100 * view.pitch))
    picture += np.float32(view.noise) * rng.standard_normal(picture.shape, dtype=np.float32)
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-6), np.float32)
