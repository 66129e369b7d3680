"""Slips as dots: raster, because printers' own letters lack the Kyrgyz ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from station_app.domain.slips import HeadSlip, Slip, SlipImage, SlipMark
from station_app.papers.document import load_paper_fonts
from station_app.papers.paper_words import NO_BREAK_SPACE, words_of
from station_app.papers.pen import INK, Pen, painting

_MARGIN: Final = 12
_GAP: Final = 10
_FOOT: Final = 24
_TEXT: Final = 25
_NUMBER: Final = 210
_DIGITS: Final = b"1" * 128 + b"0" * 128  # of grey levels: the darker half becomes dots
_WHITE: Final = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class SlipPlace:
    """The lines common to all slips of a station; `kind` is live, training or demo."""

    precinct: str
    station: str
    kind: str
    languages: tuple[str, ...]


def draw_slip(slip: Slip | HeadSlip, width: int, place: SlipPlace) -> SlipImage:
    """A slip of `width` dots, as high as it needs, in all the place's languages.

    May be called on any thread. Raises `KnownError` `fonts_missing`.
    """
    load_paper_fonts()
    _, height = _written(slip, width, 1, place)  # titles of ballots may need any length
    image, _ = _written(slip, width, height, place)
    return _dots(image)


def _written(
    slip: Slip | HeadSlip, width: int, height: int, place: SlipPlace
) -> tuple[QImage, int]:
    """A strip of `height` dots with as much of the slip as it takes, and the height of all."""
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    with painting(image) as painter:
        painter.setRenderHints(
            QPainter.RenderHint.TextAntialiasing | QPainter.RenderHint.Antialiasing
        )
        pen = _SlipPen(painter, width)
        if isinstance(slip, Slip):
            _identification(slip, place, pen)
        else:
            _head(slip, place, pen)
    return image, round(pen.y) + _FOOT


class _SlipPen(Pen):
    """Writes down a strip of `width` dots."""

    def __init__(self, painter: QPainter, width: int) -> None:
        super().__init__(painter)
        self.y = float(_MARGIN)
        self.left, self.inner = float(_MARGIN), float(width - 2 * _MARGIN)

    def say(self, text: str, tenths: float = _TEXT, weight: int = 500) -> None:
        """A paragraph."""
        font = self.font(tenths, weight)
        self.y += self.text(text, font, self.left, self.y, self.inner)

    def value(self, name: str, value: str) -> None:
        """A name and its value, which is never broken into lines."""
        self.say(f"{name} {value.replace(' ', NO_BREAK_SPACE)}")

    def rule(self) -> None:
        """A line between two parts."""
        self.y += _GAP
        self.line(self.left, self.y, self.inner, colour=INK, wide=3)
        self.y += _GAP

    def large(self, text: str) -> None:
        """A number as large as the paper allows."""
        font = self.font(_NUMBER, 800, display=True)
        advance = QFontMetricsF(font).horizontalAdvance(text)
        if advance > self.inner:
            font = self.font(_NUMBER * self.inner / advance * 0.98, 800, display=True)
        # Digits have no tails: the font's own height would leave gaps above and below.
        metrics = QFontMetricsF(font)
        above = metrics.ascent() - metrics.capHeight()
        self.text(text, font, self.left, self.y - above + 2 * _GAP, self.inner)
        self.y += metrics.capHeight() + 4 * _GAP

    def mark(self, text: str) -> None:
        """White on black: seen at once."""
        # Not the number's weight: Qt would draw that with other dots after this.
        font = self.font(40, 700, display=True)
        height = self.height(text, font, self.inner - 2 * _GAP)
        box = QRectF(self.left, self.y, self.inner, height + 2 * _GAP)
        self.box(box, fill=INK)
        x, width = self.left + _GAP, self.inner - 2 * _GAP
        self.text(text, font, x, self.y + _GAP, width, colour=_WHITE)
        self.y = box.bottom() + _GAP


def _identification(slip: Slip, place: SlipPlace, pen: _SlipPen) -> None:
    say = _voice(place.languages)
    _top(say("slip.title"), place, pen)
    if slip.mark is SlipMark.COPY:
        pen.mark(say("slip.copy"))
    pen.say(say("slip.list_number"), weight=600)
    pen.large(f"{slip.list_number:04d}")
    if slip.page:
        pen.say(say("slip.page_line", page=slip.page, line=slip.line), 30, 600)
    if slip.name:
        pen.say(slip.name, 34, 700)
    if slip.ballots:
        pen.say(say("slip.ballots"), weight=600)
        for title in slip.ballots:
            pen.say(f"– {title}", 30, 600)
    if slip.mark is SlipMark.AFTER_FAULT:
        pen.rule()
        pen.say(say("slip.after_fault"), weight=600)
    pen.rule()
    pen.say(_moment(slip.at))
    pen.value(say("slip.entry"), str(slip.entry))
    pen.value(say("slip.checkpoint"), slip.head)


def _head(slip: HeadSlip, place: SlipPlace, pen: _SlipPen) -> None:
    say = _voice(place.languages)
    _top(say("slip.head"), place, pen)
    pen.say(_moment(slip.at), 30, 600)
    pen.say(slip.head.short, 56, 700)
    pen.rule()
    pen.value(say("slip.entries"), str(slip.head.size))
    pen.value(say("slip.identified"), str(slip.identified))
    pen.say(slip.head.root.hex(" ", 4), 22)
    for _ in range(2):
        pen.y += 80
        pen.line(pen.left, pen.y, pen.inner, colour=INK, wide=3)
        pen.y += 4
        pen.say(say("slip.signature"), 20)
    pen.y += _GAP
    pen.say(say("slip.keep"), weight=600)


def _top(title: str, place: SlipPlace, pen: _SlipPen) -> None:
    say = _voice(place.languages)
    if place.kind != "live":
        pen.mark(say("slip.training"))
    pen.say(title, 36, 700)
    pen.value(say("slip.precinct"), place.precinct)
    pen.value(say("slip.station"), place.station)
    pen.rule()


def _voice(languages: tuple[str, ...]) -> Callable[..., str]:
    """Says a text in each language, and once where two are the same."""

    def say(key: str, **values: str | int) -> str:
        texts = (words_of(language, "slip")(key, **values) for language in languages)
        return " / ".join(dict.fromkeys(texts))

    return say


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%d.%m.%Y  %H:%M:%S}"


def _dots(image: QImage) -> SlipImage:
    """Grey becomes black or white, without patterns: they would blur on thermal paper."""
    width, height = image.width(), image.height()
    row_bytes = (width + 7) // 8
    grey, stride = bytes(image.constBits()), image.bytesPerLine()
    rows = bytearray()
    for y in range(height):
        digits = grey[y * stride : y * stride + width].translate(_DIGITS)
        rows += int(digits.ljust(row_bytes * 8, b"0"), 2).to_bytes(row_bytes, "big")
    return SlipImage(bytes(rows), width, height)


def slip_picture(image: SlipImage) -> QImage:
    """The dots as a picture, for a screen or a PNG."""
    mono = QImage.Format.Format_Mono
    picture = QImage(image.pixels, image.width, image.height, image.row_bytes, mono)
    picture.setColorTable([0xFFFFFFFF, 0xFF000000])
    return picture.copy()  # of its own, for the pixels go
