"""What a finger minutiae record must keep to, the same for reading and writing.

A value that decides what a minutia is - its finger, place, direction, scale, quality, every
count and length - is refused outside its range. A code that only describes (impression
type, sensor technology, certification, time of capture) is kept as it stands and named in
the warnings.
"""

import struct
from collections import Counter
from collections.abc import Iterator

from station_app.biometrics.interchange.records import (
    NOT_COMPUTED,
    NOT_REPORTED,
    CaptureTime,
    Device,
    Edition,
    FingerMinutiaeRecord,
    RecordFault,
    RecordMinutia,
    Representation,
    RidgeEnding,
)
from station_app.domain.fingers import FingerPosition

MAX_BYTES = 1 << 20
"""Above this a file is no record: 176 views of 255 minutiae are 270 kB."""
MAX_REPRESENTATIONS = 176
"""11 finger positions with 16 views each."""
MAX_MINUTIAE = 255
MIN_RESOLUTION, MAX_RESOLUTION = 39, 787
"""Pixels per centimetre: the 100 to 2000 ppi that images may have too."""

_SIDE = 1 << 14
_STATED_RESOLUTION = 99
AREAS = {1: "ridge counts", 2: "cores and deltas", 3: "zonal quality"}
_IMPRESSIONS = {
    Edition.E2005: frozenset({0, 1, 2, 3, 8}),
    Edition.E2011: frozenset({*range(10), 24, 28, 29}),
}
_TECHNOLOGIES = range(21)
_SCHEMES = range(1, 4)


def check_record(record: FingerMinutiaeRecord) -> None:
    """Raises `RecordFault` unless the record can stand as it is in its edition."""
    shown = record.representations
    if not shown:
        raise RecordFault("no finger in it")
    if len(shown) > MAX_REPRESENTATIONS:
        raise RecordFault(f"{len(shown)} fingers, at most {MAX_REPRESENTATIONS} can be")
    views = Counter((one.position, one.number) for one in shown)
    (position, number), times = views.most_common(1)[0]
    if times > 1:
        raise RecordFault(f"view {number} of finger position {position} {times} times")
    for place, one in enumerate(shown, start=1):
        try:
            _check_representation(one, record.edition)
        except RecordFault as fault:
            raise RecordFault(f"finger {place}: {fault}") from None
    if record.edition is Edition.E2005:
        _check_2005(record)
    elif not record.certification_blocks and any(one.certifications for one in shown):
        raise RecordFault("certifications its header does not announce")


def _check_2005(record: FingerMinutiaeRecord) -> None:
    """What the 2005 edition states once for all fingers, or not at all."""
    first = record.representations[0]
    for one in record.representations:
        if (
            (one.width, one.height) != (first.width, first.height)
            or (one.resolution_x, one.resolution_y) != (first.resolution_x, first.resolution_y)
            or one.device != first.device
        ):
            raise RecordFault("fingers of several sizes, resolutions or devices")
        if one.certifications or one.captured != CaptureTime() or len(one.qualities) != 1:
            raise RecordFault("something only the 2011 edition can say")
        if one.minutia_bytes != 6 or one.ridge_ending is not RidgeEnding.VALLEY_FORK:
            raise RecordFault("something only the 2011 edition can say")
    if record.certification_blocks:
        raise RecordFault("something only the 2011 edition can say")


def _check_representation(one: Representation, edition: Edition) -> None:
    _within("view number", one.number, 0, 15)
    _within("impression type", one.impression, 0, 15 if edition is Edition.E2005 else 255)
    _within("image width", one.width, 1, _SIDE)
    _within("image height", one.height, 1, _SIDE)
    _within("resolution", one.resolution_x, MIN_RESOLUTION, MAX_RESOLUTION)
    _within("resolution", one.resolution_y, MIN_RESOLUTION, MAX_RESOLUTION)
    _within("number of minutiae", len(one.minutiae), 0, MAX_MINUTIAE)
    _within("number of qualities", len(one.qualities), 0, 255)
    _within("number of certifications", len(one.certifications), 0, 255)
    _check_device(one.device, edition)
    for block in one.qualities:
        if block.score != NOT_COMPUTED or edition is Edition.E2005:
            _within("finger quality", block.score, 0, 100)
        _within("quality vendor", block.vendor, 0, 0xFFFF)
        _within("quality algorithm", block.algorithm, 0, 0xFFFF)
        if edition is Edition.E2005 and (block.vendor or block.algorithm):
            raise RecordFault("a quality algorithm, which only the 2011 edition can name")
    for certification in one.certifications:
        _within("certification authority", certification.authority, 0, 0xFFFF)
        _within("certification scheme", certification.scheme, 0, 255)
    if one.minutia_bytes not in {5, 6}:
        raise RecordFault(f"minutiae of {one.minutia_bytes} bytes, 5 or 6 are possible")
    for place, minutia in enumerate(one.minutiae, start=1):
        try:
            _check_minutia(minutia, one, edition)
        except RecordFault as fault:
            raise RecordFault(f"minutia {place}: {fault}") from None
    extended_areas(one.extended, edition)


