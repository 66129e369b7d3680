"""The twin of the charts: the same numbers as tables that a screen reader walks through."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.day_report import Turnout
from station_app.ui.commission.turnout import age_words, hour_words, method_lines
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.text_block import TextBlock


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
        self.verticalHeader().setDefaultSectionSize(style.px(28))
        self.verticalHeader().setMinimumSectionSize(style.px(20))
        header = self.horizontalHeader()
        header.setFont(style.text(14, 600))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setFixedHeight(style.px(28))
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
