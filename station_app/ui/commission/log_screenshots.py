"""Pictures of day log and turnout in the commission's room."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from station_app.flow.commission import CommissionAct
from station_app.ui.commission.log_samples import LOG_AT, sample_log_views, sample_story
from station_app.ui.commission.room import LOG, TURNOUT, CommissionRoom
from station_app.ui.commission.turnout_samples import TURNOUT_AT, sample_turnout_views
from station_app.ui.commission.void_dialog import VoidDialog


def log_states(room: CommissionRoom, act: CommissionAct) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the room that shows it, until the next is asked for."""
    language = room.language
    room.set_clock(LOG_AT)
    for state, view in sample_log_views(language).items():
        room.show_log(view)
        room.go_to(LOG)  # a new page, with the view's search and the row of its story
        yield state, room
    room.open_dialog(VoidDialog(room, room.texts, room.style_in_use, sample_story(language), act))
    yield "void", room
    room.close_dialog()
    room.set_clock(TURNOUT_AT)
    room.go_to(TURNOUT)
    for state, turnout in sample_turnout_views().items():
        room.show_turnout(turnout)
        yield state, room


def log_state_names() -> set[str]:
    """The names of all these pictures."""
    return {*sample_log_views("en"), "void", *sample_turnout_views()}
