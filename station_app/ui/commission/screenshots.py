"""Pictures of the commission's room, in every language."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from station_app.domain.roles import Operation
from station_app.flow.approvals import DemoApprover
from station_app.flow.bridge import QueueBridge
from station_app.flow.commission import CommissionAct
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.commission.day_samples import (
    EVENING,
    MORNING,
    sample_closing_views,
    sample_day_views,
    sample_decisions_views,
    sample_people,
)
from station_app.ui.commission.log_screenshots import log_states
from station_app.ui.commission.opening import OpeningView
from station_app.ui.commission.room import CLOSE, DAY, DECISIONS, CommissionRoom
from station_app.ui.commission.sign_dialog import SignRequest
from station_app.ui.screenshots import write_pictures
from station_app.ui.technician.samples import SAMPLE_STICKS
from station_app.ui.technician.screenshots import stick_dialog
from station_app.ui.texts import Texts
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.widgets.key_bar import DeskKey


def render_commission(
    out: Path,
    languages: Sequence[str] = (),
    sizes: Iterable[tuple[int, int]] = (BASE_SIZE,),
) -> list[Path]:
    """Write `<out>/<lang>/<state>.png` as `render_all` does; returns the files written."""
    return write_pictures(out, languages, sizes, day_states)


def day_states(language: str, size: QSize) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the widget that shows it, until the next is asked for."""
    room = CommissionRoom(language=language, moving=False)
    room.resize(size)
    people = sample_people(language)
    room.set_place("7042", people[0].name)
    room.set_clock(EVENING)
    for state, day in sample_day_views(language).items():
        room.set_clock(MORNING if isinstance(day, OpeningView) else EVENING)
        room.show_day(day)
        yield state, room
    room.go_to(DECISIONS)
    for state, decisions in sample_decisions_views(language).items():
        room.show_decisions(decisions)
        yield state, room
    room.go_to(CLOSE)
    for state, closing in sample_closing_views(language).items():
        room.show_closing(None)  # the fields are filled when the page is made
        room.show_closing(closing)
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
    for state, media in {"export-none": (), "export-which": SAMPLE_STICKS}.items():
        room.open_dialog(stick_dialog(room, "export.title", Sticks(media, needed=9_000_000)))
        yield state, room
    room.close_dialog()
    yield from log_states(room, act)
    lane.close()
    room.deleteLater()


def _sample_requests(texts: Texts) -> dict[str, SignRequest]:
    number = texts.number(2318)
    return {
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
