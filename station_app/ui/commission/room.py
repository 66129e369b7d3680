"""The commission's room: the day, its log, turnout, decisions and closing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import Count, PauseReason
from station_app.domain.roles import Person
from station_app.flow.commission import CommissionAct
from station_app.ui.commission.closing import ClosingView
from station_app.ui.commission.closing_page import ClosingPage
from station_app.ui.commission.day_log import DayLogView
from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.commission.decisions import DecisionsView
from station_app.ui.commission.opening import OpeningView
from station_app.ui.commission.opening_page import OpeningPage
from station_app.ui.commission.pause_dialog import PauseDialog
from station_app.ui.commission.room_pages import (
    CLOSE,
    DAY,
    DECISIONS,
    LOG,
    TURNOUT,
    DayView,
    Page,
    RoomViews,
    make_page,
)
from station_app.ui.commission.sign_dialog import SignDialog, Signed, SignRequest
from station_app.ui.commission.turnout import TurnoutView
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.shell import Shell
from station_app.ui.style import Style
from station_app.ui.texts import Language, Texts
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.nav_column import NavColumn, NavItem
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.top_bar import TopBar

BACK, HELP, LOCK = "back", "help", "lock"
__all__ = ["CLOSE", "DAY", "DECISIONS", "LOG", "TURNOUT", "CommissionRoom", "DayView"]


class CommissionRoom(Shell):
    """Shows the pages' views; what is pressed goes out as signals.

    `log_page_made` and `turnout_page_made` carry those pages, made anew. `place_shown` carries the
    page that is shown, also when the room itself is; `left` says that it is hidden.
    `has_lock`: there are two persons who could unlock the station again.
    """

    place_shown = Signal(str)
    left = Signal()
    phone_typed = Signal(str)
    clock_confirmed = Signal()
    check_pressed = Signal()
    open_pressed = Signal()
    pause_pressed = Signal()
    resume_pressed = Signal()
    zero_pressed = Signal()
    reopen_pressed = Signal()
    next_pressed = Signal()
    protocol_pressed = Signal()
    export_pressed = Signal()
    count_typed = Signal(Count, str)
    reason_typed = Signal(Count, str)
    slips_pressed = Signal()
    close_pressed = Signal()
    log_page_made = Signal(object)
    turnout_page_made = Signal(object)
    back_pressed = Signal()
    lock_pressed = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: Language = "ky",
        moving: bool = True,
        has_lock: bool = True,
    ) -> None:
        super().__init__(parent, language=language, moving=moving)
        self._place, self._has_lock = DAY, has_lock
        self._precinct, self._person = "", ""
        self._now: datetime | None = None
        self._views = RoomViews()
        self._rebuild()

    # --- what the station tells the room -------------------------------------------------

    def show_day(self, view: DayView) -> None:
        """Show how the day stands."""
        old = self._views.day
        self._views.day = view
        if self._place != DAY or view == old:
            return
        page = self.page
        updated = (
            isinstance(page, OpeningPage)
            and isinstance(view, OpeningView)
            and page.update_view(view)
        )
        if not updated:
            self._show_page()

    def show_log(self, view: DayLogView) -> None:
        """Show the day log."""
        self._views.log = view
        if isinstance(self.page, DayLogPage):
            self.page.update_view(view)

    def show_turnout(self, view: TurnoutView) -> None:
        """Show the turnout."""
        old = self._views.turnout
        self._views.turnout = view
        if self._place == TURNOUT and view != old:
            self._show_page()

    def show_decisions(self, view: DecisionsView) -> None:
        """Show what the commission has decided."""
        old = self._views.decisions
        self._views.decisions = view
        if self._place == DECISIONS and view != old:
            self._show_page()

    def show_closing(self, view: ClosingView | None) -> None:
        """Show how far closing is; None while there is no day to close."""
        old = self._views.closing
        self._views.closing = view
        if self._place != CLOSE or view == old:
            return
        page = self.page
        if not (isinstance(page, ClosingPage) and view is not None and page.update_view(view)):
            self._show_page()

    def set_place(self, precinct: str, person: str) -> None:
        """Write the precinct, and who has unlocked the station for the commission."""
        self._precinct, self._person = precinct, person
        self._fill_top()

    def set_clock(self, now: datetime) -> None:
        """Write the local time."""
        self._now = now
        self._fill_top()

    def clear_phone(self) -> None:
        """The typed time was used, or belongs to a day that is over."""
        self._views.phone = ""

    def go_to(self, place: str) -> None:
        """Show a page."""
        self._place = place
        self._close_overlay()
        self._show_page()
        self.take_focus()
        self.place_shown.emit(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.place_shown.emit(self._place)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._close_overlay()
            self.left.emit()

    def take_focus(self) -> None:
        self._page.take_focus()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    @property
    def texts(self) -> Texts:
        """The words on the screen, for dialogs of its pages."""
        return self._texts

    @property
    def style_in_use(self) -> Style:
        """How the screen is drawn now, for dialogs of its pages."""
        return self._style

    # --- dialogs ---------------------------------------------------------------------------

    def ask_signatures(self, request: SignRequest, act: CommissionAct, signed: Signed) -> None:
        """Let two persons sign; `signed` is told once they have, and the dialog is gone."""

        def done(persons: tuple[Person, ...], place: int) -> None:
            self._close_overlay()
            self.take_focus()
            signed(persons, place)

        self._open(SignDialog(self, self._texts, self._style, request, act, done))

    def ask_who(
        self,
        present: Sequence[Person],
        chosen: Callable[[Person, PauseReason | None], None],
        *,
        reasons: bool,
    ) -> None:
        """Ask who lets identification rest, and why; or who lets it go on."""

        def done(person: Person, reason: PauseReason | None) -> None:
            self._close_overlay()
            self.take_focus()
            chosen(person, reason)

        self._open(PauseDialog(self, self._texts, self._style, present, done, reasons=reasons))

    def open_dialog(self, dialog: Overlay) -> None:
        """Show a dialog that a page's controller has made with the room as its host."""
        self._open(dialog)

    def close_dialog(self) -> None:
        """Take the dialog away."""
        self._close_overlay()
        self.take_focus()

    def help_pages(self) -> tuple[str, ...]:
        """The help of what is shown, the closest first."""
        if self._place == DAY:
            view = self._views.day
            if view is None or isinstance(view, OpeningView):
                return ("day_open",)
            return ("day",) if view.export is None else ("day", "export")
        return ({LOG: "day_log", TURNOUT: "turnout", DECISIONS: "decisions"}.get(
            self._place, "day_close"
        ),)  # fmt: skip

    def _close_overlay(self) -> None:
        """Whichever way a dialog goes, what was typed and proved in it goes too."""
        if isinstance(self._overlay, TwoPersonDialog):
            self._overlay.signer.give_up()
        super()._close_overlay()

    # --- building -------------------------------------------------------------------------

    def _rebuild(self) -> None:
        self._close_overlay()
        texts, style = self._texts, self._style
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._top = TopBar(texts, style)
        self._top.language_chosen.connect(self._choose_language)
        column.addWidget(self._top)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        pages = (
            NavItem(DAY, "ph.sun-horizon", texts("nav.day"), "⌃1"),
            NavItem(LOG, "ph.list-bullets", texts("nav.log"), "⌃2"),
            NavItem(TURNOUT, "ph.chart-bar", texts("nav.turnout"), "⌃3"),
            NavItem(DECISIONS, "ph.users-three", texts("nav.decisions"), "⌃4"),
            NavItem(CLOSE, "ph.flag-banner", texts("nav.close"), "⌃5"),
        )
        below = (
            NavItem(BACK, "ph.arrow-left", texts("nav.back"), "Esc"),
            NavItem(HELP, "ph.question", texts("nav.help"), "F1"),
            *([NavItem(LOCK, "ph.lock", texts("nav.lock"), "F12")] if self._has_lock else []),
        )
        self._nav = NavColumn(style, pages, below)
        self._nav.chosen.connect(self._go)
        row.addWidget(self._nav)
        self._stage = QVBoxLayout()
        row.addLayout(self._stage, 1)
        column.addLayout(row, 1)
        self._add_keys(body)
        self._fill_with(body)
        self._shown: QWidget | None = None
        self._show_page()
        self._fill_top()

    def _show_page(self) -> None:
        old = getattr(self, "_page", None)
        if isinstance(old, OpeningPage):
            self._views.phone = old.phone.text()
        self._page = make_page(self, self._place, self._views, self._texts, self._style)
        if self._shown is not None:
            self._stage.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = self._page
        self._stage.addWidget(self._page)
        self._nav.mark(self._place)
        self._page.show()
        if self.isVisible() and self._overlay is None:
            self._page.take_focus()
        self._ring.raise_()

    def _fill_top(self) -> None:
        texts = self._texts
        place = texts("top.precinct", number=self._precinct) if self._precinct else ""
        person = texts("day.role_of", name=self._person) if self._person else ""
        self._top.set_words(place, person)
        if self._now is not None:
            self._top.set_clock(texts.time(self._now))

    def _add_keys(self, body: QWidget) -> None:
        places = (DAY, LOG, TURNOUT, DECISIONS, CLOSE)
        keys = {code: f"Ctrl+{number}" for number, code in enumerate(places, start=1)}
        keys |= {BACK: "Esc", HELP: "F1"} | ({LOCK: "F12"} if self._has_lock else {})
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
