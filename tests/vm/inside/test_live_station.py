"""A live station from its provisioning to its export, on emulated devices and real drivers.

The commission is on the other side of the courier's folder (`tests/vm/live_station.py`).
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.ui.commission.opening_page import OpeningPage
from station_app.ui.operator.notice import RestingView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.technician.load_page import LoadPage
from station_app.ui.technician.loading import LoadingView, LoadOutcome
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import StationFolder
from tests.commands.typed_words import run
from tests.vm.courier import PASSPHRASES, Courier
from tests.vm.emulator import Emulator
from tests.vm.station_at_work import StationAtWork, shown_station
from tests.vm.wire_stick import WireStick

OUT = Path("/vmout")
STATION = StationFolder(Path("/run/station"))
ENTER, ESC, F9, F11, F12 = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_F9,
    Qt.Key.Key_F11,
    Qt.Key.Key_F12,
)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says how long it took."""
    began = time.monotonic()
    yield
    with (OUT / "steps.jsonl").open("a") as steps:
        steps.write(json.dumps([what, round(time.monotonic() - began, 1)]) + "\n")


@pytest.fixture
def courier() -> Courier:
    folder = os.environ.get("STATION_COURIER")
    if not folder:
        pytest.skip("the commission's side is not there: python -m tests.vm.suites live_station")
    return Courier(Path(folder))


@pytest.fixture
def pictures() -> Path:
    folder = OUT / "screens"
    folder.mkdir(exist_ok=True)
    return folder


def set_up(courier: Courier) -> None:
    """The technician's first visit: the station is made, and its identity is taken away."""
    secrets = Path("/run/secrets")
    secrets.mkdir()
    for id_, words in PASSPHRASES.items():
        file = secrets / f"{id_}.passphrase"
        file.touch(0o600)
        file.write_text(words + "\n")
    digits = [word for pair in courier.read("digits").items() for word in pair]
    plan = courier.folder / "station.toml"
    run("provision", "--config", plan, "--passphrase-dir", secrets, "--out", "/run", *digits)
    (identity,) = Path("/run").glob("*.station.json")
    courier.bring(identity.name, identity.read_bytes())


def load(at: StationAtWork) -> None:
    """From the locked screen to a loaded list, by keys alone."""
    at.wait(lambda: at.door.screen.view.stage is UnlockStage.NO_LIST)
    at.picture("no-list")
    at.press(ENTER)
    at.wait(lambda: at.door.window.currentWidget() is at.door.room)

    def found() -> bool:
        page = at.door.room.page
        return isinstance(page, LoadPage) and page.choices is not None

    at.wait(found)
    at.picture("list-found-on-the-stick")
    at.press(ENTER)

    def loaded() -> bool:
        page = at.door.room.page
        view = page._view if isinstance(page, LoadPage) else None
        return isinstance(view, LoadingView) and view.outcome is LoadOutcome.DONE

    at.wait(loaded)
    at.picture("list-loaded")
    at.press(F12)


def unlock(at: StationAtWork) -> None:
    at.wait(lambda: at.door.screen.view.stage is UnlockStage.LOCKED)
    at.enter(PASSPHRASES["aida"])
    at.wait(lambda: at.door.screen.view.operator.state is SideState.ACCEPTED)
    at.picture("one-of-two")
    at.enter(PASSPHRASES["gulnara"])


def sign(at: StationAtWork) -> None:
    """Chair and member, in the dialog that is open."""
    at.write(PASSPHRASES["gulnara"])
    at.press(Qt.Key.Key_Tab)
    at.write(PASSPHRASES["bakyt"])
    at.confirm()


def open_day(at: StationAtWork) -> None:
    at.press(F11)

    def may_open() -> bool:
        page = at.room.page
        return isinstance(page, OpeningPage) and page.open.isEnabled()

    at.wait(may_open)
    at.picture("zero-before-the-day")
    at.confirm()
    at.reads("Two people sign")
    sign(at)
    at.reads("The day is open")
    at.picture("day-open")
    at.press(ESC)
    at.sees(ReadyView)


class Reader:
    """The emulated reader's glass."""

    def __init__(self, device: Emulator, courier: Courier) -> None:
        self.device, self._courier = device, courier

    def lay(self, finger: str, impression: str) -> None:
        self.device.do("lay", str(self._courier.glass(finger, impression)))

    def lift(self) -> None:
        self.device.do("lift")


def test_a_live_station(courier: Courier, pictures: Path, qtbot: QtBot) -> None:
    with step("provisioned"):
        set_up(courier)
    stick = WireStick("LISTS")
    with step("list issued by the commission"):
        snapshot = courier.wait_for("*.vsnap")
        stick.plug()
        shutil.copy(snapshot, stick.folder)
    slips = Path("/run/slips")
    slips.mkdir()
    with (
        Emulator("uareu4500") as device,
        Emulator("printer", str(slips)) as printer,
        shown_station(STATION, qtbot, pictures) as at,
    ):
        device.do("plug")
        printer.do("plug")
        with step("list loaded from the stick"):
            load(at)
        stick.pull()
        stick.forget_mount()
        with step("unlocked by two persons"):
            unlock(at)
            at.sees(RestingView)
        with step("day opened by chair and member"):
            open_day(at)
        at.picture("ready")
