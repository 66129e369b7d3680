"""Portraits as the list stores them: PNG or JPEG, small, and known to open."""

import io
import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from station_app.domain.errors import KnownError
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


def read_portrait(path: Path) -> bytes:
    """The portrait in a PNG or JPEG file; above `MOST_BYTES` as a JPEG of 400 pixels a side.

    Raises `KnownError`: `portrait_unreadable` (missing, cut off, no PNG or JPEG),
    `portrait_too_large` (over 20 MB; over 50 megapixels, or 12 of a PNG or a progressive JPEG).
    The size is known before any pixel is decoded.
    """
    try:
        data = read_regular(path, _LARGEST_FILE)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        is_whole = picture.format == "PNG" or "progressive" in picture.info
        if picture.width * picture.height > (_MOST_WHOLE_PIXELS if is_whole else _MOST_PIXELS):
            raise _too_large(path)
        if len(data) <= MOST_BYTES and max(picture.size) <= MOST_PIXELS_A_SIDE:
            picture.load()  # a file that is cut off ends here
            return data
        return _made_smaller(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_large(path) from fault
    except KnownError as fault:
        is_none = fault.code == "not_a_regular_file"
        raise (_unreadable(path) if is_none else _too_large(path)) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # what Pillow says of broken files
        raise _unreadable(path) from fault


def _made_smaller(picture: Image.Image) -> bytes:
    """As it was meant to be seen, on white, without anything else that the file held."""
    picture.draft("RGB", _BOX)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail(_BOX)
    seen = upright.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    packed = io.BytesIO()
    flat.save(packed, "JPEG", quality=_QUALITY)
    return packed.getvalue()


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        "portrait_unreadable", f"{path.name} is not a whole PNG or JPEG image; give another one."
    )


def _too_large(path: Path) -> KnownError:
    return KnownError("portrait_too_large", f"{path.name} is too large for a portrait.")
