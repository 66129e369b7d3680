"""The strip below the day log: is the journal intact, how far, and since when it is known."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock

_HEIGHT = 52


class IntegrityStrip(QWidget):
    """Green while the newest check was finished and good, red once one was not, else grey."""

    def __init__(self, texts: Texts, style: Style, view: IntegrityView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(style.px(_HEIGHT))
        self._panel: Panel | None = None
        self._view: IntegrityView | None = None
        self.show_integrity(view)

    def show_integrity(self, view: IntegrityView) -> None:
        """Say how the journal is."""
        if view == self._view:
            return
        self._view = view
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        words, more = integrity_words(self._texts, view)
        self.setAccessibleName(f"{words}. {more}" if more else words)
        self._panel = self._new_panel(view, words, more)
        self._column.addWidget(self._panel)

    def _new_panel(self, view: IntegrityView, words: str, more: str) -> Panel:
        style, colours = self._look, self._look.colours
        icon, fill, ink = "ph.shield-fill", colours.sunken, colours.ink2
        if view.is_broken:
            icon, fill, ink = "ph.shield-warning-fill", colours.stop, colours.on_stop
        elif view.fault:
            icon, fill, ink = "ph.shield-warning-fill", colours.warn_soft, colours.on_warn_soft
        elif view.is_sound:
            icon, fill, ink = "ph.shield-check-fill", colours.ok_soft, colours.on_ok_soft
        panel = Panel(fill, radius=style.px(FIELD_RADIUS))
        row = QHBoxLayout(panel)
        row.setContentsMargins(style.px(20), 0, style.px(20), 0)
        row.setSpacing(style.px(12))
        row.addWidget(IconView(icon, style.px(28), ink))
        size = style.px(12)
        row.addWidget(TextBlock(words, style.text(17, 600), ink, smallest_px=size), 1)
        if more:
            right = Qt.AlignmentFlag.AlignRight
            block = TextBlock(more, style.text(17, 500), ink, smallest_px=size, align=right)
            row.addWidget(block, 1)
        return panel


def integrity_words(texts: Texts, view: IntegrityView) -> tuple[str, str]:
    """What the strip says at its left and at its right."""
    last, more = view.last, ""
    if view.total:
        more = texts(
            "log.integrity.checking",
            checked=texts.number(view.checked),
            total=texts.number(view.total),
        )
    if last is None:
        if view.fault:
            return texts("log.integrity.fault"), more
        return texts("log.integrity.unchecked"), more
    if not last.sound:
        if last.first_bad:
            return texts("log.integrity.broken", number=texts.number(last.first_bad)), more
        return texts("log.integrity.broken_somewhere"), more
    if view.fault:
        time, number = texts.time(last.checked_at), texts.number(last.entries)
        known = texts("log.integrity.last_intact", time=time, number=number)
        return texts("log.integrity.fault"), more or known
    words = texts("log.integrity.intact", number=texts.number(last.entries))
    checked = texts(
        "log.integrity.checkpoint", head=last.short_head, time=texts.time(last.checked_at)
    )
    return words, more or checked
