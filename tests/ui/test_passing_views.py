"""Pages that another follows within some milliseconds are not built; what takes longer is said."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station_app.domain import session_events as events
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    OutcomeKind,
    StopFinding,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL
from station_app.domain.roles import Role
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    Idle,
    LookingUp,
    Verdict,
)
from station_app.flow.approvals import demo_person
from station_app.flow.open_station import utc_now
from station_app.training.actions import Decide
from station_app.training.cast import Actor
from station_app.training.script import QueuePerson
from station_app.ui.operator.capture import BusyStage, BusyView
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.manual import ManualView, PersonStage
from station_app.ui.operator.notice import BrokenView
from station_app.ui.operator.page import View
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.stop_dialog import StopAgreement
from station_app.ui.operator.verdict import StopLookView
from station_app.ui.sounds import Sound
from station_app.ui.training.desk_hands import decide
from station_app.ui.training.hands import HandsStage, Press, Until, Write, press, type_sign
from station_app.ui.widgets.pin_field import PinField
from tests.flow.desk_parts import a_voter
from tests.flow.face_desk import FaceStation
from tests.flow.whole_desk import Station
from tests.ui.desk_samples import HeardSounds, ManualClock


@pytest.fixture
def station(desk: OperatorDesk) -> Iterator[Station]:
    """The desk's station; its bridge runs in `until` alone."""
    station = Station()
    presenter = Presenter(PROVISIONAL, 4, lambda at: at)
    controller = DeskController(
        station.runner, desk, presenter, precinct="9042", place="", now=utc_now
    )
    controller.state_changed(station.until(Idle))
    yield station
    station.runner.stop()


def shown(desk: OperatorDesk) -> list[View | None]:
    """What the desk shows from now on."""
    views: list[View | None] = []
    desk.view_shown.connect(lambda: views.append(desk.view))
    return views


def test_what_is_over_at_once_is_not_shown(station: Station, desk: OperatorDesk) -> None:
    views = shown(desk)
    station.runner.handle(events.CommissionCalled())
    station.until(AwaitingCommission)
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    station.bridge.run(lambda: getattr(station.runner.state, "voter", None) is not None, 10)
    assert [type(one) for one in views] == [ManualView, ManualView]
    assert isinstance(desk.view, ManualView)
    assert desk.view.stage is PersonStage.KNOWN


def test_what_takes_longer_is_shown(station: Station, desk: OperatorDesk, qtbot: QtBot) -> None:
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    assert isinstance(station.runner.state, LookingUp)
    assert isinstance(desk.view, ReadyView)
    qtbot.waitUntil(lambda: isinstance(desk.view, BusyView), timeout=5000)
    assert isinstance(desk.view, BusyView)
    assert desk.view.stage is BusyStage.LOOKING_UP


def test_a_verdict_does_not_wait_for_its_entry_to_be_seen_written(
    station: Station, desk: OperatorDesk, qtbot: QtBot
) -> None:
    station.matcher.answers = [(3, 12.0)]
    views = shown(desk)
    station.place()
    station.until(Verdict)
    stages = [one.stage for one in views if isinstance(one, BusyView)]
    assert BusyStage.RECORDING not in stages
    last = desk.view
    qtbot.wait(300)
    assert desk.view is last, "nothing late comes in the place of a verdict"


def test_what_the_commission_found_is_announced(
    station: Station, desk: OperatorDesk, sounds: HeardSounds, clock: ManualClock
) -> None:
    station.matcher.answers = [(3, 12.0), (3, 12.0)]
    station.place()
    station.until(Verdict)
    station.scanner.lift()
    station.runner.handle(events.NextPressed())
    station.until(Idle)
    station.place()
    station.until(Verdict)
    station.runner.handle(events.CommissionCalled())
    assert isinstance(desk.view, StopLookView)
    clock.now += 60
    sounds.heard.clear()
    two = demo_person(Role.OPERATOR), demo_person(Role.MEMBER)
    desk.stop_agreed.emit(StopAgreement(desk.view.ticket, StopFinding.OTHER, *two))
    found = station.until(Verdict)
    assert sounds.heard == [Sound.ALREADY]
    QTest.keyClick(desk, Qt.Key.Key_Return)
    assert station.runner.state is found, "Enter is dead on a page that has just come"


def test_the_page_of_a_named_face_is_announced(desk: OperatorDesk, sounds: HeardSounds) -> None:
    station = FaceStation()
    presenter = Presenter(PROVISIONAL, 4, lambda at: at)
    DeskController(station.runner, desk, presenter, precinct="9042", place="", now=utc_now)
    try:
        station.start()
        desk.face_pressed.emit()
        station.until(AwaitingFace)
        sounds.heard.clear()
        desk.pin_entered.emit(a_voter(1).pin)
        station.holds(lambda: isinstance(desk.view, FaceStageView) and desk.view.is_named)
        assert sounds.heard == [Sound.COMMISSION]
    finally:
        station.close()


def test_a_pin_that_was_entered_is_not_left_for_the_next_person(
    station: Station, desk: OperatorDesk
) -> None:
    marked = frozenset({FingerPosition.LEFT_INDEX})
    station.runner.handle(events.FingerChosen(FingerPosition.RIGHT_INDEX, marked))
    (field,) = [one for one in desk.findChildren(PinField) if one.isVisible()]
    field.setFocus()
    QTest.keyClicks(field, a_voter(2).pin)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert isinstance(station.runner.state, LookingUp)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    station.until(Idle)
    assert [one.text() for one in desk.findChildren(PinField) if one.isVisible()] == [""]


def test_the_hands_wait_for_the_record_of_the_pin_that_they_typed(
    station: Station, desk: OperatorDesk
) -> None:
    ends = (OutcomeKind.IDENTIFIED,)
    person = Actor(QueuePerson("with a document", (), ends, pin=a_voter(2).pin))
    only = SimpleNamespace(pages=SimpleNamespace(desk=desk), person=person)
    stage = cast(HandsStage, only)  # what `decide` asks for up to here
    station.runner.handle(events.CommissionCalled())
    act = Decide(Decision.CONFIRMED, ManualReason.OTHER, DocumentSeen.ID_CARD)
    waits = 0
    for move in decide(stage, act):
        match move:
            case Press(key):
                press(desk, key)
            case Write(text):
                for sign in text:
                    type_sign(desk, sign)
            case Until(holds):
                waits += 1
                assert station.bridge.run(holds, 10), move.what
        if waits == 2:
            break
    assert isinstance(desk.view, ManualView)
    assert desk.view.stage is PersonStage.KNOWN


def test_nothing_late_comes_in_the_place_of_the_safe_screen(
    station: Station, desk: OperatorDesk, qtbot: QtBot
) -> None:
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    station.runner.report_bug(ValueError("a bug"))
    assert isinstance(desk.view, BrokenView)
    qtbot.wait(300)
    assert isinstance(desk.view, BrokenView)


def test_what_is_built_in_one_turn_is_painted_in_the_next(desk: OperatorDesk, qtbot: QtBot) -> None:
    """What was posted while posted events were delivered would be delivered with them."""
    seen = []

    def build_and_ask() -> None:
        desk.show_view(BusyView(BusyStage.MATCHING))
        QTimer.singleShot(0, desk, lambda: seen.append(desk.updatesEnabled()))

    QTimer.singleShot(0, desk, build_and_ask)
    qtbot.waitUntil(lambda: bool(seen))

    assert seen == [False], "painting waited for the turn to end"
    qtbot.waitUntil(desk.updatesEnabled)
