"""Day log and turnout in the commission's room: voiding, exporting, printing, leaving."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.devices.media import Medium
from station_app.domain.day_log import LogFilter
from station_app.domain.entries import OutcomeVoided
from station_app.domain.entry_codes import VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.approvals import CommissionAct, DemoApprover
from station_app.flow.lane import Lane
from station_app.flow.sticks import SMALL_FILE, Sticks
from station_app.ui.commission import day_log_controller
from station_app.ui.commission.day_log import RowResult
from station_app.ui.commission.day_log_controller import DayLogPlace
from station_app.ui.commission.day_log_page import LOG, DayLogPage
from station_app.ui.commission.day_page import DAY
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.story_panel import VoidDialog
from station_app.ui.commission.turnout_page import TurnoutController, TurnoutPage
from station_app.ui.stick_picker import StickDialog
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.nav_column import NavButton
from tests.flow.logged_day import small_day
from tests.ui.log_desk import LogDesk
from tests.ui.samples.technician import SAMPLE_STICKS
from tests.ui.samples.turnout import sample_turnout_views

PEOPLE = (
    Person("o1", "N. Sadyrova", Role.OPERATOR),
    Person("m1", "A. Bekova", Role.MEMBER),
)
PHRASE = "four words nobody joins"
CONTROL = Qt.KeyboardModifier.ControlModifier


class Room:
    """The room with its log over a real journal; acts of the desk are done at once."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.desk = LogDesk(qtbot, folder)
        self.desk.day.write(*small_day())
        self.signing = Lane("signing", self.desk.day.bridge, self.desk.day.bugs.append)
        self.room = CommissionRoom(language="en", moving=False)
        self.printed: list[str] = []
        self.void_fault: KnownError | None = None
        qtbot.addWidget(self.room)
        act = CommissionAct(self.signing, DemoApprover(PEOPLE, "o1", PHRASE))
        self.desk.controller._show = self._show
        self.sticks: tuple[Medium, ...] = ()
        self.host = DayLogPlace(
            self.room,
            self.desk.controller,
            act,
            self._void,
            lambda: self.printed.append("log"),
            lambda: Sticks(self.sticks, SMALL_FILE),
            self.desk.files,
        )
        self.turnout = TurnoutController(
            self.room,
            lambda done, _failed: done(sample_turnout_views()["turnout"].turnout),
            lambda: self.printed.append("turnout"),
            is_closed=lambda: True,
            local=lambda moment: moment,
        )
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)

    @property
    def page(self) -> DayLogPage:
        page = self.room.page
        assert isinstance(page, DayLogPage)
        return page

    def go_to_log(self) -> DayLogPage:
        QTest.keyClick(self.room, Qt.Key.Key_2, CONTROL)
        self.desk.settle()
        return self.page

    def dialog(self, kind: type[QWidget]) -> QWidget:
        found = [one for one in self.room.findChildren(kind) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def close(self) -> None:
        self.signing.close()
        self.desk.close()

    def _show(self, view) -> None:  # type: ignore[no-untyped-def]
        self.desk.views.append(view)
        self.room.show_view(LOG, view)

    def _void(self, signers, number, reason, done, failed) -> None:  # type: ignore[no-untyped-def]
        if self.void_fault is not None:
            failed(self.void_fault)
            return
        ids = [person.id for person in signers]
        self.desk.day.write(OutcomeVoided(number, "V-0", 900, reason, *ids))
        done(None)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are slower than tests."""
    monkeypatch.setattr(day_log_controller, "_FOLLOW_S", 0.05)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.close()


def no_dialog(room: Room) -> bool:
    return not any(one.isVisible() for one in room.room.findChildren(VoidDialog))


def promises_desk(room: Room) -> bool:
    """Whether the column says that Esc leads to the desk."""
    buttons = (one for one in room.room.findChildren(NavButton) if one.isVisible())
    return "To the desk, Esc" in [one.accessibleName() for one in buttons]


def ask_void(room: Room) -> VoidDialog:
    page = room.go_to_log()
    page.table.selectRow(4)
    room.desk.settle()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    dialog = room.dialog(VoidDialog)
    assert isinstance(dialog, VoidDialog)
    return dialog


def test_an_identification_is_made_void_by_two_persons(room: Room) -> None:
    dialog = ask_void(room)
    assert dialog.reasons.chosen is None
    assert dialog.note.text() == "Choose the reason"
    assert dialog.reasons.rows[0].hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    assert dialog.reasons.chosen == 1
    assert "passphrase is missing" in dialog.note.text()
    dialog.sign.take_focus()
    QTest.keyClicks(QApplication.focusWidget(), PHRASE)
    assert dialog.note.text() == ""
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    room.desk.settle()
    assert no_dialog(room)
    assert room.page.table.log.row(4).result is RowResult.VOIDED
    story = room.desk.controller.view.story
    voided = story.lines[-1].entry
    assert isinstance(voided, OutcomeVoided)
    assert (voided.reason, voided.operator, voided.member) == (
        VoidReason.WRONG_VOTER, "o1", "m1",
    )  # fmt: skip
    assert room.page.pills.pills[LogFilter.VOIDED].text() == "Voided 2"


def test_a_wrong_passphrase_makes_nothing_void(room: Room) -> None:
    dialog = ask_void(room)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    dialog.sign.take_focus()
    QTest.keyClicks(QApplication.focusWidget(), "something else entirely")
    dialog.on_key(DeskKey.MAKE_VOID)
    room.desk.settle()
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    room.desk.settle()
    assert no_dialog(room)
    assert room.page.table.log.row(4).result is RowResult.IDENTIFIED


def test_what_the_desk_refuses_is_said(room: Room) -> None:
    room.void_fault = KnownError("journal_damaged", "")
    dialog = ask_void(room)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_9)
    assert dialog.reasons.chosen is None
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert dialog.reasons.chosen == 3
    dialog.sign.take_focus()
    QTest.keyClicks(QApplication.focusWidget(), PHRASE)
    dialog.on_key(DeskKey.MAKE_VOID)
    room.desk.settle()
    assert room.page.notice.text()


def test_void_is_asked_for_the_story_that_is_shown_only(room: Room) -> None:
    page = room.go_to_log()
    page.void_pressed.emit(5)
    assert no_dialog(room)


def test_escape_closes_the_story_before_it_leads_back(room: Room) -> None:
    back: list[None] = []
    room.room.back_pressed.connect(lambda: back.append(None))
    page = room.go_to_log()
    page.table.selectRow(0)
    room.desk.settle()
    assert not promises_desk(room)
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert back == []
    assert promises_desk(room)
    assert room.desk.controller.view.story is None
    QTest.keyClick(page, Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(page.search, "9")
    assert not promises_desk(room)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert (page.search.text(), back) == ("", [])
    assert promises_desk(room)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(back) == 1


def test_one_escape_leads_to_the_desk_where_nothing_is_open(room: Room) -> None:
    back: list[None] = []
    room.room.back_pressed.connect(lambda: back.append(None))
    room.go_to_log()
    QTest.keyClick(room.room, Qt.Key.Key_1, CONTROL)
    page = room.go_to_log()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert len(back) == 1


def test_the_log_is_exported_to_a_stick_that_is_chosen(room: Room) -> None:
    page = room.go_to_log()
    room.sticks = SAMPLE_STICKS
    QTest.keyClick(page, Qt.Key.Key_F9)
    room.desk.settle()
    dialog = room.dialog(StickDialog)
    assert isinstance(dialog, StickDialog)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    room.desk.settle()
    assert [stick for stick, _ in room.desk.exported] == [SAMPLE_STICKS[0]]
    assert room.page.notice.text() == "Saved on KINGSTON: day-log.csv, without names"


def test_both_pages_are_printed(room: Room) -> None:
    page = room.go_to_log()
    QTest.keyClick(page, Qt.Key.Key_F8)
    QTest.keyClick(room.room, Qt.Key.Key_3, CONTROL)
    assert isinstance(room.room.page, TurnoutPage)
    assert room.room.page.hours is not None
    QTest.keyClick(room.room.page, Qt.Key.Key_F8)
    QTest.keyClick(room.room.page, Qt.Key.Key_T, CONTROL)
    assert room.room.page.tables is not None
    assert room.printed == ["log", "turnout"]


def test_another_language_keeps_what_is_shown(room: Room) -> None:
    page = room.go_to_log()
    page.table.selectRow(1)
    room.desk.settle()
    QTest.keyClick(room.room, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    room.desk.settle()
    model = room.page.table.log
    assert model.data(model.index(1, 4)) == "Комиссией"
    assert room.desk.controller.view.story is not None
    room.room.go_to(DAY)
    room.room.go_to(LOG)
    room.desk.settle()
    assert room.page.table.log.rowCount() == 5
