"""Pictures of the unlocking and of the technician's pages, in every language."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from station_app.domain.samples import FingerImage
from station_app.flow.sticks import Sticks
from station_app.ui.room_shell import RoomShell
from station_app.ui.screenshots import write_pictures
from station_app.ui.technician.people_samples import sample_people_views
from station_app.ui.technician.room import LOAD, PEOPLE, READY, TEST, TechnicianRoom
from station_app.ui.technician.samples import (
    NOW,
    SAMPLE_STICKS,
    sample_load_views,
    sample_readiness_views,
    sample_test_views,
    sample_unlock_views,
)
from station_app.ui.texts import LANGUAGES, Language
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.unlock.keyboard_watch import Layout
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.stick_dialog import StickDialog

STICK_STATES = {"load-sticks": Sticks(SAMPLE_STICKS), "load-no-stick": Sticks(())}
"""The dialog of the sticks on the loading page."""


def stick_dialog(room: RoomShell, title: str, sticks: Sticks) -> StickDialog:
    """The dialog as a room opens it."""
    return StickDialog(room, room.texts, room.style_in_use, title=room.texts(title), sticks=sticks)


def render_technician(
    out: Path,
    finger: Callable[[], FingerImage],
    languages: Sequence[Language] = LANGUAGES,
    sizes: Iterable[tuple[int, int]] = (BASE_SIZE,),
) -> list[Path]:
    """Write `<out>/<lang>/<state>.png` as `render_all` does; returns the files written."""
    return write_pictures(
        out, languages, sizes, lambda language, size: technician_states(language, finger, size)
    )


def technician_states(
    language: Language, finger: Callable[[], FingerImage], size: QSize
) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the widget that shows it, until the next is asked for."""
    screen = UnlockScreen(language=language)
    screen.resize(size)
    screen.set_clock(NOW)
    screen.set_keyboard(Layout.LATIN, caps_lock=False)
    for state, unlocking in sample_unlock_views(language).items():
        screen.show_view(unlocking)
        yield state, screen
    screen.deleteLater()
    room = TechnicianRoom(language=language)
    room.resize(size)
    room.set_place("7042")
    room.set_clock(NOW)
    for state, loading in sample_load_views(language).items():
        room.show_load(loading)
        yield state, room
    for state, sticks in STICK_STATES.items():
        room.open_dialog(stick_dialog(room, "load.stick_title", sticks))
        yield state, room
    room.close_dialog()
    room.go_to(TEST)
    for state, testing in sample_test_views(finger).items():
        room.show_test(testing)
        yield state, room
    room.go_to(READY)
    for state, sheet in sample_readiness_views(language).items():
        room.show_readiness(sheet)
        yield state, room
    room.go_to(PEOPLE)
    for state, people in sample_people_views(language).items():
        room.show_people(people)
        yield state, room
    room.go_to(LOAD)
    room.deleteLater()
