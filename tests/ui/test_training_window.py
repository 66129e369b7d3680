"""The striped frame, the simulator dock, and the station's window."""

import logging
import sys
import wave
from dataclasses import replace
from importlib import resources

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.session_states import FaceWhy
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat
from station_app.synthetic.presets import Preset
from station_app.training.chair import Chair
from station_app.training.dock_queue import DockQueue
from station_app.training.script import Expected, Impression, QueuePerson
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.capture import BusyStage, BusyView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import NotOnListView
from station_app.ui.operator.views import DayView, StationKind
from station_app.ui.sounds import Sound, SoundPlayer
from station_app.ui.training.dock import DockButton, SimulatorDock
from station_app.ui.training.frame import TrainingFrame
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import ManualClock

LOOKS = InventedFace(4, "m", 40)
READY = ReadyView(FingerPosition.RIGHT_INDEX, DayView(0, 300))


def person(number: int, name: str, expects: Expected, pin: str = "") -> QueuePerson:
    return QueuePerson(name, (), (), number=number, name=name, expects=expects, pin=pin)


class RecordedSimulator(DockQueue):
    """Remembers what the dock asked for, of the people and of the glass."""

    def __init__(self) -> None:
        people = [
            person(7, "Osmonova Gulnara", Expected.IDENTIFIED, "2" * 14),
            replace(person(9, "Ivanov Pyotr", Expected.NOT_ON_LIST), face=LOOKS),
            person(11, "Zhumash uulu Adilet", Expected.SECOND_TRY),
            person(12, "Kasymova Elmira", Expected.DRY_FINGER),
        ]
        self.calls: list[tuple[object, ...]] = []
        super().__init__(RecordedGlass(self.calls), people)
        self.done.add(7)
        self.images = True

    def place(self, person: QueuePerson, finger: FingerPosition, manner: Preset) -> None:
        if not self.images:
            raise KnownError("image_unreadable", "")
        self.calls.append(("place", person.number, finger, manner))

    def run(self) -> None:
        self.calls.append(("run_queue",))


class RecordedChair(Chair):
    def __init__(self, calls: list[tuple[object, ...]]) -> None:
        super().__init__(SimulatedCamera())
        self._calls = calls

    def sit(self, face: InventedFace, cheat: Cheat | None = None) -> None:
        self._calls.append(("sit", face, cheat))

    def leave(self) -> None:
        self._calls.append(("leave",))


class RecordedGlass(SimulatedFingerScanner):
    def __init__(self, calls: list[tuple[object, ...]]) -> None:
        super().__init__()
        self._calls = calls

    def place(self, impression: Impression) -> None:
        raise AssertionError("the queue lays fingers down")

    def lift(self) -> None:
        self._calls.append(("lift",))

    def unplug(self) -> None:
        self._calls.append(("unplug",))

    def plug_in(self) -> None:
        self._calls.append(("plug_in",))


@pytest.fixture
def simulator() -> RecordedSimulator:
    return RecordedSimulator()


@pytest.fixture
def dock(qtbot: QtBot, simulator: RecordedSimulator) -> SimulatorDock:
    dock = SimulatorDock(simulator, "en")
    qtbot.addWidget(dock)
    dock.show()
    return dock


def button(dock: SimulatorDock, name: str) -> DockButton:
    return next(b for b in dock.findChildren(DockButton) if b.accessibleName() == name)


def test_enter_places_the_chosen_finger(dock: SimulatorDock, simulator: RecordedSimulator) -> None:
    QTest.keyClick(dock.queue, Qt.Key.Key_Down)
    QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert simulator.calls == [("place", 9, FingerPosition.RIGHT_INDEX, Preset.GOOD)]


def test_lessons_open_in_their_own_window_and_the_dock_says_so(dock: SimulatorDock) -> None:
    asked = QSignalSpy(dock.lessons_pressed)
    QTest.mouseClick(button(dock, "Lessons"), Qt.MouseButton.LeftButton)
    assert asked.count() == 1
    row = dock.queue.currentRow()
    dock.set_lessons_open(is_open=True)
    assert not button(dock, "Lessons are open").isEnabled()
    dock.set_lessons_open(is_open=False)
    assert button(dock, "Lessons").isEnabled()
    assert dock.queue.currentRow() == row


