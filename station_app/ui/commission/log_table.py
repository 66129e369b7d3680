"""The table of the day log: rows that are read as they are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from station_app.domain.entry_codes import Method
from station_app.ui.commission.day_log import RowResult, RowView
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import Colours
from station_app.ui.widgets.icons import PALM, SIGNPOST, paint_icon
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet

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
    RowResult.ISSUED_ELSEWHERE: "ph.house-line-fill",
    RowResult.ADMITTED: "ph.user-plus-fill",
    RowResult.STRUCK_OFF: "ph.user-minus-fill",
    RowResult.SENT_AWAY: "ph.sign-out-fill",
    RowResult.CAME_BACK: "ph.sign-in-fill",
    RowResult.STATION_WAS_OFF: "ph.lightning-slash-fill",
    RowResult.STATION_MOVED: "ph.arrows-left-right-fill",
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
    purple = (colours.commission_soft, colours.commission_ink)
    fill, ink = {
        RowResult.IDENTIFIED: (colours.ok_soft, colours.on_ok_soft),
        RowResult.BY_COMMISSION: purple,
        RowResult.STOPPED: (colours.stop_soft, colours.on_stop_soft),
        RowResult.NOT_ON_LIST: (colours.info_soft, colours.on_info_soft),
        RowResult.UNREADABLE: amber,
        RowResult.REFUSED: purple,
        RowResult.DEVICE_LOST: amber,
        RowResult.ISSUED_ELSEWHERE: purple,
        RowResult.ADMITTED: purple,
        RowResult.STRUCK_OFF: purple,
        RowResult.STATION_WAS_OFF: amber,
    }.get(result, (colours.sunken if colours.outline else colours.line, colours.ink2))
    return TagLook(_ICONS[result], fill, ink)


def tag_width(style: Style, text: str) -> float:
    """How wide the tag of a word is."""
    style = style.half_grown
    words = QFontMetricsF(style.text(15, 600)).horizontalAdvance(text)
    return words + style.px(_ICON + _GAP + 2 * _SIDE) + 1


def paint_tag(painter: QPainter, box: QRectF, style: Style, look: TagLook, text: str) -> None:
    """Draw a tag at the left of `box`, in its middle; a word too long for it is cut short."""
    style = style.half_grown
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
    """A tag without a row."""

    def __init__(self, style: Style, result: RowResult, text: str, icon: str = "") -> None:
        super().__init__()
        style = style.half_grown
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


COLUMNS: Final = ("time", "number", "name", "method", "result")
SKELETON_ROWS: Final = 8
"""Rows that are there while nobody knows how many there will be."""

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


class LogModel(QAbstractTableModel):
    """Rows by their place; one that has not been read yet has no words."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._rows: Mapping[int, RowView] = {}
        self._total: int | None = 0

    def set_rows(self, total: int | None, rows: Mapping[int, RowView]) -> None:
        """Show these; the table stays where it is when there are as many as before."""
        if total != self._total:
            self.beginResetModel()
            self._total, self._rows = total, rows
            self.endResetModel()
            return
        self._rows = rows
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def row(self, place: int) -> RowView | None:
        """The row at a place, None while it has not been read."""
        return self._rows.get(place)

    def place_of(self, entry: int) -> int | None:
        """Where the row of an entry is, None while that has not been read."""
        return next((place for place, row in self._rows.items() if row.number == entry), None)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        if parent.isValid():
            return 0
        return SKELETON_ROWS if self._total is None else self._total

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(f"log.column.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        row = self._rows.get(index.row())
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if row is None or role not in spoken:
            return None
        return cell_words(self._texts, row)[index.column()]


def cell_words(texts: Texts, row: RowView) -> tuple[str, str, str, str, str]:
    """What the cells of a row say."""
    name = row.name
    if not name:
        name = texts("log.nobody") if row.result is RowResult.NOT_ON_LIST else "—"
    return (
        texts.time(row.at),
        "—" if row.list_number is None else f"{row.list_number:04d}",
        name,
        "—" if row.method is Method.NONE else texts(f"log.method.{row.method.value}"),
        texts(f"log.result.{row.result.value}"),
    )


ROW_HEIGHT: Final = 48
SKELETON_MS: Final = 300
_WIDTHS = {"time": 88, "number": 78, "method": 120, "result": 206}
_LEFT_OUT: Final = {125: ("method",), 150: ("method", "name"), 200: ("method", "name")}
"""Columns without room beside larger text; the story of a row has them."""
_LEAST_ROWS = 4
_TIME, _NUMBER, _NAME, _METHOD, _RESULT = range(len(COLUMNS))


class _RowPainter(QStyledItemDelegate):
    """Paints a cell; a voided name is crossed out, a row not read yet is a grey bar."""

    def __init__(self, texts: Texts, style: Style, model: LogModel) -> None:
        super().__init__()
        self._texts, self._style, self._model = texts, style, model
        self.shows_skeleton = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style, colours = self._style, self._style.colours
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, colour(colours.sunken if selected else colours.surface))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour(colours.row_line)
        )
        if selected and index.column() == _TIME:
            painter.fillRect(
                QRectF(box.left(), box.top(), style.px(5), box.height()), colour(colours.ink)
            )
        row = self._model.row(index.row())
        left = style.px(21 if index.column() == _TIME else 0)
        inner = box.adjusted(left, 0, -style.px(8), 0)
        if row is not None:
            self._paint_cell(painter, inner, row, index.column())
        elif self.shows_skeleton:
            self._paint_bar(painter, inner)
        painter.restore()

    def _paint_cell(self, painter: QPainter, box: QRectF, row: RowView, column: int) -> None:
        style, colours = self._style, self._style.colours
        words = cell_words(self._texts, row)[column]
        if column == _RESULT:
            paint_tag(painter, box, style, tag_look(row.result, colours), words)
            return
        font = style.text(17, 600 if column == _NUMBER else 400)
        ink = colours.ink
        if column == _METHOD or (column == _NAME and not row.name):
            ink = colours.ink3
        font.setStrikeOut(column == _NAME and row.result is RowResult.VOIDED)
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(font)
        painter.setPen(colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_bar(self, painter: QPainter, box: QRectF) -> None:
        bar = QRectF(box.left(), 0, box.width() * 0.7, self._style.px(14))
        bar.moveTop(box.center().y() - bar.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._style.colours.row_line))
        painter.drawRoundedRect(bar, self._style.px(4), self._style.px(4))


