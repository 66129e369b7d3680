"""Portraits of voters, read from their files.

They are stored as PNG or JPEG, small, and known to open. Faces are made of the file as it was
given, not of what is stored (ADR 0059).
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from station_app.biometrics.face.pictures import upright_on_white
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FaceImage
from station_app.vault import read_regular

MOST_BYTES: Final = 32 * 1024
"""A file of this size is taken as it is, a larger one made smaller."""
MOST_PIXELS_A_SIDE: Final = 1000
"""So is one with more pixels: a small file can say that it is a large picture."""

_BOX: Final = (400, 400)
_QUALITY: Final = 85
_LARGEST_FILE: Final = 20 * 1024 * 1024
_MOST_PIXELS: Final = 50_000_000
"""Of a JPEG that is made smaller while it is decoded."""
_MOST_WHOLE_PIXELS: Final = 12_000_000
"""Of a PNG or a progressive JPEG, which are decoded whole."""


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
        data = read_regular(path, _LARGEST_FILE)
    except KnownError as fault:
        is_none = fault.code == Code.NOT_A_REGULAR_FILE
        raise (_unreadable(path.name) if is_none else _too_large(path.name)) from fault
    except OSError as fault:
        raise _unreadable(path.name) from fault
    return portrait_in(data, path.name)


def portrait_in(data: bytes, name: str) -> Portrait:
    """As `read_portrait`, of the bytes of a file of this name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        is_whole = picture.format == "PNG" or "progressive" in picture.info
        if picture.width * picture.height > (_MOST_WHOLE_PIXELS if is_whole else _MOST_PIXELS):
            raise _too_large(name)
        is_small = len(data) <= MOST_BYTES and max(picture.size) <= MOST_PIXELS_A_SIDE
        shown = upright_on_white(picture, _SEEN)  # a file that is cut off ends here
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_large(name) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # what Pillow says of broken files
        raise _unreadable(name) from fault
    seen = FaceImage(shown.tobytes(), shown.width, shown.height)
    return Portrait(data if is_small else _packed(shown), seen)


def _packed(shown: Image.Image) -> bytes:
    small = shown.copy()
    small.thumbnail(_BOX)
    packed = io.BytesIO()
    small.save(packed, "JPEG", quality=_QUALITY)
    return packed.getvalue()


def _unreadable(name: str) -> KnownError:
    return KnownError(
        Code.PORTRAIT_UNREADABLE, f"{name} is not a whole PNG or JPEG image; give another one."
    )


def _too_large(name: str) -> KnownError:
    return KnownError(Code.PORTRAIT_TOO_LARGE, f"{name} is too large for a portrait.")
