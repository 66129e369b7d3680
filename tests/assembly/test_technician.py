"""The screens before the desk over a real station: load, test, unlock, lock."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from station_app.assembly.command_line import run
from station_app.assembly.station_checks import StationSheet
from station_app.assembly.technician import DoorScreens
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.election import ElectionDay
from station_app.domain.policy import PROVISIONAL
from station_app.domain.roles import Role
from station_app.settings import StationKind
from station_app.snapshots import (
    ListHeader,
    ListKind,
    loaded_list,
    read_pending,
    write_list,
)
from station_app.ui.technician.devices_page import DEVICES, DevicesPage
from station_app.ui.technician.loading import LoadOutcome
from station_app.ui.technician.self_test_page import TEST
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import (
    IdentityKind,
    People,
    PublicIdentity,
    Secret,
    StationFolder,
)
from tests.assembly.door_at_work import (
    CHAIR,
    NOW,
    OPERATOR,
    enter,
    load_the_stick,
    machine,
    set_up,
    shown_door,
    sticks_beside,
    wait,
)


@pytest.fixture
def station(tmp_path: Path) -> StationFolder:
    """A station with two people and no list, and its live snapshot in the folder `stick`."""
    key, plain = Secret(b"k" * 32), tmp_path / "plain.vlist"
    header = ListHeader(
        kind=ListKind.LIVE,
        election="KG-2026-11-29",
        precinct="9042",
        place="School",
        station="9042-1",
        seat="1",
        sequence=1,
        created=NOW,
        engines=(ENGINE,),
        policy=PROVISIONAL,
        election_day=ElectionDay("KG-2026", date(2026, 11, 29)),
    )
    write_list(plain, key, header, voters=(), templates=(), chunks=())
    return set_up(tmp_path / "station", plain, key, machine(kind=StationKind.LIVE))


@pytest.fixture
def door(station: StationFolder, qtbot: QtBot) -> Iterator[DoorScreens]:
    with shown_door(station, qtbot) as screens:
        yield screens


def test_a_live_list_is_finished_by_keyboard_alone_and_waits_for_a_scanner(
    door: DoorScreens, station: StationFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    view = load_the_stick(door)
    assert view.outcome is LoadOutcome.DONE, view.code
    assert [one.event for one in read_pending(station.pending_events).events] == ["list_loaded"]
    QTest.keyClick(door.room, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    assert door.screen.view.identity is not None
    assert door.screen.view.identity.digits == view.facts.digits if view.facts else False
    enter("seven rivers carry boots")
    wait(lambda: door.screen.view.operator.state is SideState.WRONG)
    assert door.screen.view.operator.tries == 4
    enter(OPERATOR)
    wait(lambda: door.screen.view.operator.state is SideState.ACCEPTED)
    enter(CHAIR)
    wait(lambda: bool(door.screen.view.fault))
    shown = door.screen.view
    assert (shown.stage, shown.fault) == (UnlockStage.LOCKED, "live_without_scanner")
    assert loaded_list(
        station, PublicIdentity.load_all(station.trusted, IdentityKind.ISSUER)
    ).is_proven
    assert read_pending(station.pending_events).events == ()
    assert station.journal.exists()
    QTest.keyClick(door.screen, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    assert {line.text() for line in door.screen.findChildren(QLineEdit)} == {""}
    written = [*station.root.rglob("*"), *station.root.parent.glob("*.log")]
    said = caplog.text + "".join(
        path.read_bytes().decode(errors="replace") for path in written if path.is_file()
    )
    for secret in (OPERATOR, CHAIR, "carry boots"):
        assert secret not in said


def test_five_wrong_passphrases_are_a_wait_that_outlives_the_program(
    door: DoorScreens, station: StationFolder
) -> None:
    load_the_stick(door)
    QTest.keyClick(door.room, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    for tries in (4, 3, 2, 1):
        enter("wrong")
        wait(lambda tries=tries: door.screen.view.operator.tries == tries)
    enter("wrong")
    wait(lambda: door.screen.view.operator.state is SideState.WAITING)
    assert 55 < door.screen.view.operator.wait_s <= 60
    assert People.load(station).attempts.wait_seconds(Role.OPERATOR) > 55


def test_an_idle_station_locks_itself_but_not_while_it_loads(
    door: DoorScreens, station: StationFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_the_stick(door)
    monkeypatch.setattr(type(door.loading), "is_loading", property(lambda _: True))
    door.idle.ask()
    assert door.window.currentWidget() is door.room
    assert not door.window.close(), "nor is the window closed meanwhile"
    monkeypatch.undo()
    door.idle.look()
    assert door.window.currentWidget() is door.screen


def test_an_issuer_added_after_the_setting_up_is_told_at_unlock(
    door: DoorScreens, station: StationFolder
) -> None:
    load_the_stick(door)
    PublicIdentity(IdentityKind.ISSUER, "other", bytes(32), None).save(station.trusted)
    QTest.keyClick(door.room, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    enter(OPERATOR)
    wait(lambda: door.screen.view.operator.state is SideState.ACCEPTED)
    enter(CHAIR)
    wait(lambda: bool(door.screen.view.fault))
    assert (door.screen.view.stage, door.screen.view.fault) == (UnlockStage.LOCKED, "pins_changed")


def test_a_changed_snapshot_is_refused_with_its_reason(
    door: DoorScreens, station: StationFolder
) -> None:
    snapshot = station.root.parent / "stick" / "9042-1.vsnap"
    data = bytearray(snapshot.read_bytes())
    data[-1] ^= 1
    snapshot.write_bytes(data)
    view = load_the_stick(door)
    assert (view.outcome, view.code) == (LoadOutcome.FAILED, "vsnap_hash")


def test_without_a_display_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert run(["technician", "--station", str(tmp_path)]) == 1
    assert "need a display" in capsys.readouterr().err


def test_the_readiness_sheet_is_saved_on_a_stick(door: DoorScreens, station: StationFolder) -> None:
    wait(lambda: door.screen.view.stage is UnlockStage.NO_LIST)
    sheet = StationSheet(station, lambda: NOW, media=lambda: sticks_beside(station))
    found, stick = sheet.look(), sheet.sticks().only
    assert stick is not None
    assert not found.is_ready
    assert sheet.save(found, "ky", stick) == "9042-1-readiness.pdf"
    assert (stick.folder / "9042-1-readiness.pdf").read_bytes().startswith(b"%PDF")


def test_the_devices_page_watches_until_it_is_left(door: DoorScreens) -> None:
    door.screen.technician_pressed.emit()
    for _ in range(2):  # what was watched before is let go
        door.room.go_to(DEVICES)
        wait(lambda: door.room.view_of(DEVICES).seen is not None)
        door.room.go_to(TEST)
    door.room.go_to(DEVICES)  # and the window closes while it watches
    assert isinstance(door.room.page, DevicesPage)
