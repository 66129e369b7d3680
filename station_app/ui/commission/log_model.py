"""The rows of the day log as Qt's tables ask for them, and what their cells say."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from station_app.domain.entry_codes import Method
from station_app.ui.commission.day_log import Result, RowView
from station_app.ui.texts import Texts

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
        name = texts("log.nobody") if row.result is Result.NOT_ON_LIST else "—"
    return (
        texts.time(row.at),
        "—" if row.list_number is None else f"{row.list_number:04d}",
        name,
        "—" if row.method is Method.NONE else texts(f"log.method.{row.method.value}"),
        texts(f"log.result.{row.result.value}"),
    )
