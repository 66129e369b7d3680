"""What the technician's and the commission's rooms share: top bar, column, stage and keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.shell import Shell, keep_keyboard
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.large_text import in_large_text
from station_app.ui.widgets.nav_column import NavColumn, NavItem
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.passphrase_field import put_eyes_last
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import TopBar

_MARGINS = (24, 20, 24, 32)


class RoomPage(QWidget):
    """One page; it shows a view, and gives out what is pressed as signals.

    `escape_changed`: whether it `takes_escape` may have changed.
    """

    escape_changed = Signal()

    @property
    def takes_escape(self) -> bool:
        """Whether Esc closes something on the page now, and so does not lead out of the room."""
        return False

    def update_view(self, view: Any) -> bool:
        """Show another view of the same form; False where a new page is needed."""
        return False

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        raise NotImplementedError

    def keep(self) -> Any:
        """What the next page of this kind takes over; see `take_over`."""
        return None

    def take_over(self, kept: Any) -> bool:
        """Show what the page before has kept; True where the keyboard has its place by that."""
        return False


class EmptyPage(RoomPage):
    """A page of which there is nothing to show yet; it takes the keyboard so that keys work."""

    def __init__(self, texts: Texts, style: Style, title: str, line: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{texts(title)}. {texts(line)}")
        column = page_column(self, style)
        column.addLayout(page_head(style, texts(title), texts(line), ()))
        column.addStretch(1)

    def take_focus(self) -> None:
        self.setFocus()


def page_column(page: QWidget, style: Style) -> QVBoxLayout:
    """The column of a page, inside its margins."""
    column = QVBoxLayout(page)
    column.setContentsMargins(*[style.px(side) for side in _MARGINS])
    column.setSpacing(style.px(16))
    return column


def page_head(style: Style, title: str, line: str, buttons: Sequence[ActionButton]) -> QHBoxLayout:
    """Title and line at the left, the page's buttons at the right."""
    head = QHBoxLayout()
    head.setSpacing(style.px(12))
    words = QVBoxLayout()
    words.setSpacing(style.px(2))
    ink, faint = style.colours.ink, style.colours.ink3
    words.addWidget(TextBlock(title, style.display(28, 700), ink, line_height=1.15))
    words.addWidget(TextBlock(line, style.text(17), faint, line_height=1.4))
    head.addLayout(words, 1)
    for button in buttons:
        head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    return head


def _beside(style: Style, nav: NavColumn) -> QWidget:
    """The column as it is, or in a scroll area as wide as it."""
    beside = in_large_text(style, nav)
    if beside is not nav:
        beside.setFixedWidth(nav.maximumWidth() + style.half_grown.px(12))
    return beside


ViewT = TypeVar("ViewT")
PageT = TypeVar("PageT", bound=RoomPage)

BACK, LEAVE, HELP, LOCK = "back", "leave", "help", "lock"
_BELOW: Final = {
    BACK: ("ph.arrow-left", "Esc"),
    LEAVE: ("ph.sign-out", "Esc"),
    HELP: ("ph.question", "F1"),
    LOCK: ("ph.lock", "F12"),
}


@dataclass(frozen=True, eq=False, slots=True)
class Place(Generic[ViewT]):
    """A place of a room: its name and icon in the column, how its page and help are made.

    `view` is what it shows before anything is known. The text `nav.<code>` names it.
    """

    code: str
    icon: str
    view: ViewT
    page: Callable[["RoomShell", ViewT], RoomPage]
    help_pages: Callable[[ViewT], tuple[str, ...]]


