"""Between records and the core's minutiae, and from an image to a record.

ISO directions are counter-clockwise and y grows downwards, the core's are clockwise: one is
the other's negative. Both point the same way along the ridge; this was measured, not
assumed (`scripts/compare_foreign_templates.py`, docs/formats.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.minutiae import DIRECTION_STEPS, Minutiae
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.images import MAX_SIDE, read_finger_image
from station_app.biometrics.interchange.records import (
    NOT_COMPUTED,
    NOT_REPORTED,
    Edition,
    FingerMinutiaeRecord,
    MinutiaKind,
    QualityBlock,
    RecordMinutia,
    Representation,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition

NEUTRAL = 50
"""Stands for a quality that is not reported, of a minutia or of a finger, 0..100."""

_CM_PER_INCH = 2.54
_SAME = 0.01
_LEAST_REPORTED = 1


@dataclass(frozen=True, slots=True)
class ForeignFinger:
    """One finger of a record, ready to be enrolled; `quality` is 0..100."""

    position: FingerPosition
    minutiae: Minutiae
    quality: int


def foreign_fingers(
    record: FingerMinutiaeRecord, p: Parameters = STANDARD
) -> tuple[ForeignFinger, ...]:
    """The fingers of a record in its order; of several views the one of the best quality.

    Views of the same quality are decided by the number of minutiae. Views of an unknown
    position may be different fingers: all of them are given. Raises
    `KnownError("template_resolution")`.
    """
    best: dict[tuple[FingerPosition, int], Representation] = {}
    for place, one in enumerate(record.representations):
        finger = one.position, place if one.position is FingerPosition.UNKNOWN else 0
        if finger not in best or _merit(one) > _merit(best[finger]):
            best[finger] = one
    return tuple(
        ForeignFinger(one.position, to_minutiae(one, p), _stated(one.quality))
        for one in best.values()
    )


def _merit(one: Representation) -> tuple[int, int]:
    return _stated(one.quality), len(one.minutiae)


def _stated(quality: int | None) -> int:
    return NEUTRAL if quality is None else quality


def to_minutiae(one: Representation, p: Parameters = STANDARD) -> Minutiae:
    """The minutiae of one representation at the working ppi, at most `p.max_minutiae`.

    Qualities become confidences, those not reported the neutral one. Minutiae of the same
    confidence are ordered from the middle of the finger outwards: cylinders are made of the
    first ones, and cylinders in the middle see most. Raises
    `KnownError("template_resolution")` when across and down differ by more than 1 %, or no
    finger is as large as this.
    """
    if abs(one.resolution_x / one.resolution_y - 1) > _SAME:
        raise KnownError(
            Code.TEMPLATE_RESOLUTION,
            f"The template has {one.resolution_x} pixels per cm across and "
            f"{one.resolution_y} down, where both must be the same; ask its supplier for one "
            "made from square pixels.",
        )
    scale = p.ppi / (one.resolution_x * _CM_PER_INCH)
    if abs(scale - 1) <= _SAME:
        scale = 1.0
    table = np.array([(m.x, m.y, m.angle, m.quality) for m in one.minutiae], np.int32)
    xs, ys, angles, qualities = table.reshape(-1, 4).T
    xs, ys = (np.rint(places * scale).astype(np.int32) for places in (xs, ys))
    if len(xs) and max(xs.max(), ys.max()) > MAX_SIDE:
        raise KnownError(
            Code.TEMPLATE_RESOLUTION,
            f"The template has minutiae {max(xs.max(), ys.max())} pixels from its corner at "
            f"{p.ppi} ppi, where a finger has at most {MAX_SIDE}; its resolution may be wrong, ask "
            "its supplier.",
        )
    confidences = _confidences(qualities)
    order = _best_first(xs, ys, confidences)[: p.max_minutiae]
    return Minutiae(
        xs=xs[order],
        ys=ys[order],
        directions=(-angles[order] % DIRECTION_STEPS).astype(np.uint8),
        confidences=confidences[order],
    )


def _confidences(qualities: NDArray[np.int32]) -> NDArray[np.uint8]:
    unknown = (qualities == NOT_REPORTED) | (qualities == NOT_COMPUTED)
    return np.rint(np.where(unknown, NEUTRAL, qualities) * 255 / 100).astype(np.uint8)


def _best_first(
    xs: NDArray[np.int32], ys: NDArray[np.int32], confidences: NDArray[np.uint8]
) -> NDArray[np.intp]:
    if not len(xs):
        return np.zeros(0, np.intp)
    outwards = np.hypot(xs - xs.mean(), ys - ys.mean())
    return np.lexsort((outwards, -confidences.astype(np.int32)))


def to_record(
    minutiae: Minutiae,
    size: tuple[int, int],
    quality: int,
    position: FingerPosition = FingerPosition.UNKNOWN,
    edition: Edition = Edition.E2005,
    p: Parameters = STANDARD,
) -> FingerMinutiaeRecord:
    """A record of one finger; `size` is the image's width and height at the working ppi.

    Types are "other" (the network does not tell endings from bifurcations); confidences
    become qualities 1..100. Minutiae outside the image, in its margin, come to its edge.
    """
    width, height = size
    per_cm = round(p.ppi / _CM_PER_INCH)
    shown = Representation(
        position=position,
        number=0,
        impression=0,
        width=width,
        height=height,
        resolution_x=per_cm,
        resolution_y=per_cm,
        qualities=(QualityBlock(quality),),
        minutiae=_rows(minutiae, size),
    )
    return FingerMinutiaeRecord(edition, (shown,))


def _rows(minutiae: Minutiae, size: tuple[int, int]) -> tuple[RecordMinutia, ...]:
    xs = minutiae.xs.clip(0, size[0] - 1).tolist()
    ys = minutiae.ys.clip(0, size[1] - 1).tolist()
    angles = (-minutiae.directions.astype(np.int32) % DIRECTION_STEPS).tolist()
    qualities = np.rint(minutiae.confidences * (100 / 255)).clip(_LEAST_REPORTED, 100)
    rows: Sequence[tuple[int, int, int, int]] = list(
        zip(xs, ys, angles, qualities.astype(np.int32).tolist(), strict=True)
    )
    return tuple(RecordMinutia(MinutiaKind.OTHER, *row) for row in rows)


def record_of_image(
    path: Path,
    ppi: int = 500,
    position: FingerPosition = FingerPosition.UNKNOWN,
    edition: Edition = Edition.E2005,
) -> FingerMinutiaeRecord:
    """The minutiae of an image as a record; coordinates are at the working 500 ppi.

    Raises what `read_finger_image` raises, and `KnownError("not_a_finger")`.
    """
    image = read_finger_image(path, ppi)
    engine = FingerEngine()
    template = engine.extract(image)
    if not len(template.minutiae):
        raise KnownError(
            Code.NOT_A_FINGER, f"No finger was found in {path.name}; give a clearer image of one."
        )
    height, width = at_working_ppi(image, engine.parameters).shape
    return to_record(template.minutiae, (width, height), template.quality, position, edition)
