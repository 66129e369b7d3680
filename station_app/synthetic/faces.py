"""An invented person's face: the shape of the head, the skin, the hair, what they wear."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

import numpy as np

from station_app.synthetic.head_mesh import LEFT_EYE, RIGHT_EYE, Floats, head_mesh
from station_app.synthetic.names import FEMALE
from station_app.synthetic.seeds import generator

Colour = tuple[float, float, float]
"""sRGB, each in 0..1."""

YOUNGEST, OLDEST = 18, 100


class HairStyle(Enum):
    """How the hair is worn."""

    SHORT = "short"
    CROPPED = "cropped"
    PARTED = "parted"
    RECEDING = "receding"
    TIED = "tied"
    BOB = "bob"
    LONG = "long"
    SCARF = "scarf"


class Collar(Enum):
    """The edge of the garment at the neck."""

    ROUND = "round"
    POINTED = "pointed"
    SHIRT = "shirt"


@dataclass(frozen=True, slots=True)
class InventedFace:
    """A person who does not exist: `sex` f or m, `age` 18 to 100; `seed` decides the rest."""

    seed: int
    sex: str
    age: int

    def __post_init__(self) -> None:
        if not YOUNGEST <= self.age <= OLDEST:
            raise ValueError(f"age {self.age} is not within {YOUNGEST} to {OLDEST}")


@dataclass(frozen=True, slots=True)
class Looks:
    """What is painted, worn and grown; colours are sRGB, shares 0..1."""

    skin: Colour
    flush: float
    lip: Colour
    iris: Colour
    hair: Colour
    grey: float
    style: HairStyle
    part: float
    fringe: float
    hairline: float
    brow_thickness: float
    brow_arch: float
    brow_height: float
    brow_colour: Colour
    stubble: float
    moustache: float
    wrinkles: float
    moles: tuple[tuple[float, float, float], ...]
    freckles: float
    glasses: Colour | None
    glasses_size: tuple[float, float, float]
    garment: Colour
    collar: Collar
    scarf: Colour
    scarf_pattern: float


_DETAILS: Final[Mapping[str, float]] = {
    "cheek-bones": 0.40, "cheek-inner": 0.30, "cheek-volume": 0.40, "cheek-trans": 0.3,
    "chin-bones": 0.40, "chin-height": 0.40, "chin-prognathism": 0.18, "chin-prominent": 0.35,
    "chin-width": 0.45, "chin-jaw-drop": 0.35, "ear-scale": 0.35, "ear-wing": 0.25, "ear-lobe": 0.4,
    "ear-flap": 0.3, "eyebrows-angle": 0.35, "eyebrows-trans": 0.45,
    "eye-bag": 0.25, "eye-corner1": 0.40, "eye-corner2": 0.45, "eye-eyefold-angle": 0.35,
    "eye-height1": 0.3, "eye-height2": 0.35, "eye-height3": 0.3, "eye-push1": 0.2,
    "eye-scale": 0.35, "eye-trans:in out": 0.40, "eye-trans": 0.35, "eye-eyefold": 0.35,
    "forehead-nubian": 0.30, "forehead-scale-vert": 0.40, "forehead-temple": 0.40,
    "forehead-trans:backward forward": 0.3, "head-angle:in out": 0.3,
    "head-scale-depth": 0.30, "head-scale-horiz": 0.35, "head-scale-vert": 0.30,
    "mouth-cupidsbow": 0.35, "mouth-lowerlip-height": 0.40, "mouth-lowerlip-volume": 0.35,
    "mouth-philtrum-volume": 0.35, "mouth-scale-horiz": 0.45, "mouth-scale-vert": 0.30,
    "mouth-scale-depth": 0.3, "mouth-trans": 0.40, "mouth-upperlip-height": 0.40,
    "mouth-upperlip-volume": 0.35, "mouth-laugh-lines:in out": 0.25,
    "nose-base": 0.40, "nose-compression:compress uncompress": 0.35,
    "nose-curve:concave convex": 0.40, "nose-flaring": 0.40, "nose-greek": 0.30,
    "nose-hump": 0.40, "nose-nostrils-angle": 0.40, "nose-nostrils-width": 0.40, "nose-point": 0.45,
    "nose-point-width": 0.45, "nose-scale-depth": 0.40, "nose-scale-horiz": 0.45,
    "nose-scale-vert": 0.45, "nose-septumangle": 0.40, "nose-trans": 0.4, "nose-volume": 0.45,
    "nose-width1": 0.45, "nose-width2": 0.45, "nose-width3": 0.45,
    "neck-scale-horiz": 0.3,
}  # fmt: skip
"""Changes of the shape and the standard deviation of their weight; the ends of a pair are decr and
incr, or down and up where there are none."""
_ONE_SIDED: Final = (
    "head-diamond", "head-invertedtriangular", "head-oval", "head-rectangular", "head-round",
    "head-square", "head-triangular", "chin-triangle",
)  # fmt: skip
_UNEVEN: Final = (
    "asym-brown-1", "asym-brown-2", "asym-cheek-1", "asym-cheek-2", "asym-eye-1", "asym-eye-3",
    "asym-jaw-1", "asym-jaw-2", "asym-temple-1", "asym-temple-2",
)  # fmt: skip


@lru_cache(maxsize=64)
def head_shape(face: InventedFace) -> Floats:
    """The person's head with an empty expression: positions of the mesh's vertices, decimetres."""
    rng = generator("face shape", face.seed)
    mesh = head_mesh()
    asian = float(np.clip(rng.normal(0.76, 0.2), 0.25, 1))
    weight = float(np.clip(rng.normal(0.12, 0.45), -0.9, 1))
    old = float(np.clip((face.age - 28) / 62, 0, 0.95))
    sex = "female" if face.sex == FEMALE else "male"
    weights: dict[str, float] = {}
    for age, share in (("young", 1 - old), ("old", old)):
        weights[f"asian-{sex}-{age}"] = asian * share
        weights[f"caucasian-{sex}-{age}"] = (1 - asian) * share
        end = "maxweight" if weight > 0 else "minweight"
        weights[f"{sex}-{age}-{end}"] = abs(weight) * share
    for name, spread in _DETAILS.items():
        low, high = _ends(name)
        drawn = float(np.clip(rng.normal(0, spread), -0.9, 0.9)) * _STRENGTH
        weights[low if drawn < 0 else high] = abs(drawn)
    for name, share in zip(_ONE_SIDED, rng.dirichlet(np.full(len(_ONE_SIDED), 0.45)), strict=True):
        weights[name] = float(share) * 0.75
    for name in _UNEVEN:
        drawn = float(rng.normal(0, 0.22))
        weights[f"{name}-{'l' if drawn < 0 else 'r'}"] = min(0.5, abs(drawn))
    weights["eye-epicanthus-in"] = float(np.clip(rng.normal(0.75 * asian, 0.2), 0, 1))
    weights["unit-mouth-corner-puller"] = float(rng.uniform(0.06, 0.2))
    weights["mouth-angles-up"] = float(np.clip(rng.normal(0.35, 0.15), 0.05, 0.8))
    shaped = mesh.shaped(weights)
    is_eye = (mesh.material == LEFT_EYE) | (mesh.material == RIGHT_EYE)
    shaped -= shaped[is_eye].mean(axis=0) - mesh.positions[is_eye].mean(axis=0)
    return shaped


_STRENGTH: Final = 0.85


def _ends(name: str) -> tuple[str, str]:
    stem, _, written = name.partition(":")
    if written:
        low, high = written.split()
        return f"{stem}-{low}", f"{stem}-{high}"
    for low, high in (("decr", "incr"), ("down", "up"), ("in", "out")):
        if f"{stem}-{low}" in head_mesh().targets:
            return f"{stem}-{low}", f"{stem}-{high}"
    raise KeyError(name)


_SKINS: Final = (
    (0.91, 0.74, 0.64), (0.88, 0.70, 0.58), (0.84, 0.65, 0.52), (0.78, 0.58, 0.44),
    (0.71, 0.51, 0.38),
)  # fmt: skip
_HAIRS: Final = (
    (0.055, 0.045, 0.045),
    (0.085, 0.062, 0.05),
    (0.16, 0.10, 0.07),
    (0.26, 0.17, 0.10),
)
_IRISES: Final = ((0.17, 0.09, 0.05), (0.24, 0.14, 0.07), (0.33, 0.22, 0.11), (0.34, 0.36, 0.28))
_GARMENTS: Final = (
    (0.13, 0.17, 0.29), (0.27, 0.30, 0.34), (0.45, 0.13, 0.16), (0.15, 0.30, 0.24),
    (0.86, 0.86, 0.84), (0.22, 0.36, 0.56), (0.36, 0.25, 0.20), (0.11, 0.11, 0.12),
    (0.60, 0.55, 0.47), (0.42, 0.28, 0.42),
)  # fmt: skip
_SCARVES: Final = (
    (0.88, 0.87, 0.84), (0.62, 0.17, 0.20), (0.20, 0.33, 0.52), (0.16, 0.40, 0.34),
    (0.70, 0.48, 0.58), (0.47, 0.30, 0.47), (0.78, 0.62, 0.36),
)  # fmt: skip
_FRAMES: Final = ((0.06, 0.06, 0.07), (0.20, 0.12, 0.08), (0.36, 0.34, 0.33), (0.30, 0.06, 0.08))


@lru_cache(maxsize=256)
def looks(face: InventedFace) -> Looks:
    """What the person looks like besides the shape."""
    rng = generator("face looks", face.seed)
    is_woman = face.sex == FEMALE
    tone = float(np.clip(rng.normal(1.5 if is_woman else 1.9, 1.0), 0, 3.99))
    red, green, blue = np.clip(_between(_SKINS, tone) * rng.normal(1, 0.02, 3), 0, 0.95).tolist()
    skin = red, green, blue
    hair = _HAIRS[int(rng.choice(4, p=(0.42, 0.34, 0.16, 0.08)))]
    grey = float(np.clip((face.age - 36 + rng.normal(0, 9)) / 34, 0, 1))
    if is_woman and rng.random() < 0.55:
        grey *= 0.25  # dyed
    style = _style(rng, is_woman, face.age)
    redness = float(rng.uniform(0.25, 0.75) if is_woman else rng.uniform(0.05, 0.35))
    lip = _mixed((red * 0.86, green * 0.70, blue * 0.72), (0.62, 0.30, 0.32), redness)
    has_glasses = rng.random() < (0.12 if face.age < 45 else 0.33)
    moles = tuple(
        (
            float(rng.choice((-1, 1)) * rng.uniform(0.16, 0.58)),
            float(rng.uniform(6.4, 7.9)),
            float(rng.uniform(0.010, 0.022)),
        )
        for _ in range(int(rng.poisson(1.1)))
    )
    return Looks(
        skin=skin,
        flush=float(rng.uniform(0.25, 1.0)),
        lip=lip,
        iris=_IRISES[int(rng.choice(4, p=(0.45, 0.33, 0.17, 0.05)))],
        hair=hair,
        grey=grey,
        style=style,
        part=float(rng.choice((-1, 1)) * rng.uniform(0.05, 0.32)),
        fringe=float(rng.uniform(0, 1)),
        hairline=float(rng.normal(0, 0.045) + (0 if is_woman else max(0, face.age - 35) * 0.003)),
        brow_thickness=float(rng.uniform(0.6, 1.05) if is_woman else rng.uniform(0.85, 1.5)),
        brow_arch=float(rng.normal(0.035, 0.018)),
        brow_height=float(rng.normal(0, 0.02)),
        brow_colour=_mixed(hair, (0.6, 0.6, 0.6), 0.45 * grey),
        stubble=0.0 if is_woman else float(np.clip(rng.normal(0.35, 0.3), 0, 0.9)),
        moustache=0.0 if is_woman or rng.random() < 0.75 else float(rng.uniform(0.5, 1)),
        wrinkles=float(np.clip((face.age - 30 + rng.normal(0, 5)) / 45, 0, 1)),
        moles=moles,
        freckles=float(max(0, rng.normal(-0.4, 0.6))),
        glasses=_FRAMES[int(rng.integers(len(_FRAMES)))] if has_glasses else None,
        glasses_size=(
            float(rng.uniform(0.2, 0.25)),
            float(rng.uniform(0.14, 0.2)),
            float(rng.uniform(2.2, 5)),
        ),
        garment=_GARMENTS[int(rng.integers(len(_GARMENTS)))],
        collar=Collar(str(rng.choice([one.value for one in Collar]))),
        scarf=_SCARVES[int(rng.integers(len(_SCARVES)))],
        scarf_pattern=float(rng.uniform(0, 1)),
    )


def _style(rng: np.random.Generator, is_woman: bool, age: int) -> HairStyle:
    roll = rng.random()
    if is_woman:
        covered = 0.10 if age < 40 else 0.22 if age < 60 else 0.5
        if roll < covered:
            return HairStyle.SCARF
        styles = (HairStyle.TIED, HairStyle.LONG, HairStyle.BOB)
        chances = (0.4, 0.38, 0.22) if age < 45 else (0.55, 0.1, 0.35)
        return styles[int(rng.choice(3, p=chances))]
    if roll < max(0.0, (age - 38) / 90):
        return HairStyle.RECEDING
    return (HairStyle.SHORT, HairStyle.CROPPED, HairStyle.PARTED)[
        int(rng.choice(3, p=(0.45, 0.25, 0.3)))
    ]


def _between(colours: tuple[Colour, ...], place: float) -> Colour:
    low = math.floor(place)
    return _mixed(colours[low], colours[min(low + 1, len(colours) - 1)], place - low)


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    """The first where `share` is 0, the second where it is 1."""
    red, green, blue = (a + share * (b - a) for a, b in zip(first, second, strict=True))
    return red, green, blue
