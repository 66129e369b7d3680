"""Contrast of what a screen shows, measured on its pixels (WCAG 2.2, 1.4.3 and 1.4.11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QLineEdit, QWidget

from station_app.ui.style import Style
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.text_block import TextBlock

TEXT: Final = 4.5
LARGE_TEXT: Final = 3.0
MARKS: Final = 3.0
"""The least contrast of controls and of the focus ring."""
_LARGE_PX, _LARGE_BOLD_PX, _BOLD = 24, 18.66, 700
_RING: Final = 12

Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Measured:
    """A contrast `ratio` of 1 to 21, and the one that is `needed`."""

    what: str
    widget: QWidget
    words: str
    ratio: float
    needed: float
    box: QRect

    @property
    def share(self) -> float:
        """What there is of what is needed; below 1.0 it is too little."""
        return self.ratio / self.needed


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio of two opaque colours."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def needed_by(font: QFont) -> float:
    """The contrast that text in `font` needs: 18 pt (24 px), or 14 pt bold, is large."""
    px, is_bold = font.pixelSize(), font.weight() >= _BOLD
    return LARGE_TEXT if px >= _LARGE_PX or (is_bold and px >= _LARGE_BOLD_PX) else TEXT


def pixels_of(root: QWidget) -> Pixels:
    """The screen as it is painted now: rows of 0xAARRGGBB."""
    picture = root.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32)
    data = np.frombuffer(picture.constBits(), dtype=np.uint32)
    rows = data.reshape(picture.height(), picture.bytesPerLine() // 4)
    return rows[:, : picture.width()].copy()  # the picture goes away


def ground(pixels: Pixels, box: QRect, ink: QColor | None = None) -> QColor | None:
    """The most common colour in `box` beside `ink`, None where nothing of it is in sight."""
    part = pixels[max(box.top(), 0) : box.bottom() + 1, max(box.left(), 0) : box.right() + 1]
    if part.size == 0:
        return None
    values, counts = np.unique(part, return_counts=True)
    if ink is not None and len(values) > 1:  # bold words may cover more than their ground
        counts = np.where(values == np.uint32(ink.rgba()), 0, counts)
    return QColor.fromRgba(int(values[counts.argmax()]))


def text_contrast(
    root: QWidget, pixels: Pixels, one: QWidget, box: QRect, ink: QColor, font: QFont, words: str
) -> Measured | None:
    """The contrast of words with the pixels behind them, None where they are out of sight.

    So are words of which less than half a line is seen: there may be no ground beside the ink.
    """
    seen = _in_sight(root, one, box)
    if seen is None or seen.height() < min(box.height(), font.pixelSize() / 2):
        return None
    behind = ground(pixels, seen, ink)
    if behind is None:
        return None
    alpha = ink.alphaF()
    mixed = QColor.fromRgbF(
        *(
            alpha * over + (1 - alpha) * under
            for over, under in (
                (ink.redF(), behind.redF()),
                (ink.greenF(), behind.greenF()),
                (ink.blueF(), behind.blueF()),
            )
        )
    )
    return Measured("low contrast", one, words, contrast(mixed, behind), needed_by(font), seen)


def block_contrast(root: QWidget, pixels: Pixels) -> Iterator[Measured]:
    """Of the texts that are labels."""
    for one in root.findChildren(TextBlock):
        if not one.isVisible() or not one.text().strip() or is_behind(root, one):
            continue
        found = text_contrast(
            root, pixels, one, one.rect(), QColor(one.ink), one.font(), one.text()
        )
        if found is not None:
            yield found


def mark_contrast(root: QWidget, pixels: Pixels, style: Style) -> Iterator[Measured]:
    """Of the edges of fields, and of the focus ring around whatever may have the keyboard."""
    ring = QColor(style.colours.focus), QColor(style.colours.surface)
    for one in root.findChildren(QWidget):
        radius = one.property("focus_radius")
        if not one.isVisible() or not one.isEnabled() or not radius or is_behind(root, one):
            continue
        around = one.rect().adjusted(-_RING, -_RING, _RING, _RING)
        seen = _in_sight(root, one, one.rect())
        if seen is None:
            continue
        corner = one.mapTo(root, QPoint(0, 0))
        box = around.translated(corner) & root.rect()
        above = QRect(box.left(), box.top(), box.width(), _RING)
        behind = ground(pixels, above)
        if behind is not None:
            best = max(contrast(ink, behind) for ink in ring)
            yield Measured("weak focus", one, one.accessibleName(), best, MARKS, seen)
        is_field = isinstance(one, QLineEdit) or isinstance(one.focusProxy(), QLineEdit)
        if is_field and behind is not None and seen.height() == one.height():
            # One line: drawn small, an edge may have no more.
            edge = ground(pixels, QRect(seen.left() + 20, seen.top(), seen.width() - 40, 1))
            if edge is not None:
                found = contrast(edge, behind)
                yield Measured("weak edge", one, one.accessibleName(), found, MARKS, seen)


def is_behind(root: QWidget, one: QWidget) -> bool:
    """Whether a dialog lies over it, which dims what is behind."""
    return any(
        over.isVisible() and over is not one and not over.isAncestorOf(one)
        for over in root.findChildren(Overlay)
        if not one.isAncestorOf(over)
    )


def _in_sight(root: QWidget, one: QWidget, box: QRect) -> QRect | None:
    """The part of `box` that is seen, in the coordinates of `root`; None for nothing."""
    seen = one.visibleRegion().boundingRect() & box
    if seen.isEmpty():
        return None
    return seen.translated(one.mapTo(root, QPoint(0, 0))) if one is not root else seen


def _luminance(ink: QColor) -> float:
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (ink.redF(), ink.greenF(), ink.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
