"""Portraits of voters, read from their files.

They are stored as PNG or JPEG, small, and known to open. Faces are made of the file as it was
given, not of what is stored (ADR 0059).
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from station_app.biometrics.face.pictures import face_image_of, picture_bytes
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FaceImage

MOST_BYTES: Final = 32 * 1024
"""A file of this size is taken as it is, a larger one made smaller."""
MOST_PIXELS_A_SIDE: Final = 1000
"""So is one with more pixels: a small file can say that it is a large picture."""

_BOX: Final = (400, 400)
_QUALITY: Final = 85
_SEEN: Final = 1600
"""Pixels a side in which a face is looked for; it is compared in 112."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A portrait as the list stores it, and as a face is looked for in it."""

    stored: bytes
    seen: FaceImage


def read_portrait(path: Path) -> Portrait:
    """The portrait in a PNG or JPEG file; above `MOST_BYTES` stored as a JPEG of 400 pixels a side.

    Raises `KnownError`: `portrait_unreadable` (missing, cut off, no PNG or JPEG),
    `portrait_too_large` (over 20 MB; over 50 megapixels, or 12 of a PNG or a progressive JPEG).
    The size is known before any pixel is decoded.
    """
    try:
        data = picture_bytes(path)
    except KnownError as fault:
        raise _of_a_portrait(fault, path.name) from fault
    return portrait_in(data, path.name)


def portrait_in(data: bytes, name: str) -> Portrait:
    """As `read_portrait`, of the bytes of a file of this name."""
    try:
        seen = face_image_of(data, name, _SEEN)  # a file that is cut off ends here
    except KnownError as fault:
        raise _of_a_portrait(fault, name) from fault
    is_small = len(data) <= MOST_BYTES and max(seen.width, seen.height) <= MOST_PIXELS_A_SIDE
    return Portrait(data if is_small else _packed(seen), seen)


def _packed(seen: FaceImage) -> bytes:
    small = Image.frombytes("RGB", (seen.width, seen.height), seen.pixels)
    small.thumbnail(_BOX)
    packed = io.BytesIO()
    small.save(packed, "JPEG", quality=_QUALITY)
    return packed.getvalue()


def _of_a_portrait(fault: KnownError, name: str) -> KnownError:
    if fault.code == Code.IMAGE_TOO_LARGE:
        return KnownError(Code.PORTRAIT_TOO_LARGE, f"{name} is too large for a portrait.")
    return KnownError(
        Code.PORTRAIT_UNREADABLE, f"{name} is not a whole PNG or JPEG image; give another one."
    )
