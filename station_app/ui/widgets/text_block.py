"""Text with a line height, wrapped to its width or fitted to it; never elided."""

import math
import re
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from station_app.ui.style import colour

_BREAKS: Final = re.compile("[ \t\n]+")
"""Where a line may end: a no-break space keeps a number whole."""


class TextBlock(QLabel):
    """A label that lays out its own lines: `line_height` is a multiple of the font's size.

    With `smallest_px` the text stays on one line and its font shrinks to the width, down
    to that size. A label by kind, so that screen readers read it as text.

    No word of ours is wider than `widest_em` font sizes. A wider one in wrapped text is somebody
    else's: where its column has no room it is drawn smaller, down to two thirds, and in lines
    that end within it.
    """

    widest_em = 20

    def __init__(
        self,
        text: str,
        font: QFont,
        ink: str,
        *,
        line_height: float = 1.4,
        wrap: bool = True,
        smallest_px: int | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._heights: dict[int, int] = {}
        self._longest_px: int | None = None
        self.setFont(font)
        self._smallest_px = smallest_px
        wrap = wrap and smallest_px is None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._ink = ink
        self._line = line_height * font.pixelSize()
        self._align = align
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed,
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def let_wrap(self) -> bool:
        """Break it into lines from now on where it would be cut or shrunk; whether that is new."""
        if self.wordWrap():
            return False
        self._smallest_px = None
        self._heights.clear()
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        return True

    @property
    def ink(self) -> str:
        """The colour of the words."""
        return self._ink

    def set_ink(self, ink: str) -> None:
        """Draw in another colour from now on."""
        self._ink = ink
        self.update()

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        """Kept by width: a layout asks again and again, and breaking lines is slow."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = math.ceil(self._height(width))
        return height

    def _height(self, width: int) -> float:
        narrow = self._narrow(width)
        if narrow is not None and self.wordWrap():
            return broken_height(narrow, self.text(), width)
        return len(self._lines(width)[1]) * self._line + self._overhang()

    def setText(self, text: str) -> None:
        self._measure_anew()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Among others, the font may be another one."""
        self._measure_anew()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        width = self._natural_width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        if self._smallest_px is not None:
            share = self._smallest_px / self.font().pixelSize()
            return QSize(math.ceil(self._natural_width() * share), self.sizeHint().height())
        if not self.wordWrap():
            return self.sizeHint()
        return QSize(min(self._longest_word(), self._most_width()), math.ceil(self._line))

    def is_clipped(self) -> bool:
        """True when a part of the text lies outside the widget; words that are broken never do."""
        if self._narrow(self.width()) is not None:
            return False
        widest = max(self._lines(self.width())[1], default=0.0)
        return widest > self.width() + 0.5 or self.heightForWidth(self.width()) > self.height() + 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colour(self._ink))
        narrow = self._narrow(self.width())
        if narrow is not None:
            draw_broken(painter, QRectF(self.rect()), narrow, self.text(), self._align)
            return
        layout, lines = self._lines(self.width())
        metrics = QFontMetricsF(self.font())
        lead = (self._line - metrics.ascent() - metrics.descent()) / 2
        free = self.height() - len(lines) * self._line - self._overhang()
        top = 0.0 if self.wordWrap() else free / 2
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            if self._align & Qt.AlignmentFlag.AlignHCenter:
                x = (self.width() - line.naturalTextWidth()) / 2
            elif self._align & Qt.AlignmentFlag.AlignRight:
                x = self.width() - line.naturalTextWidth()
            else:
                x = 0.0
            line.setPosition(QPointF(x, top + number * self._line + lead))
        layout.draw(painter, QPointF(0, 0))

    def _overhang(self) -> float:
        """How far the last line's descenders reach below a tight line."""
        metrics = QFontMetricsF(self.font())
        return max(0.0, (metrics.ascent() + metrics.descent() - self._line) / 2)

    def _natural_width(self) -> int:
        metrics = QFontMetricsF(self.font())
        return math.ceil(
            max(metrics.horizontalAdvance(line) for line in self.text().split("\n")) + 1
        )

    def _measure_anew(self) -> None:
        self._heights.clear()
        self._longest_px = None

    def _longest_word(self) -> int:
        if self._longest_px is None:
            metrics = QFontMetricsF(self.font())
            self._longest_px = math.ceil(metrics.horizontalAdvance(self._longest()) + 1)
        return self._longest_px

    def _most_width(self) -> int:
        return self.widest_em * self.font().pixelSize()

    def _narrow(self, width: int) -> QFont | None:
        """The font of a word that is somebody else's and too long for `width`; None for none."""
        if not self.wordWrap() or self._longest_word() <= max(width, self._most_width()):
            return None
        return fitted(self.font(), self._longest(), width, self.font().pixelSize() * 2 // 3)

    def _longest(self) -> str:
        metrics = QFontMetricsF(self.font())
        return max(_BREAKS.split(self.text()), key=metrics.horizontalAdvance)

    def _lines(self, width: float) -> tuple[QTextLayout, list[float]]:
        font = self.font()
        if self._smallest_px is not None:
            font = fitted(font, self.text(), width, self._smallest_px)
        layout = QTextLayout(self.text().replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(
            QTextOption.WrapMode.WordWrap if self.wordWrap() else QTextOption.WrapMode.NoWrap
        )
        layout.setTextOption(option)
        layout.beginLayout()
        widths = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            widths.append(line.naturalTextWidth())
        layout.endLayout()
        return layout, widths


class ListedText(TextBlock):
    """A name, an address or a number of the list, whose words may be of any length.

    On one line, too: what is too long for it in the smallest font is broken.
    """

    widest_em = 8

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._most_width()), hint.height())

    def _narrow(self, width: int) -> QFont | None:
        if self.wordWrap() or self._smallest_px is None:
            return super()._narrow(width)
        font = fitted(self.font(), self.text(), width, self._smallest_px)
        is_too_long = QFontMetricsF(font).horizontalAdvance(self.text()) > width
        return font if is_too_long else None


