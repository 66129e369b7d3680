"""Two persons unlock the desk, a voter is identified, F12 locks: by keyboard and finger."""

import gc
import hashlib
import json
import weakref
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import DoorScreens
from station_app.devices.drivers import DeviceFamily
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_ending
from station_app.domain.entries import (
    DeviceLost,
    JournalExported,
    NoticeKept,
    StationLocked,
    StationUnlocked,
)
from station_app.domain.entry_codes import LockCause
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import short_name
from station_app.flow.mirroring import MirrorUpToDate, mirror_opener
from station_app.flow.signed_settings import write_desk_settings
from station_app.journal import Journal
from station_app.settings import Device
from station_app.synthetic.export import png_bytes
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.turnout_page import TURNOUT
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.capture import CaptureView
from station_app.ui.operator.notice import ScannerUnpluggedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.training.dock import DockButton, SimulatorDock
from station_app.ui.training.frame import TrainingFrame
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import People, StationFolder
from tests.assembly.door_at_work import (
    BOTH,
    CHAIR,
    OPERATOR,
    RIGHT,
    enter,
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


@pytest.fixture
def station(opened_station: StationFolder) -> StationFolder:
    """A training station whose day is open, with a list of twelve voters."""
    return opened_station


@pytest.fixture
def door(
    station: StationFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DoorScreens]:
    """Its screens, locked. A verdict stays as long as the finger lies there."""
    monkeypatch.setattr(session_ending, "DWELL_S", 0.0)
    with shown_door(station, qtbot) as screens:
        yield screens


def glass(door: DoorScreens) -> SimulatedFingerScanner:
    assert isinstance(door.desk.scanner, SimulatedFingerScanner)
    return door.desk.scanner


def lay_down(door: DoorScreens, people: Precinct, row: int, *, seconds: float = 0.0) -> None:
    """`seconds`: how long the capture takes at least, for what is to happen meanwhile."""
    image = people.impression(row, RIGHT, 1, Preset.GOOD)
    glass(door).place(lambda: image, seconds=seconds)


def identified(door: DoorScreens) -> int:
    view = page(door).desk.view
    assert isinstance(view, ReadyView)
    return view.day.identified_today


def test_unlocked_identified_locked_and_unlocked_again(
    door: DoorScreens, station: StationFolder, people: Precinct
) -> None:
    for number in range(2):
        unlock(door)
        sees(door, ReadyView)
        assert identified(door) == number
        shown = page(door)
        assert shown.findChildren(TrainingFrame)
        assert shown.findChildren(SimulatorDock)
        lay_down(door, people, number)
        sees(door, IdentifiedView)
        press(door, Qt.Key.Key_F12)
        assert door.window.currentWidget() is shown, "not while a session is under way"
        glass(door).lift()
        wait(lambda: door.window.currentWidget() is door.screen)
        wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    wait(lambda: not door.window.findChildren(StationWindow))

    with closing(open_journal(station, "training")) as journal:
        assert [one.list_number for one in journal.look.day_outcomes()] == [
            people.voters[row].list_number for row in (0, 1)
        ]
        kinds = (StationUnlocked, StationLocked)
        told = [line.entry for line in journal.look.entries(kinds)]
    signed = hashlib.sha256(station.settings.read_bytes()).hexdigest()
    assert told == [StationUnlocked("o1", "c1", signed), StationLocked(LockCause.KEY)] * 2


@pytest.mark.expected_log("entries_wait")
def test_a_notice_that_a_fault_kept_waits_for_the_next_unlocking(
    door: DoorScreens, station: StationFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is full, its folder is not; the lock is not written either."""
    unlock(door)
    sees(door, ReadyView)
    open_now = door.desk.station
    assert open_now is not None
    recorder, lane = open_now.opened.recorder, open_now.opened.lanes.journal
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append_all", disk_full)
        patch.setattr(Journal, "append", disk_full)
        lane.call(lambda: recorder.append_late(DeviceLost(None, "printer")))
        wait(lambda: recorder.fault is not None)
        press(door, Qt.Key.Key_F12)
        wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    unlock(door)
    sees(door, ReadyView)
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    with closing(open_journal(station, "training")) as journal:
        found = [line.entry for line in journal.look.entries((NoticeKept, StationLocked))]
    assert [one.kind for one in found] == ["notice_kept", "station_locked"]
    assert isinstance(found[0], NoticeKept)
    assert (found[0].notice, found[0].what) == ("device_lost", "printer")


def disk_full(*_: object) -> None:
    raise KnownError("disk_full", "")


def test_a_locked_station_leaves_nothing_in_memory(door: DoorScreens) -> None:
    unlock(door)
    sees(door, ReadyView)
    station = door.desk.station
    assert station is not None
    kept = [weakref.ref(one) for one in (page(door), page(door).desk, station.runner)]
    del station
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)

    def is_gone() -> bool:
        gc.collect()
        return all(one() is None for one in kept)

    wait(is_gone)


def test_the_log_tells_of_locks_and_faults_and_of_nobody(
    door: DoorScreens, people: Precinct, kept_log: Path
) -> None:
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    enter("seven rivers carry boots")
    wait(lambda: door.screen.view.operator.state is SideState.WRONG)
    unlock(door)
    sees(door, ReadyView)
    lay_down(door, people, 0)
    sees(door, IdentifiedView)
    door.desk.scanner.lift()
    sees(door, ReadyView)
    door.desk.scanner.unplug()
    sees(door, ScannerUnpluggedView)
    door.desk.scanner.plug_in()
    sees(door, ReadyView)
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.window.currentWidget() is door.screen)
    (log,) = kept_log.iterdir()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    told = [(one["what"], one.get("code") or one.get("cause")) for one in lines]
    assert told == [
        ("fault", "wrong_passphrase"),
        ("unlocked", None),
        ("fault", "device_lost"),
        ("desk_hindered", "scanner_unplugged"),
        ("desk_mended", "scanner_unplugged"),
        ("locked", "key"),
    ]
    voters = [(one.voter_id, one.pin, one.surname, one.given_names) for one in people.voters]
    said = (OPERATOR, CHAIR, "carry boots", "Sadyrova", "Osmonov", *chain.from_iterable(voters))
    for word in said:
        assert word not in log.read_text()
        assert json.dumps(word).strip('"') not in log.read_text()


def sleep(door: DoorScreens, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The computer was asleep: the one clock says so, the other has not noticed."""
    slept = door.idle._asleep() + seconds
    monkeypatch.setattr(door.idle, "_asleep", lambda: slept)
    door.idle.look()


def test_a_desk_that_was_asleep_is_locked(
    door: DoorScreens, station: StationFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock(door)
    sees(door, ReadyView)
    sleep(door, monkeypatch, 0.2)
    assert door.window.currentWidget() is page(door), "two clocks are read one after the other"
    sleep(door, monkeypatch, 3600)
    assert door.window.currentWidget() is door.screen
    with closing(open_journal(station, "training")) as journal:
        (locked,) = [line.entry for line in journal.look.entries((StationLocked,))]
    assert locked == StationLocked(LockCause.IDLE)


def test_a_sleep_in_a_session_cuts_nobody_off_and_locks_after_it(
    door: DoorScreens, people: Precinct, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock(door)
    sees(door, ReadyView)
    lay_down(door, people, 0, seconds=60)
    sees(door, CaptureView)
    glass(door).lift()
    sees(door, TryAgainView)
    sleep(door, monkeypatch, 3600)
    assert not door.desk.may_lock
    lay_down(door, people, 0)
    sees(door, IdentifiedView)
    glass(door).lift()
    wait(lambda: door.window.currentWidget() is door.screen)


def test_the_lock_lets_go_of_every_secret(
    door: DoorScreens, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    join = People.join

    def keep(self: People, *entered: object) -> object:
        kept.append(join(self, *entered))  # type: ignore[arg-type]
        return kept[-1]

    monkeypatch.setattr(People, "join", keep)
    unlock(door)
    sees(door, ReadyView)
    (unlocked,) = kept
    assert not unlocked.is_locked
    press(door, Qt.Key.Key_F12)
    wait(lambda: unlocked.is_locked)
    assert door.window.currentWidget() is door.screen


def test_an_idle_desk_locks_and_a_busy_one_does_not(
    door: DoorScreens, people: Precinct, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock(door)
    sees(door, ReadyView)
    lay_down(door, people, 0, seconds=60)
    sees(door, CaptureView)
    assert not door.desk.may_lock
    later = door.idle._clock() + 601
    monkeypatch.setattr(door.idle, "_clock", lambda: later)
    glass(door).lift()
    sees(door, TryAgainView)
    lay_down(door, people, 0)
    sees(door, IdentifiedView)
    assert not door.desk.may_lock
    door.idle.look()
    glass(door).lift()
    sees(door, ReadyView)
    assert door.desk.may_lock
    door.idle.look()
    assert door.window.currentWidget() is page(door), "no key was pressed, and somebody was there"
    monkeypatch.setattr(door.idle, "_clock", lambda: later + 601)
    door.idle.look()
    assert door.window.currentWidget() is door.screen


def test_a_language_chosen_at_the_desk_leaves_the_keyboard_there(door: DoorScreens) -> None:
    unlock(door)
    sees(door, ReadyView)
    desk = page(door).desk
    page(door).set_dock_open(False)
    for language in ("ru", "ky"):
        desk.set_language(language)
        desk.language_chosen.emit(language)
        QApplication.processEvents()
        assert QApplication.focusWidget() is desk, "not the unlocking screen, which is hidden"


def test_the_commissions_room_is_locked_by_the_same_key(door: DoorScreens) -> None:
    """At once, while its page is still being read."""
    unlock(door)
    sees(door, ReadyView)
    press(door, Qt.Key.Key_F11)
    (room,) = page(door).findChildren(CommissionRoom)
    wait(room.isVisible)
    room.go_to(TURNOUT)
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.window.currentWidget() is door.screen)
    wait(lambda: not door.window.findChildren(StationWindow))


def test_the_commission_takes_the_day_away(door: DoorScreens, station: StationFolder) -> None:
    unlock(door)
    sees(door, ReadyView)
    press(door, Qt.Key.Key_F11)
    (room,) = page(door).findChildren(CommissionRoom)

    def says(part: str) -> bool:
        return any(part in one.text() for one in room.findChildren(TextBlock) if one.isVisible())

    wait(lambda: says("Sealed to: CEC results"))
    press(door, Qt.Key.Key_F9)
    stick = station.root.parent / "stick"
    wait(lambda: says("entries written to stick"))
    press(door, Qt.Key.Key_F12)
    wait(lambda: not door.window.findChildren(StationWindow))
    (made,) = stick.glob("*.journal.age")
    with closing(open_journal(station, "training")) as journal:
        (line,) = journal.look.entries((JournalExported,))
    assert isinstance(line.entry, JournalExported)
    assert made.name == f"9042-1-{line.entry.size:08}.journal.age"


def test_the_mirror_has_the_lock_too(door: DoorScreens, station: StationFolder) -> None:
    """Whoever takes the stick of a locked station has all of its journal."""
    stick = station.root.parent / "second"
    stick.mkdir()
    settings = machine(str(stick))
    sign(station, settings)
    unlock(door)
    sees(door, ReadyView)
    services = door.desk._services
    assert services is not None
    wait(lambda: isinstance(services.mirroring.state, MirrorUpToDate))
    press(door, Qt.Key.Key_F12)
    wait(lambda: door.window.currentWidget() is door.screen)
    wait(lambda: not door.window.findChildren(StationWindow))
    unlocked = People.load(station)
    both = [unlocked.enter(*who) for who in BOTH]
    opened = unlocked.join(*both)
    with closing(open_journal(station, "training")) as journal:
        open_mirror = mirror_opener(station, opened, settings, journal.opened)
    assert open_mirror is not None
    with closing(open_mirror()) as mirror, closing(open_journal(station, "training")) as journal:
        assert mirror.upto == journal.size


def test_the_docks_people_are_those_of_the_list_with_images(
    door: DoorScreens, station: StationFolder, people: Precinct
) -> None:
    images = station.root.parent / "images"
    images.mkdir()

    def draw(row: int, end: str, impression: int) -> None:
        name = f"{people.voters[row].voter_id}_{end}.png"
        image = people.impression(row, RIGHT, impression, Preset.GOOD)
        (images / name).write_bytes(png_bytes(image))

    draw(4, "2", 0)
    draw(4, "2_1", 1)
    draw(7, "2", 2)
    (images / f"{people.voters[5].voter_id}_2.png").write_bytes(b"no image")
    (images / "thesis.txt").write_text("mine")
    scan_from(station, images)
    unlock(door)
    sees(door, ReadyView)
    (dock,) = page(door).findChildren(SimulatorDock)
    listed = [people.voters[row] for row in (4, 5, 7)]
    names = [dock.queue.item(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(3)]
    assert names == [
        f"{one.list_number}. {short_name(one.surname, one.given_names)}. Identified at once"
        for one in listed
    ]

    def says(words: str) -> bool:
        return any(block.text() == words for block in dock.findChildren(TextBlock))

    assert says(f"PIN in the document: {listed[0].pin}")
    for row, finger in ((1, RIGHT), (0, FingerPosition.LEFT_MIDDLE)):
        dock.queue.setCurrentRow(row)
        dock.ask_for(finger, is_first=True)
        dock.place()
        assert says("There is no readable image of this finger.")
    for number in (4, 7):
        dock.queue.setCurrentRow({4: 0, 7: 2}[number])
        dock.ask_for(RIGHT, is_first=True)
        dock.place()
        sees(door, IdentifiedView)
        assert shown_number(door) == people.voters[number].list_number
        glass(door).lift()
        sees(door, ReadyView)


def scan_from(station: StationFolder, images: Path) -> None:
    """The simulated scanner's port is this folder."""
    scanner = Device(DeviceFamily.FINGER_SCANNER, "simulated", str(images))
    settings = replace(machine(), devices=(scanner,))
    sign(station, settings)
    write_desk_settings(station, settings)


def shown_number(door: DoorScreens) -> int:
    view = page(door).desk.view
    assert isinstance(view, IdentifiedView)
    return view.voter.list_number


def test_the_queue_of_the_list_passes_by_itself(
    door: DoorScreens, station: StationFolder, people: Precinct
) -> None:
    """Who has no image that can be read is left out."""
    images = station.root.parent / "images" / "9042"
    images.mkdir(parents=True)
    (images / f"{people.voters[0].voter_id}_2.png").write_bytes(b"no image")
    (images / f"{people.voters[1].voter_id}_7.png").write_bytes(b"no image")
    image = people.impression(2, RIGHT, 1, Preset.GOOD)
    (images / f"{people.voters[2].voter_id}_2.png").write_bytes(png_bytes(image))
    scan_from(station, images.parent)
    unlock(door)
    sees(door, ReadyView)
    (dock,) = page(door).findChildren(SimulatorDock)
    assert dock.queue.count() == 3
    next(b for b in dock.findChildren(DockButton) if b.accessibleName() == "Run the queue").click()
    sees(door, IdentifiedView)
    assert shown_number(door) == people.voters[2].list_number
    glass(door).lift()
    sees(door, ReadyView)
