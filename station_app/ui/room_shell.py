"""What the technician's and the commission's rooms share: top bar, column, stage and keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.shell import Shell
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.nav_column import NavColumn, NavItem
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.passphrase_field import put_eyes_last
from station_app.ui.widgets.top_bar import TopBar

BACK, HELP, LOCK = "back", "help", "lock"
_BELOW: Final = {
    BACK: ("ph.arrow-left", "Esc"),
    HELP: ("ph.question", "F1"),
    LOCK: ("ph.lock", "F12"),
}


class RoomShell(Shell):
    """A screen of several places: one page is shown, the column at the left leads to the others.

    `places` are the codes of the pages with their icons, the first one shown first; Ctrl and
    their number lead there. `below` are those of `BACK`, `HELP` and `LOCK` that the room has.
    The text `nav.<code>` names each. A room calls `_rebuild` when it can make its pages.
    """

    back_pressed = Signal()
    lock_pressed = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        places: Mapping[str, str],
        below: Sequence[str],
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
    ) -> None:
        super().__init__(parent, language=language, languages=languages, moving=moving)
        self._places, self._below = places, below
        self._place = next(iter(places))
        self._precinct = ""
        self._now: datetime | None = None

    @property
    def texts(self) -> Texts:
        """The words on the screen, for dialogs of its pages."""
        return self._texts

    @property
    def style_in_use(self) -> Style:
        """How the screen is drawn now, for dialogs of its pages."""
        return self._style

    def open_dialog(self, dialog: Overlay) -> None:
        """Show a dialog that a page's controller has made with the room as its host."""
        self._open(dialog)

    def close_dialog(self) -> None:
        """Take the dialog away."""
        self._close_overlay()
        self.take_focus()

    def shows(self, dialog: Overlay) -> bool:
        """Whether this dialog is still open."""
        return self._overlay is dialog

    def set_clock(self, now: datetime) -> None:
        """Write the local time."""
        self._now = now
        self._fill_top()

    def go_to(self, place: str) -> None:
        """Show a page."""
        self._place = place
        self._close_overlay()
        self._show_page()
        self.take_focus()

    def help_pages(self) -> tuple[str, ...]:
        """The help of what is shown, the closest first."""
        raise NotImplementedError

    def _show_page(self) -> None:
        """Make the page of the present place and give it to `_put_on_stage`."""
        raise NotImplementedError

    def _role(self) -> str:
        """Whose room it is, in words; empty where nobody is known."""
        raise NotImplementedError

    def _rebuild(self) -> None:
        self._close_overlay()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._top = TopBar(self._texts, self._style)
        self._top.language_chosen.connect(self._choose_language)
        column.addWidget(self._top)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._nav = self._nav_column()
        row.addWidget(self._nav)
        self._stage = QVBoxLayout()
        row.addLayout(self._stage, 1)
        column.addLayout(row, 1)
        self._add_keys(body)
        self._fill_with(body)
        self._shown: QWidget | None = None
        self._show_page()
        self._fill_top()

    def _nav_column(self) -> NavColumn:
        texts = self._texts
        pages = [
            NavItem(code, icon, texts(f"nav.{code}"), f"⌃{number}")
            for number, (code, icon) in enumerate(self._places.items(), start=1)
        ]
        below = []
        for code in self._below:
            icon, key = _BELOW[code]
            below.append(NavItem(code, icon, texts(f"nav.{code}"), key))
        nav = NavColumn(self._style, pages, below)
        nav.chosen.connect(self._go)
        return nav

    def _put_on_stage(self, page: QWidget) -> None:
        """Show `page` in the place of the one that is shown."""
        if self._shown is not None:
            self._stage.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = page
        self._stage.addWidget(page)
        put_eyes_last(page)
        self._nav.mark(self._place)
        page.show()
        self._ring.raise_()

    def _fill_top(self) -> None:
        texts = self._texts
        place = texts("top.precinct", number=self._precinct) if self._precinct else ""
        self._top.set_words(place, self._role())
        if self._now is not None:
            self._top.set_clock(texts.time(self._now))

    def _add_keys(self, body: QWidget) -> None:
        keys = {code: f"Ctrl+{number}" for number, code in enumerate(self._places, start=1)}
        keys |= {code: _BELOW[code][1] for code in self._below}
        for code, key in keys.items():
            add_key(body, QKeySequence(key), partial(self._go, code))
        self._add_language_keys(body)

    def _go(self, code: str) -> None:
        if code == HELP:
            self._open(HelpOverlay(self, self._texts, self._style, self.help_pages()))
        elif code == LOCK:
            self.lock_pressed.emit()
        elif code == BACK:
            self.back_pressed.emit()
        else:
            self.go_to(code)
