"""What held a score down, in plain words: for `explain`, weightiest first."""

from dataclasses import dataclass
from enum import StrEnum

from station_app.biometrics.explanation.comparison import Explanation
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.captures import RetryReason

_ALIKE = 0.4  # mean local similarity below which not even single neighbourhoods agree
_SHARED_MM2 = 40.0
_SCALE, _TURN = 0.06, 50.0
_TELLING_PAIRS = 6
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
    UNLIKE = "unlike"
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
    if seen.placed and seen.shared_mm2 < _SHARED_MM2:
        found.append(
            Limit(
                Cause.SMALL_OVERLAP,
                f"The prints share only {seen.shared_mm2:.0f} mm² with minutiae, "
                f"{100 * seen.shared_mm2 / seen.smaller_mm2:.0f} % of the smaller print.",
            )
        )
    found += _poor(seen, quality_floor)
    if not found and not seen.matches:
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
    """Do the pairs, alike one by one, also lie alike?"""
    counted, fitting = seen.pairing.counted, int(seen.agreeing.sum())
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
    if seen.placement is not None and seen.placed:
        return _of_scale(seen.placement.scale)
    if counted < _TELLING_PAIRS:
        return [
            Limit(
                Cause.GEOMETRY, f"Only {counted} pairs count: too few to tell how the prints lie."
            )
        ]
    alike = float(seen.pairing.before[:counted].mean())
    if alike < _ALIKE:
        return [
            Limit(
                Cause.UNLIKE,
                f"The neighbourhoods of the minutiae are unlike (mean similarity {alike:.2f}): "
                "as between different fingers.",
            )
        ]
    return [
        Limit(
            Cause.GEOMETRY,
            f"The best pairs look alike one by one (mean similarity {alike:.2f}) but only "
            f"{fitting} of {counted} fit one placement of the prints: as between different "
            "fingers.",
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
    return Limit(
        Cause.DISTORTION,
        f"The pairs lay the prints on each other ({int(seen.agreeing.sum())} of "
        f"{seen.pairing.counted} fit) but their distances and angles differ, as when skin is "
        "dragged over the glass.",
    )