def test_the_document_of_the_chosen_person_can_be_read(dock: SimulatorDock) -> None:
    def words() -> list[str]:
        return [block.text() for block in dock.findChildren(TextBlock)]

    assert f"PIN in the document: {'2' * 14}" in words()
    QTest.keyClick(dock.queue, Qt.Key.Key_Down)
    assert "No document" in words()


def test_an_image_that_cannot_be_read_is_told(
    dock: SimulatorDock, simulator: RecordedSimulator
) -> None:
    def says(words: str) -> bool:
        return any(block.text() == words for block in dock.findChildren(TextBlock))

    simulator.images = False
    button(dock, "Put on the scanner").click()
    assert says("There is no readable image of this finger.")
    dock.choose_next()
    assert dock.person is not None
    assert dock.person.number == 7, "who did not come is not done"
    button(dock, "Left index").click()
    assert not says("There is no readable image of this finger.")


def test_images_that_are_passed_over_are_counted(
    dock: SimulatorDock, simulator: RecordedSimulator
) -> None:
    def says(words: str) -> bool:
        return any(block.text() == words for block in dock.findChildren(TextBlock))

    assert says("Queue")
    simulator.unusable = ["2_2.png", "2_3.png"]
    button(dock, "Put on the scanner").click()
    assert says("Queue · unreadable images: 2")
    dock.set_language("ru")
    assert says("Очередь · нечитаемые снимки: 2")


def test_a_folder_without_anybody_is_told(qtbot: QtBot) -> None:
    dock = SimulatorDock(DockQueue(RecordedGlass([]), []), "en")
    qtbot.addWidget(dock)
    dock.place()
    words = [block.text() for block in dock.findChildren(TextBlock)]
    assert "No images of this list’s voters." in words


def test_the_passphrase_of_an_invented_commission_is_no_secret(
    qtbot: QtBot, simulator: RecordedSimulator
) -> None:
    dock = SimulatorDock(simulator, "en", "known to all")
    qtbot.addWidget(dock)
    words = [block.text() for block in dock.findChildren(TextBlock)]
    assert "Passphrase: known to all" in words


def test_finger_and_manner_are_chosen_with_space(
    dock: SimulatorDock, simulator: RecordedSimulator
) -> None:
    QTest.keyClick(button(dock, "Left index"), Qt.Key.Key_Space)
    QTest.keyClick(button(dock, "Dry"), Qt.Key.Key_Space)
    QTest.keyClick(button(dock, "Dry"), Qt.Key.Key_Return)
    assert simulator.calls == [("place", 7, FingerPosition.LEFT_INDEX, Preset.DRY)]


def test_every_button_reaches_the_simulator(
    dock: SimulatorDock, simulator: RecordedSimulator
) -> None:
    for name in ("Lift", "Unplug", "Plug in", "Run the queue", "Put on the scanner"):
        button(dock, name).click()
    assert [call[0] for call in simulator.calls] == [
        "lift",
        "unplug",
        "plug_in",
        "run_queue",
        "place",
    ]


def test_choices_survive_the_language_and_the_queue(dock: SimulatorDock) -> None:
    dock.queue.setCurrentRow(1)
    button(dock, "Poor").click()
    dock.set_language("ky")
    dock.refresh()
    assert dock.person is not None
    assert dock.person.number == 9
    assert dock.manner is Preset.POOR
    dock.grab()


def test_a_live_station_has_neither_dock_nor_frame(qtbot: QtBot, dock: SimulatorDock) -> None:
    desk = OperatorDesk(language="en", moving=False)
    with pytest.raises(ValueError, match="no simulator"):
        StationWindow(desk, dock, StationKind.LIVE)
    window = StationWindow(desk, None, StationKind.LIVE)
    qtbot.addWidget(window)
    assert window.findChildren(TrainingFrame) == []


@pytest.mark.parametrize("kind", [StationKind.DEMO, StationKind.TRAINING])
def test_invented_voters_are_inside_the_striped_frame(qtbot: QtBot, kind: StationKind) -> None:
    desk = OperatorDesk(language="en", moving=False)
    window = StationWindow(desk, None, kind)
    qtbot.addWidget(window)
    frame = window.findChild(TrainingFrame)
    assert isinstance(frame, TrainingFrame)
    assert frame.isAncestorOf(desk)
    assert kind.value.upper() in frame.accessibleName()
    desk.show_view(READY)
    window.resize(1366, 768)
    window.show_on_screen()
    assert not window.grab().isNull()


