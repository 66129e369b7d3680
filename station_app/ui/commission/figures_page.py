"""What the pages of a running and of a closed day share: export bar, three cards, and F8."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.ui.commission.day_cards import number_card
from station_app.ui.commission.day_views import ClosedView, RunningView
from station_app.ui.commission.export_bar import ExportBar
from station_app.ui.style import Style
from station_app.ui.technician.page import page_column, page_head
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.keys import add_key

_NUMBER, _FIGURES, _STATE = 340, 384, 354


class FiguresPage(QWidget):
    """The day in figures. Those who inherit make the cards, and say in `_print` when F8 may."""

    print_pressed = Signal()
    export_pressed = Signal()

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        add_key(self, QKeySequence(Qt.Key.Key_F8), self._print)

    def _print(self) -> None:
        """Ask for the paper, if there may be one now."""
        raise NotImplementedError

    def _lay_out(
        self,
        view: RunningView | ClosedView,
        title: str,
        line: str,
        number_words: tuple[str, str],
        cards: tuple[Panel, Panel],
    ) -> None:
        """Title and line with the export bar beside them; below, the number of those identified
        with the words above and below it, and the cards of figures and of state."""
        texts, style = self._texts, self._look
        column = page_column(self, style)
        head = page_head(style, title, line, ())
        if view.export is not None:
            bar = ExportBar(texts, style, view.export)
            bar.pressed.connect(self.export_pressed)
            head.addWidget(bar, 2)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        caption, shown = number_words
        number = number_card(texts, style, caption, view.figures.identified, shown, view.integrity)
        row.addWidget(number, _NUMBER)
        for card, width in zip(cards, (_FIGURES, _STATE), strict=True):
            row.addWidget(card, width)
        column.addLayout(row, 1)
