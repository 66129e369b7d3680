"""Makes the page of the commission's room that is shown, and leads its signals to the room."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from station_app.ui.commission.closed_page import ClosedPage
from station_app.ui.commission.closing import ClosingView
from station_app.ui.commission.closing_page import ClosingPage
from station_app.ui.commission.day_log import DayLogView
from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.commission.day_views import ClosedView, RunningView
from station_app.ui.commission.decisions import DecisionsView
from station_app.ui.commission.decisions_page import DecisionsPage
from station_app.ui.commission.empty_page import EmptyPage
from station_app.ui.commission.opening import OpeningView
from station_app.ui.commission.opening_page import OpeningPage
from station_app.ui.commission.running_page import RunningPage
from station_app.ui.commission.turnout import TurnoutView
from station_app.ui.commission.turnout_page import TurnoutPage
from station_app.ui.style import Style
from station_app.ui.texts import Texts

if TYPE_CHECKING:
    from station_app.ui.commission.room import CommissionRoom

DAY, LOG, TURNOUT, DECISIONS, CLOSE = "day", "log", "turnout", "decisions", "close"
PLACES: Final = (DAY, LOG, TURNOUT, DECISIONS, CLOSE)

DayView = OpeningView | RunningView | ClosedView
DayPage = OpeningPage | RunningPage | ClosedPage
Page = DayPage | DayLogPage | TurnoutPage | DecisionsPage | ClosingPage | EmptyPage


@dataclass(slots=True)
class RoomViews:
    """What the pages show, kept while another one is shown; `phone` is the time typed."""

    day: DayView | None = None
    phone: str = ""
    log: DayLogView = field(default_factory=DayLogView)
    turnout: TurnoutView = field(default_factory=TurnoutView)
    decisions: DecisionsView = field(default_factory=lambda: DecisionsView(None))
    closing: ClosingView | None = None


def make_page(
    room: "CommissionRoom", place: str, views: RoomViews, texts: Texts, style: Style
) -> Page:
    """The page of a place, connected."""
    match place:
        case "log":
            log = DayLogPage(texts, style, views.log)
            room.log_page_made.emit(log)
            return log
        case "turnout":
            turnout = TurnoutPage(texts, style, views.turnout)
            room.turnout_page_made.emit(turnout)
            return turnout
        case "decisions":
            decisions = DecisionsPage(texts, style, views.decisions)
            decisions.refresh_pressed.connect(partial(room.place_shown.emit, DECISIONS))
            return decisions
        case "close":
            return _closing_page(room, views.closing, texts, style)
        case _:
            return _day_page(room, views, texts, style)


def _day_page(
    room: "CommissionRoom", views: RoomViews, texts: Texts, style: Style
) -> DayPage | EmptyPage:
    match views.day:
        case OpeningView() as view:
            opening = OpeningPage(texts, style, view, views.phone)
            opening.phone_typed.connect(room.phone_typed)
            opening.confirm_pressed.connect(room.clock_confirmed)
            opening.check_pressed.connect(room.check_pressed)
            opening.open_pressed.connect(room.open_pressed)
            return opening
        case RunningView() as view:
            running = RunningPage(texts, style, view)
            running.pause_pressed.connect(room.pause_pressed)
            running.resume_pressed.connect(room.resume_pressed)
            running.print_pressed.connect(room.zero_pressed)
            running.export_pressed.connect(room.export_pressed)
            return running
        case ClosedView() as view:
            closed = ClosedPage(texts, style, view)
            closed.reopen_pressed.connect(room.reopen_pressed)
            closed.next_pressed.connect(room.next_pressed)
            closed.print_pressed.connect(room.protocol_pressed)
            closed.export_pressed.connect(room.export_pressed)
            return closed
        case _:
            return EmptyPage(texts, style, "nav.day", "day.reading")


def _closing_page(
    room: "CommissionRoom", view: ClosingView | None, texts: Texts, style: Style
) -> ClosingPage | EmptyPage:
    if view is None:
        return EmptyPage(texts, style, "close.title", "close.not_open")
    page = ClosingPage(texts, style, view)
    page.count_typed.connect(room.count_typed)
    page.reason_typed.connect(room.reason_typed)
    page.print_pressed.connect(room.slips_pressed)
    page.close_pressed.connect(room.close_pressed)
    return page
