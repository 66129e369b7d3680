"""What held a score down, in plain words: for `explain`, weightiest first."""

from dataclasses import dataclass
from enum import StrEnum

from station_app.biometrics.explanation.comparison import Explanation
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.samples import RetryReason

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
