"""The context column: the optional document, today's count, and the last sessions."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.operator.views import DayView, LastOutcome, LastRow
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import SCREEN_MARGIN, STAGE_TOP
from station_app.ui.widgets.cards import KeyCap, Line, Panel, card
from station_app.ui.widgets.icons import PALM, SIGNPOST, IconView
from station_app.ui.widgets.meters import ProgressBar
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock

COLUMN_WIDTH = 412
COLUMN_GAP = 48
_LAST_SHOWN = 3


def stage_row(stage: QWidget, style: Style) -> QHBoxLayout:
    """The row of the stage: the instruction at the left, the context at the right."""
    row = QHBoxLayout(stage)
    side, top = style.px(SCREEN_MARGIN), style.px(STAGE_TOP)
    row.setContentsMargins(side, top, side, top)
    row.setSpacing(style.px(COLUMN_GAP))
    return row


class DocumentCard(QWidget):
    """The optional document: its PIN, typed or pasted; Enter looks it up."""

    pin_entered = Signal(str)

    def __init__(self, texts: Texts, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._style = texts, style
        self._how = "ready.document_hint"
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        panel = card(style)
        around.addWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(style.px(22), style.px(20), style.px(22), style.px(20))
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(
            TextBlock(texts("ready.document"), style.text(19, 600), style.colours.ink, wrap=False)
        )
        head.addStretch(1)
        head.addWidget(KeyCap("F2", style))
        column.addLayout(head)
        column.addSpacing(style.px(2))
        self._hint = TextBlock(
            texts("ready.document_hint"), style.text(17), style.colours.ink3, wrap=False
        )
        column.addWidget(self._hint)
        column.addSpacing(style.px(14))
        self.field = PinField(style, texts("pin.name"))
        column.addWidget(self.field)
        self.field.submitted.connect(self.pin_entered)
        self.field.incomplete.connect(self._say_short)
        self.field.textChanged.connect(self._say_hint)

    def set_has_reader(self, *, has_reader: bool) -> None:
        """Say that the document may be shown, while there is a reader that works."""
        how = "ready.document_show" if has_reader else "ready.document_hint"
        if how != self._how:
            self._how = how
            self._say_hint()

    def _say_short(self) -> None:
        self._hint.setText(self._texts("pin.short"))
        self._hint.set_ink(self._style.colours.stop_ink)

    def _say_hint(self) -> None:
        self._hint.setText(self._texts(self._how))
        self._hint.set_ink(self._style.colours.ink3)


def day_column(texts: Texts, style: Style, day: DayView, document: DocumentCard | None) -> QWidget:
    """The column at the right of the stage, with or without the document card."""
    column = QWidget()
    column.setFixedWidth(style.px(COLUMN_WIDTH))
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(style.px(16))
    if document is not None:
        rows.addWidget(document)
    rows.addWidget(_count_card(texts, style, day))
    rows.addWidget(_last_card(texts, style, day.last), 1)
    return column


def _count_card(texts: Texts, style: Style, day: DayView) -> Panel:
    panel = card(style)
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(22), style.px(16), style.px(22), style.px(18))
    column.setSpacing(style.px(8))
    head = QHBoxLayout()
    ink = style.colours.ink
    head.addWidget(TextBlock(texts("ready.count"), style.text(19, 600), ink, wrap=False))
    head.addStretch(1)
    number = texts.number(day.identified_today)
    head.addWidget(TextBlock(number, style.display(44), ink, line_height=1.08, wrap=False))
    column.addLayout(head)
    share = day.identified_today / day.on_list if day.on_list else 0.0
    column.addWidget(ProgressBar(style, height=12, fraction=share))
    words = texts(
        "ready.share",
        percent=texts.percent(day.identified_today, day.on_list),
        total=texts.number(day.on_list),
    )
    column.addWidget(TextBlock(words, style.text(17), style.colours.ink3, wrap=False))
    return panel


def _last_card(texts: Texts, style: Style, last: tuple[LastRow, ...]) -> Panel:
    panel = card(style)
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(22), style.px(15), style.px(22), style.px(12))
    column.setSpacing(0)
    column.addWidget(
        TextBlock(texts("ready.last"), style.text(19, 600), style.colours.ink, wrap=False)
    )
    column.addSpacing(style.px(6))
    if not last:
        column.addWidget(
            TextBlock(texts("ready.last_empty"), style.text(17), style.colours.ink3, wrap=False)
        )
    for row in last[:_LAST_SHOWN]:
        column.addWidget(Line(style.colours.row_line))
        column.addWidget(_last_row(texts, style, row))
    column.addStretch(1)
    return panel


_SIGNS = {
    LastOutcome.IDENTIFIED: "ph.check-circle-fill",
    LastOutcome.ALREADY: PALM,
    LastOutcome.NOT_ON_LIST: SIGNPOST,
    LastOutcome.COMMISSION: "ph.users-three-fill",
    LastOutcome.REFUSED: "ph.prohibit-fill",
    LastOutcome.VOID: "ph.arrow-u-up-left",
    LastOutcome.CANCELLED: "ph.x",
}


def _last_row(texts: Texts, style: Style, row: LastRow) -> QWidget:
    colours = style.colours
    inks = {
        LastOutcome.IDENTIFIED: colours.ok_ink,
        LastOutcome.ALREADY: colours.stop_ink,
        LastOutcome.NOT_ON_LIST: colours.info_ink,
        LastOutcome.COMMISSION: colours.commission_ink,
        LastOutcome.REFUSED: colours.commission_ink,
        LastOutcome.VOID: colours.ink3,
        LastOutcome.CANCELLED: colours.ink3,
    }
    line = QHBoxLayout()
    line.setSpacing(style.px(12))
    time = TextBlock(row.time, style.text(17), colours.ink3, wrap=False)
    time.setFixedWidth(style.grown.px(56))
    line.addWidget(time)
    line.addWidget(IconView(_SIGNS[row.outcome], style.px(22), inks[row.outcome]))
    word = texts(f"outcome.{row.outcome.value}")
    line.addWidget(TextBlock(word, style.text(17), colours.ink, wrap=False))
    line.addStretch(1)
    number = "—" if row.list_number is None else texts.list_number(row.list_number)
    line.addWidget(TextBlock(number, style.text(17, 600), colours.ink, wrap=False))
    return _LastRow(style, line)


class _LastRow(QWidget):
    """Rows move together where a strip above them takes its part of a low screen."""

    def __init__(self, style: Style, line: QHBoxLayout) -> None:
        super().__init__()
        self._look = style
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._look.grown.px(43))
