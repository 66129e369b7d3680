"""Icons: Phosphor from the qtawesome package, and a few of our own that it lacks."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.ui.style import colour

_TOKEN = re.compile(r"[MmLlHhVvCcSsZz]|-?(?:\d*\.\d+|\d+)")
_NUMBERS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4}


@cache
def vector_path(drawing: str) -> QPainterPath:
    """A painter path from SVG path data without arcs (SVG 1.1, section 8.3).

    Commands M, L, H, V, C, S and Z, absolute and relative. Raises `ValueError` on others.
    """
    tokens = _TOKEN.findall(drawing)
    if not tokens or tokens[0] not in "Mm":
        raise ValueError(f"not path data: {drawing[:20]!r}")
    pen = _Pen()
    command, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
            if command in "Zz":
                pen.close()
                continue
        count = _NUMBERS[command.lower()]
        pen.draw(command, [float(number) for number in tokens[at : at + count]])
        at += count
        command = {"M": "L", "m": "l"}.get(command, command)
    return pen.path


class _Pen:
    def __init__(self) -> None:
        self.path = QPainterPath()
        self._reflected: QPointF | None = None

    def close(self) -> None:
        self.path.closeSubpath()
        self._reflected = None

    def draw(self, command: str, numbers: list[float]) -> None:
        here = self.path.currentPosition()
        origin = here if command.islower() else QPointF()
        kind = command.lower()
        if kind == "h":
            points = [QPointF(origin.x() + numbers[0], here.y())]
        elif kind == "v":
            points = [QPointF(here.x(), origin.y() + numbers[0])]
        else:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            points = [origin + QPointF(x, y) for x, y in pairs]
        if kind == "s":
            mirror = here if self._reflected is None else here + (here - self._reflected)
            points.insert(0, mirror)
        self._reflected = points[1] if kind in "cs" else None
        if kind in "cs":
            self.path.cubicTo(*points)
        elif kind == "m":
            self.path.moveTo(points[0])
        else:
            self.path.lineTo(points[0])


SIGNPOST = "own.signpost"
UNPLUGGED = "own.unplugged"
PALM = "own.palm"
MARK = "own.mark"
USB = "own.usb"


def paint_icon(painter: QPainter, name: str, box: QRectF, ink: str) -> None:
    """Draw icon `name` (ph.* or own.*) filling the square inside `box` in colour `ink`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if name in _OWN:
        side = min(box.width(), box.height())
        painter.translate(box.center() - QPointF(side / 2, side / 2))
        painter.scale(side / 256, side / 256)
        _OWN[name](painter, ink)
    else:
        family, letters = _phosphor()
        font = QFont(family)
        font.setPixelSize(round(min(box.width(), box.height())))
        painter.setFont(font)
        painter.setPen(colour(ink))
        letter = chr(int(letters[name.removeprefix("ph.")], 16))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


@cache
def _phosphor() -> tuple[str, Mapping[str, str]]:
    """Family and letters (hexadecimal, by name) of the icon font that qtawesome carries.

    The package itself is not imported: that, with its ten other fonts, takes 0.1 s.
    """
    package = find_spec("qtawesome")
    places = package.submodule_search_locations if package else None
    for folder in (Path(place) / "fonts" for place in places or ()):
        for file in folder.glob("phosphor-[0-9]*.ttf"):
            families = QFontDatabase.applicationFontFamilies(
                QFontDatabase.addApplicationFont(str(file))
            )
            (names,) = folder.glob("phosphor-charmap-*.json")
            if families:
                return families[0], json.loads(names.read_text("utf-8"))
    raise KnownError(Code.FONTS_MISSING, "The icon font does not load; install the program again.")


