"""The commission at the desk: real parts, a real journal, keyboard and fingers only."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.day import DayState
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.session_events import DayChanged
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import open_station
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.ui.commission.sign_panel import PersonBox
from station_app.ui.operator.manual import ManualView, PersonStage
from station_app.ui.operator.manual_dialog import ManualDialog
from station_app.ui.operator.notice import RestingView, ScannerUnpluggedView, VoidedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import (
    AlreadyView,
    IdentifiedView,
    MismatchView,
    NotOnListView,
    StopLookView,
)
from station_app.ui.operator.views import LastOutcome
from tests.assembly.desk_at_work import DeskAtWork, outcomes_of, report_of

ENTER, ESC, TAB, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Down
F5, F6, SPACE = Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_Space
GUARD_S = 1.1


def confirm(at_work: DeskAtWork) -> None:
    QTest.keyClick(
        QApplication.focusWidget() or at_work.desk, ENTER, Qt.KeyboardModifier.ControlModifier
    )


def call_for(at_work: DeskAtWork, row: int) -> None:
    """F5, and the PIN of the document."""
    at_work.press(F5)
    assert at_work.sees(ManualView).stage is PersonStage.ASK_PIN
    at_work.write(at_work.people.voters[row].pin)
    at_work.press(ENTER)
    at_work.qtbot.waitUntil(
        lambda: isinstance(at_work.desk.view, ManualView) and at_work.desk.view.voter is not None
    )


def sign(at_work: DeskAtWork) -> None:
    """Tab to the member, choose one, and type what everybody of a demonstration types."""
    while not isinstance(QApplication.focusWidget(), PersonBox):
        at_work.press(TAB)
    at_work.press(DOWN, TAB)
    at_work.write(DEMO_PASSPHRASE)


def choose_document(at_work: DeskAtWork) -> None:
    """The first of the documents, with Tab and Space."""
    dialog = at_work.desk.findChildren(ManualDialog)[-1]
    for _ in range(20):
        if QApplication.focusWidget() is dialog.documents[0]:
            break
        at_work.press(TAB)
    at_work.press(SPACE)
    assert dialog.documents[0].isChecked()


def next_person(at_work: DeskAtWork) -> None:
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    at_work.sees(ReadyView)


def look_at_stop(at_work: DeskAtWork, list_number: int) -> None:
    """F5 shows the last STOP again, F5 asks what two persons found; they write it down."""
    at_work.press(F5)
    again = at_work.sees(AlreadyView)
    assert (again.stop.list_number, again.stop.portrait, again.stop.sex) == (list_number, b"", "")
    at_work.press(F5)
    at_work.sees(StopLookView)
    at_work.press(ESC)
    at_work.sees(AlreadyView)
    at_work.press(F5)
    at_work.sees(StopLookView)
    at_work.press(Qt.Key.Key_1)
    sign(at_work)
    confirm(at_work)
    at_work.qtbot.waitUntil(lambda: getattr(at_work.desk.view, "found", None) is not None)
    assert "the same person came again" in at_work.words()


def test_identified_by_the_commission_and_then_stopped(at_work: DeskAtWork) -> None:
    call_for(at_work, 2)
    at_work.press(Qt.Key.Key_1)
    choose_document(at_work)
    sign(at_work)
    confirm(at_work)
    shown = at_work.sees(IdentifiedView)
    voter = at_work.people.voters[2]
    assert (shown.voter.list_number, shown.by_commission) == (voter.list_number, True)
    next_person(at_work)
    at_work.lay_down(2)
    at_work.sees(AlreadyView)
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    assert at_work.sees(ReadyView).has_last_stop
    look_at_stop(at_work, voter.list_number)
    next_person(at_work)
    assert not at_work.sees(ReadyView).has_last_stop
    at_work.leave()
    report = report_of(at_work.folder)
    assert report.sound, report.reason
    first, second = outcomes_of(at_work.folder)
    assert (first.outcome, first.method) == (OutcomeKind.IDENTIFIED, Method.COMMISSION)
    assert second.outcome is OutcomeKind.ALREADY_IDENTIFIED


def test_refused_by_the_commission(at_work: DeskAtWork) -> None:
    at_work.press(F5)
    at_work.sees(ManualView)
    at_work.press(TAB)
    at_work.desk.findChildren(ManualDialog)[-1].setFocus()
    at_work.press(Qt.Key.Key_5)
    sign(at_work)
    at_work.press(F6)
    day = at_work.sees(ReadyView).day
    assert [row.outcome for row in day.last] == [LastOutcome.REFUSED]
    at_work.leave()
    assert report_of(at_work.folder).sound
    (logged,) = outcomes_of(at_work.folder)
    assert (logged.outcome, logged.method) == (OutcomeKind.REFUSED, Method.COMMISSION)


def test_a_document_that_is_not_on_the_list_ends_it(at_work: DeskAtWork) -> None:
    at_work.press(F5)
    at_work.sees(ManualView)
    at_work.write("29912300000000")
    at_work.press(ENTER)
    assert at_work.sees(NotOnListView).pin_given


def test_gone_back_the_next_person_may_come(at_work: DeskAtWork, tmp_path: Path) -> None:
    at_work.press(F5)
    at_work.sees(ManualView)
    at_work.press(ESC)
    at_work.sees(ReadyView)
    (logged,) = at_work.outcomes(tmp_path / "copy")
    assert logged.outcome is OutcomeKind.ABANDONED


def test_with_a_dead_scanner_the_commission_goes_on(at_work: DeskAtWork) -> None:
    at_work.scanner.unplug()
    at_work.sees(ScannerUnpluggedView)
    call_for(at_work, 4)
    at_work.press(Qt.Key.Key_3)
    choose_document(at_work)
    sign(at_work)
    confirm(at_work)
    at_work.sees(IdentifiedView)
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    assert at_work.sees(ScannerUnpluggedView).day.identified_today == 1
    at_work.scanner.plug_in()
    at_work.sees(ReadyView)
    at_work.leave()
    assert report_of(at_work.folder).sound


def test_another_photo_frees_the_voter(at_work: DeskAtWork) -> None:
    at_work.lay_down(6)
    at_work.sees(IdentifiedView)
    at_work.press(F5)
    at_work.sees(MismatchView)
    at_work.scanner.lift()
    at_work.qtbot.wait(100)
    sign(at_work)
    confirm(at_work)
    voided = at_work.sees(VoidedView)
    assert voided.list_number == at_work.people.voters[6].list_number
    assert voided.day.identified_today == 0
    assert [row.outcome for row in voided.day.last] == [LastOutcome.VOID]
    next_person(at_work)
    at_work.lay_down(6, number=2)
    at_work.sees(IdentifiedView)
    next_person(at_work)
    at_work.leave()
    report = report_of(at_work.folder)
    assert report.sound, report.reason
    assert [one.outcome for one in outcomes_of(at_work.folder)] == [OutcomeKind.IDENTIFIED] * 2


def test_opened_again_the_desk_counts_what_stands(at_work: DeskAtWork, small_list: Path) -> None:
    at_work.lay_down(6)
    at_work.sees(IdentifiedView)
    at_work.press(F5)
    at_work.sees(MismatchView)
    sign(at_work)
    confirm(at_work)
    at_work.sees(VoidedView)
    next_person(at_work)
    call_for(at_work, 3)
    at_work.press(Qt.Key.Key_2)
    choose_document(at_work)
    sign(at_work)
    confirm(at_work)
    at_work.sees(IdentifiedView)
    before = at_work.station.runner.tally
    assert (before.identified, before.by_commission, len(before.voided)) == (1, 1, 1)
    at_work.leave()
    scanner = SimulatedFingerScanner()
    again = open_station(at_work.folder, small_list, PUBLIC_DEMO_LIST_KEY, scanner, QueueBridge())
    tally = again.runner.tally
    again.close()
    assert (tally.identified, tally.by_commission, tally.voided) == (
        before.identified, before.by_commission, before.voided,
    )  # fmt: skip
    assert [one.number for one in tally.last] == [one.number for one in before.last]


@pytest.mark.parametrize("why", [DayState.PAUSED, DayState.CLOSED])
def test_at_rest_nothing_begins(at_work: DeskAtWork, tmp_path: Path, why: DayState) -> None:
    at_work.station.runner.handle(DayChanged(why))
    assert at_work.sees(RestingView).why is why
    at_work.press(F5, ENTER)
    at_work.lay_down(1)
    at_work.qtbot.wait(200)
    at_work.sees(RestingView)
    assert at_work.outcomes(tmp_path / "copy") == []
    at_work.scanner.lift()
    at_work.station.runner.handle(DayChanged(DayState.OPEN))
    at_work.sees(ReadyView)
    at_work.lay_down(1)
    at_work.sees(IdentifiedView)
