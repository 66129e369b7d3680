"""The day log at work: keys, filters, searches, new entries, and the state of the journal."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.domain.day_log import LogFilter
from station_app.domain.entries import DayPaused, OutcomeVoided, SessionStarted
from station_app.domain.entry_codes import OutcomeKind, PauseReason, VoidReason
from station_app.domain.errors import KnownError
from station_app.ui.commission import day_log_controller
from station_app.ui.commission.day_log import RowResult
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.text_block import TextBlock
from tests.flow.logged_day import finger_try, outcome, small_day
from tests.ui.log_desk import LogDesk
from tests.ui.samples.technician import SAMPLE_STICKS

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are slower than tests."""
    monkeypatch.setattr(day_log_controller, "_TYPING_S", 0.05)
    monkeypatch.setattr(day_log_controller, "_FOLLOW_S", 0.05)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[LogDesk]:
    made = LogDesk(qtbot, tmp_path)
    made.day.write(*small_day())
    yield made
    made.close()


def cells(desk: LogDesk, place: int) -> list[str]:
    model = desk.page.table.log
    return [model.data(model.index(place, column)) for column in range(5)]


def words(desk: LogDesk) -> str:
    QApplication.processEvents()
    blocks = desk.page.findChildren(TextBlock)
    return "\n".join(block.text() for block in blocks if block.isVisible())


def more_sessions(desk: LogDesk, first: int, count: int) -> None:
    entries = []
    for session in range(first, first + count):
        entries += [SessionStarted(session), outcome(session, OutcomeKind.NOT_ON_LIST)]
    desk.day.write(*entries)


def test_rows_say_what_happened_newest_first(desk: LogDesk) -> None:
    desk.open()
    assert cells(desk, 0)[1:] == ["0901", "Жумагулова Н. К.", "Finger", "Voided"]
    assert cells(desk, 1)[1:] == ["0902", "Өмүралиева А. Б.", "Commission", "By commission"]
    assert cells(desk, 2)[1:] == ["—", "not on this list", "Finger", "Not on list"]
    assert cells(desk, 3)[1:] == ["0900", "Султанбеков М. Э.", "Finger", "Stopped: already"]
    assert cells(desk, 4)[0] == "08:00"
    assert desk.page.table.log.rowCount() == 5
    assert desk.page.footer.text() == "Newest first, 1–5 of 5"
    pills = desk.page.pills.pills.values()
    assert [pill.text() for pill in pills if pill.isVisible()] == [
        "All 5", "Stopped 1", "By commission 1", "Voided 1",
    ]  # fmt: skip


def test_the_journal_is_checked_when_the_page_opens(desk: LogDesk) -> None:
    desk.open()
    head = desk.day.journal_lane.call(lambda: desk.day.journal.head)
    checked = desk.day.check.last.checked_at
    assert "Journal intact: 18 entries" in words(desk)
    short = head.short.partition(" ")[2]
    assert f"checkpoint {short}, verified {checked.hour + 6:02d}:{checked:%M}" in words(desk)
    desk.controller.left()
    desk.controller.shown()
    assert desk.day.check.progress is None, "it was checked a moment ago"
    QTest.keyClick(desk.page, Qt.Key.Key_F5)
    assert desk.day.check.progress is not None
    desk.settle()


def test_a_check_made_before_is_shown_at_once(desk: LogDesk) -> None:
    checked = desk.day.checked()
    desk.another_controller()
    assert checked is not None
    assert desk.controller.view.integrity.last is not None
    assert desk.controller.view.integrity.last.short_head == checked.short_head


def test_arrows_tell_the_story_of_a_row_and_escape_closes_it(desk: LogDesk) -> None:
    page = desk.open()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    desk.settle()
    story = words(desk)
    assert "Өмүралиева Айгүл Болотовна" in story
    assert "p. 48, line 3" in story
    assert "Finger 1: too dry" in story
    assert "Confirmed by A. Bekova: prints are worn" in story
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert desk.controller.view.story is None
    assert "Choose a row" in words(desk)