def test_a_laptop_screen_still_holds_the_whole_desk(qtbot: QtBot) -> None:
    desk = OperatorDesk(language="en", moving=False)
    window = StationWindow(desk, None, StationKind.DEMO)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    assert (desk.width(), desk.height()) == (1350, 730)


def test_enter_in_the_dock_belongs_to_the_desk_while_a_verdict_waits(
    qtbot: QtBot, simulator: RecordedSimulator, clock: ManualClock
) -> None:
    desk = OperatorDesk(language="en", clock=clock, moving=False)
    dock = SimulatorDock(simulator, "en")
    window = StationWindow(desk, dock, StationKind.DEMO)
    qtbot.addWidget(window)
    window.show()
    dock.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.show_view(NotOnListView(pin_given=False))
    clock.now += 2
    dock.queue.setFocus()
    with qtbot.waitSignal(desk.next_pressed, timeout=500):
        QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert simulator.calls == []
    desk.show_view(READY)
    dock.queue.setFocus()
    QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert [call[0] for call in simulator.calls] == ["place"]


@pytest.fixture
def window(qtbot: QtBot, simulator: RecordedSimulator, clock: ManualClock) -> StationWindow:
    """An active demonstration on the smallest laptop, a person before the desk."""
    desk = OperatorDesk(language="en", clock=clock, moving=False)
    window = StationWindow(desk, SimulatorDock(simulator, "en"), StationKind.DEMO)
    qtbot.addWidget(window)
    desk.show_view(READY)
    window.resize(1280, 720)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.pages.show_desk()
    return window


def dock_of(window: StationWindow) -> SimulatorDock:
    found = window.findChild(SimulatorDock)
    assert isinstance(found, SimulatorDock)
    return found


def press_enter() -> None:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QApplication.processEvents()


def test_ctrl_d_gives_the_desk_the_docks_place(window: StationWindow) -> None:
    dock, desk = dock_of(window), window.desk
    frame = window.findChild(TrainingFrame)
    assert isinstance(frame, TrainingFrame)
    beside = desk.width()
    assert (window.width(), window.height()) == (1280, 720)
    assert desk.mapTo(frame, desk.rect().topRight()).x() < dock.geometry().left()
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert not dock.isVisible()
    assert desk.width() == beside + dock.width()
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert (dock.isVisible(), desk.width()) == (True, beside)


def test_enter_always_does_the_next_thing(
    window: StationWindow, simulator: RecordedSimulator, clock: ManualClock, qtbot: QtBot
) -> None:
    desk, dock = window.desk, dock_of(window)
    assert QApplication.focusWidget() is dock.queue
    press_enter()
    assert simulator.calls == [("place", 7, FingerPosition.RIGHT_INDEX, Preset.GOOD)]
    desk.show_view(BusyView(BusyStage.MATCHING, FingerPosition.RIGHT_INDEX))
    press_enter()
    desk.show_view(NotOnListView(pin_given=False))
    with qtbot.assertNotEmitted(desk.next_pressed):
        press_enter()  # too soon after a verdict
    clock.now += 2
    with qtbot.waitSignal(desk.next_pressed, timeout=500):
        press_enter()
    desk.show_view(ReadyView(FingerPosition.LEFT_INDEX, DayView(0, 300)))
    assert QApplication.focusWidget() is dock.queue
    press_enter()
    assert simulator.calls[1:] == [
        ("place", 9, FingerPosition.LEFT_INDEX, Preset.GOOD),
    ]


def test_a_person_expected_to_need_two_tries_needs_two(dock: SimulatorDock) -> None:
    index, other = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
    seen = []
    for row in (2, 3):
        dock.queue.setCurrentRow(row)
        for asked, is_first in ((index, True), (other, False)):
            dock.ask_for(asked, is_first=is_first)
            seen.append((dock.finger, dock.manner))
    wrong = FingerPosition.RIGHT_MIDDLE
    assert seen == [
        (wrong, Preset.GOOD), (other, Preset.GOOD), (index, Preset.DRY), (other, Preset.GOOD),
    ]  # fmt: skip
    dock.ask_for(index, is_first=True)
    button(dock, "Good").click()
    dock.refresh()
    dock.set_language("ru")
    assert dock.manner is Preset.GOOD, "what a person chooses stays"


