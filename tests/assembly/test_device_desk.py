"""The technician's devices, from a made-up machine to the station's settings."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.assembly.device_desk import StationDevices
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver
from station_app.devices.finger_scanner import FingerScanner, StopToken
from station_app.devices.plugged_in import PluggedIn
from station_app.devices.watching import MachineWatch, Pace
from station_app.flow.device_choice import Standing
from station_app.settings import Device, read_machine
from station_app.ui.technician.devices_page import DevicesView, PlannedState
from station_app.vault import StationFolder
from tests.devices.test_usb import plug
from tests.flow.loaded_station import MACHINE, NOW, LoadedStation

SCANNER, READER = DeviceFamily.FINGER_SCANNER, DeviceFamily.DOCUMENT_READER
ONE = PluggedIn(SCANNER, "toy", "usb:05ba:000a:A1B2C3D4", "U.are.U 4500")
TWO = replace(ONE, port="usb:05ba:000a:E5F6A7B8")
SERIAL = PluggedIn(READER, "serial", "usb:0c2e:0b6a", "ttyACM0", is_certain=False)
LIVE = replace(MACHINE, devices=(Device(SCANNER, "toy"), Device(READER, "serial")))


class Desk:
    """The desk of a live station whose machine is a list and a folder."""

    def __init__(self, place: Path) -> None:
        self.station = LoadedStation(place, [], LIVE)
        self.station.own.write(self.station.folder.public_identity)
        self.found: list[PluggedIn] = []
        self.sysfs = place / "sys"
        (self.sysfs / "bus/usb/devices").mkdir(parents=True)
        quick = Pace(compare=0.05, quiet=0.05, again=0.1)
        self.devices = StationDevices(
            self.station.folder,
            lambda: NOW,
            lambda: tuple(self.found),
            lambda: MachineWatch(self.sysfs, lambda: None, quick),
        )

    def standings(self) -> list[Standing]:
        return [one.standing for one in self.devices.look().seen or ()]

    def planned(self) -> list[tuple[PlannedState, str]]:
        return [(one.state, one.name) for one in self.devices.look().planned]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    def refuse(*_: object) -> FingerScanner:
        raise AssertionError("nothing is opened")

    toy: Driver[FingerScanner] = Driver(SCANNER, "toy", refuse, lambda _: False)
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, toy))
    return Desk(tmp_path)


def test_two_of_one_model_are_told_apart_and_one_is_remembered(desk: Desk) -> None:
    desk.found = [ONE, TWO]
    assert desk.standings() == [Standing.FREE, Standing.FREE]
    assert desk.planned()[0] == (PlannedState.CHOOSE, "")
    desk.devices.use(TWO)
    assert read_machine(desk.station.folder.settings).devices[0].port == TWO.port
    assert desk.planned()[0] == (PlannedState.THERE, TWO.name)
    desk.found = [ONE]
    assert desk.planned()[0] == (PlannedState.CHOOSE, ""), "another one is no replacement unasked"
    desk.found = []
    assert desk.planned()[0] == (PlannedState.ABSENT, "")


def test_a_serial_port_is_offered_where_it_may_be_the_reader(desk: Desk) -> None:
    desk.found = [SERIAL, replace(SERIAL, family=DeviceFamily.PRINTER, driver="escpos")]
    assert desk.standings() == [Standing.FREE], "and not as the printer, which nobody planned"
    assert desk.planned()[1] == (PlannedState.CHOOSE, "")
    desk.devices.use(SERIAL)
    assert desk.planned()[1] == (PlannedState.THERE, SERIAL.name)


def test_what_this_user_may_not_open_is_said(desk: Desk) -> None:
    desk.found = [replace(ONE, fault="scanner_not_permitted")]
    assert desk.planned()[0] == (PlannedState.FORBIDDEN, ONE.name)
    desk.found = [replace(ONE, fault="scanner_unfit")]
    assert desk.planned()[0] == (PlannedState.UNFIT, ONE.name)


def test_settings_that_nobody_signed_are_said_and_the_machine_is_shown(desk: Desk) -> None:
    desk.found = [ONE]
    path = desk.station.folder.settings
    path.write_text(path.read_text().replace("9042", "9043"))
    view = desk.devices.look()
    assert view.fault == "settings_changed_unsigned"
    assert [one.standing for one in view.seen or ()] == [Standing.NO_SETTINGS]
    assert view.planned == ()


def test_a_bare_machine_shows_what_is_plugged_in(tmp_path: Path) -> None:
    devices = StationDevices(StationFolder(tmp_path), lambda: NOW, lambda: (ONE,))
    view: DevicesView = devices.look()
    devices.close()
    assert [one.standing for one in view.seen or ()] == [Standing.NO_SETTINGS]
    assert (view.planned, view.fault) == ((), "")


def test_no_change_is_missed_between_looking_and_waiting(desk: Desk) -> None:
    stop = StopToken()
    desk.devices.look()
    place = plug(desk.sysfs / "bus/usb/devices/1-2")
    assert desk.devices.changed(stop, 60)
    assert desk.devices.changed(stop, 60), "once more for the rules of udev"
    shutil.rmtree(place)
    assert desk.devices.changed(stop, 60)
    threading.Timer(0.1, stop.stop).start()
    while desk.devices.changed(stop, 60):
        pass
    desk.devices.close()
    desk.devices.close()
