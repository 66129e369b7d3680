"""One unlocking opens list, journal and matching core once, and reads a known list's file never."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import DoorScreens
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.network import Network
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind, VoterList, list_opening
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.notice import RestingView
from station_app.vault import Database
from tests.assembly.door_at_work import (
    load_the_stick,
    press,
    sees,
    set_up,
    shown_door,
    unlock,
    wait,
    write_list_of,
)

ONCE = {"list": 1, "journal": 1, "gallery": 1, "engine": 1, "network": 1}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what was opened or read whole, by name."""
    count: Counter[str] = Counter()

    def watch(owner: object, name: str, what: str) -> None:
        plain: Callable[..., object] = getattr(owner, name)

        def counting(*values: object, **words: object) -> object:
            count[what] += 1
            return plain(*values, **words)

        monkeypatch.setattr(owner, name, counting)

    watch(VoterList, "open", "list")
    watch(Database, "open_log", "journal")
    watch(Gallery, "__init__", "gallery")
    watch(FingerEngine, "__init__", "engine")
    watch(Network, "__init__", "network")
    watch(list_opening, "list_blocks", "read whole")
    return count


@pytest.fixture
def door(tmp_path: Path, small_list: Path, qtbot: QtBot) -> Iterator[DoorScreens]:
    """The screens of a station with a new list."""
    plain = tmp_path / "plain.vlist"
    write_list_of(ListKind.TRAINING, plain, small_list)
    station = set_up(tmp_path / "station", plain, PUBLIC_DEMO_LIST_KEY)
    with shown_door(station, qtbot) as screens:
        load_the_stick(screens)
        press(screens, Qt.Key.Key_F12)
        yield screens


def test_each_is_opened_once_by_every_unlocking(
    door: DoorScreens, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_opening, "_SETTLED_NS", 0)
    for expected in (ONCE | {"read whole": 1}, ONCE, ONCE):
        counted.clear()
        unlock(door)
        sees(door, RestingView)
        assert counted == expected
        press(door, Qt.Key.Key_F12)
        wait(lambda: not door.window.findChildren(StationWindow))


def test_a_list_written_a_moment_ago_is_read_whole_once_more(
    door: DoorScreens, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change right after the first reading could have the same time."""
    monkeypatch.setattr(list_opening, "_SETTLED_NS", 10**15)
    for _ in range(2):
        unlock(door)
        sees(door, RestingView)
        press(door, Qt.Key.Key_F12)
        wait(lambda: not door.window.findChildren(StationWindow))
    assert counted["read whole"] == 2