class LogTable(QTableView):
    """`looked_at` tells the first row that is in sight and how many are; `chosen` the entry
    number of the keyboard's row, 0 for none; `void_asked` is Del."""

    looked_at = Signal(int, int)
    chosen = Signal(int)
    void_asked = Signal()

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._look = style
        self._restoring = False
        self.log = LogModel(texts)
        self._painter = _RowPainter(texts, style, self.log)
        self.setModel(self.log)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(texts("log.title"))
        self.setProperty("focus_radius", style.px(16))
        self._shape()
        self._skeleton = QTimer(self)
        self._skeleton.setSingleShot(True)
        self._skeleton.setInterval(SKELETON_MS)
        self._skeleton.timeout.connect(self._show_skeleton)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._look_around())
        self.selectionModel().currentRowChanged.connect(self._row_changed)

    def set_rows(
        self, total: int | None, rows: Mapping[int, RowView], entry: int | None = None
    ) -> None:
        """Show these rows, the table where it was; where no row has the keyboard, `entry`'s."""
        place = self.verticalScrollBar().value()
        self.log.set_rows(total, rows)
        if entry is not None and not self.currentIndex().isValid():
            self.select_entry(entry)
        self.verticalScrollBar().setValue(place)
        self._look_around()

    @property
    def entry(self) -> int | None:
        """The entry number of the selected row."""
        index = self.currentIndex()
        row = self.log.row(index.row()) if index.isValid() else None
        return None if row is None else row.number

    @property
    def in_sight(self) -> tuple[int, int]:
        """First row that is seen, and how many."""
        first = self.verticalScrollBar().value()  # it counts rows
        rows = self.viewport().height() / self._look.half_grown.px(ROW_HEIGHT)
        return first, min(max(int(rows), 1), self.log.rowCount() - first)

    def select_entry(self, entry: int) -> None:
        """Put the keyboard on the row of an entry, where it is read; nowhere else."""
        place = self.log.place_of(entry)
        if place is not None:
            self._restoring = True
            self.setCurrentIndex(self.log.index(place, 0))
            self._restoring = False

    def to_newest(self) -> None:
        """Look at the top."""
        self.scrollToTop()

    def event(self, event: QEvent) -> bool:
        """Esc closes the story first; only without one does it lead out of the page."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.currentIndex().isValid()
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Having the keyboard chooses no row: Qt would take the first, and Esc close its story."""
        QFrame.focusInEvent(self, event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.log.rowCount() - 1
        if event.key() == Qt.Key.Key_Delete:
            if not event.isAutoRepeat():
                self.void_asked.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self.selectRow(0 if event.key() == Qt.Key.Key_Home else last)
        elif event.key() == Qt.Key.Key_Escape and self.currentIndex().isValid():
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look_around()

    def _shape(self) -> None:
        style, colours = self._look, self._look.colours
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(style.half_grown.px(ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setFixedHeight(style.half_grown.px(40))
        header.setFont(style.text(14, 600))
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for place, name in enumerate(COLUMNS):
            if name == "name":
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            else:
                # Times and numbers are short: the names beside them have the rest.
                grown = style.half_grown if name in ("time", "number") else style.grown
                header.resizeSection(place, grown.px(_WIDTHS[name]))
        for name in _LEFT_OUT.get(style.appearance.text_percent, ()):
            self.setColumnHidden(COLUMNS.index(name), True)
        if style.is_large:
            self.setMinimumHeight(header.height() + _LEAST_ROWS * style.half_grown.px(ROW_HEIGHT))
        self.setStyleSheet(
            "QTableView, QHeaderView { background: transparent; border: none; }"
            f"QHeaderView::section {{ background: transparent; color: {colours.ink2};"
            f" border: none; border-bottom: 1px solid {colours.line}; padding: 0; }}"
            f"QHeaderView::section:first {{ padding-left: {style.px(20)}px; }}"
            + scroll_bar_sheet(style, top=header.height())
        )

    def _look_around(self) -> None:
        first, count = self.in_sight
        if all(self.log.row(place) for place in range(first, first + count)):
            self._skeleton.stop()
            self._painter.shows_skeleton = False
        elif not self._skeleton.isActive():
            self._skeleton.start()
        self.viewport().update()
        self.looked_at.emit(first, count)

    def _show_skeleton(self) -> None:
        self._painter.shows_skeleton = True
        self.viewport().update()

    def _row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if self._restoring:
            return
        row = self.log.row(now.row()) if now.isValid() else None
        self.chosen.emit(0 if row is None else row.number)
