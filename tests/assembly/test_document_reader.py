"""A document reader at an unlocked station: its PIN, its hints, its cable, its self-test.

One is a serial reader on a pseudo-terminal, the other types into the window.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly.station_checks import document_reader_to_test, machine_checks
from station_app.assembly.technician import DoorScreens
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.drivers import DeviceFamily
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.flow.readiness import look_at
from station_app.flow.signed_settings import write_desk_settings
from station_app.journal.leaves import read_leaf
from station_app.settings import Device, machine_from
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.ui.operator.capture import CaptureView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.manual import ManualView, PersonStage
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import NotOnListView
from station_app.ui.technician.self_test import CardFinding, CardKey, CardRun, CardState
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.top_bar import ChipLevel, ChipView
from station_app.vault import StationFolder
from tests.assembly.door_at_work import (
    NOW,
    machine,
    open_journal,
    page,
    press,
    sees,
    shown_door,
    sign,
    unlock,
    wait,
)
from tests.devices.test_document_readers import SerialCase
from tests.domain.zone_samples import PIN, id_card, passport
from tests.ui.test_wedge_keys import Keyboard

UNKNOWN = PIN
NOT_NOW = "Not taken: show the document later"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SerialCase]:
    made = SerialCase(tmp_path)
    yield made
    made.close()


def read_with(station: StationFolder, driver: str, port: str) -> StationFolder:
    """The station with this document reader."""
    settings = machine(devices=(Device(DeviceFamily.DOCUMENT_READER, driver, port),))
    sign(station, settings)
    write_desk_settings(station, settings)
    return station


@pytest.fixture
def station(opened_station: StationFolder, reader: SerialCase) -> StationFolder:
    return read_with(opened_station, "serial", reader.place)


@pytest.fixture
def door(station: StationFolder, qtbot: QtBot) -> Iterator[DoorScreens]:
    """The desk of the open day, between persons."""
    with shown_door(station, qtbot) as screens:
        unlock(screens)
        sees(screens, ReadyView)
        yield screens


def desk(door: DoorScreens) -> OperatorDesk:
    (found,) = page(door).findChildren(OperatorDesk)
    return found


def chip(door: DoorScreens) -> ChipView | None:
    shown = desk(door).page
    return None if shown is None else shown.top.reader.view


def says(door: DoorScreens, level: ChipLevel, words: str) -> None:
    wait(lambda: chip(door) == ChipView(level, words))


def test_a_document_begins_the_session_of_its_voter_and_never_another(
    door: DoorScreens, reader: SerialCase, station: StationFolder, people: Precinct
) -> None:
    says(door, ChipLevel.OK, "The document reader is ready")
    reader.show(people.voters[3].pin)
    sees(door, CaptureView)
    view = desk(door).view
    assert isinstance(view, CaptureView)
    assert view.pin_found
    reader.show(people.voters[4].pin)
    says(door, ChipLevel.WARN, NOT_NOW)
    assert desk(door).view == view
    press(door, Qt.Key.Key_Escape)
    sees(door, ReadyView)
    page = desk(door).page
    assert page is not None
    assert page.top.lock.isVisible()
    page.top.lock.click()
    wait(lambda: door.window.currentWidget() is door.screen)
    with closing(open_journal(station, "training")) as journal:
        leaves = repr([record.leaf for record in journal.look.records(1, 100)])
    assert not any(voter.pin in leaves for voter in people.voters)


def test_a_document_in_a_session_is_taken_where_it_is_asked_for(
    door: DoorScreens, reader: SerialCase, people: Precinct
) -> None:
    scanner = door.desk.scanner
    assert isinstance(scanner, SimulatedFingerScanner)
    scanner.place(lambda: people.impression(3, FingerPosition.LEFT_RING, 1, Preset.GOOD))
    sees(door, TryAgainView)
    scanner.lift()
    reader.show(people.voters[3].pin)
    says(door, ChipLevel.WARN, "Press F2, then show the document")
    sees(door, TryAgainView)
    press(door, Qt.Key.Key_F2)
    assert desk(door).asks_for_pin
    reader.send("".join(f"{line}\r" for line in id_card(people.voters[3].pin)).encode())
    sees(door, CaptureView)
    view = desk(door).view
    assert isinstance(view, CaptureView)
    assert view.pin_found


def test_after_not_on_list_a_document_looks_again(
    door: DoorScreens, reader: SerialCase, people: Precinct
) -> None:
    scanner = door.desk.scanner
    assert isinstance(scanner, SimulatedFingerScanner)
    for finger, seen in (
        (FingerPosition.LEFT_RING, TryAgainView),
        (FingerPosition.LEFT_LITTLE, NotOnListView),
    ):
        scanner.place(lambda finger=finger: people.impression(3, finger, 1, Preset.GOOD))
        sees(door, seen)
        scanner.lift()
    view = desk(door).view
    assert isinstance(view, NotOnListView)
    assert not view.pin_given

    # The verdict is shown long enough to be read before anything ends it.
    wait(lambda: desk(door)._clock() >= desk(door)._enter_dead_until)
    reader.show(people.voters[3].pin)
    sees(door, CaptureView)
    found = desk(door).view
    assert isinstance(found, CaptureView)
    assert found.pin_found


def test_an_unknown_document_is_not_on_the_list_and_the_next_waits(
    door: DoorScreens, reader: SerialCase, people: Precinct
) -> None:
    reader.show(UNKNOWN)
    sees(door, NotOnListView)
    reader.show(people.voters[3].pin)
    says(door, ChipLevel.WARN, NOT_NOW)
    sees(door, NotOnListView)


def test_the_commission_is_shown_a_document(
    door: DoorScreens, reader: SerialCase, people: Precinct
) -> None:
    press(door, Qt.Key.Key_F5)
    sees(door, ManualView)
    reader.show(people.voters[5].pin)

    def known() -> bool:
        view = desk(door).view
        return isinstance(view, ManualView) and view.stage is PersonStage.KNOWN

    wait(known)
    view = desk(door).view
    assert isinstance(view, ManualView)
    assert view.voter is not None
    assert view.voter.list_number == people.voters[5].list_number


def test_garbage_is_hinted_at_and_changes_nothing(door: DoorScreens, reader: SerialCase) -> None:
    says(door, ChipLevel.OK, "The document reader is ready")
    reader.send(b"../../etc/passwd\x1b[31m\r")
    says(door, ChipLevel.WARN, "No PIN was found: type it")
    reader.send("\r".join(passport()[:1]).encode())
    says(door, ChipLevel.WARN, "Document misread: show it again")
    sees(door, ReadyView)


def test_a_cable_that_is_pulled_is_said_and_written(
    door: DoorScreens, reader: SerialCase, station: StationFolder, people: Precinct
) -> None:
    says(door, ChipLevel.OK, "The document reader is ready")
    reader.unplug()
    says(door, ChipLevel.WARN, "Plug the document reader in")
    sees(door, ReadyView)
    desk(door).press(DeskKey.HELP)
    assert desk(door)._overlay is not None
    press(door, Qt.Key.Key_Escape)
    reader.plug_in()
    says(door, ChipLevel.OK, "The document reader is ready")
    reader.show(people.voters[3].pin)
    sees(door, CaptureView)
    press(door, Qt.Key.Key_Escape)
    sees(door, ReadyView)
    handle = door.window.windowHandle()
    assert handle is not None
    QApplication.sendEvent(handle, QCloseEvent())  # as Alt+F4: an open desk is locked instead
    wait(lambda: door.window.currentWidget() is door.screen)
    with closing(open_journal(station, "training")) as journal:
        entries = [read_leaf(record.leaf)[0] for record in journal.look.records(1, 100)]
    told = [one for one in entries if isinstance(one, DeviceLost | DeviceReturned)]
    assert told == [
        DeviceLost(None, "document_reader"),
        DeviceReturned(None, "document_reader"),
    ]
    assert door.window.isVisible()


def test_a_scanner_that_types_is_read_whatever_has_the_focus(
    opened_station: StationFolder, qtbot: QtBot, people: Precinct
) -> None:
    with shown_door(read_with(opened_station, "wedge", ""), qtbot) as door:
        unlock(door)
        sees(door, ReadyView)
        says(door, ChipLevel.OK, "The document reader is ready")
        keyboard = Keyboard(door.window)
        scan(keyboard, people.voters[3].pin)
        sees(door, CaptureView)
        scan(keyboard, people.voters[4].pin)
        says(door, ChipLevel.WARN, NOT_NOW)
        sees(door, CaptureView)
        press(door, Qt.Key.Key_Escape)
        sees(door, ReadyView)


def scan(keyboard: Keyboard, pin: str) -> None:
    keyboard.now += 1000
    keyboard.type("".join(f"{line}\r" for line in id_card(pin)), 5)


def test_a_reader_that_is_not_there_is_not_ready(
    station: StationFolder, reader: SerialCase
) -> None:
    codes = {one.code for one in look_at(station, (ENGINE,), NOW).reasons}
    assert "document_reader_lost" not in codes
    reader.unplug()
    found = look_at(station, (ENGINE,), NOW)
    (lost,) = [one for one in found.blocking if one.code == "document_reader_lost"]
    assert lost.is_of_devices, "and stops no open day"
    reader.plug_in()


def test_the_self_test_shows_the_end_of_the_pin(station: StationFolder, reader: SerialCase) -> None:
    made = document_reader_to_test(station)
    assert made is not None
    check = machine_checks(station, lambda: (), lambda: NOW, made)[CardKey.DOCUMENT_READER]

    def read(data: bytes) -> CardFinding:
        """Sent once the card asks for it: what came before is dropped."""
        return check.run(CardRun(lambda _: reader.send(data)))

    for lines, code in (
        (id_card(), "document_reader_id_card"),
        (passport(), "document_reader_passport"),
    ):
        found = read("".join(f"{line}\r" for line in lines).encode())
        assert (found.state, found.code, found.facts) == (
            CardState.ASKING,
            code,
            {"last": PIN[-4:]},
        )
    found = read(b"nothing\r")
    assert (found.state, found.code) == (CardState.FAILED, "document_reader_not_a_document")
    reader.unplug()
    with pytest.raises(KnownError, match="no document reader"):
        read(b"")
    reader.plug_in()


def test_the_settings_know_the_readers(tmp_path: Path) -> None:
    text = '[station]\nkind = "live"\nprecinct = "9042"\nkit = "1"\n[devices.document_reader]\n'
    path = tmp_path / "settings.toml"
    for driver in ("wedge", "serial"):
        read = machine_from(f'{text}driver = "{driver}"\n'.encode(), path)
        assert read.devices == (Device(DeviceFamily.DOCUMENT_READER, driver),)
    with pytest.raises(KnownError, match="evaluation only"):
        machine_from(f'{text}driver = "pcsc"\n'.encode(), path)
    with pytest.raises(KnownError, match="this version has"):
        machine_from(f'{text}driver = "mrz"\n'.encode(), path)
