"""The commission's room: the day, its log, turnout, decisions and closing."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from station_app.domain.entry_codes import Count, PauseReason
from station_app.domain.roles import Person
from station_app.flow.approvals import CommissionAct
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
from station_app.ui.room_shell import BACK, HELP, LOCK, RoomShell

__all__ = ["CLOSE", "DAY", "DECISIONS", "LOG", "TURNOUT", "CommissionRoom", "DayView"]

_PLACES: Final = {
    DAY: "ph.sun-horizon",
    LOG: "ph.list-bullets",
    TURNOUT: "ph.chart-bar",
    DECISIONS: "ph.users-three",
    CLOSE: "ph.flag-banner",
}


class CommissionRoom(RoomShell):
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

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
        has_lock: bool = True,
    ) -> None:
        below = (BACK, HELP, LOCK) if has_lock else (BACK, HELP)
        super().__init__(
            parent, _PLACES, below, language=language, languages=languages, moving=moving
        )
        self._person = ""
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

    def clear_phone(self) -> None:
        """The typed time was used, or belongs to a day that is over."""
        self._views.phone = ""

    def go_to(self, place: str) -> None:
        """Show a page."""
        super().go_to(place)
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

    # --- the page ---------------------------------------------------------------------------

    def _show_page(self) -> None:
        old = getattr(self, "_page", None)
        if isinstance(old, OpeningPage):
            self._views.phone = old.phone.text()
        self._page = make_page(self, self._place, self._views, self._texts, self._style)
        self._put_on_stage(self._page)
        if self.isVisible() and self._overlay is None:
            self._page.take_focus()

    def _role(self) -> str:
        return self._texts("day.role_of", name=self._person) if self._person else ""
