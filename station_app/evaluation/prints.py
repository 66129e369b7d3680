"""One print on a picture: its image, minutiae and pairs, and text in the desk's typeface."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.segmentation import find_foreground
from station_app.biometrics.fingerprint.template import Template
from station_app.evaluation.comparison import Explanation, points_of

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


# Distinct for colour-blind readers too: Okabe and Ito, "Color Universal Design", 2008.
FITS: Colour = (0, 114, 178)
MISFITS: Colour = (213, 94, 0)
MET: Colour = (86, 160, 200)
MINUTIA: Colour = (58, 110, 156)
_AIR = 20  # pixels of the print kept round its finger
_PALE = 0.5  # of the print's contrast: the marks must stand out
_FRACTION = 4  # binary places of the coordinates given to OpenCV

Picture = NDArray[np.uint8]
_Place = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Print:
    """One side of the picture.

    `pixels` is uint8 (h, w) at the working ppi, None where only minutiae are known;
    `origin` says what the file holds, in a few words; `sha256` is the file's, in hex.
    """

    name: str
    origin: str
    sha256: str
    pixels: Picture | None
    template: Template


@dataclass(frozen=True, slots=True)
class View:
    """Where a print lies on the sheet: its part from (left, top), `scale` times as large.

    `width`, `height` are the part's size in the print's pixels; (`across`, `down`) is the
    place of its corner on the sheet.
    """

    left: int
    top: int
    width: int
    height: int
    across: int
    down: int
    scale: float

    def of(self, points: NDArray[np.float32]) -> NDArray[np.float64]:
        """Points of the print, (n, 2), on the sheet."""
        corner = np.array([self.left, self.top])
        place = np.array([self.across, self.down])
        return np.asarray((points - corner + 0.5) * self.scale + place, np.float64)


def part_to_show(side: Print, p: Parameters = STANDARD) -> tuple[int, int, int, int]:
    """The finger with a little air: left, top, width, height in the print's pixels."""
    points = points_of(side.template)
    low, high = points.min(axis=0).astype(int) - _AIR, points.max(axis=0).astype(int) + _AIR
    if side.pixels is None:
        return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
    found = find_foreground(side.pixels, p)
    rows, columns = side.pixels.shape
    left, top = max(0, min(low[0], found.left)), max(0, min(low[1], found.top))
    right = min(columns, max(high[0], found.left + found.width))
    bottom = min(rows, max(high[1], found.top + found.height))
    return int(left), int(top), int(right - left), int(bottom - top)


def lay_print(sheet: Picture, side: Print, view: View) -> None:
    """The print itself, pale, with all its minutiae and their directions faint."""
    width, height = int(view.width * view.scale), int(view.height * view.scale)
    if side.pixels is not None:
        part = side.pixels[view.top :, view.left :][: view.height, : view.width]
        large = cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC)
        pale = 255 - _PALE * (255 - large.astype(np.float32))
        place = slice(view.down, view.down + height), slice(view.across, view.across + width)
        sheet[place] = pale[..., np.newaxis].astype(np.uint8)
    minutiae = side.template.minutiae
    for centre, angle in zip(view.of(points_of(side.template)), minutiae.radians, strict=True):
        _draw_minutia(sheet, centre, float(angle), MINUTIA, 1)


def mark_pairs(sheet: Picture, seen: Explanation, enrolled: View, probe: View) -> None:
    """Lines between minutiae: thin where they met, strong for the pairs in the score."""
    lines = sheet.copy()
    here, there = points_of(seen.probe), points_of(seen.enrolled)
    for a, b in seen.meeting.met:
        ends = _fixed(enrolled.of(there[b])), _fixed(probe.of(here[a]))
        cv2.line(lines, *ends, MET, 1, cv2.LINE_AA, _FRACTION)
    strong = list(_counted(seen, enrolled, probe))
    for _, _, left, right, colour in strong:
        cv2.line(lines, _fixed(left), _fixed(right), colour, 2, cv2.LINE_AA, _FRACTION)
    cv2.addWeighted(lines, 0.7, sheet, 0.3, 0, dst=sheet)
    one, other = seen.enrolled.minutiae.radians, seen.probe.minutiae.radians
    for a, b, left, right, colour in strong:
        _draw_minutia(sheet, left, float(one[b]), colour, 2)
        _draw_minutia(sheet, right, float(other[a]), colour, 2)


def number_pairs(pen: Lettering, seen: Explanation, enrolled: View, probe: View) -> None:
    """The number of every pair in the score beside both of its minutiae."""
    pairs = enumerate(_counted(seen, enrolled, probe), start=1)
    for number, (_, _, left, right, colour) in pairs:
        for x, y in (left, right):
            pen.write(str(number), x + 9, y - 8, 17, colour, bold=True, halo=3)


def _counted(
    seen: Explanation, enrolled: View, probe: View
) -> Iterator[tuple[int, int, _Place, _Place, Colour]]:
    """Pairs in the score: the minutiae's places, where they lie on the sheet, their colour."""
    here, there = points_of(seen.probe), points_of(seen.enrolled)
    for (a, b), fits in zip(seen.meeting.pairs, seen.meeting.fitting, strict=True):
        left, right = enrolled.of(there[b]), probe.of(here[a])
        yield int(a), int(b), left, right, FITS if fits else MISFITS


def _draw_minutia(
    sheet: Picture, centre: _Place, angle: float, colour: Colour, thickness: int
) -> None:
    radius, reach = 4 + 1.5 * thickness, 15 + 2 * thickness
    way = np.array([np.cos(angle), np.sin(angle)])
    round_of = int(radius * 2**_FRACTION)
    cv2.circle(sheet, _fixed(centre), round_of, colour, thickness, cv2.LINE_AA, _FRACTION)
    start, end = _fixed(centre + radius * way), _fixed(centre + reach * way)
    cv2.line(sheet, start, end, colour, thickness, cv2.LINE_AA, _FRACTION)


def _fixed(place: _Place) -> tuple[int, int]:
    x, y = np.rint(place * 2**_FRACTION).astype(int)
    return int(x), int(y)
