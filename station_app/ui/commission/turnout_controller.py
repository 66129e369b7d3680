"""Connects the turnout's page with the day's figures."""

from collections.abc import Callable
from dataclasses import replace

from station_app.domain.day_report import Turnout
from station_app.domain.errors import KnownError
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_log import Local
from station_app.ui.commission.turnout import TurnoutView
from station_app.ui.commission.turnout_page import TurnoutPage

Read = Callable[[Callable[[Turnout], None], Callable[[KnownError], None]], None]
"""Adds up the day on the lanes, and answers on the main thread."""


class TurnoutController:
    """Holds the view; `show` is told of every change. `is_closed` tells whether the day is."""

    def __init__(
        self,
        read: Read,
        show: Callable[[TurnoutView], None],
        *,
        is_closed: Callable[[], bool],
        local: Local,
    ) -> None:
        self._read, self._show = read, show
        self._is_closed, self._local = is_closed, local
        self._view = TurnoutView()
        self._turn = 0

    @property
    def view(self) -> TurnoutView:
        """What is shown now."""
        return self._view

    def attach(self, page: TurnoutPage) -> None:
        """Take what is pressed on a page that was made anew."""
        page.table_pressed.connect(self.turn_over)
        page.refresh_pressed.connect(self.refresh)

    def refresh(self) -> None:
        """Add up the day anew: the page is shown, or F5 is pressed."""
        self._turn += 1
        turn = self._turn

        def found(turnout: Turnout) -> None:
            if turn == self._turn:
                as_table = self._view.as_table
                view = TurnoutView.of(turnout, self._local, is_closed=self._is_closed())
                self._put(replace(view, as_table=as_table))

        def failed(fault: KnownError) -> None:
            if turn == self._turn:
                self.say_fault(fault.code)

        self._read(found, failed)

    def turn_over(self) -> None:
        """Show the tables in the place of the charts, or the charts again."""
        self._put(replace(self._view, as_table=not self._view.as_table))

    def say_fault(self, code: str) -> None:
        """Something that was asked for could not be done."""
        self._put(replace(self._view, went=None, fault=code))

    def say_made(self, went: PaperDestination | None, fault: str) -> None:
        """The turnout on paper was made, and is there (local time)."""
        self._put(replace(self._view, went=went, fault=fault))

    def _put(self, view: TurnoutView) -> None:
        self._view = view
        self._show(view)