def test_del_asks_to_make_void_what_stands_and_nothing_else(desk: LogDesk) -> None:
    page = desk.open()
    asked: list[int] = []
    page.void_pressed.connect(asked.append)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    page.table.selectRow(0)
    desk.settle()
    assert "A voided entry stays in the journal" in words(desk)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert asked == []
    QTest.keyClick(page.table, Qt.Key.Key_End)
    desk.settle()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert asked == [5]
    buttons = [one for one in page.side.findChildren(ActionButton) if one.isVisible()]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert asked == [5, 5]


def test_a_damaged_journal_is_said_and_nothing_can_be_made_void(desk: LogDesk) -> None:
    page = desk.open()
    page.table.selectRow(4)
    desk.settle()
    assert desk.controller.view.story.may_void
    desk.day.change("UPDATE entry SET root = zeroblob(32) WHERE number = 9")
    QTest.keyClick(page, Qt.Key.Key_F5)
    desk.day.integrity = None
    desk.settle()
    assert "Journal does not match from entry 9. Stop and call headquarters." in words(desk)
    desk.day.integrity = desk.day.check.last
    QTest.keyClick(page, Qt.Key.Key_F5)
    desk.settle()
    assert not desk.controller.view.story.may_void


def test_a_filter_shows_its_rows(desk: LogDesk) -> None:
    page = desk.open()
    QTest.mouseClick(page.pills.pills[LogFilter.STOPPED], Qt.MouseButton.LeftButton)
    desk.settle()
    assert [cells(desk, place)[4] for place in range(page.table.log.rowCount())] == [
        "Stopped: already"
    ]
    pill = page.pills.pills[LogFilter.STOPPED]
    QTest.keyClick(pill, Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    desk.settle()
    assert [cells(desk, place)[4] for place in range(page.table.log.rowCount())] == [
        "By commission"
    ]
    QTest.keyClick(page.pills.pills[LogFilter.BY_COMMISSION], Qt.Key.Key_Left)
    assert page.pills.pills[LogFilter.STOPPED].hasFocus()


def test_what_fits_nothing_says_so(desk: LogDesk) -> None:
    page = desk.open()
    desk.controller.choose_filter(LogFilter.BY_FACE)
    desk.settle()
    assert page.table.log.rowCount() == 0
    assert "Nothing fits" in words(desk)
    assert page.pills.pills[LogFilter.BY_FACE].isVisible()


def test_a_search_waits_for_the_typing_and_leads_to_the_rows(desk: LogDesk) -> None:
    page = desk.open()
    turns = len(desk.views)
    QTest.keyClick(page, Qt.Key.Key_F, CONTROL)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "90")
    QTest.keyClicks(page.search, "2")
    assert len(desk.views) == turns
    desk.settle()
    assert page.table.log.rowCount() == 1
    assert {view.text for view in desk.views[turns:]} == {"902"}
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    QTest.keyClick(page, Qt.Key.Key_F, CONTROL)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    desk.settle()
    assert page.table.log.rowCount() == 5


def test_new_entries_are_counted_and_nothing_jumps(desk: LogDesk) -> None:
    page = desk.open()
    page.table.selectRow(2)
    desk.settle()
    chosen = page.table.entry
    more_sessions(desk, 6, 3)
    desk.settle()
    assert (page.newer.label, page.newer.isVisible()) == ("3 new", True)
    assert (page.table.entry, page.table.log.rowCount()) == (chosen, 5)
    assert page.pills.pills[LogFilter.ALL].text() == "All 8"
    QTest.mouseClick(page.newer, Qt.MouseButton.LeftButton)
    desk.settle()
    assert page.table.log.rowCount() == 8
    assert not page.newer.isVisible()


def test_the_row_of_the_story_keeps_the_keyboard_when_rows_are_read_anew(desk: LogDesk) -> None:
    page = desk.open()
    page.table.selectRow(3)
    desk.settle()
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert page.table.log.row(0) is None
    page.grab()
    desk.settle()
    assert page.table.entry == 8
    assert desk.controller.view.story.row.number == 8
    desk.controller.choose_filter(LogFilter.BY_COMMISSION)
    desk.settle()
    assert page.table.entry is None


def test_tries_that_say_nothing_change_nothing(desk: LogDesk) -> None:
    page = desk.open()
    turns = len(desk.views)
    desk.controller.choose_filter(LogFilter.ALL)
    desk.controller.look_at(0, 5)
    QTest.keyClick(page.search, Qt.Key.Key_Left)
    QTest.keyClick(page.pills.pills[LogFilter.ALL], Qt.Key.Key_Shift)
    assert len(desk.views) == turns
    desk.controller.choose_row(9999)
    desk.settle()
    assert desk.controller.view.story is None


