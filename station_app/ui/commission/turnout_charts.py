"""Turnout in charts and in tables: the numbers, the bars of the hours, the pyramid of ages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.day_report import AgeBand, DayFigures, HourCount, Turnout
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_log import Local
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class TurnoutView:
    """The turnout, None while it is added up; `at` is local, `is_closed` after closing.

    `as_table` shows the same numbers as tables. `fault` is the code of what failed last,
    `went` where the turnout on paper is.
    """

    turnout: Turnout | None = None
    at: datetime | None = None
    is_closed: bool = False
    as_table: bool = False
    fault: str = ""
    went: PaperDestination | None = None

    @classmethod
    def of(cls, turnout: Turnout, local: Local, *, is_closed: bool) -> "TurnoutView":
        """The turnout as charts."""
        return cls(turnout, local(turnout.at), is_closed)


@dataclass(frozen=True, slots=True)
class MethodLine:
    """Identifications that stand by one method: its code, how many, and their share."""

    method: str
    identified: int
    share: str


def method_lines(texts: Texts, figures: DayFigures) -> tuple[MethodLine, ...]:
    """Finger, face and commission, with their shares of all.

    Faces are left out where there are none: not every station compares them.
    """
    counts = {
        "finger": figures.by_finger,
        "face": figures.by_face,
        "commission": figures.by_commission,
    }
    return tuple(
        MethodLine(method, count, texts.percent(count, figures.identified))
        for method, count in counts.items()
        if count or method != "face"
    )


def busiest(by_hour: tuple[HourCount, ...]) -> HourCount | None:
    """The first hour with the most, None where nobody was identified."""
    most = max(by_hour, key=lambda one: one.identified, default=None)
    return most if most is not None and most.identified else None


def age_words(band: AgeBand) -> str:
    """18–24, 65+."""
    return f"{band.youngest}+" if band.oldest is None else f"{band.youngest}–{band.oldest}"


def hour_words(hour: int) -> str:
    """The whole hour: 12:00, after the last 24:00."""
    return f"{hour:02d}:00"


def axis_steps(highest: int) -> tuple[int, ...]:
    """Marks of an axis from 0 to at least `highest`: at most 4 steps of 1, 2 or 5 times 10^n."""
    step = 1
    while step * 4 < highest:
        digits = step
        while digits >= 10:
            digits //= 10
        step = step * 5 // 2 if digits == 2 else step * 2
    count = max(-(-highest // step), 1)
    return tuple(step * number for number in range(count + 1))


_WIDEST = 64
_ROW = 27


class HourBars(QWidget):
    """Identifications by hour; the busiest hour is dark."""

    def __init__(self, texts: Texts, style: Style, by_hour: tuple[HourCount, ...]) -> None:
        super().__init__()
        self._texts, self._style, self._by_hour = texts, style.grown, by_hour
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
        painter.setBrush(colour(colours.primary if is_most else colours.bar))
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
        self._texts, self._style, self._by_age = texts, style.grown, by_age
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
            painter.setBrush(colour(colours.bar if is_left else colours.primary))
            painter.drawRoundedRect(bar, style.px(4), style.px(4))
            painter.setPen(colour(colours.ink))
            painter.drawText(words, side | centred, self._texts.number(count))


class TurnoutTables(QWidget):
    """Hours at the left; ages and methods at the right."""

    def __init__(self, texts: Texts, style: Style, turnout: Turnout) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(12))
        hours = [
            (f"{hour_words(one.hour)}–{hour_words(one.hour + 1)}", texts.number(one.identified))
            for one in turnout.by_hour
        ]
        ages = [
            (age_words(band), texts.number(band.men), texts.number(band.women))
            for band in turnout.by_age
        ]
        methods = [
            (texts(f"turnout.method.{line.method}"), texts.number(line.identified), line.share)
            for line in method_lines(texts, turnout.figures)
        ]
        count, age = texts("turnout.identified"), texts("turnout.age")
        sexes = (age, texts("turnout.men"), texts("turnout.women"))
        shares = (texts("turnout.method"), count, texts("turnout.share"))
        self.hours = NumberTable(style, texts("turnout.by_hour"), (texts("turnout.hour"), count))
        self.ages = NumberTable(style, texts("turnout.by_age"), sexes)
        self.methods = NumberTable(style, texts("turnout.by_method"), shares)
        for table, lines in ((self.hours, hours), (self.ages, ages), (self.methods, methods)):
            table.fill(lines)
        row.addWidget(_titled(style, self.hours), 1)
        right = QVBoxLayout()
        right.setSpacing(style.px(12))
        right.addWidget(_titled(style, self.ages), 8)
        right.addWidget(_titled(style, self.methods), 5)
        row.addLayout(right, 1)

    def take_focus(self) -> None:
        """Give the keyboard to the first table."""
        self.hours.setFocus(Qt.FocusReason.ShortcutFocusReason)


class NumberTable(QTableWidget):
    """A table to read: its first column names a row, the others are numbers."""

    def __init__(self, style: Style, title: str, columns: Sequence[str]) -> None:
        super().__init__(0, len(columns))
        self._columns = tuple(columns)
        self.setAccessibleName(title)
        for place, words in enumerate(columns):
            named = QTableWidgetItem(words)
            named.setTextAlignment(_alignment(place))
            self.setHorizontalHeaderItem(place, named)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setProperty("focus_radius", style.px(4))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setFont(style.text(15))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(style.grown.px(28))
        self.verticalHeader().setMinimumSectionSize(style.px(20))
        header = self.horizontalHeader()
        header.setFont(style.text(14, 600))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setFixedHeight(style.grown.px(28))
        colours = style.colours
        self.setStyleSheet(
            f"QTableView {{ background: transparent; color: {colours.ink}; border: none;"
            f" selection-background-color: {colours.sunken};"
            f" selection-color: {colours.ink}; outline: none; }}"
            "QHeaderView { background: transparent; }"
            f"QHeaderView::section {{ background: transparent; color: {colours.ink2};"
            f" border: none; border-bottom: 1px solid {colours.line}; padding: 0 4px; }}"
            + scroll_bar_sheet(style)
        )

    def fill(self, lines: Sequence[Sequence[str]]) -> None:
        """Write the rows; each cell says to a screen reader what it counts."""
        self.setRowCount(len(lines))
        for place, line in enumerate(lines):
            for column, words in enumerate(line):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_alignment(column))
                spoken = f"{line[0]}, {self._columns[column]}: {words}" if column else words
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                self.setItem(place, column, item)


def _alignment(column: int) -> Qt.AlignmentFlag:
    """Names at the left, numbers at the right."""
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _titled(style: Style, table: NumberTable) -> Panel:
    panel = card(style)
    column = QVBoxLayout(panel)
    column.setContentsMargins(*[style.px(side) for side in (18, 12, 18, 10)])
    column.setSpacing(style.px(4))
    title = TextBlock(table.accessibleName(), style.text(19, 600), style.colours.ink, wrap=False)
    column.addWidget(title)
    column.addWidget(table, 1)
    return panel
