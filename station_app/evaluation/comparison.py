"""One comparison of two prints taken apart: the score's parts, its minutiae, what held it down.

For disputes and for developers. Decisions are made elsewhere (`domain.decision`).
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.calibration import MOST_EVIDENCE, evidence
from station_app.biometrics.fingerprint.close_look import CloseLook, look_closely
from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.relaxation import ranking
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.samples import RetryReason

_OTHER_TURNS = (90.0, 270.0)
_OTHER_SIZES = (0.93, 1.07)
"""With these a resolution wrong by 12 % is within 5 % of one that is right."""

_MEETING_SHARE = 0.28
"""Of the minutiae that should meet beyond chance: of impressions of one finger nearly always more
meet, of different fingers nearly always fewer."""
_REACH = 15.0
"""Pixels at 500 ppi (0.8 mm) by which a pair may miss its place: skin stretches."""
_FEWEST, _ROUNDS = 4, 4
_Complex = NDArray[np.complex128]
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of one comparison, as in `CloseLook`; all 0 where a side has too few codes.

    `met` minutiae met, of `shared` of the probe and of the enrolled print that lie in the area
    both show. `evidence` is -log10 FMR, 0..12, after what a second look upside down costs.
    """

    relaxation: float = 0.0
    likeness: float = 0.0
    share: float = 0.0
    support: float = 0.0
    whole: float = 0.0
    evidence: float = 0.0
    met: int = 0
    shared: tuple[int, int] = (0, 0)

    @property
    def capped(self) -> bool:
        """True where the evidence is the most that is ever claimed."""
        return self.evidence >= MOST_EVIDENCE


@dataclass(frozen=True, slots=True)
class Meeting:
    """Which minutiae were held against which; places are those of the templates' minutiae.

    `pairs`: intp (counted, 2), probe and enrolled, the pairs the relaxation score is the mean
    of, best first; `alike`: their mean similarity before relaxation, 0..1. `met`: intp (m, 2),
    all minutiae that met when the probe was laid on the enrolled print. `degrees`: how it was
    turned for that, clockwise, -180..180. `size`: how many times as large as the probe the
    enrolled print is, by the minutiae that met. `shared_mm2`, `smaller_mm2`: area of the
    minutiae of both prints on each other, and of the smaller print's.
    """

    pairs: NDArray[np.intp]
    alike: float
    met: NDArray[np.intp]
    degrees: float
    size: float
    shared_mm2: float
    smaller_mm2: float

    @property
    def fitting(self) -> NDArray[np.bool_]:
        """Which of the `pairs` are among those that met, bool (counted,)."""
        met = {(int(a), int(b)) for a, b in self.met}
        return np.array([(int(a), int(b)) in met for a, b in self.pairs], np.bool_)


