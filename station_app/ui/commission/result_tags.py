"""The tag of a result: a colour, a shape and a word, as on the verdicts."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.ui.commission.day_log import RowResult
from station_app.ui.style import Style, colour
from station_app.ui.tokens import Colours
from station_app.ui.widgets.icons import PALM, SIGNPOST, paint_icon

TAG_HEIGHT = 30
_ICON, _SIDE, _GAP = 19, 10, 6

_ICONS = {
    RowResult.IDENTIFIED: "ph.check-circle-fill",
    RowResult.BY_COMMISSION: "ph.users-three-fill",
    RowResult.STOPPED: PALM,
    RowResult.NOT_ON_LIST: SIGNPOST,
    RowResult.UNREADABLE: "ph.fingerprint",
    RowResult.REFUSED: "ph.users-three-fill",
    RowResult.CANCELLED: "ph.x-circle-fill",
    RowResult.DEVICE_LOST: "ph.warning-fill",
    RowResult.INTERRUPTED: "ph.lightning-fill",
    RowResult.VOIDED: "ph.prohibit-inset-fill",
}


@dataclass(frozen=True, slots=True)
class TagLook:
    """Icon, colour behind and colour of the word."""

    icon: str
    fill: str
    ink: str


def tag_look(result: RowResult, colours: Colours) -> TagLook:
    """How the tag of a result looks."""
    amber = (colours.warn_soft, colours.on_warn_soft)
    purple = (colours.commission_soft, colours.commission)
    fill, ink = {
        RowResult.IDENTIFIED: (colours.ok_soft, colours.on_ok_soft),
        RowResult.BY_COMMISSION: purple,
        RowResult.STOPPED: (colours.stop_soft, colours.on_stop_soft),
        RowResult.NOT_ON_LIST: (colours.info_soft, colours.on_info_soft),
        RowResult.UNREADABLE: amber,
        RowResult.REFUSED: purple,
        RowResult.DEVICE_LOST: amber,
    }.get(result, (colours.line, colours.ink2))
    return TagLook(_ICONS[result], fill, ink)


def tag_width(style: Style, text: str) -> float:
    """How wide the tag of a word is."""
    words = QFontMetricsF(style.text(15, 600)).horizontalAdvance(text)
    return words + style.px(_ICON + _GAP + 2 * _SIDE) + 1


def paint_tag(painter: QPainter, box: QRectF, style: Style, look: TagLook, text: str) -> None:
    """Draw a tag at the left of `box`, in its middle; a word too long for it is cut short."""
    font = style.text(15, 600)
    width = min(tag_width(style, text), box.width())
    tag = QRectF(box.left(), 0, width, style.px(TAG_HEIGHT))
    tag.moveTop(box.center().y() - tag.height() / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(look.fill))
    painter.drawRoundedRect(tag, style.px(8), style.px(8))
    side = style.px(_ICON)
    icon = QRectF(tag.left() + style.px(_SIDE), tag.center().y() - side / 2, side, side)
    paint_icon(painter, look.icon, icon, look.ink)
    words = tag.adjusted(style.px(_SIDE + _ICON + _GAP), 0, -style.px(_SIDE) + 1, 0)
    painter.setPen(colour(look.ink))
    painter.setFont(font)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, words.width() + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


class ResultTag(QWidget):
    """A tag by itself."""

    def __init__(self, style: Style, result: RowResult, text: str, icon: str = "") -> None:
        super().__init__()
        look = tag_look(result, style.colours)
        self._look = TagLook(icon or look.icon, look.fill, look.ink)
        self._style, self._text = style, text
        self.setAccessibleName(text)
        self.setFixedHeight(style.px(TAG_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(tag_width(self._style, self._text) + 1), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_tag(QPainter(self), QRectF(self.rect()), self._style, self._look, self._text)
