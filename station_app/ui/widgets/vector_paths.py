"""Reads the drawing strings of the hand, the portrait and the verdict shapes."""

import re
from functools import cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

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
