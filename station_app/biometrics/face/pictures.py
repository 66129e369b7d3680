"""Pictures of faces from files: JPEG and PNG, whatever their size and colours."""

import io
import warnings
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FaceImage
from station_app.vault import read_regular

LONGEST_SIDE: Final = 1280
"""A larger picture is made smaller: a face has more pixels than any engine looks at."""

_LARGEST_FILE: Final = 20 * 1024 * 1024
_MOST_PIXELS: Final = 50_000_000
"""Of a JPEG that is made smaller while it is decoded."""
_MOST_WHOLE_PIXELS: Final = 12_000_000
"""Of a PNG or a progressive JPEG, which are decoded whole."""


def read_face_image(path: Path) -> FaceImage:
    """The picture in a file, as `face_image_of` gives it."""
    return face_image_of(picture_bytes(path), path.name)


def picture_bytes(path: Path) -> bytes:
    """What a file holds. Raises `KnownError` `image_unreadable`, `image_too_large` (over 20 MB)."""
    try:
        return read_regular(path, _LARGEST_FILE)
    except KnownError as fault:
        if fault.code == Code.FILE_TOO_LARGE:
            raise _too_large(path.name) from fault
        if fault.code == Code.NOT_A_REGULAR_FILE:
            raise _unreadable(path.name, "is no plain file") from fault
        raise
    except OSError as fault:
        raise _unreadable(path.name, f"cannot be opened ({fault.strerror})") from fault


def face_image_of(data: bytes, name: str, longest: int = LONGEST_SIDE) -> FaceImage:
    """The picture in a JPEG or PNG, upright, in RGB, on white, at most `longest` pixels a side.

    `name` is how a refusal calls it. Raises `KnownError`: `image_unreadable` (cut off, no JPEG or
    PNG), `image_too_large` (over 50 megapixels, or 12 of a PNG or a progressive JPEG). The size is
    known before any pixel is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        is_whole = picture.format == "PNG" or "progressive" in picture.info
        if picture.width * picture.height > (_MOST_WHOLE_PIXELS if is_whole else _MOST_PIXELS):
            raise _too_large(name)
        flat = _upright_on_white(picture, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_large(name) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # what Pillow says of broken files
        raise _unreadable(name, "is cut off or no picture") from fault
    return FaceImage(flat.tobytes(), flat.width, flat.height)


def _upright_on_white(picture: Image.Image, longest: int) -> Image.Image:
    """As it was meant to be seen, at most `longest` pixels a side, without anything else that the
    file held; RGB. Raises what Pillow does where the file is cut off.
    """
    picture.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "I;16":  # Pillow would take all but the darkest for white
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    upright.thumbnail((longest, longest))
    seen = upright.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _unreadable(name: str, what: str) -> KnownError:
    return KnownError(Code.IMAGE_UNREADABLE, f"{name} {what}; give a complete JPEG or PNG image.")


def _too_large(name: str) -> KnownError:
    return KnownError(Code.IMAGE_TOO_LARGE, f"{name} is too large; give a smaller picture.")
