"""Charts of the turnout, painted: every bar has its value written on it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.domain.day_report import AgeBand, HourCount
from station_app.ui.commission.turnout import age_words, axis_steps, busiest
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts

_BAR = "#7D93A6"
_WIDEST = 64
_ROW = 27


class HourBars(QWidget):
    """Identifications by hour; the busiest hour is dark."""

    def __init__(self, texts: Texts, style: Style, by_hour: tuple[HourCount, ...]) -> None:
        super().__init__()
        self._texts, self._style, self._by_hour = texts, style, by_hour
        spoken = ", ".join(f"{one.hour:02d}: {texts.number(one.identified)}" for one in by_hour)
        self.setAccessibleName(f"{texts('turnout.by_hour')}. {spoken}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(600), self._style.px(230))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(320), self._style.px(140))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        steps = axis_steps(max((one.identified for one in self._by_hour), default=0))
        area = QRectF(self.rect()).adjusted(style.px(42), style.px(22), -style.px(4), -style.px(30))
        self._paint_axis(painter, area, steps)
        if not self._by_hour:
            return
        slot = area.width() / len(self._by_hour)
        most = busiest(self._by_hour)
        for place, one in enumerate(self._by_hour):
            column = QRectF(area.left() + place * slot, area.top(), slot, area.height())
            self._paint_hour(painter, column, one, steps[-1], is_most=one is most)

    def _paint_axis(self, painter: QPainter, area: QRectF, steps: tuple[int, ...]) -> None:
        style, colours = self._style, self._style.colours
        painter.setFont(style.text(14))
        for step in steps:
            y = area.bottom() - area.height() * step / steps[-1]
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), colour(colours.line))
            label = QRectF(0, y - style.px(10), area.left() - style.px(10), style.px(20))
            painter.setPen(colour(colours.ink3))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(label, right, self._texts.number(step))

    def _paint_hour(
        self, painter: QPainter, column: QRectF, one: HourCount, top: int, *, is_most: bool
    ) -> None:
        style, colours = self._style, self._style.colours
        width = min(column.width() * 0.73, style.px(_WIDEST))
        bar = QRectF(0, 0, width, column.height() * one.identified / top)
        bar.moveBottom(column.bottom())
        bar.moveLeft(column.center().x() - width / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours.primary if is_most else _BAR))
        if one.identified:
            painter.drawRoundedRect(bar, style.px(5), style.px(5))
        centre = Qt.AlignmentFlag.AlignCenter
        value = QRectF(column.left(), bar.top() - style.px(22), column.width(), style.px(20))
        painter.setFont(style.text(14, 600))
        words = self._texts.number(one.identified)
        behind = painter.boundingRect(value, centre, words).adjusted(-2, 0, 2, 0)
        painter.fillRect(behind, colour(colours.surface))  # no line runs through a number
        painter.setPen(colour(colours.ink))
        painter.drawText(value, centre, words)
        hour = QRectF(column.left(), column.bottom() + style.px(6), column.width(), style.px(20))
        painter.setFont(style.text(14))
        painter.setPen(colour(colours.ink2))
        painter.drawText(hour, centre, f"{one.hour:02d}")


class AgePyramid(QWidget):
    """Identifications by age: men at the left, women at the right."""

    def __init__(self, texts: Texts, style: Style, by_age: tuple[AgeBand, ...]) -> None:
        super().__init__()
        self._texts, self._style, self._by_age = texts, style, by_age
        men, women = texts("turnout.men"), texts("turnout.women")
        spoken = ", ".join(
            f"{age_words(band)}: {men} {texts.number(band.men)}, {women} {texts.number(band.women)}"
            for band in by_age
        )
        self.setAccessibleName(f"{texts('turnout.by_age')}. {spoken}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(346), self._style.px(_ROW * len(self._by_age)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(240), self._style.px(22 * len(self._by_age)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        highest = max((max(band.men, band.women) for band in self._by_age), default=0)
        height = min(self.height() / max(len(self._by_age), 1), style.px(_ROW))
        for place, band in enumerate(self._by_age):
            row = QRectF(0, place * height, self.width(), height - style.px(7))
            self._paint_band(painter, row, band, max(highest, 1))

    def _paint_band(self, painter: QPainter, row: QRectF, band: AgeBand, highest: int) -> None:
        style, colours = self._style, self._style.colours
        middle = row.center().x()
        gap, value_room = style.px(32), style.px(50)
        room = middle - gap - value_room
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour(colours.ink))
        painter.setFont(style.text(14, 600))
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, age_words(band))
        painter.setFont(style.text(14))
        for count, is_left in ((band.men, True), (band.women, False)):
            length = room * count / highest
            bar = QRectF(middle + gap, row.top(), length, row.height())
            words = QRectF(bar.right() + style.px(8), row.top(), value_room, row.height())
            side = Qt.AlignmentFlag.AlignLeft
            if is_left:
                bar.moveRight(middle - gap)
                words.moveRight(bar.left() - style.px(8))
                side = Qt.AlignmentFlag.AlignRight
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(_BAR if is_left else colours.primary))
            painter.drawRoundedRect(bar, style.px(4), style.px(4))
            painter.setPen(colour(colours.ink))
            painter.drawText(words, side | centred, self._texts.number(count))