_NOTHING_MET = Meeting(
    np.zeros((0, 2), np.intp), 0.0, np.zeros((0, 2), np.intp), 0.0, 1.0, 0.0, 0.0
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """The probe matches turned clockwise by `degrees` (-180..180) and `size` times as large."""

    degrees: float
    size: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`threshold` is the evidence a 1:1 decision needs.

    `upside_down`: the score is that of a second look with the probe turned by half a turn.
    `remedy` is what would make the probe match, None where it does as it is or nothing tried
    does.
    """

    probe: Template
    enrolled: Template
    score: Score
    threshold: float
    meeting: Meeting
    upside_down: bool
    remedy: Remedy | None

    @property
    def matches(self) -> bool:
        """True where a 1:1 decision would be yes."""
        return self.score.evidence >= self.threshold

    @property
    def degrees(self) -> float:
        """How the probe was turned to lie on the enrolled print, clockwise, -180..180."""
        extra = 180.0 if self.upside_down else 0.0
        return (self.meeting.degrees + extra + 180) % 360 - 180

    @property
    def placed(self) -> bool:
        """True where so many minutiae met that the prints do lie on each other."""
        return self.score.share >= _MEETING_SHARE


def explain(
    engine: FingerEngine, probe: Template, enrolled: Template, threshold: float
) -> Explanation:
    """Compare two prints as a search does, and keep everything."""
    p = engine.parameters
    score, meeting = compare(probe, enrolled, p)
    upside_down = False
    if score.evidence < p.stands_out:
        other, other_meeting = compare(turned(probe, 180.0), enrolled, p, price=p.upside_down)
        if other.evidence > score.evidence:
            upside_down, score, meeting = True, other, other_meeting
    remedy = _remedy(probe, enrolled, threshold, p) if score.evidence < threshold else None
    return Explanation(probe, enrolled, score, threshold, meeting, upside_down, remedy)


def compare(
    probe: Template, enrolled: Template, p: Parameters = STANDARD, price: float = 0.0
) -> tuple[Score, Meeting]:
    """The score of two templates taken apart, and what met; nothing with too few codes.

    `price` is the evidence taken off where chance has had another go.
    """
    if min(len(probe.encoding), len(enrolled.encoding)) < p.min_cylinders:
        return Score(), _NOTHING_MET
    look = look_closely(probe.alone(p), enrolled.alone(p), p)
    score = Score(
        relaxation=float(look.relaxation[0]),
        likeness=float(look.likeness[0]),
        share=float(look.share[0]),
        support=float(look.support[0]),
        whole=float(look.scores[0]),
        evidence=max(0.0, float(evidence(look.scores, look.support)[0]) - price),
        met=int(look.agreement.matched[0]),
        shared=(int(look.agreement.probe[0]), int(look.agreement.candidate[0])),
    )
    return score, _meeting(look, probe, enrolled, p)


def points_of(template: Template) -> NDArray[np.float32]:
    """All minutiae as float32 (n, 2), pixels at the working ppi."""
    return np.stack([template.minutiae.xs, template.minutiae.ys], axis=1).astype(np.float32)


def _meeting(look: CloseLook, probe: Template, enrolled: Template, p: Parameters) -> Meeting:
    pairs, agreement = look.pairs, look.agreement
    order, wanted = ranking(pairs, p)
    counted = order[0][: int(wanted[0])]
    partner = agreement.partner[0]
    own = np.flatnonzero(partner >= 0)
    met = np.stack([own, partner[own]], axis=1)
    turn = float(agreement.turn[0])
    here, there = points_of(probe), points_of(enrolled)
    laid = _turned(here, turn) + agreement.shift[0]
    first, second = pairs.probe[0][pairs.used[0]], pairs.candidate[0][pairs.used[0]]
    shared, smaller = _shared_area(laid.astype(np.float32), there, p)
    return Meeting(
        pairs=np.stack([pairs.probe[0][counted], pairs.candidate[0][counted]], axis=1),
        alike=float(pairs.before[0][counted].mean()),
        met=met,
        degrees=(float(np.degrees(turn)) + 180) % 360 - 180,
        size=_size(_as_complex(here[first]), _as_complex(there[second]), partner[first] == second),
        shared_mm2=shared,
        smaller_mm2=smaller,
    )


def _turned(points: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]), np.float32)


def _as_complex(points: NDArray[np.float32]) -> _Complex:
    return np.asarray(points.astype(np.float64) @ np.array([1, 1j]), np.complex128)


def _size(a: _Complex, b: _Complex, met: NDArray[np.bool_]) -> float:
    """How many times as large as `a` the points `b`, their partners, lie apart.

    A fit of rotation, size and shift by least squares, first to the pairs that `met`, then to
    all it lays within `_REACH`: what met is drawn towards size 1.
    """
    fitting, ratio = met, 1 + 0j
    for _ in range(_ROUNDS):
        if fitting.sum() < _FEWEST:
            return 1.0
        here, there = a[fitting] - a[fitting].mean(), b[fitting] - b[fitting].mean()
        ratio = complex((here.conj() * there).sum() / (np.abs(here) ** 2).sum())
        shift = b[fitting].mean() - ratio * a[fitting].mean()
        fitting = np.abs(ratio * a + shift - b) <= _REACH
    return abs(ratio)


def _shared_area(
    one: NDArray[np.float32], other: NDArray[np.float32], p: Parameters
) -> tuple[float, float]:
    """Area in mm2 that the convex hulls of two sets of minutiae share, and the smaller hull's."""
    hulls = cv2.convexHull(one), cv2.convexHull(other)
    shared, _ = cv2.intersectConvexConvex(*hulls)
    to_mm2 = (_MM_PER_INCH / p.ppi) ** 2
    smaller = min(cv2.contourArea(hull) for hull in hulls)
    return float(shared) * to_mm2, float(smaller) * to_mm2


def _remedy(probe: Template, enrolled: Template, threshold: float, p: Parameters) -> Remedy | None:
    tries = [(turn, 1.0, turned(probe, turn)) for turn in _OTHER_TURNS]
    tries += [(0.0, size, rescaled(probe, size, shipped_basis(), p)) for size in _OTHER_SIZES]
    for turn, size, other in tries:
        score, meeting = compare(other, enrolled, p)
        if score.evidence >= threshold:
            return Remedy((turn + meeting.degrees + 180) % 360 - 180, size * meeting.size)
    return None


_SHARED_MM2 = 40.0
_FITTING = 0.6  # share of the pairs in the score that meet: less where skin was dragged
_SCALE, _TURN = 0.06, 50.0
_SKIN = {
    RetryReason.TOO_DRY: "thin or broken ridges, as of dry skin",
    RetryReason.TOO_WET: "filled valleys, as of wet skin",
    RetryReason.TOO_HARD: "filled valleys over a large area, as of a finger pressed hard",
    RetryReason.TOO_LIGHT: "a small area, as of a finger hardly touching",
    RetryReason.OFF_CENTRE: "the finger runs over the edge of the image",
    RetryReason.SMEARED: "ridges hard to follow, as of a moved finger",
}


class Cause(StrEnum):
    """What can hold a score down."""

    TOO_FEW_MINUTIAE = "too_few_minutiae"
    TURNED = "turned"
    SCALE = "scale"
    GEOMETRY = "geometry"
    FEW_MINUTIAE = "few_minutiae"
    SMALL_OVERLAP = "small_overlap"
    LOW_QUALITY = "low_quality"
    DISTORTION = "distortion"


@dataclass(frozen=True, slots=True)
class Limit:
    """One cause, and the sentence that says it with its numbers."""

    cause: Cause
    sentence: str


def find_limits(
    seen: Explanation, quality_floor: int, p: Parameters = STANDARD
) -> tuple[Limit, ...]:
    """Everything that lowered the score; empty where nothing did.

    `quality_floor` is the policy's station quality below which an image is not adequate.
    """
    sides = _sides(seen)
    none = [_too_few(name, side, p) for name, side in sides if _count(side) < p.min_cylinders]
    if none:
        return (*none, *_poor(seen, quality_floor))
    found = [*_of_geometry(seen), *_few(seen, p)]
    area = seen.meeting
    if seen.placed and area.shared_mm2 < _SHARED_MM2:
        found.append(
            Limit(
                Cause.SMALL_OVERLAP,
                f"The prints share only {area.shared_mm2:.0f} mm² with minutiae, "
                f"{100 * area.shared_mm2 / area.smaller_mm2:.0f} % of the smaller print.",
            )
        )
    found += _poor(seen, quality_floor)
    if not found and (not seen.matches or seen.meeting.fitting.mean() < _FITTING):
        found.append(_distorted(seen))
    return tuple(found)


def _sides(seen: Explanation) -> tuple[tuple[str, Template], ...]:
    return ("probe", seen.probe), ("enrolled print", seen.enrolled)


def _count(side: Template) -> int:
    return len(side.encoding)


def _too_few(name: str, side: Template, p: Parameters) -> Limit:
    return Limit(
        Cause.TOO_FEW_MINUTIAE,
        f"The {name} gives {_count(side)} usable minutiae; below {p.min_cylinders} "
        "nothing is compared.",
    )


def _few(seen: Explanation, p: Parameters) -> list[Limit]:
    name, side = min(_sides(seen), key=lambda one: _count(one[1]))
    if _count(side) >= p.full_support:
        return []
    return [
        Limit(
            Cause.FEW_MINUTIAE,
            f"The {name} gives only {_count(side)} usable minutiae; a score counts in full "
            f"from {p.full_support:.0f} on.",
        )
    ]


def _poor(seen: Explanation, floor: int) -> list[Limit]:
    found = []
    for name, side in _sides(seen):
        if side.quality < floor:
            why = f": {_SKIN[side.hint]}" if side.hint in _SKIN else ""
            found.append(
                Limit(
                    Cause.LOW_QUALITY,
                    f"The quality of the {name} is {side.quality}, below the floor of "
                    f"{floor}{why}.",
                )
            )
    return found


def _of_geometry(seen: Explanation) -> list[Limit]:
    """Do the minutiae, alike one by one, also lie alike?"""
    met, shared = seen.score.met, min(seen.score.shared)
    if seen.matches and abs(seen.degrees) > _TURN:
        return [
            Limit(
                Cause.TURNED,
                f"The probe lies turned by {abs(seen.degrees):.0f} degrees against the enrolled "
                "print: what points elsewhere counts as less alike.",
            )
        ]
    if seen.remedy is not None and abs(seen.remedy.degrees) > _TURN:
        return [
            Limit(
                Cause.TURNED,
                f"The probe lies turned by {abs(seen.remedy.degrees):.0f} degrees against the "
                "enrolled print and would match if it were turned back.",
            )
        ]
    if seen.remedy is not None:
        return _of_scale(seen.remedy.size)
    if seen.matches or seen.placed:
        return _of_scale(seen.meeting.size)
    return [
        Limit(
            Cause.GEOMETRY,
            "Single minutiae look alike (mean similarity of the best pairs "
            f"{seen.meeting.alike:.2f}), but with one print laid on the other only {met} of "
            f"{shared} meet: as between different fingers.",
        )
    ]


def _of_scale(scale: float) -> list[Limit]:
    off = scale - 1
    if abs(off) <= _SCALE:
        return []
    size = "larger" if off > 0 else "smaller"
    return [
        Limit(
            Cause.SCALE,
            f"The enrolled print is {100 * abs(off):.0f} % {size} than the probe: a resolution "
            "(ppi) is stated wrong, or the skin was stretched.",
        )
    ]


def _distorted(seen: Explanation) -> Limit:
    fitting = seen.meeting.fitting
    return Limit(
        Cause.DISTORTION,
        f"The prints do lie on each other ({seen.score.met} of {min(seen.score.shared)} minutiae "
        f"meet), but only {fitting.sum()} of the {len(fitting)} best pairs: distances and angles "
        "differ, as when skin is dragged over the glass.",
    )
