"""A page of A4 and a pen that writes down it, block by block.

Lengths are tenths of a point (1/720 inch), so that fonts have whole sizes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPen,
)

from station_app.papers.fonts import DISPLAY_FAMILY, TEXT_FAMILY, load_fonts

WIDTH: Final = 5953  # 210 mm
HEIGHT: Final = 8419  # 297 mm
MARGIN: Final = 480  # 17 mm: no printer leaves more white
UNITS_PER_INCH: Final = 720

INK: Final = "#000000"
GREY: Final = "#4A4A4A"  # contrast 8.9 on white, and still dark from a laser printer
LINE: Final = "#9A9A9A"
SHADE: Final = "#EFEFEF"

_SIZES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap)
_PDF_DPI: Final = 600
_SHORT: Final = 12  # letters that are narrower than any column
_WORD: Final = re.compile(r"\S+")

Write = Callable[["Pen"], None]
"""Writes a whole page, from its pen's place on."""


class Pen:
    """Writes on a painter of any resolution; `y` is where the next block begins.

    `size` multiplies fonts and gaps: what does not fit a page is written smaller.
    """

    def __init__(self, painter: QPainter, size: float = 1.0) -> None:
        self._painter, self._size = painter, size
        self.y = float(MARGIN)

    def length(self, tenths: float) -> float:
        """A gap or a font's height at this size."""
        return tenths * self._size

    def font(self, tenths: float, weight: int = 400, *, display: bool = False) -> QFont:
        """Inter at that height. On a PDF 700 is the heaviest: Qt would thicken 800 once more.

        Without digits of equal width and other alternates: copied from a PDF they would be
        no digits.
        """
        font = QFont(DISPLAY_FAMILY if display else TEXT_FAMILY)
        font.setPixelSize(round(self.length(tenths)))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("calt"), 0)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def height(self, text: str, font: QFont, width: float) -> float:
        """How high a text is when its lines are broken at that width."""
        space = QRectF(0, 0, width, HEIGHT)
        broken = broken_words(text, font, width)
        return QFontMetricsF(font).boundingRect(space, _WRAPPED, broken).height()

    def text(
        self,
        text: str,
        font: QFont,
        x: float,
        y: float,
        width: float,
        *,
        colour: str = INK,
        right: bool = False,
    ) -> float:
        """Write a text into a column of that width and give its height.

        A word wider than the column, such as a signature, continues on the next line.
        """
        text = broken_words(text, font, width)
        height = self.height(text, font, width)
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        # A little more room than measured: rounding must not cut the last line off.
        space = QRectF(x, y, width, height + 10)
        self._painter.drawText(space, _WRAPPED | int(align), text)
        return height

    def line_of_text(
        self,
        text: str,
        font: QFont,
        x: float,
        y: float,
        width: float,
        *,
        colour: str = INK,
        right: bool = False,
    ) -> None:
        """As `text` for a text that fits one line: without measuring it."""
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._painter.drawText(QRectF(x, y, width, 2 * font.pixelSize()), int(align), text)

    def line(self, x: float, y: float, width: float, *, colour: str = LINE, wide: int = 5) -> None:
        """A level line."""
        self._painter.setPen(QPen(QColor(colour), wide))
        self._painter.drawLine(QRectF(x, y, width, 0).topLeft(), QRectF(x, y, width, 0).topRight())

    def box(self, box: QRectF, *, fill: str | None, edge: str | None = None) -> None:
        """A rectangle with a fill, an edge or both."""
        self._painter.setPen(QPen(QColor(edge), 12) if edge else QPen(Qt.PenStyle.NoPen))
        self._painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        self._painter.drawRect(box)

    def heading(self, text: str, x: float, y: float, width: float) -> float:
        """A section's name with a line under it; gives its height."""
        height = self.text(text, self.font(105, 700), x, y, width)
        self.line(x, y + height + self.length(12), width, colour=INK, wide=8)
        return height + self.length(45)

    def rows(
        self,
        rows: Sequence[tuple[str, str]],
        x: float,
        y: float,
        width: float,
        label: float,
        *,
        value: float = 92,
    ) -> float:
        """Names and values in two columns, `label` wide the first; gives their height.

        `value` is the height of the values' letters.
        """
        top, names, values = y, self.font(88), self.font(value, 600)
        for name, text in rows:
            gap = self.length(60)
            one = self.text(name, names, x, y, label - gap, colour=GREY)
            other = self.text(text, values, x + label, y, width - label)
            y += max(one, other) + self.length(34)
        return y - top

    def rows_height(
        self, rows: Sequence[tuple[str, str]], width: float, label: float, *, value: float = 92
    ) -> float:
        """How high `rows` will be."""
        names, values, gap = self.font(88), self.font(value, 600), self.length(60)
        return sum(
            max(self.height(name, names, label - gap), self.height(text, values, width - label))
            + self.length(34)
            for name, text in rows
        )


def broken_words(text: str, font: QFont, width: float) -> str:
    """`text` with a line break wherever a word reaches the column's width."""
    if all(len(word) <= _SHORT for word in text.split()):
        return text
    metrics = QFontMetricsF(font)
    return _WORD.sub(lambda word: _broken(word.group(), metrics, width), text)


def _broken(word: str, metrics: QFontMetricsF, width: float) -> str:
    if metrics.horizontalAdvance(word) <= width:
        return word
    lines = [""]
    for sign in word:
        if lines[-1] and metrics.horizontalAdvance(lines[-1] + sign) > width:
            lines.append("")
        lines[-1] += sign
    return "\n".join(lines)


def pdf_of(title: str, write: Write) -> bytes:
    """One page as a PDF. Raises `ValueError` where Qt cannot draw it."""
    load_fonts()
    size = fitting(write)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("station-app")
    writer.setResolution(_PDF_DPI)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()
    )
    is_drawn = writer.setPageLayout(layout)
    with painting(writer) as painter:
        painter.scale(_PDF_DPI / UNITS_PER_INCH, _PDF_DPI / UNITS_PER_INCH)
        write(Pen(painter, size))
        is_drawn = painter.end() and is_drawn
    if not is_drawn:
        raise ValueError("Qt did not draw the page")
    return bytes(buffer.data().data())


def picture(width: int, write: Write) -> QImage:
    """The page as an image of that many pixels' width."""
    load_fonts()
    scale, size = width / WIDTH, fitting(write)
    image = QImage(QSizeF(width, HEIGHT * scale).toSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with painting(image) as painter:
        smooth = QPainter.RenderHint
        painter.setRenderHints(smooth.Antialiasing | smooth.TextAntialiasing)
        painter.scale(scale, scale)
        write(Pen(painter, size))
    return image


def fitting(write: Write) -> float:
    """The largest size at which the page is not too long; the smallest where none is."""
    for size in _SIZES:
        with painting(QImage(1, 1, QImage.Format.Format_RGB32)) as painter:
            pen = Pen(painter, size)
            write(pen)
        if pen.y <= HEIGHT - MARGIN:
            return size
    return _SIZES[-1]


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter that releases its device when the block ends, also by an exception.

    Qt crashes when a device goes before its painter does.
    """
    painter = QPainter(device)
    try:
        yield painter
    finally:
        if painter.isActive():
            painter.end()