def test_enter_does_the_next_thing_with_the_dock_away(
    window: StationWindow, simulator: RecordedSimulator
) -> None:
    window.set_dock_open(False)
    press_enter()
    assert [call[0] for call in simulator.calls] == ["place"]


def test_a_pin_that_is_being_typed_keeps_the_keyboard(
    window: StationWindow, simulator: RecordedSimulator
) -> None:
    QTest.keyClick(window, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, PinField)
    QTest.keyClicks(field, "123")
    window.desk.show_view(ReadyView(FingerPosition.RIGHT_INDEX, DayView(1, 300)))
    assert isinstance(QApplication.focusWidget(), PinField)
    press_enter()
    assert simulator.calls == []


def test_the_window_follows_the_language(qtbot: QtBot, simulator: RecordedSimulator) -> None:
    desk = OperatorDesk(language="en", moving=False)
    dock = SimulatorDock(simulator, "en")
    window = StationWindow(desk, dock, StationKind.DEMO)
    qtbot.addWidget(window)
    desk.show_view(READY)
    desk.language_chosen.emit("ru")
    assert window.windowTitle() == "Идентификация избирателей"
    assert button(dock, "Убрать")


def test_the_dock_keeps_the_keyboard_in_another_language(
    qtbot: QtBot, simulator: RecordedSimulator
) -> None:
    desk = OperatorDesk(language="en", moving=False)
    dock = SimulatorDock(simulator, "en")
    window = StationWindow(desk, dock, StationKind.DEMO)
    qtbot.addWidget(window)
    window.show_on_screen()
    qtbot.waitUntil(window.isActiveWindow)
    desk.show_view(READY)
    for language in ("ru", "ru"):
        desk.language_chosen.emit(language)
        qtbot.wait(10)  # what was there before is gone
        assert QApplication.focusWidget() is dock.queue


def test_no_audio_device_is_one_line_in_the_log(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = SoundPlayer()
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    with caplog.at_level(logging.INFO, logger="station_app.ui.sounds"):
        for sound in Sound:
            player.play(sound)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("sound", Sound)
def test_every_sound_has_its_file(qtbot: QtBot, sound: Sound) -> None:
    file = resources.files("station_app") / "content" / "sounds" / f"{sound.value}.wav"
    with file.open("rb") as raw, wave.open(raw) as tone:
        assert tone.getframerate() == 22050
        assert tone.getnchannels() == 1
    SoundPlayer().play(sound)
    QApplication.processEvents()


FACE = FaceStageView(1, FaceWhy.CALLED, False, 1, 2)


def test_enter_lets_the_person_sit_down_where_the_face_is_asked_for(
    qtbot: QtBot, simulator: RecordedSimulator, clock: ManualClock
) -> None:
    simulator.chair = RecordedChair(simulator.calls)
    desk = OperatorDesk(language="en", clock=clock, moving=False)
    dock = SimulatorDock(simulator, "en")
    window = StationWindow(desk, dock, StationKind.DEMO)
    qtbot.addWidget(window)
    window.show()
    desk.show_view(FACE)
    dock.place()
    assert simulator.calls == [], "of this person there is no face"
    dock.queue.setCurrentRow(1)
    QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert simulator.calls == [("sit", LOOKS, None)]
    button(dock, "A photo").click()
    button(dock, "Leave").click()
    assert simulator.calls[1:] == [("sit", LOOKS, Cheat.STILL_PHOTO), ("leave",)]
    desk.show_view(replace(FACE, is_live=True))
    simulator.calls.clear()
    QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert simulator.calls == [], "the operator has the next word"
    desk.show_view(READY)
    QTest.keyClick(dock.queue, Qt.Key.Key_Return)
    assert simulator.calls[0][0] == "place"


def test_without_a_camera_the_dock_speaks_of_none(dock: SimulatorDock) -> None:
    names = {one.accessibleName() for one in dock.findChildren(DockButton)}
    assert "Sit down" not in names
