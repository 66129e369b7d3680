"""Portraits as the list stores them: PNG or JPEG, small, and known to open."""

import io
import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from station_app.domain.errors import KnownError

MOST_BYTES: Final = 32 * 1024
"""A file of this size is taken as it is, a larger one made smaller."""

_BOX: Final = (400, 400)
_QUALITY: Final = 85
_LARGEST_FILE: Final = 20 * 1024 * 1024
_MOST_PIXELS: Final = 50_000_000


def read_portrait(path: Path) -> bytes:
    """The portrait in a PNG or JPEG file; above `MOST_BYTES` as a JPEG of 400 pixels a side.

    Raises `KnownError`: `portrait_unreadable` (missing, cut off, no PNG or JPEG),
    `portrait_too_large` (over 20 MB or 50 megapixels).
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _too_large(path)
        data = path.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > _MOST_PIXELS:
            raise _too_large(path)
        if len(data) <= MOST_BYTES:
            picture.load()  # a file that is cut off ends here
            return data
        return _made_smaller(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_large(path) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # what Pillow says of broken files
        raise KnownError(
            "portrait_unreadable",
            f"{path.name} is not a whole PNG or JPEG image; give another one.",
        ) from fault


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


def _too_large(path: Path) -> KnownError:
    return KnownError("portrait_too_large", f"{path.name} is too large for a portrait.")