def _paint_signpost(painter: QPainter, ink: str) -> None:
    sign = QPainterPath()
    sign.addRoundedRect(QRectF(120, 24, 16, 208), 8, 8)
    board = vector_path("M40 72h160l38 40-38 40H40z")
    painter.setBrush(colour(ink))
    painter.setPen(QPen(colour(ink), 24, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    painter.drawPath(board)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(sign)


def _paint_unplugged(painter: QPainter, ink: str) -> None:
    """Two halves of a plug pulled apart along the rising diagonal."""
    painter.translate(128, 128)
    painter.rotate(-45)
    pen = QPen(colour(ink), 18, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(-156, 0, -92, 0)
    painter.drawLine(92, 0, 156, 0)
    painter.drawLine(-22, -22, -2, -22)
    painter.drawLine(-22, 22, -2, 22)
    painter.setPen(QPen(colour(ink), 16, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    painter.setBrush(colour(ink))
    painter.drawPath(vector_path("M-22 -44v88h-34c-48 -4 -48 -84 0 -88z"))
    painter.drawPath(vector_path("M36 -44v88h20c48 -4 48 -84 0 -88z"))


def _paint_palm(painter: QPainter, ink: str) -> None:
    """A raised hand: four fingers, a palm, and the crease of the thumb left open."""
    hand = QPainterPath()
    hand.setFillRule(Qt.FillRule.WindingFill)
    for left, top in ((40, 48), (88, 16), (136, 32), (184, 88)):
        hand.addRoundedRect(QRectF(left, top, 32, 168 - top), 16, 16)
    hand.addRect(QRectF(40, 112, 176, 40))
    heel = QPainterPath(QPointF(40, 152))
    heel.arcTo(QRectF(40, 64, 176, 176), 180, 180)  # half a circle below
    hand = hand.simplified().united(heel)
    gaps = QPainterPath()
    for left, bottom in ((72, 128), (120, 120)):
        gaps.addRoundedRect(QRectF(left, -20, 16, bottom + 20), 8, 8)
    # The third gap goes on as the crease of the thumb.
    crease = QPainterPath(QPointF(176, 0))
    crease.lineTo(176, 136)
    crease.cubicTo(152, 138, 136, 156, 136, 184)
    stroke = QPainterPathStroker()
    stroke.setWidth(16)
    stroke.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroke.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ink))
    painter.drawPath(hand - gaps - stroke.createStroke(crease))


def _paint_mark(painter: QPainter, ink: str) -> None:
    """The program's sign: three ridges of a finger (round-capped lines)."""
    painter.scale(8, 8)
    painter.setPen(QPen(colour(ink), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    outer = QPainterPath(QPointF(5, 20))
    outer.arcTo(QRectF(5, 7.4, 22, 22), 172, -156)
    middle = QPainterPath(QPointF(9.5, 24.5))
    middle.lineTo(9.5, 18)
    middle.arcTo(QRectF(9.5, 11.5, 13, 13), 180, -180)
    middle.lineTo(22.5, 20)
    inner = QPainterPath(QPointF(14, 28))
    inner.lineTo(14, 18.5)
    inner.arcTo(QRectF(14, 16.2, 4.5, 4.6), 180, -180)
    inner.lineTo(18.5, 23)
    inner.cubicTo(18.5, 25.6, 20.8, 27.6, 23.5, 27.6)
    for line in (outer, middle, inner):
        painter.drawPath(line)


def _paint_usb(painter: QPainter, ink: str) -> None:
    """The fork of the USB sign, lying: a dot at the left, an arrow at the right."""
    painter.setPen(QPen(colour(ink), 16, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    painter.drawLine(24, 128, 232, 128)
    painter.drawPath(vector_path("M208 104l28 24-28 24"))
    painter.drawPath(vector_path("M80 128l36 -60h44"))
    painter.drawPath(vector_path("M104 128l36 60h28"))
    painter.setBrush(colour(ink))
    painter.drawEllipse(QRectF(12, 108, 40, 40))
    painter.drawEllipse(QRectF(160, 52, 32, 32))
    painter.drawRect(QRectF(168, 172, 32, 32))


_OWN: dict[str, Callable[[QPainter, str], None]] = {
    SIGNPOST: _paint_signpost,
    UNPLUGGED: _paint_unplugged,
    PALM: _paint_palm,
    MARK: _paint_mark,
    USB: _paint_usb,
}


class IconView(QWidget):
    """One icon, for the eye only: the words beside it carry the meaning."""

    def __init__(self, name: str, side: int, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._ink = ink
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, QRectF(self.rect()), self._ink)
