"""Which device the settings mean, and how a station remembers another one."""

from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver, DriverUse
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.appearance import Appearance
from station_app.domain.errors import KnownError
from station_app.flow.device_choice import Standing, hardware_of, seen_devices, use_device
from station_app.flow.signed_settings import keep_appearance, seen_settings
from station_app.settings import Device, StationKind, read_machine
from station_app.snapshots import read_pending
from tests.flow.loaded_station import MACHINE, NOW, LoadedStation

SCANNER, PRINTER = DeviceFamily.FINGER_SCANNER, DeviceFamily.PRINTER
ONE = PluggedIn(SCANNER, "toy", "usb:05ba:000a:A1B2C3D4", "U.are.U 4500")
TWO = replace(ONE, port="usb:05ba:000a:E5F6A7B8")
FOREIGN = PluggedIn(SCANNER, "other", "usb:1491:0020", "FS80")
EVALUATED = PluggedIn(SCANNER, "uart", "/dev/ttyUSB0", "R307", use=DriverUse.EVALUATION)
UNKNOWN = PluggedIn(None, "", "usb:1162:2200", "SecuGen")
SLIPS = PluggedIn(PRINTER, "escpos", "usb:04b8:0202", "TM-T20")
SERIAL = PluggedIn(PRINTER, "escpos", "/dev/serial/by-id/x", "ttyUSB0", is_certain=False)
TOY = Device(SCANNER, "toy")
LIVE = replace(MACHINE, devices=(TOY,))


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> FingerScanner:
        raise AssertionError("nothing is opened")

    toy: Driver[FingerScanner] = Driver(SCANNER, "toy", refuse, lambda _: False)
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, toy))


def standings(*found: PluggedIn, port: str = "") -> list[Standing]:
    machine = replace(LIVE, devices=(replace(TOY, port=port),))
    return [one.standing for one in seen_devices(found, machine)]


def test_the_only_one_is_used_and_of_two_neither() -> None:
    assert standings(ONE) == [Standing.USED]
    assert standings(ONE, TWO) == [Standing.FREE, Standing.FREE]
    assert standings(ONE, TWO, port=TWO.port) == [Standing.FREE, Standing.USED]
    assert standings(ONE, port=TWO.port) == [Standing.FREE]


def test_what_the_settings_do_not_mean_says_why() -> None:
    assert standings(FOREIGN) == [Standing.OTHER_DRIVER]
    assert standings(SLIPS) == [Standing.NOT_PLANNED]
    assert standings(EVALUATED) == [Standing.NOT_LIVE]
    assert standings(UNKNOWN) == [Standing.NO_DRIVER]
    training = replace(LIVE, kind=StationKind.TRAINING)
    (seen,) = seen_devices([EVALUATED], training)
    assert seen.standing is Standing.OTHER_DRIVER
    (seen,) = seen_devices([ONE], None)
    assert seen.standing is Standing.NO_SETTINGS


def test_a_device_of_several_drivers_is_shown_once() -> None:
    both = (replace(FOREIGN, port=ONE.port), ONE, replace(UNKNOWN, port=ONE.port))
    (seen,) = seen_devices(both, LIVE)
    assert (seen.device.driver, seen.standing) == ("toy", Standing.USED)


def test_two_without_serial_numbers_are_counted() -> None:
    model = replace(ONE, port="usb:05ba:000a")
    (seen,) = seen_devices([model, model], LIVE)
    assert (seen.twins, seen.standing) == (2, Standing.USED)


def test_the_hardware_that_the_settings_mean() -> None:
    assert hardware_of(TOY, [ONE]) == ONE.port
    assert hardware_of(TOY, [ONE, TWO]) == ""
    assert hardware_of(TOY, []) == ""
    assert hardware_of(replace(TOY, port=TWO.port), [ONE]) == ""
    slips = Device(PRINTER, "escpos", "58mm usb:04b8:0202")
    assert hardware_of(slips, [SLIPS]) == SLIPS.port
    assert hardware_of(Device(PRINTER, "escpos", "58mm"), [SLIPS, SERIAL]) == SLIPS.port
    chosen = Device(PRINTER, "escpos", "/dev/serial/by-id/x 9600")
    assert hardware_of(chosen, [SERIAL]) == SERIAL.port, "a person has chosen it"


def test_another_certified_reader_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    before = Device(SCANNER, "sbi", "sbi:SN-1")
    station = LoadedStation(tmp_path, [], replace(LIVE, devices=(before,)))
    station.own.write(station.folder.public_identity)
    station.folder.desk_settings.write_text(replace(LIVE, devices=(before,)).desk_toml())
    other = PluggedIn(SCANNER, "sbi", "sbi:SN-2", "Maker M-1")
    assert hardware_of(before, [other]) == ""
    used = use_device(station.folder, other, NOW).device(SCANNER)
    assert used == replace(before, port="sbi:SN-2")
    assert hardware_of(used, [other]) == other.port


def test_a_choice_is_remembered_and_told_to_the_journal(tmp_path: Path) -> None:
    printer = Device(PRINTER, "escpos", "58mm /dev/ttyUSB0 9600")
    station = LoadedStation(tmp_path, [], replace(LIVE, devices=(TOY, printer)))
    station.own.write(station.folder.public_identity)
    desk = read_machine(station.folder.settings)
    station.folder.desk_settings.write_text(replace(desk, devices=(TOY, printer)).desk_toml())
    keep_appearance(station.folder, Appearance(text_percent=200))
    use_device(station.folder, TWO, NOW)
    use_device(station.folder, SLIPS, NOW)
    changed = seen_settings(station.folder)
    assert changed.device(SCANNER) == replace(TOY, port=TWO.port)
    assert changed.device(PRINTER) == replace(printer, port="usb:04b8:0202 58mm 9600")
    assert changed.appearance == Appearance(text_percent=200)
    told = read_pending(station.folder.pending_events).events
    assert [(one.event, one.facts["by"]) for one in told] == [("settings_changed", "")] * 2
    with pytest.raises(KnownError, match="Two persons sign others"):
        use_device(station.folder, FOREIGN, NOW)
    with pytest.raises(KnownError, match="Two persons sign others"):
        use_device(station.folder, UNKNOWN, NOW)
