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

from station_app.domain.error_codes import Code
from station_app.ui.commission.closing_page import ClosingPage
from station_app.ui.commission.opening_page import OpeningPage
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.operator.notice import RestingView, ScannerUnpluggedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import AlreadyView, IdentifiedView, NotOnListView
from station_app.ui.technician.load_page import LoadPage
from station_app.ui.technician.loading import LoadingView, LoadOutcome
from station_app.ui.texts import fault_lines
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import StationFolder
from tests.commands.typed_words import run
from tests.vm.courier import ENROLLED, PASSPHRASES, STRANGER, Courier
from tests.vm.emulator import Emulator
from tests.vm.people_at_desk import Queue, Roll
from tests.vm.station_at_work import CONTROL, StationAtWork, shown_station
from tests.vm.station_disk import PLACE, station_disk
from tests.vm.wire_stick import WireStick

OUT = Path("/vmout")
STATION = StationFolder(PLACE / "station")
ENTER, ESC, F9, F11, F12 = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_F9,
    Qt.Key.Key_F11,
    Qt.Key.Key_F12,
)


COUNTED = {"listed": len(ENROLLED), "by_finger": 2, "already_identified": 1, "not_on_list": 1}


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
def disk() -> Iterator[None]:
    with station_disk():
        yield


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
    """Chair and member, in the dialog that opens."""
    window = at.door.window
    at.wait(lambda: any(one.isVisible() for one in window.findChildren(SignPanel)))
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
    sign(at)
    at.reads("The day is open")
    at.picture("day-open")
    at.press(ESC)
    at.sees(ReadyView)


def close_day(at: StationAtWork, count: int) -> None:
    at.press(F11)
    at.wait(at.room.isVisible)
    at.press(Qt.Key.Key_5, CONTROL)
    at.wait(lambda: isinstance(at.room.page, ClosingPage))
    for _ in range(2):  # ballots, signatures
        page = at.room.page
        assert isinstance(page, ClosingPage)
        page.take_focus()
        at.write(str(count))

    def may_close() -> bool:
        page = at.room.page
        return isinstance(page, ClosingPage) and page.close_button.isEnabled()

    at.wait(may_close)
    at.picture("closing")
    at.confirm()
    sign(at)
    at.reads("The day is closed")
    at.picture("day-closed")


def export(at: StationAtWork, stick: WireStick) -> None:
    """Onto a stick that is pulled while it is written, and put back."""
    stick.plug()
    at.press(F9)
    at.wait(lambda: any(stick.folder.iterdir()))
    stick.pull()
    at.picture("pulled")
    what, _ = fault_lines(at.room.texts, Code.MEDIUM_LOST)
    at.reads(what)
    stick.forget_mount()
    at.picture("export-failed")
    stick.plug()
    at.press(F9)
    at.reads("entries written to")
    at.picture("exported")


def identify(queue: Queue, roll: Roll, at: StationAtWork) -> None:
    """The first person is identified, comes again, and a stranger comes."""
    finger = ENROLLED[0]
    with step("identified by another impression"):
        queue.comes(finger, "2")
        queue.is_shown(IdentifiedView, finger)
    at.picture("identified")
    with step("slip out of the printer, its list number read"):
        roll.holds(1, queue.numbers[finger])
    queue.goes_on()
    with step("already identified"):
        queue.comes(finger, "3")
        queue.is_shown(AlreadyView, finger)
    at.picture("already-identified")
    queue.goes_on()
    with step("not on this list"):
        queue.comes(STRANGER, "2")
        at.sees(TryAgainView)
        queue.comes(STRANGER, "3")
        at.sees(NotOnListView)
    at.picture("not-on-list")
    queue.goes_on()


def pull_the_reader(queue: Queue, roll: Roll, at: StationAtWork) -> None:
    """In the middle of a capture, and back in."""
    finger = ENROLLED[1]
    with step("reader pulled in mid-capture, told"):
        queue.lay(finger, "2")
        queue.pull_the_reader()
        at.sees(ScannerUnpluggedView)
    at.picture("reader-pulled")
    with step("plugged in again, the same person identified"):
        queue.plug_the_reader_in()
        at.wait(lambda: not at.shows(ScannerUnpluggedView))
        queue.comes(finger, "3")
        queue.is_shown(IdentifiedView, finger)
    roll.holds(2, queue.numbers[finger])
    queue.goes_on()


@pytest.mark.usefixtures("disk")
def test_a_live_station(courier: Courier, pictures: Path, qtbot: QtBot) -> None:
    with step("provisioned"):
        set_up(courier)
    lists = WireStick("LISTS")
    with step("list issued by the commission, waited for"):
        snapshot = courier.wait_for("*.vsnap")
        lists.plug()
        shutil.copy(snapshot, lists.folder)
    with (
        Emulator("uareu4500") as reader,
        Emulator("printer", str(pictures)) as printer,
        shown_station(STATION, qtbot, pictures) as at,
    ):
        reader.do("plug")
        printer.do("plug")
        with step("list loaded from the stick"):
            load(at)
        lists.pull()
        lists.forget_mount()
        with step("unlocked by operator and chair"):
            unlock(at)
            at.sees(RestingView)
        with step("day opened by chair and member"):
            open_day(at)
        queue, roll = Queue(at, reader, courier), Roll(at, pictures)
        identify(queue, roll, at)
        pull_the_reader(queue, roll, at)
        with step("day closed by chair and member"):
            close_day(at, 2)
        returns = WireStick("RETURNS", slow_ms=1500)  # pulled long before all is written
        with step("exported to a stick pulled in mid-write and put back"):
            export(at, returns)
        courier.tell("counted", COUNTED)
        (bundle,) = returns.folder.glob("*.journal.age")
        courier.bring(bundle.name, bundle.read_bytes())
        at.press(ESC)
        at.press(F12)
        at.wait(lambda: at.door.window.currentWidget() is at.door.screen)
        at.picture("locked")
