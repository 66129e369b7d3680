"""A line plot as SVG text: axes, lines, bands, marked values, a legend. The same in, the same out.

    picture = line_plot("FNMR", Axis("rejected, %", 0, 20), Axis("FNMR", 1e-4, 1, log=True),
                        [Line("station quality", xs, ys)])

Standard library only, for reports and documents. Nothing outside the axes is drawn.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Distinct for colour-blind readers too: Okabe and Ito, "Color Universal Design", 2008.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")

_WIDTH, _HEIGHT = 800, 500
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 210, 40, 56  # the legend stands in the right margin
_LEGEND_STEP = 18


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands along one side, from `low` to `high`; with `log` both are above 0.

    Raises `ValueError` where the ends do not make an axis.
    """

    label: str
    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError(f"an axis from {self.low} to {self.high} cannot be drawn")

    def place(self, value: float) -> float:
        """0 at the low end, 1 at the high end; not a number where there is no logarithm."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return math.nan
        return math.log(value / self.low) / math.log(self.high / self.low)

    def ticks(self) -> list[float]:
        """Round values inside: powers of ten on a log axis, steps of 1, 2 or 5 otherwise."""
        if self.log:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            return [10.0**power for power in range(first, last + 1)]
        span = self.high - self.low
        tenth = 10.0 ** math.floor(math.log10(span / 4))
        step = next(tenth * n for n in (1, 2, 5, 10) if span / (tenth * n) <= 8)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [n * step for n in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through (xs, ys); a point that is not a number interrupts it.

    `colour` defaults to the next one free; `dots` draws points instead of a line.
    """

    label: str
    xs: Sequence[float]
    ys: Sequence[float]
    colour: str = ""
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The area between `lows` and `highs` over `xs`."""

    label: str
    xs: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]
    colour: str = "#999999"


@dataclass(frozen=True, slots=True)
class Mark:
    """A thin line right across at one value, named: of y, or of x where `upright`."""

    label: str
    value: float
    upright: bool = False


def line_plot(
    title: str,
    x: Axis,
    y: Axis,
    lines: Sequence[Line],
    bands: Sequence[Band] = (),
    marks: Sequence[Mark] = (),
) -> str:
    """The whole picture, 800 x 500, as the text of an SVG file."""
    free = (COLOURS[n % len(COLOURS)] for n in range(len(lines)))
    coloured = [(line, line.colour or next(free)) for line in lines]
    inside = [
        *(_band(band, x, y) for band in bands),
        *(_curve(line, colour, x, y) for line, colour in coloured),
    ]
    keys = [(_sample(line, colour), line.label) for line, colour in coloured]
    keys += [(_patch(band), band.label) for band in bands]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="12" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            _text(_LEFT, 24, title, "start", 'font-size="15"'),
            f'<defs><clipPath id="in"><rect x="{_LEFT}" y="{_TOP}" '
            f'width="{_WIDTH - _LEFT - _RIGHT}" height="{_HEIGHT - _TOP - _BOTTOM}"/>'
            "</clipPath></defs>",
            *_axes(x, y),
            '<g clip-path="url(#in)">',
            *inside,
            "</g>",
            *(_mark(mark, x, y) for mark in marks),
            *(_key(n, *key) for n, key in enumerate(keys)),
            "</svg>\n",
        ]
    )


def _right(x: Axis, value: float) -> float:
    return _LEFT + x.place(value) * (_WIDTH - _LEFT - _RIGHT)


def _down(y: Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - y.place(value) * (_HEIGHT - _TOP - _BOTTOM)


def _text(left: float, top: float, words: str, anchor: str, more: str = "") -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="#222222" {more}>{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" {style}/>'


def _axes(x: Axis, y: Axis) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    grid = 'stroke="#dddddd"'
    drawn = []
    for value in x.ticks():
        left = _right(x, value)
        drawn.append(_rule(left, _TOP, left, bottom, grid))
        drawn.append(_text(left, bottom + 18, f"{value:.6g}", "middle"))
    for value in y.ticks():
        down = _down(y, value)
        drawn.append(_rule(_LEFT, down, right, down, grid))
        drawn.append(_text(_LEFT - 6, down + 4, f"{value:.6g}", "end"))
    middle = (_TOP + bottom) / 2
    drawn.append(_rule(_LEFT, _TOP, _LEFT, bottom, 'stroke="#222222"'))
    drawn.append(_rule(_LEFT, bottom, right, bottom, 'stroke="#222222"'))
    drawn.append(_text((_LEFT + right) / 2, bottom + 42, x.label, "middle"))
    turned = f'transform="rotate(-90 16 {middle:.1f})"'
    drawn.append(_text(16, middle, y.label, "middle", turned))
    return drawn


def _points(
    xs: Iterable[float], ys: Iterable[float], x: Axis, y: Axis
) -> list[tuple[float, float]]:
    return [(_right(x, a), _down(y, b)) for a, b in zip(xs, ys, strict=True)]


def _curve(line: Line, colour: str, x: Axis, y: Axis) -> str:
    points = _points(line.xs, line.ys, x, y)
    if line.dots:
        seen = [p for p in points if math.isfinite(p[0] + p[1])]
        dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5"/>' for a, b in seen)
        return f'<g fill="{colour}">{dots}</g>'
    steps, before = [], (math.nan, math.nan)
    for here in points:
        if math.isfinite(here[0] + here[1]):
            steps.append(f"{'L' if math.isfinite(before[0]) else 'M'}{here[0]:.1f} {here[1]:.1f}")
            before = here
        else:
            before = (math.nan, math.nan)
    return f'<path d="{"".join(steps)}" fill="none" {_stroke(line, colour)}/>'


def _stroke(line: Line, colour: str) -> str:
    dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
    return f'stroke="{colour}" stroke-width="1.8"{dashes}'


def _band(band: Band, x: Axis, y: Axis) -> str:
    edge = _points(band.xs, band.highs, x, y) + _points(band.xs, band.lows, x, y)[::-1]
    corners = " ".join(f"{a:.1f},{b:.1f}" for a, b in edge)
    return f'<polygon points="{corners}" fill="{band.colour}" fill-opacity="0.3"/>'


def _mark(mark: Mark, x: Axis, y: Axis) -> str:
    style = 'stroke="#222222" stroke-width="0.8" stroke-dasharray="2 3"'
    if mark.upright:
        left = _right(x, mark.value)
        return _rule(left, _TOP, left, _HEIGHT - _BOTTOM, style) + _text(
            left + 4, _TOP + 12, mark.label, "start"
        )
    down, right = _down(y, mark.value), _WIDTH - _RIGHT
    return _rule(_LEFT, down, right, down, style) + _text(_LEFT + 6, down - 4, mark.label, "start")


def _sample(line: Line, colour: str) -> str:
    if line.dots:
        return f'<circle cx="8" cy="4" r="2.5" fill="{colour}"/>'
    return f'<path d="M0 4H16" {_stroke(line, colour)}/>'


def _patch(band: Band) -> str:
    return f'<rect width="16" height="8" fill="{band.colour}" fill-opacity="0.3"/>'


def _key(number: int, swatch: str, label: str) -> str:
    left, top = _WIDTH - _RIGHT + 14, _TOP + number * _LEGEND_STEP
    moved = f'<g transform="translate({left} {top})">{swatch}</g>'
    return moved + _text(left + 22, top + 9, label, "start")
