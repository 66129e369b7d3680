"""A station's screens have its own languages, the first one at the start."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from station_app.assembly.door import station_languages
from station_app.assembly.technician import DoorScreens
from station_app.languages import language_codes
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind
from station_app.ui.main_window import StationWindow
from station_app.ui.widgets.top_bar import LanguageButton
from station_app.vault import StationFolder
from tests.assembly.door_at_work import (
    load_the_stick,
    machine,
    set_up,
    shown_door,
    unlock,
    wait,
    write_list_of,
)


@pytest.fixture
def station(tmp_path: Path, small_list: Path) -> StationFolder:
    plain = tmp_path / "plain.vlist"
    write_list_of(ListKind.TRAINING, plain, small_list)
    settings = replace(machine(), languages=("en", "ru"))
    return set_up(tmp_path / "station", plain, PUBLIC_DEMO_LIST_KEY, settings)


@pytest.fixture
def door(station: StationFolder, qtbot: QtBot) -> Iterator[DoorScreens]:
    language = station_languages(station, "")[0]
    with shown_door(station, qtbot, language) as screens:
        yield screens


def offered(widget: QWidget) -> list[str]:
    return [button.language for button in widget.findChildren(LanguageButton)]


def offers_both(widget: QWidget) -> None:
    """Once the page before this one is deleted, which Qt does later."""
    wait(lambda: offered(widget) == ["en", "ru"])


def test_every_screen_offers_the_stations_languages(door: DoorScreens) -> None:
    offers_both(door.screen)
    assert door.screen.language == "en"
    load_the_stick(door)
    offers_both(door.room)
    assert door.room.language == "en"
    QTest.keyClick(door.room, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert door.screen.language == "ru"
    QTest.keyClick(door.room, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert door.screen.language == "ru"
    QTest.keyClick(door.room, Qt.Key.Key_F12)
    unlock(door)
    wait(lambda: bool(door.window.findChildren(StationWindow)))
    desk = door.window.findChildren(StationWindow)[0].desk
    offers_both(desk)
    assert desk.language == "ru"


def test_a_language_asked_for_is_offered_too(station: StationFolder, tmp_path: Path) -> None:
    assert station_languages(station, "ky") == ("en", "ru", "ky")
    assert station_languages(station, "ru") == ("en", "ru")
    assert station_languages(StationFolder(tmp_path / "none"), "") == language_codes()