def test_a_row_that_becomes_void_is_crossed_out_where_it_is(desk: LogDesk) -> None:
    page = desk.open()
    page.table.selectRow(4)
    desk.settle()
    desk.day.write(OutcomeVoided(5, "V-0", 900, VoidReason.NO_BALLOT, "o1", "m1"))
    desk.settle()
    assert page.table.log.row(4).result is RowResult.VOIDED
    assert "Voided by A. Bekova: the voter took no ballot" in words(desk)
    assert not desk.controller.view.story.may_void


def test_only_what_is_in_sight_is_read_and_kept(desk: LogDesk, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(day_log_controller, "KEPT_ROWS", 128)
    more_sessions(desk, 6, 400)
    page = desk.open()
    assert set(desk.controller.view.rows) == set(range(64))
    QTest.keyClick(page.table, Qt.Key.Key_End)
    desk.settle()
    rows = desk.controller.view.rows
    assert len(rows) <= 128
    assert 404 in rows
    assert rows[404].number == 5
    assert page.footer.text().endswith("–405 of 405")
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    desk.settle()
    assert cells(desk, 0)[4] == "Not on list"


def test_an_empty_day_is_said_and_fills_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    desk = LogDesk(qtbot, tmp_path)
    try:
        page = desk.open()
        assert "No entries yet" in words(desk)
        desk.day.write(small_day()[0], SessionStarted(1), finger_try(1, 1))
        desk.day.write(outcome(1, OutcomeKind.NOT_ON_LIST))
        desk.settle()
        assert page.table.log.rowCount() == 1
        assert not page.empty.isVisible()
    finally:
        desk.close()


def test_a_page_that_is_not_shown_reads_nothing(desk: LogDesk) -> None:
    desk.open()
    desk.controller.left()
    views = len(desk.views)
    desk.day.write(DayPaused(PauseReason.POWER, "o1"))
    desk.settle()
    assert len(desk.views) == views


def test_rows_that_take_long_are_grey_bars(desk: LogDesk) -> None:
    page = desk.open()
    page.update_view(dataclasses.replace(desk.controller.view, total=None, rows={}))
    assert page.table.log.rowCount() == 8
    painter = page.table.itemDelegate()
    assert not painter.shows_skeleton
    desk.qtbot.waitUntil(lambda: painter.shows_skeleton)
    page.grab()
    page.update_view(desk.controller.view)
    assert not painter.shows_skeleton


def test_a_list_that_can_not_be_read_is_said_once(desk: LogDesk, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(_: object) -> None:
        raise KnownError("list_damaged", "It has changed.")

    monkeypatch.setattr(desk.day.voters, "short_names", fail)
    page = desk.open()
    assert desk.controller.view.fault == "list_damaged"
    assert page.notice.text()
    monkeypatch.undo()
    QTest.keyClick(page, Qt.Key.Key_F5)
    desk.settle()
    assert page.table.log.rowCount() == 5
    assert page.notice.text() == ""


def test_the_day_is_exported_without_names(desk: LogDesk) -> None:
    page = desk.open()
    asked: list[str] = []
    page.export_pressed.connect(lambda: asked.append("export"))
    page.print_pressed.connect(lambda: asked.append("print"))
    QTest.keyClick(page, Qt.Key.Key_F9)
    QTest.keyClick(page, Qt.Key.Key_F8)
    assert asked == ["export", "print"]
    desk.controller.export(SAMPLE_STICKS[0])
    desk.settle()
    ((stick, rows),) = desk.exported
    assert (stick, len(rows)) == (SAMPLE_STICKS[0], 5)
    assert page.notice.text() == "Saved on KINGSTON: day-log.csv, without names"
    desk.export_fault = KnownError("disk_full", "")
    desk.controller.export(SAMPLE_STICKS[0])
    desk.settle()
    assert "is full" in page.notice.text()


def test_the_story_of_a_row_that_was_left_is_not_shown(desk: LogDesk) -> None:
    desk.open()
    desk.controller.choose_row(5)
    desk.controller.choose_row(14)
    desk.settle()
    assert desk.controller.view.story.row.number == 14