class RoomShell(Shell):
    """A screen of several places: one page is shown, the column at the left leads to the others.

    The first of the `places` is shown first; Ctrl and their number lead there. `below` are those
    of `BACK`, `LEAVE`, `HELP` and `LOCK` that the room has. `place_chosen` carries the `Place` that
    was gone to, `place_left` the one before it; `place_shown` follows, also when the room itself is
    shown, and `left` when it is hidden. `view_changed` carries a `Place` and what it shows now.
    """

    back_pressed = Signal()
    lock_pressed = Signal()
    place_chosen = Signal(object)
    place_left = Signal(object)
    place_shown = Signal(object)
    left = Signal()
    view_changed = Signal(object, object)
    _page_made = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        places: Sequence[Place[Any]],
        below: Sequence[str],
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
        appearance: Appearance = STANDARD,
    ) -> None:
        super().__init__(
            parent, language=language, languages=languages, moving=moving, appearance=appearance
        )
        self._places, self._below = places, below
        self._place = places[0]
        self._views = {place: place.view for place in places}
        self._page: RoomPage | None = None
        self._precinct = self._person = ""
        self._now: datetime | None = None
        self._rebuild()

    @property
    def texts(self) -> Texts:
        """The words on the screen, for dialogs of its pages."""
        return self._texts

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

    @property
    def precinct(self) -> str:
        """The precinct's number, empty where none is known."""
        return self._precinct

    @property
    def page(self) -> RoomPage:
        """The page that is shown."""
        assert self._page is not None
        return self._page

    def view_of(self, place: Place[ViewT]) -> ViewT:
        """What a place shows."""
        view: ViewT = self._views[place]
        return view

    def show_view(self, place: Place[ViewT], view: ViewT) -> None:
        """Show `view` at `place`, now or when it is gone to."""
        old, self._views[place] = self._views[place], view
        if view == old:
            return
        is_shown = place is self._place
        if is_shown and (type(view) is not type(old) or not self.page.update_view(view)):
            self._show_page()
        self.view_changed.emit(place, view)

    def connect_pages(self, kind: type[PageT], connect: Callable[[PageT], None]) -> None:
        """Call `connect` with each page of this kind; pages are made anew quite often."""

        def made(page: RoomPage) -> None:
            if isinstance(page, kind):
                connect(page)

        self._page_made.connect(made)
        made(self.page)

    def set_clock(self, now: datetime) -> None:
        """Write the local time."""
        self._now = now
        self._fill_top()

    def set_place(self, precinct: str, person: str = "") -> None:
        """Write the precinct, empty where none is known, and who has unlocked the station."""
        self._precinct, self._person = precinct, person
        self._fill_top()

    def go_to(self, place: Place[Any]) -> None:
        """Show a page."""
        self.place_left.emit(self._place)
        self._place = place
        self._close_overlay()
        self._show_page()
        self.take_focus()
        self.place_chosen.emit(place)
        self.place_shown.emit(place)

    def take_focus(self) -> None:
        self.page.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.place_shown.emit(self._place)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    def help_pages(self) -> tuple[str, ...]:
        """The help of what is shown, the closest first."""
        return self._place.help_pages(self._views[self._place])

    def _show_page(self) -> None:
        """Make the page of the present place; what the one before has kept stays."""
        old = self._page
        kept = old.keep() if old is not None else None
        self._page = page = self._place.page(self, self._views[self._place])
        page.escape_changed.connect(self._say_escape)
        self._page_made.emit(page)
        self._put_on_stage(page)
        has_focus = type(old) is type(page) and page.take_over(kept)
        if not has_focus and self.isVisible() and self._overlay is None:
            page.take_focus()

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
        row.addWidget(_beside(self._style, self._nav))
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
            NavItem(place.code, place.icon, texts(f"nav.{place.code}"), f"⌃{number}")
            for number, place in enumerate(self._places, start=1)
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
            keep_keyboard(self, self._shown)
            self._stage.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = shown = in_large_text(self._style, page)
        self._stage.addWidget(shown)
        put_eyes_last(page)
        self._nav.mark(self._place.code)
        self._say_escape()
        shown.show()
        self._ring.raise_()

    def _say_escape(self) -> None:
        """Offer Esc as the way out where it is."""
        for code in self._below:
            key = _BELOW[code][1]
            if key == "Esc":
                self._nav.set_key(code, "" if self.page.takes_escape else key)

    def _fill_top(self) -> None:
        texts = self._texts
        place = texts("top.precinct", number=self._precinct) if self._precinct else ""
        self._top.set_words(place, self._role())
        if self._now is not None:
            self._top.set_clock(texts.time(self._now))

    def _add_keys(self, body: QWidget) -> None:
        keys = {place.code: f"Ctrl+{number}" for number, place in enumerate(self._places, start=1)}
        keys |= {code: _BELOW[code][1] for code in self._below}
        for code, key in keys.items():
            add_key(body, QKeySequence(key), partial(self._go, code))
        self._add_common_keys(body)

    def _go(self, code: str) -> None:
        if code == HELP:
            self._open(HelpOverlay(self, self._texts, self._style, self.help_pages()))
        elif code == LOCK:
            self.lock_pressed.emit()
        elif code in (BACK, LEAVE):
            self.back_pressed.emit()
        else:
            self.go_to(next(place for place in self._places if place.code == code))
