"""Screen 10, the day log: table, filters, search, the story of a row, the journal's state."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.day_log import LogFilter
from station_app.ui.commission.day_cards import IntegrityStrip, went_words
from station_app.ui.commission.day_log import DayLogView
from station_app.ui.commission.log_table import LogTable
from station_app.ui.commission.story_panel import StoryPanel
from station_app.ui.room_shell import Place, RoomPage
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.tokens import FIELD_RADIUS, KEY_RADIUS
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key, press_by_enter
from station_app.ui.widgets.text_block import TextBlock

_HEIGHT, _SIDE = 48, 17
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FilterPill(QAbstractButton):
    """A filter with its count; Space, Enter and a click choose it, arrows go to the next."""

    moved = Signal(int)

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style = style.half_grown
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", style.px(KEY_RADIUS))
        self.setFixedHeight(style.px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """Write the filter and its count."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.updateGeometry()

    def nextCheckState(self) -> None:
        """Which one is dark follows the page, not the press."""

    def sizeHint(self) -> QSize:
        return QSize(round(self._words_width(16) + self._style.px(2 * _SIDE)) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._words_width(13) + self._style.px(2 * 8)) + 2, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _words_width(self, px: int) -> float:
        return QFontMetricsF(self._style.text(px, 600)).horizontalAdvance(self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink, edge = colours.surface, colours.ink, colours.control_border
        if self.isChecked():
            fill, ink, edge = colours.primary, colours.on_primary, colours.primary
        elif self.underMouse():
            fill = colours.bg
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, style.px(KEY_RADIUS), style.px(KEY_RADIUS))
        px = 16
        while px > 13 and self._words_width(px) > self.width() - style.px(2 * 8):
            px -= 1
        painter.setFont(style.text(px, 600))
        painter.setPen(colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class FilterPills(QWidget):
    """All filters in a row; `chosen` carries the one that is wanted.

    Faces and acts have one where there are any.
    """

    chosen = Signal(LogFilter)

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts = texts
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(style.px(8))
        row = QHBoxLayout()
        rows.addLayout(row)
        row.setSpacing(style.px(8))
        in_a_row = _PILLS_IN_A_ROW if style.is_large else len(LogFilter)
        self.pills: dict[LogFilter, FilterPill] = {}
        for shown in LogFilter:
            pill = FilterPill(style, self)
            pill.clicked.connect(lambda _checked=False, shown=shown: self.chosen.emit(shown))
            pill.moved.connect(lambda step, shown=shown: self._move(shown, step))
            if len(self.pills) == in_a_row:
                row = QHBoxLayout()
                row.setSpacing(style.px(8))
                rows.addLayout(row)
            row.addWidget(pill)
            self.pills[shown] = pill
        row.addStretch(1)

    def show_counts(self, shown: LogFilter, counts: Mapping[LogFilter, int]) -> None:
        """Mark the filter that holds, and write how many fit each."""
        for one, pill in self.pills.items():
            pill.setChecked(one is shown)
            number = self._texts.number(counts.get(one, 0))
            pill.set_words(self._texts(f"log.filter.{one.value}", number=number))
        for one in (LogFilter.BY_FACE, LogFilter.ACTS):
            self.pills[one].setVisible(counts.get(one, 0) > 0 or shown is one)

    def _move(self, shown: LogFilter, step: int) -> None:
        order = [one for one, pill in self.pills.items() if not pill.isHidden()]
        pill = self.pills[order[(order.index(shown) + step) % len(order)]]
        pill.setFocus(Qt.FocusReason.ShortcutFocusReason)


_MARGINS = (24, 20, 24, 20)
_PILLS_IN_A_ROW = 3
_SEARCH = 268


class DayLogPage(RoomPage):
    """Shows a `DayLogView`; what is pressed goes out as signals.

    `looked_at` carries the first place in sight and how many, `row_chosen` and `void_pressed`
    the number of an entry, 0 for no row.
    """

    filter_pressed = Signal(LogFilter)
    search_typed = Signal(str)
    looked_at = Signal(int, int)
    row_chosen = Signal(int)
    newest_pressed = Signal()
    refresh_pressed = Signal()
    void_pressed = Signal(int)
    print_pressed = Signal()
    export_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: DayLogView) -> None:
        super().__init__()
        self._texts, self._look, self._view = texts, style, view
        column = QVBoxLayout(self)
        column.setContentsMargins(*[style.px(side) for side in _MARGINS])
        column.setSpacing(style.px(14))
        column.addLayout(self._head())
        column.addLayout(self._filters(view))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._table_card(), 1)
        self.side = StoryPanel(texts, style)
        self.side.void_pressed.connect(self.void_pressed)
        row.addWidget(self.side)
        column.addLayout(row, 1)
        column.addSpacing(style.px(8))
        self.strip = IntegrityStrip(texts, style, view.integrity)
        column.addWidget(self.strip)
        self._add_keys()
        self.update_view(view)

    def update_view(self, view: DayLogView) -> bool:
        """Show another view; the table stays where it is."""
        self._view = view
        self.pills.show_counts(view.shown, view.counts)
        told = view.story.row.number if view.story is not None else None
        self.table.set_rows(view.total, view.rows, told)
        self.side.show_story(view.story)
        self.strip.show_integrity(view.integrity)
        self._show_notice()
        self._show_footer()
        self._show_empty()
        self.escape_changed.emit()
        return True

    @property
    def takes_escape(self) -> bool:
        if self.search.hasFocus():
            return bool(self.search.text())
        return self.table.hasFocus() and self.table.currentIndex().isValid()

    def take_focus(self) -> None:
        """Give the keyboard to the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        texts, style, colours = self._texts, self._look, self._look.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(8))
        title = TextBlock(texts("log.title"), style.display(28, 700), colours.ink, wrap=False)
        head.addWidget(title)
        head.addSpacing(style.px(16))
        self.notice = TextBlock("", style.text(15), colours.ink2, line_height=1.25)
        head.addWidget(self.notice, 1)
        for key, icon, text, pressed in (
            ("F8", "ph.printer", "log.print", self.print_pressed),
            ("F9", "ph.export", "log.export", self.export_pressed),
        ):
            button = ActionButton(texts(text), style, icon=icon, key=key, height=48)
            button.clicked.connect(lambda _checked=False, signal=pressed: signal.emit())
            head.addWidget(button)
        return head

    def _filters(self, view: DayLogView) -> QHBoxLayout:
        texts, style, colours = self._texts, self._look, self._look.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(8))
        self.search = QLineEdit(view.text)
        self.search.setPlaceholderText(texts("log.search"))
        self.search.setAccessibleName(texts("log.search"))
        self.search.setFont(style.text(17))
        self.search.setFixedSize(style.grown.px(_SEARCH), style.half_grown.px(48))
        self.search.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.search.setStyleSheet(
            f"QLineEdit {{ border: {style.px(2)}px solid {colours.control_border};"
            f" border-radius: {style.px(FIELD_RADIUS)}px; background: {colours.surface};"
            f" color: {colours.ink}; placeholder-text-color: {colours.ink3};"
            f" padding: 0 {style.px(10)}px 0 {style.px(44)}px; }}"
        )
        glass = IconView("ph.magnifying-glass", style.px(24), colours.ink3, self.search)
        glass.setGeometry(style.px(16), style.px(12), style.px(24), style.px(24))
        self.search.textEdited.connect(self.search_typed)
        self.search.textChanged.connect(self.escape_changed)
        self.search.installEventFilter(self)
        row.addWidget(self.search)
        self.pills = FilterPills(texts, style)
        self.pills.chosen.connect(self.filter_pressed)
        row.addWidget(self.pills, 1)
        return row

    def _table_card(self) -> Panel:
        style, colours = self._look, self._look.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(1, 1, 1, 0)
        column.setSpacing(0)
        self.table = LogTable(self._texts, style)
        self.table.looked_at.connect(self.looked_at)
        self.table.looked_at.connect(lambda _first, _count: self._show_footer())
        self.table.chosen.connect(self.row_chosen)
        self.table.chosen.connect(self.escape_changed)
        self.table.installEventFilter(self)
        self.table.void_asked.connect(self._ask_void)
        column.addWidget(self.table, 1)
        self.empty = TextBlock(
            "", style.text(19), colours.ink3, align=Qt.AlignmentFlag.AlignHCenter,
            parent=self.table.viewport(),
        )  # fmt: skip
        self.table.viewport().installEventFilter(self)
        column.addWidget(Line(colours.row_line))
        footer = QWidget()
        footer.setFixedHeight(style.half_grown.px(47))
        foot = QHBoxLayout(footer)
        foot.setContentsMargins(style.px(20), 0, style.px(20), 0)
        self.footer = TextBlock("", style.text(15), colours.ink3, wrap=False)
        foot.addWidget(self.footer)
        foot.addStretch(1)
        self.newer = ActionButton("", style, icon="ph.arrow-up", height=48, px=15)
        self.newer.clicked.connect(lambda _checked=False: self._go_to_newest())
        foot.addWidget(self.newer)
        foot.addSpacing(style.px(12))
        foot.addWidget(TextBlock("↑ ↓  PgUp PgDn", style.text(15), colours.ink3, wrap=False))
        column.addWidget(footer)
        return panel

    def _add_keys(self) -> None:
        add_key(self, QKeySequence("Ctrl+F"), self._to_search)
        add_key(self, QKeySequence("F5"), self.refresh_pressed.emit)
        add_key(self, QKeySequence("F8"), self.print_pressed.emit)
        add_key(self, QKeySequence("F9"), self.export_pressed.emit)

    # --- showing --------------------------------------------------------------------------

    def _show_notice(self) -> None:
        texts, view, colours = self._texts, self._view, self._look.colours
        words, ink = "", colours.ink2
        if view.fault:
            words, ink = fault_sentences(texts, view.fault), colours.stop_ink
        elif view.saved:
            words = texts("log.saved", name=view.saved.name, stick=view.saved.stick)
        elif view.went:
            words = went_words(texts, view.went)
        self.notice.setText(words)
        self.notice.set_ink(ink)

    def _show_footer(self) -> None:
        texts, view = self._texts, self._view
        total = view.total or 0
        words = ""
        if total:
            first, count = self.table.in_sight
            words = texts(
                "log.footer",
                first=texts.number(first + 1),
                last=texts.number(first + count),
                total=texts.number(total),
            )
        self.footer.setText(words)
        self.newer.set_label(texts("log.newer", number=texts.number(view.newer)))
        self.newer.setVisible(view.newer > 0)

    def _show_empty(self) -> None:
        view = self._view
        key = "log.empty"
        if view.text.strip() or view.shown is not LogFilter.ALL:
            key = "log.nothing_fits"
        self.empty.setText(self._texts(key))
        self.empty.setVisible(view.total == 0)

    def _ask_void(self) -> None:
        story = self._view.story
        if story is not None and story.row.number == self.table.entry:
            self.side.ask_void()

    def _go_to_newest(self) -> None:
        self.take_focus()
        self.table.to_newest()
        self.newest_pressed.emit()

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._search_key(event.key())
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                event.accept()  # it empties the field, and does not lead out of the page
                return event.type() == QEvent.Type.ShortcutOverride
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.escape_changed.emit()
        if event.type() == QEvent.Type.Resize and watched is self.table.viewport():
            assert isinstance(watched, QWidget)
            height = self.empty.heightForWidth(watched.width())
            top = (watched.height() - height) // 2
            self.empty.setGeometry(0, top, watched.width(), height)
        return False

    def _search_key(self, key: int) -> bool:
        """Enter and the down key lead to the rows, Esc empties the field."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.take_focus()
            return True
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search_typed.emit("")
            return True
        return False


LOG: Final = Place(
    "log",
    "ph.list-bullets",
    DayLogView(),
    lambda room, view: DayLogPage(room.texts, room.style_in_use, view),
    lambda _: ("day_log",),
)
