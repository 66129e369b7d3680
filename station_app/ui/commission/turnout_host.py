"""Brings the turnout into the commission's room."""

from collections.abc import Callable

from station_app.ui.commission.room import TURNOUT, CommissionRoom
from station_app.ui.commission.turnout_controller import TurnoutController
from station_app.ui.commission.turnout_page import TurnoutPage


def host_turnout(
    room: CommissionRoom, turnout: TurnoutController, make_paper: Callable[[], None]
) -> None:
    """Add up the day whenever the page is shown; `make_paper` prints it."""

    def attach(page: TurnoutPage) -> None:
        turnout.attach(page)
        page.print_pressed.connect(make_paper)

    def shown(place: str) -> None:
        if place == TURNOUT:
            turnout.refresh()

    room.turnout_page_made.connect(attach)
    room.place_shown.connect(shown)
