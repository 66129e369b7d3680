"""A driver is an adapter and a line: this file has both of a toy, and nothing else knows it.

The toy counts as a real device, so that a live list takes it.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.assembly.station_checks import machine_checks
from station_app.assembly.technician import DoorScreens
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver
from station_app.devices.finger_scanner import FingerScanner, ScannerInfo, StopToken, Tell
from station_app.domain.entries import DayOpened
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.samples import (
    CaptureResult,
    FingerImage,
    LiveFrame,
    Retry,
    RetryReason,
    Stopped,
)
from station_app.flow.readiness import look_at
from station_app.settings import Device, StationKind, machine_from
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.ui.operator.notice import RestingView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.technician.self_test import CardKey, CardProgress, CardRun, CardState
from station_app.ui.training.dock import SimulatorDock
from station_app.vault import StationFolder
from tests.assembly.door_at_work import (
    NOW,
    RIGHT,
    load_the_stick,
    machine,
    open_journal,
    page,
    press,
    sees,
    set_up,
    shown_door,
    unlock,
    wait,
    write_list_of,
)
from tests.devices.scanner_conformance import IMAGE, ScannerCase, ScannerConformance


class ToyScanner:
    """Its glass is `finger`, its cable a file at `port`."""

    is_simulated = False
    finger: ClassVar[FingerImage | None] = None

    def __init__(self, port: str) -> None:
        self._cable, self._seen = Path(port), ToyScanner.finger

    def open(self) -> ScannerInfo:
        self._check()
        return ScannerInfo("Toy", 500, 0, 0, streams=True)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        while not stop.wait(0.01):
            self._check()
            image = ToyScanner.finger
            is_new, self._seen = image is not self._seen, image
            if image is not None and is_new:
                tell(LiveFrame(image, 1.0))
                self._check()
                is_there = ToyScanner.finger is image
                return image if is_there else Retry(RetryReason.LIFTED_EARLY)
        return Stopped()

    def close(self) -> None:
        pass

    def _check(self) -> None:
        if not self._cable.exists():
            raise DeviceLostError("the toy's cable is pulled")


TOY: Driver[FingerScanner] = Driver(
    DeviceFamily.FINGER_SCANNER,
    "toy",
    lambda port, _context: ToyScanner(port),
    lambda port: Path(port).exists(),
)


@pytest.fixture(autouse=True)
def _line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, TOY))
    monkeypatch.setattr(ToyScanner, "finger", None)


class ToyCase(ScannerCase):
    def __init__(self, place: Path) -> None:
        super().__init__()
        self._cable = place / "toy"
        self.plug_in()
        self.scanner = ToyScanner(str(self._cable))

    def touch(self) -> None:
        ToyScanner.finger = FingerImage(bytes(IMAGE.pixels), 32, 32, 500)

    def lift(self) -> None:
        ToyScanner.finger = None

    def unplug(self) -> None:
        self._cable.unlink(missing_ok=True)

    def plug_in(self) -> None:
        self._cable.touch()


class TestToyScanner(ScannerConformance):
    driver = TOY
    make = ToyCase


@pytest.fixture
def cable(tmp_path: Path) -> Path:
    plugged = tmp_path / "toy"
    plugged.touch()
    return plugged


@pytest.fixture
def station(tmp_path: Path, small_list: Path, cable: Path) -> StationFolder:
    """A live station whose settings name the toy, and a live list of twelve voters."""
    plain = tmp_path / "plain.vlist"
    write_list_of(ListKind.LIVE, plain, small_list)
    toy = Device(DeviceFamily.FINGER_SCANNER, "toy", str(cable))
    settings = machine(kind=StationKind.LIVE, devices=(toy,))
    return set_up(tmp_path / "station", plain, PUBLIC_DEMO_LIST_KEY, settings)


@pytest.fixture
def door(station: StationFolder, qtbot: QtBot) -> Iterator[DoorScreens]:
    with shown_door(station, qtbot) as screens:
        yield screens


def test_the_settings_know_it(tmp_path: Path) -> None:
    text = '[station]\nkind = "live"\nprecinct = "9042"\nkit = "1"\n[devices.finger_scanner]\n'
    path = tmp_path / "settings.toml"
    read = machine_from(f'{text}driver = "toy"\n'.encode(), path)
    assert read.devices == (Device(DeviceFamily.FINGER_SCANNER, "toy"),)
    with pytest.raises(KnownError, match=r"this version has .*toy"):
        machine_from(f'{text}driver = "top"\n'.encode(), path)


def test_readiness_looks_for_it(station: StationFolder, cable: Path) -> None:
    codes = {one.code for one in look_at(station, (ENGINE,), NOW).reasons}
    assert not codes & {"scanner_lost", "scanner_not_configured", "devices_simulated"}
    assert "devices_untried" in codes
    cable.unlink()
    assert "scanner_lost" in {one.code for one in look_at(station, (ENGINE,), NOW).reasons}


def test_the_self_test_captures_from_it(
    station: StationFolder, people: Precinct, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same finger twice passes, another one does not; the morning takes one print."""
    images = {
        (person, number): people.impression(person, RIGHT, number, Preset.GOOD)
        for person, number in ((3, 1), (3, 2), (5, 1))
    }
    laid: list[tuple[int, int]] = []
    asked: list[str] = []

    def lay_down(told: CardProgress) -> None:
        asked.append(told.code)
        if laid:
            monkeypatch.setattr(ToyScanner, "finger", images[laid.pop(0)])

    check = machine_checks(station, lambda: (), lambda: NOW)[CardKey.SCANNER]

    def tried(*fingers: tuple[int, int], is_morning: bool = False) -> tuple[str, CardState]:
        asked.clear()
        monkeypatch.setattr(ToyScanner, "finger", None)
        laid[:] = fingers
        found = check.run(CardRun(lay_down, is_morning=is_morning))
        return found.code, found.state

    assert tried((3, 1), (3, 2)) == ("scanner_same", CardState.PASSED)
    assert asked == ["scanner_first", "scanner_again", "scanner_comparing"]
    assert tried((3, 1), (5, 1)) == ("scanner_other", CardState.FAILED)
    assert tried((3, 2), is_morning=True) == ("scanner_reads", CardState.PASSED)
    stopped = CardRun(lambda _: stopped.stop.stop())
    assert check.run(stopped).code == "scanner_nothing"


def test_a_live_list_identifies_with_it_and_the_entry_is_written(
    door: DoorScreens, station: StationFolder, people: Precinct
) -> None:
    load_the_stick(door)
    press(door, Qt.Key.Key_F12)
    unlock(door)
    sees(door, RestingView)
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.window.currentWidget() is door.screen)
    with closing(open_journal(station, "live")) as journal:
        named = (journal.opened.election_id, journal.opened.election_date)
        journal.append(DayOpened(1, 1, 12, "", 0, "c1", "m1", *named))
    unlock(door)
    sees(door, ReadyView)
    assert not page(door).findChildren(SimulatorDock)
    ToyScanner.finger = people.impression(3, RIGHT, 1, Preset.GOOD)
    sees(door, IdentifiedView)
    ToyScanner.finger = None
    press(door, Qt.Key.Key_Return)
    sees(door, ReadyView)
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.window.currentWidget() is door.screen)
    with closing(open_journal(station, "live")) as journal:
        assert [one.list_number for one in journal.look.day_outcomes()] == [
            people.voters[3].list_number
        ]