def fitted(font: QFont, text: str, width: float, smallest_px: int) -> QFont:
    """`font`, made smaller until `text` on one line is at most `width` wide.

    Never smaller than `smallest_px`: a text that needs less has to be written shorter.
    """
    result = QFont(font)
    while (
        result.pixelSize() > smallest_px and QFontMetricsF(result).horizontalAdvance(text) > width
    ):
        result.setPixelSize(result.pixelSize() - 1)
    return result


def broken(align: Qt.AlignmentFlag) -> QTextOption:
    """How text is drawn in lines that may end within a word, where a word is too long for one."""
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def broken_height(font: QFont, text: str, width: float) -> float:
    """How high `text` is in such lines of `width`. `QFontMetricsF.boundingRect` cannot tell: its
    flags break every line within a word.
    """
    layout = QTextLayout(text, font)
    layout.setTextOption(broken(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    high = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        high += line.height()
    layout.endLayout()
    return high


def draw_fitted(painter: QPainter, room: QRectF, font: QFont, text: str, smallest_px: int) -> None:
    """Draw at the left of `room`, in the middle of its height: on one line where `fitted` can do
    that, else in lines that may end within a word. What needs more lines than there is room for is
    smaller than `smallest_px`: legible with effort, but whole.
    """
    font = fitted(font, text, room.width(), smallest_px)
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    if QFontMetricsF(font).horizontalAdvance(text) <= room.width():
        painter.setFont(font)
        painter.drawText(room.adjusted(0, 0, 1, 0), left, text)
        return
    draw_broken(painter, room, font, text, left)


def draw_broken(
    painter: QPainter, room: QRectF, font: QFont, text: str, align: Qt.AlignmentFlag
) -> None:
    """Draw in lines that may end within a word, in a smaller font where `room` is too low."""
    font = QFont(font)
    while font.pixelSize() > 1 and broken_height(font, text, room.width()) > room.height():
        font.setPixelSize(font.pixelSize() - 1)
    painter.setFont(font)
    painter.drawText(room, text, broken(align))
