"""What a record says, field by field, for people and for programs."""

from typing import Any

from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.interchange.conversion import to_minutiae
from station_app.biometrics.interchange.records import (
    NOT_COMPUTED,
    NOT_REPORTED,
    CaptureTime,
    FingerMinutiaeRecord,
    RecordMinutia,
    Representation,
)
from station_app.biometrics.interchange.rules import AREAS, extended_areas, warnings
from station_app.domain.errors import KnownError

_IMPRESSIONS = {
    0: "live plain",
    1: "live rolled",
    2: "non-live plain",
    3: "non-live rolled",
    4: "latent impression",
    5: "latent tracing",
    6: "latent photo",
    7: "latent lift",
    8: "swipe",
    9: "vertical roll",
    24: "live contactless",
    28: "other",
    29: "unknown",
}
_QUALITIES = {NOT_REPORTED: None, NOT_COMPUTED: "not computed"}


def describe(record: FingerMinutiaeRecord, p: Parameters = STANDARD) -> dict[str, Any]:
    """Every field of a record as JSON values, with warnings.

    `usable_minutiae` of a finger are those the core can compare by; it is null where the
    finger cannot be enrolled at all, and a warning says why.
    """
    told = warnings(record)
    fingers = []
    for place, one in enumerate(record.representations, start=1):
        usable = None
        try:
            usable = int(make_cylinders([to_minutiae(one, p)], p).counts[0])
        except KnownError as fault:
            told.append(f"finger {place}: {fault.message.rstrip('.')}")
        else:
            if usable < p.min_cylinders:
                told.append(
                    f"finger {place}: it cannot be enrolled, {usable} minutiae are usable and "
                    f"{p.min_cylinders} are needed"
                )
        fingers.append(_finger(one, record) | {"usable_minutiae": usable})
    return {
        "standard": f"ISO/IEC 19794-2:{record.edition}",
        "certification_blocks": record.certification_blocks,
        "fingers": fingers,
        "warnings": told,
    }


def _finger(one: Representation, record: FingerMinutiaeRecord) -> dict[str, Any]:
    return {
        "position": int(one.position),
        "position_name": one.position.name.lower(),
        "view": one.number,
        "impression": one.impression,
        "impression_name": _IMPRESSIONS.get(one.impression, "reserved"),
        "width": one.width,
        "height": one.height,
        "pixels_per_cm": [one.resolution_x, one.resolution_y],
        "ppi": round(one.resolution_x * 2.54),
        "quality": one.quality,
        "qualities": [
            {"score": block.score, "vendor": block.vendor, "algorithm": block.algorithm}
            for block in one.qualities
        ],
        "captured": _time(one.captured),
        "device": {
            "technology": one.device.technology,
            "vendor": one.device.vendor,
            "model": one.device.model,
            "certified": one.device.certified,
        },
        "certifications": [
            {"authority": item.authority, "scheme": item.scheme} for item in one.certifications
        ],
        "ridge_endings": one.ridge_ending.name.lower(),
        "bytes_a_minutia": one.minutia_bytes,
        "minutiae": [_minutia(minutia) for minutia in one.minutiae],
        "extended": [
            {"type": kind, "name": AREAS.get(kind), "hex": contents.hex()}
            for kind, contents in extended_areas(one.extended, record.edition)
        ],
    }


def _minutia(minutia: RecordMinutia) -> dict[str, Any]:
    return {
        "kind": minutia.kind.name.lower(),
        "x": minutia.x,
        "y": minutia.y,
        "degrees": minutia.angle * 360 / 256,
        "quality": _QUALITIES.get(minutia.quality, minutia.quality),
    }


def _time(time: CaptureTime) -> str | None:
    """As much of ISO 8601 as is stated."""
    parts = (
        ("", time.year, 0xFFFF, 4),
        ("-", time.month, 0xFF, 2),
        ("-", time.day, 0xFF, 2),
        ("T", time.hour, 0xFF, 2),
        (":", time.minute, 0xFF, 2),
        (":", time.second, 0xFF, 2),
        (".", time.millisecond, 0xFFFF, 3),
    )
    text = ""
    for mark, value, absent, digits in parts:
        if value == absent:
            break
        text += f"{mark}{value:0{digits}d}"
    return text or None
