"""Every state of the commission's room, by the name of its picture."""

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.entry_codes import UndoReason
from station_app.domain.roles import Operation
from station_app.flow.approvals import CommissionAct, DemoApprover
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.commission.closing_page import CLOSE
from station_app.ui.commission.day_log_page import LOG
from station_app.ui.commission.day_page import DAY
from station_app.ui.commission.decisions_page import DECISIONS
from station_app.ui.commission.exceptions_page import EXCEPTIONS
from station_app.ui.commission.opening_page import OpeningView
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.story_panel import VoidDialog
from station_app.ui.commission.turnout_page import TURNOUT
from station_app.ui.commission.two_person_dialog import SignRequest
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from tests.ui.samples.day import (
    EVENING,
    MORNING,
    sample_closing_views,
    sample_day_views,
    sample_decisions_views,
    sample_people,
)
from tests.ui.samples.day_log import LOG_AT, sample_log_views, sample_story
from tests.ui.samples.exceptions import sample_exceptions_views
from tests.ui.samples.technician import SAMPLE_STICKS, stick_dialog
from tests.ui.samples.turnout import TURNOUT_AT, sample_turnout_views


def day_states(
    language: str, size: QSize, appearance: Appearance = STANDARD
) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the widget that shows it, until the next is asked for."""
    room = CommissionRoom(language=language, moving=False, appearance=appearance)
    room.resize(size)
    people = sample_people(language)
    room.set_place("7042", people[0].name)
    room.set_clock(EVENING)
    for state, day in sample_day_views(language).items():
        room.set_clock(MORNING if isinstance(day, OpeningView) else EVENING)
        room.show_view(DAY, day)
        yield state, room
    room.go_to(DECISIONS)
    for state, decisions in sample_decisions_views(language).items():
        room.show_view(DECISIONS, decisions)
        yield state, room
    room.go_to(CLOSE)
    for state, closing in sample_closing_views(language).items():
        room.show_view(CLOSE, None)  # the fields are filled when the page is made
        room.show_view(CLOSE, closing)
        yield state, room
    room.go_to(EXCEPTIONS)
    for state, exceptions in sample_exceptions_views(language).items():
        room.show_view(EXCEPTIONS, exceptions)
        yield state, room
    room.go_to(DAY)
    lane = Lane("signing", QueueBridge(), _never)
    act = CommissionAct(lane, DemoApprover(people, "o1", "demonstration only"))
    for state, request in _sample_requests(Texts(language)).items():
        room.ask_signatures(request, act, lambda _persons, _place: None)
        yield state, room
    for state, reasons in {"day-pausing": True, "day-resuming": False}.items():
        room.ask_who((people[2], people[1]), lambda _person, _reason: None, reasons=reasons)
        yield state, room
    title = room.texts("act.kind.sent_away")
    room.ask_person((people[2], people[1]), lambda _person: None, title=title)
    yield "act-noting", room
    for state, media in {"export-none": (), "export-which": SAMPLE_STICKS}.items():
        room.open_dialog(stick_dialog(room, "export.title", Sticks(media, needed=9_000_000)))
        yield state, room
    room.close_dialog()
    yield from log_states(room, act)
    lane.close()
    room.deleteLater()


def _sample_requests(texts: Texts) -> dict[str, SignRequest]:
    number = texts.number(2318)
    numbers = ", ".join(texts.list_number(one) for one in (12, 377, 954, 1702))
    return {
        "sign-act": SignRequest(
            Operation.DAY_ACT,
            DeskKey.SIGN_ACT,
            texts("act.kind.issued_elsewhere"),
            f"{numbers} · {texts('act.place.hospital')}",
            texts("act.follows.issued_elsewhere"),
        ),
        "sign-undo": SignRequest(
            Operation.DAY_ACT,
            DeskKey.UNDO_ACT,
            texts("act.undo.title"),
            f"{texts('log.result.struck_off')}: 14:20 · {texts.list_number(1431)}",
            texts("act.undo.follows"),
            tuple(texts(f"act.undo.{one.value}") for one in UndoReason),
        ),
        "sign-open": SignRequest(
            Operation.OPEN_DAY,
            DeskKey.OPEN_DAY,
            texts("day.open.title"),
            texts("day.open.sign.line", number=number),
            texts("day.open.sign.follows"),
        ),
        "sign-close": SignRequest(
            Operation.CLOSE_DAY,
            DeskKey.CLOSE_DAY,
            texts("close.title"),
            texts("close.sign.line", number=texts.number(1131)),
            texts("close.sign.follows"),
        ),
        "sign-reopen": SignRequest(
            Operation.REOPEN_DAY,
            DeskKey.REOPEN_DAY,
            texts("day.reopen"),
            texts("day.reopen.line"),
            texts("day.reopen.follows"),
            tuple(
                texts(f"day.reopen.{code}") for code in ("closed_early", "counts_wrong", "other")
            ),
        ),
    }


def _never(bug: BaseException) -> None:
    raise bug


def log_states(room: CommissionRoom, act: CommissionAct) -> Iterable[tuple[str, QWidget]]:
    """Day log and turnout, as `day_states`."""
    language = room.language
    room.set_clock(LOG_AT)
    for state, view in sample_log_views(language).items():
        room.show_view(LOG, view)
        room.go_to(LOG)  # a new page, with the view's search and the row of its story
        yield state, room
    room.open_dialog(VoidDialog(room, room.texts, room.style_in_use, sample_story(language), act))
    yield "void", room
    room.close_dialog()
    room.set_clock(TURNOUT_AT)
    room.go_to(TURNOUT)
    for state, turnout in sample_turnout_views().items():
        room.show_view(TURNOUT, turnout)
        yield state, room


def log_state_names() -> set[str]:
    """The names of the pictures of day log and turnout."""
    return {*sample_log_views("en"), "void", *sample_turnout_views()}
