"""Text on pictures, in the desk's typeface."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""


@lru_cache
def typeface(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Inter at `size` pixels. Raises `OSError` when the installation lacks its fonts."""
    name = "Inter-SemiBold.otf" if bold else "Inter-Regular.otf"
    data = files("station_app").joinpath("content", "fonts", name).read_bytes()
    return ImageFont.truetype(BytesIO(data), size)


class Lettering:
    """Writes on `pixels`, uint8 (h, w, 3) RGB, in place."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._pixels = pixels
        self._image = Image.fromarray(pixels)
        self._draw = ImageDraw.Draw(self._image)

    def write(
        self,
        words: str,
        left: float,
        baseline: float,
        size: int,
        colour: Colour,
        *,
        bold: bool = False,
        anchor: str = "l",
        halo: int = 0,
    ) -> None:
        """Write one line at a baseline. `anchor`: l, m or r of the line; `halo`: white, pixels."""
        self._draw.text(
            (left, baseline),
            words,
            fill=colour,
            font=typeface(size, bold=bold),
            anchor=f"{anchor}s",
            stroke_width=halo,
            stroke_fill=(255, 255, 255),
        )

    def done(self) -> None:
        """Put what was written on the pixels."""
        self._pixels[...] = np.asarray(self._image)


def wrapped(words: str, width: float, size: int, *, bold: bool = False) -> list[str]:
    """`words` in lines not wider than `width` pixels; a single longer word stays whole."""
    font = typeface(size, bold=bold)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(words: str, width: float, size: int, *, bold: bool = False) -> str:
    """`words`, the middle left out where they are wider than `width` pixels."""
    font = typeface(size, bold=bold)
    short, keep = words, len(words) - 1
    while keep > 1 and font.getlength(short) > width:
        short = f"{words[: (keep + 1) // 2]}…{words[len(words) - keep // 2 :]}"
        keep -= 1
    return short
