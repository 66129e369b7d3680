"""Screen 08 by keyboard: the one order, the locked answer, and a live picture that never waits."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.domain.appearance import Appearance
from station_app.domain.entry_codes import Method
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure, FaceStep, Turn
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage
from station_app.domain.session_states import AwaitingFace, FaceWhy, Verdict
from station_app.flow.face_capture import CameraNow, FaceView
from station_app.flow.open_station import utc_now
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.devices import DevicesView, camera_chip, device_pages
from station_app.ui.operator.dialogs import HandDialog, PinDialog
from station_app.ui.operator.face import (
    FaceAnswer,
    FaceScreen,
    FaceStageView,
    SteadyOrder,
    checks_done,
    face_order,
)
from station_app.ui.operator.page import StagePage
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.operator.views import DayView, VoterCard
from station_app.ui.sounds import Sound
from station_app.ui.texts import Texts
from station_app.ui.widgets.answer_button import AnswerButton
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import ChipLevel
from tests.flow.desk_parts import a_voter
from tests.flow.face_desk import FaceStation
from tests.ui.desk_samples import HeardSounds, ManualClock
from tests.ui.samples.faces import DRAWN, face_orders

EN = Texts("en")
VOTER = VoterCard(612, "Toktonalieva", "Aizharkyn M.", "f", "12.04.1991", "Bishkek", 31, 12, b"")
ASKED = FaceStageView(3, FaceWhy.TRIES, True, 1, 2, VOTER, answer=FaceAnswer.NO_ONLY)
DONE = replace(ASKED, is_live=True, answer=FaceAnswer.OPEN)
SEARCH = replace(ASKED, is_named=False, voter=None, answer=FaceAnswer.WAITS, has_finger=True)
PICTURE = FaceImage(bytes(3 * 64 * 48), 64, 48)
TURN = FaceView(FaceStep.TURN, PICTURE, turn=Turn.LEFT, of=2)


class Told:
    """What the desk has said."""

    def __init__(self, desk: OperatorDesk) -> None:
        self.answers: list[bool] = []
        self.others: list[str] = []
        self.pins: list[str] = []
        self.fingers: list[FingerPosition] = []
        desk.face_answered.connect(self.answers.append)
        desk.face_pressed.connect(lambda: self.others.append("face"))
        desk.turn_refused.connect(lambda: self.others.append("cannot turn"))
        desk.commission_pressed.connect(lambda: self.others.append("commission"))
        desk.cancel_pressed.connect(lambda: self.others.append("cancel"))
        desk.pin_entered.connect(self.pins.append)
        desk.finger_chosen.connect(lambda finger, _: self.fingers.append(finger))


@pytest.fixture
def told(desk: OperatorDesk) -> Told:
    return Told(desk)


def screen(desk: OperatorDesk) -> FaceScreen:
    assert isinstance(desk.page, StagePage)
    assert isinstance(desk.page.screen_body, FaceScreen)
    return desk.page.screen_body


def order(desk: OperatorDesk) -> str:
    live = screen(desk).live
    assert live is not None
    return live.order


def words(desk: OperatorDesk) -> list[str]:
    return [one.text() for one in screen(desk).findChildren(TextBlock) if one.isVisible()]


def press(desk: OperatorDesk, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or desk, key)
        QApplication.processEvents()


def test_yes_is_locked_until_the_head_was_turned(desk: OperatorDesk, told: Told) -> None:
    desk.show_view(ASKED)
    same, differs = screen(desk).findChildren(AnswerButton)
    assert not same.isEnabled()
    assert same.accessibleDescription() == EN("face.locked")
    press(desk, Qt.Key.Key_1)
    same.click()
    assert told.answers == []
    assert differs.isEnabled()
    press(desk, Qt.Key.Key_2)
    assert told.answers == [False]
    desk.show_view(DONE)
    press(desk, Qt.Key.Key_1)
    assert told.answers == [False, True]


def test_answers_are_reached_by_tab_and_given_once(desk: OperatorDesk, told: Told) -> None:
    desk.show_view(DONE)
    same, _ = screen(desk).findChildren(AnswerButton)
    same.setFocus()
    press(desk, Qt.Key.Key_Return)
    assert told.answers == [True]
    desk.show_view(replace(DONE, answer=FaceAnswer.SAID_YES))
    press(desk, Qt.Key.Key_1, Qt.Key.Key_2)
    assert told.answers == [True]


def test_before_the_photo_is_there_nothing_can_be_answered(desk: OperatorDesk, told: Told) -> None:
    desk.show_view(replace(ASKED, voter=None, answer=FaceAnswer.WAITS))
    press(desk, Qt.Key.Key_1, Qt.Key.Key_2)
    assert told.answers == []


def test_the_keys_of_the_screen(desk: OperatorDesk, told: Told) -> None:
    desk.show_view(replace(ASKED, has_finger=True))
    press(desk, Qt.Key.Key_F7, Qt.Key.Key_F5, Qt.Key.Key_Escape)
    assert told.others == ["cannot turn", "commission", "cancel"]
    press(desk, Qt.Key.Key_F3)
    (hand,) = desk.findChildren(HandDialog)
    hand.on_key(DeskKey.CHOOSE)
    assert told.fingers == [FingerPosition.RIGHT_INDEX]
    desk.show_view(DONE)
    press(desk, Qt.Key.Key_F7, Qt.Key.Key_F3)
    assert told.others == ["cannot turn", "commission", "cancel"]


def test_f4_asks_for_the_face_only_where_it_is_offered(desk: OperatorDesk, told: Told) -> None:
    ready = ReadyView(FingerPosition.RIGHT_INDEX, DayView(1, 300))
    desk.show_view(ready)
    press(desk, Qt.Key.Key_F4)
    assert told.others == []
    desk.show_view(replace(ready, has_face=True))
    press(desk, Qt.Key.Key_F4)
    assert told.others == ["face"]


def test_without_a_pin_nobody_is_named_and_nothing_is_asked(desk: OperatorDesk, told: Told) -> None:
    desk.show_view(SEARCH)
    assert EN("face.search.title") in words(desk)
    assert EN("face.question") not in words(desk)
    press(desk, Qt.Key.Key_1, Qt.Key.Key_2)
    assert told.answers == []
    press(desk, Qt.Key.Key_F2)
    (dialog,) = desk.findChildren(PinDialog)
    assert dialog.isVisible()
    assert desk.take_document("21204199100123")
    assert told.pins == ["21204199100123"]
    desk.show_view(replace(SEARCH, is_live=True))
    assert DeskKey.DOCUMENT not in replace(SEARCH, is_live=True).keys(desk._parts)


def test_the_order_and_the_picture_pass_to_the_next_page(desk: OperatorDesk) -> None:
    desk.show_view(replace(ASKED, voter=None, answer=FaceAnswer.WAITS))
    desk.show_face(TURN)
    desk.show_view(ASKED)  # the record was read meanwhile
    live = screen(desk).live
    assert live is not None
    assert live.image is PICTURE
    assert order(desk) == EN("face.turn.left")


def test_no_picture_of_a_person_stays_after_their_session(desk: OperatorDesk) -> None:
    desk.show_view(ASKED)
    desk.show_face(TURN)
    desk.show_view(ReadyView(FingerPosition.RIGHT_INDEX, DayView(1, 300)))
    desk.show_face(TURN)  # came too late
    assert desk._face is None
    desk.show_view(replace(ASKED, session=4))
    live = screen(desk).live
    assert live is not None
    assert live.image is None
    assert order(desk) == EN("face.opening")


def test_a_picture_that_was_not_painted_is_replaced(desk: OperatorDesk) -> None:
    desk.show_view(ASKED)
    newest = FaceImage(bytes(3 * 32 * 24), 32, 24)
    desk.show_face(TURN)
    desk.show_face(replace(TURN, image=newest))
    live = screen(desk).live
    assert live is not None
    assert live.image is newest


def test_without_a_camera_the_page_says_what_to_do(desk: OperatorDesk) -> None:
    desk.show_view(replace(ASKED, fault="camera_lost"))
    assert screen(desk).live is None
    assert EN("face.fault.camera_lost") in words(desk)
    assert EN("face.mend.camera_lost") in words(desk)
    assert replace(ASKED, fault="camera_lost").help_pages() == ("camera_lost", "face")
    desk.show_view(replace(ASKED, fault="device_fault"))
    assert EN("face.fault.other") in words(desk)


def test_one_long_sound_and_two_short_for_another_try(
    desk: OperatorDesk, sounds: HeardSounds
) -> None:
    desk.show_view(ASKED)
    desk.show_view(replace(ASKED, fault="camera_lost"))
    desk.show_view(DONE)
    assert sounds.heard == [Sound.COMMISSION]
    desk.show_view(replace(ASKED, attempt=2, failed=FaceFailure.TOO_FAST))
    assert sounds.heard == [Sound.COMMISSION, Sound.TRY_AGAIN]
    assert EN("face.again.too_fast") in words(desk)


def test_nobody_is_accused_by_a_hint(desk: OperatorDesk) -> None:
    for failed in (FaceFailure.FLAT, FaceFailure.FROZEN, FaceFailure.JUMPED):
        desk.show_view(replace(ASKED, attempt=2, failed=failed))
        assert EN("face.again.slowly") in words(desk)


@pytest.mark.parametrize("flaw", FaceFlaw)
def test_every_flaw_has_its_order_and_its_check(flaw: FaceFlaw) -> None:
    seen = FaceView(FaceStep.LOOK, flaw=flaw)
    assert face_order(seen, is_named=True).key == f"face.flaw.{flaw.value}"
    found, straight, live = checks_done(seen)
    assert found is (flaw in tuple(FaceFlaw)[7:])
    assert not straight
    assert not live


@pytest.mark.parametrize("step", FaceStep)
@pytest.mark.parametrize("is_named", [True, False])
def test_every_step_has_its_order(step: FaceStep, *, is_named: bool) -> None:
    assert face_order(FaceView(step), is_named=is_named).key in EN


def test_an_order_stays_long_enough_to_be_read() -> None:
    clock = ManualClock()
    steady = SteadyOrder(clock)
    look, turn = FaceStep.LOOK, FaceStep.TURN
    dark, small = (
        face_order(FaceView(look, flaw=flaw), is_named=True)
        for flaw in (FaceFlaw.TOO_DARK, FaceFlaw.TOO_SMALL)
    )
    left = face_order(TURN, is_named=True)
    assert steady.next(look, dark) is dark
    assert steady.next(look, small) is dark
    clock.now += 1
    assert steady.next(look, small) is small
    assert steady.next(turn, left) is left, "a turn is measured in time: it waits for nothing"
    assert steady.next(turn, face_order(replace(TURN, turn=Turn.RIGHT), is_named=True)) != left


def test_the_camera_in_the_top_bar() -> None:
    assert camera_chip(EN, None) is None
    well, simulated = camera_chip(EN, CameraNow()), camera_chip(EN, CameraNow(is_simulated=True))
    assert well is not None
    assert simulated is not None
    assert (well.level, well.words) == (ChipLevel.OK, EN("top.camera_ok"))
    assert simulated.words == EN("top.camera_simulated")
    lost, busy = camera_chip(EN, CameraNow("camera_lost")), camera_chip(EN, CameraNow("x"))
    assert lost is not None
    assert busy is not None
    assert (lost.level, lost.words) == (ChipLevel.WARN, EN("top.camera.camera_lost"))
    assert busy.words == EN("top.camera.other")
    assert device_pages(DevicesView(camera=CameraNow("camera_lost"))) == ("camera_lost",)


def test_the_desk_tells_the_runner_what_is_pressed_and_shows_what_the_camera_sees(
    desk: OperatorDesk,
) -> None:
    station = FaceStation()
    runner = station.runner
    presenter = Presenter(PROVISIONAL, 4, lambda at: at)
    DeskController(runner, desk, presenter, precinct="9042", place="", now=utc_now)
    try:
        station.faces.answers = [[(1, 6.0)]]
        station.start()
        assert desk._top.devices.camera is None, "nothing is known of a camera that nobody opened"
        press(desk, Qt.Key.Key_F4)
        station.until(AwaitingFace)
        desk.pin_entered.emit(a_voter(1).pin)
        station.holds(
            lambda: isinstance(runner.state, AwaitingFace) and runner.state.may_answer(same=True)
        )
        assert desk._top.devices.camera == CameraNow(is_simulated=True)
        assert screen(desk).live is not None
        press(desk, Qt.Key.Key_1)
        verdict = station.until(Verdict)
        assert isinstance(verdict, Verdict)
        assert verdict.outcome.method is Method.FACE
        assert isinstance(desk.view, IdentifiedView)
    finally:
        station.close()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("percent", [125, 150, 200])
def test_the_order_is_seen_without_scrolling_in_large_text(
    desk: OperatorDesk, language: str, percent: int
) -> None:
    desk.resize(1280, 720)
    desk.set_language(language)
    desk.choose_appearance(Appearance(text_percent=percent))
    desk.show_view(ASKED)
    for name, seen in face_orders(DRAWN).items():
        desk.show_view(replace(ASKED, session=ASKED.session + 1))
        desk.show_view(ASKED)
        desk.show_face(seen)
        QApplication.processEvents()
        said = Texts(language)(face_order(seen, is_named=True).key)
        (line,) = [one for one in screen(desk).findChildren(TextBlock) if one.text() == said]
        assert line.visibleRegion().boundingRect() == line.rect(), name