def _check_device(device: Device, edition: Edition) -> None:
    older = edition is Edition.E2005
    _within("device model", device.model, 0, 0xFFF if older else 0xFFFF)
    _within("device vendor", device.vendor, 0, 0 if older else 0xFFFF)
    _within("sensor technology", device.technology, 0, 0 if older else 0xFF)
    if device.certified and not older:
        raise RecordFault("a certified device, which only the 2005 edition can state")


def _check_minutia(minutia: RecordMinutia, one: Representation, edition: Edition) -> None:
    if not (0 <= minutia.x < one.width and 0 <= minutia.y < one.height):
        raise RecordFault(
            f"({minutia.x}, {minutia.y}) is outside the image of {one.width} x {one.height}"
        )
    _within("angle", minutia.angle, 0, 255)
    if minutia.quality == NOT_REPORTED:
        return
    if one.minutia_bytes == 5:
        raise RecordFault("a quality without a field for it")
    if edition is Edition.E2005:
        _within("quality", minutia.quality, 1, 100)
    elif minutia.quality != NOT_COMPUTED:
        _within("quality", minutia.quality, 0, 100)


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise RecordFault(f"{what} {value} is not in {least}..{most}")


def extended_areas(extended: bytes, edition: Edition) -> list[tuple[int, bytes]]:
    """The areas of the extended data: (type, contents).

    The length of an area counts its own 4 bytes in the 2011 edition. In the 2005 edition
    writers differ; there the reading that fills the block exactly is taken, and the one
    with the 4 bytes first. Raises `RecordFault` when no reading does.
    """
    if len(extended) > 0xFFFF:
        raise RecordFault("more than 65535 bytes of extended data")
    for counted in (4, 0) if edition is Edition.E2005 else (4,):
        areas = _areas(extended, counted)
        if areas is not None:
            return areas
    raise RecordFault("the extended data do not fill their length exactly")


def _areas(extended: bytes, counted: int) -> list[tuple[int, bytes]] | None:
    areas: list[tuple[int, bytes]] = []
    place = 0
    while place + 4 <= len(extended):
        kind, length = struct.unpack_from(">HH", extended, place)
        end = place + 4 + length - counted
        if length < counted or end > len(extended):
            return None
        areas.append((kind, extended[place + 4 : end]))
        place = end
    return areas if place == len(extended) else None


def warnings(record: FingerMinutiaeRecord) -> list[str]:
    """What is unusual in a sound record, one sentence each."""
    told: list[str] = []
    for place, one in enumerate(record.representations, start=1):
        told += [f"finger {place}: {text}" for text in _warnings_of(one, record.edition)]
    return told


def _warnings_of(one: Representation, edition: Edition) -> Iterator[str]:
    if one.position is FingerPosition.UNKNOWN:
        yield "the finger position is not stated"
    if one.impression not in _IMPRESSIONS[edition]:
        yield f"impression type {one.impression} is reserved"
    if one.device.technology not in _TECHNOLOGIES:
        yield f"sensor technology {one.device.technology} is reserved"
    if any(item.scheme not in _SCHEMES for item in one.certifications):
        yield "a certification scheme is reserved"
    if not _plausible(one.captured):
        yield "the time of capture is not a time"
    if min(one.resolution_x, one.resolution_y) < _STATED_RESOLUTION:
        yield f"the resolution is below {_STATED_RESOLUTION} pixels per cm"
    if one.quality is None:
        yield "no finger quality is stated"
    if not one.minutiae:
        yield "there are no minutiae"
    elif all(m.quality in {NOT_REPORTED, NOT_COMPUTED} for m in one.minutiae):
        yield "no minutia has a quality"
    if len({(m.x, m.y, m.angle) for m in one.minutiae}) < len(one.minutiae):
        yield "some minutiae are there twice"
    if one.ridge_ending is RidgeEnding.RIDGE_END:
        yield "endings lie on the ridge instead of the fork of the valleys, some pixels off"
    for kind, _ in extended_areas(one.extended, edition):
        yield f"extended data ({AREAS.get(kind, f'type {kind}')}) are kept but not used"


def _plausible(time: CaptureTime) -> bool:
    stated = [
        (time.year, 0xFFFF, 1, 0xFFFE),
        (time.month, 0xFF, 1, 12),
        (time.day, 0xFF, 1, 31),
        (time.hour, 0xFF, 0, 23),
        (time.minute, 0xFF, 0, 59),
        (time.second, 0xFF, 0, 59),
        (time.millisecond, 0xFFFF, 0, 999),
    ]
    missing = [value == absent for value, absent, _, _ in stated]
    in_range = all(
        value == absent or least <= value <= most for value, absent, least, most in stated
    )
    # A part may be missing only with everything finer than it.
    return in_range and missing == sorted(missing)
