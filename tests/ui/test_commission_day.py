"""The commission's day by the keyboard alone: open, pause, decisions, close, open again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.devices.printers.page_printer import PageProgress, PrintWatch
from station_app.domain.day_log import Integrity
from station_app.domain.entries import DayClosed, DayOpened, DayPaused, DayReopened, DayResumed
from station_app.domain.entry_codes import Count, Paper, PauseReason, ReopenReason, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.opening_checks import CheckedPart, OpeningCheck
from station_app.ui.commission.closing_page import ClosingPage
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_page import DAY, RunningPage
from station_app.ui.commission.opening_page import ClockState, OpeningPage, PhoneClock
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.commission.signing import SignState
from station_app.ui.widgets.action_button import ActionButton
from station_app.vault import Passphrase
from tests.ui.commission_desk import BISHKEK, PEOPLE, SEVEN, WORDS, CommissionDesk


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[CommissionDesk]:
    made = CommissionDesk(qtbot, tmp_path)
    yield made
    made.close()


def opening(desk: CommissionDesk) -> OpeningPage:
    page = desk.room.page
    assert isinstance(page, OpeningPage)
    return page


def closing(desk: CommissionDesk) -> ClosingPage:
    page = desk.room.page
    assert isinstance(page, ClosingPage)
    return page


def test_the_day_is_opened_by_two_and_the_zero_report_is_made(desk: CommissionDesk) -> None:
    assert desk.says("List 3: signature and bytes fit")
    desk.type("07:31")
    assert desk.says("The clock is right")
    desk.confirm()
    assert desk.says("Voters on the list: 2,318. Identified: 0.")
    desk.sign()
    opened = desk.entries()[-2]
    assert isinstance(opened, DayOpened)
    assert (opened.chair, opened.member) == ("c1", "m1")
    assert (opened.phone_time, opened.difference_s) == ("2026-11-29T01:31:00Z", -60)
    assert [paper for paper, _ in desk.papers] == [Paper.ZERO_REPORT]
    assert desk.says("The day is open")
    assert desk.says("Opened at 07:30 by B. Osmonov, G. Ismailova.")


def test_every_paper_says_where_it_is(desk: CommissionDesk) -> None:
    desk.confirm()
    desk.sign()
    assert desk.says("Zero report: saved in the station’s papers at 07:30, not printed.")
    desk.printer = "office"
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert desk.says("Zero report: printed on office at 07:30, the print service reports.")
    desk.go(3)
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert desk.says("Turnout: printed on office at 07:30, the print service reports.")


def test_a_paper_at_the_printer_is_shown_and_taken_back_by_the_same_key(
    desk: CommissionDesk,
) -> None:
    seen: list[str] = []

    def printing(watch: PrintWatch) -> None:
        for waits_for, words in (
            ("", "Zero report: printing on office. F8 cancels."),
            ("page_printer_paper_out", "F8 cancels. Put in A4 paper."),
        ):
            watch.tell(PageProgress("office", waits_for))
            desk.settle()
            if desk.says(words) and offers(desk, "Cancel printing"):
                seen.append(waits_for)
        desk.press(Qt.Key.Key_F8)
        assert watch.stop.stopped

    desk.confirm()
    desk.while_printing = printing
    desk.sign()
    assert seen == ["", "page_printer_paper_out"]
    assert len(desk.papers) == 1, "the key that takes it back does not print it again"
    assert not offers(desk, "Cancel printing")


def offers(desk: CommissionDesk, words: str) -> bool:
    """Whether a button says that."""
    buttons = desk.room.findChildren(ActionButton)
    return any(words in one.accessibleName() for one in buttons if one.isVisible())


def test_a_wrong_passphrase_opens_nothing_and_esc_leads_back(desk: CommissionDesk) -> None:
    desk.confirm()
    desk.sign("another one")
    assert desk.says("That passphrase does not fit")
    assert len(desk.entries()) == 1
    desk.press(Qt.Key.Key_Escape)
    assert desk.says("Nobody has been identified yet")
    assert desk.room.isVisible()


def test_a_clock_that_is_wrong_has_to_be_confirmed(desk: CommissionDesk) -> None:
    desk.type("7.34")
    assert desk.says("The clock is wrong by 4 minutes: it is behind.")
    assert not opening(desk).open.isEnabled()
    desk.confirm()
    assert not desk.says("B. Osmonov")
    opening(desk).confirm.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert desk.says("Wrong by 4 minutes. Both times will be written down.")
    desk.confirm()
    desk.sign()
    opened = desk.entries()[-2]
    assert isinstance(opened, DayOpened)
    assert opened.difference_s == -240


@pytest.mark.parametrize(
    ("text", "state", "minutes"),
    [
        ("", ClockState.NOT_TOLD, 0),
        ("7", ClockState.UNREADABLE, 0),
        ("25:00", ClockState.UNREADABLE, 0),
        ("0730", ClockState.RIGHT, 0),
        (" 7:32 ", ClockState.RIGHT, 0),
        ("7:33", ClockState.BEHIND, 3),
        ("7-00", ClockState.AHEAD, 30),
        ("23:30", ClockState.AHEAD, 480),
    ],
)
def test_the_phone_s_time_is_read_as_people_write_it(
    text: str, state: ClockState, minutes: int
) -> None:
    clock = PhoneClock(lambda: SEVEN.astimezone(BISHKEK))
    clock.type(text)
    assert clock.state == (state, minutes)
    clock.confirm()
    if minutes:
        assert clock.state == (ClockState.CONFIRMED, minutes)
        clock.type(text + " ")
        assert clock.state == (state, minutes)


def test_midnight_lies_between_the_clocks() -> None:
    clock = PhoneClock(lambda: (SEVEN - timedelta(hours=7, minutes=31)).astimezone(BISHKEK))
    clock.type("00:01")
    assert clock.state == (ClockState.RIGHT, 0)


def test_nothing_is_signed_before_the_checks_are_good(desk: CommissionDesk) -> None:
    desk.checks = (
        OpeningCheck(CheckedPart.LIST, "vsnap_signature"),
        OpeningCheck(CheckedPart.MACHINE, "battery_empty", {"percent": 6}),
        OpeningCheck(CheckedPart.CLOCK),
    )
    desk.press(Qt.Key.Key_F5)
    assert desk.says("The station is being checked.")
    desk.settle()
    assert desk.says("First repair what is red")
    assert desk.says("The battery has 6%.")
    desk.control.show_integrity(IntegrityView(Integrity(False, 9, "9 aa bb", SEVEN, first_bad=731)))
    assert desk.says("Journal does not match from entry 731")
    assert not opening(desk).open.isEnabled()


def test_a_zero_report_that_was_not_made_is_made_again(desk: CommissionDesk) -> None:
    desk.paper_fault = KnownError("printer_lost", "")
    desk.confirm()
    desk.sign()
    assert desk.says("The printer is gone")
    desk.paper_fault = None
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert [paper for paper, _ in desk.papers] == [Paper.ZERO_REPORT]
    assert not desk.says("The printer is gone")
    desk.identify(1)
    desk.control.refresh()
    desk.settle()
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert len(desk.papers) == 1, "it is a zero report no more"


def test_one_person_pauses_and_goes_on(desk: CommissionDesk) -> None:
    desk.open_day()
    assert isinstance(desk.room.page, RunningPage)
    desk.room.take_focus()
    desk.press(Qt.Key.Key_Return)
    desk.confirm()
    assert desk.says("First choose the reason")
    desk.press(Qt.Key.Key_2)
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_1)
    desk.confirm()
    assert desk.entries()[-1] == DayPaused(PauseReason.POWER, "o1")
    assert desk.says("Identification is paused")
    desk.confirm()
    desk.press(Qt.Key.Key_1)
    desk.confirm()
    assert desk.entries()[-1] == DayResumed("o1")


def test_the_desk_is_not_interrupted(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.is_free = False
    desk.room.take_focus()
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_1)
    desk.confirm()
    assert desk.says("Somebody’s identification is under way")
    desk.go(1)
    assert not desk.says("Somebody’s identification is under way")


def test_decisions_are_listed_with_who_signed_and_their_share(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.identify(1)
    desk.identify(2, manual=True)
    desk.go(4)
    assert desk.says("Prints are worn. Document seen: ID card.")
    assert desk.says("Signed by N. Sadyrova and G. Ismailova")
    assert desk.says("50.0%")
    assert desk.says("Over the alarm of 5%.")


def test_the_day_is_closed_once_the_list_is_complete(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.identify(1, manual=True)
    desk.identify(2, slip=False)
    desk.go(5)
    assert desk.says("First look at the decisions: Ctrl+4.")
    desk.go(4)
    desk.go(5)
    assert desk.says("Decisions reviewed: 1")
    assert desk.says("Slips not printed: 1.")
    desk.press(Qt.Key.Key_F8)
    assert desk.slips_asked == 1
    closing(desk).take_focus()
    desk.type("3x")
    closing(desk).take_focus()
    desk.type("2")
    assert desk.says("+1")
    assert desk.says("First print the missing slips, or write a reason.")
    closing(desk).take_focus()
    desk.type("no paper")
    closing(desk).take_focus()
    desk.type("A spoiled ballot was replaced ")
    desk.press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert closing(desk).reasons[Count.BALLOTS].text().strip() == "A spoiled ballot was replaced"
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    desk.confirm()
    desk.sign()
    closed = desk.entries()[-2]
    assert isinstance(closed, DayClosed)
    assert (closed.slips, closed.ballots, closed.signatures) == (1, 3, 2)
    report = desk.papers[-1][1]
    assert [(one.what, one.reason) for one in report.differences] == [
        (Count.SLIPS, "no paper"),
        (Count.BALLOTS, "A spoiled ballot was replaced"),
    ]
    assert desk.says("The day is closed")
    assert desk.says("Differences with a written reason: 2")
    desk.go(5)
    assert desk.says("There is no open day.")


def test_counts_that_change_while_they_sign_are_compared_again(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.go(5)
    for _ in range(2):
        closing(desk).take_focus()
        desk.type("0")
    desk.confirm()
    desk.identify(1)
    desk.sign()
    assert desk.says("The journal has other counts by now")
    assert desk.says("−1")
    assert [entry.kind for entry in desk.entries()[-2:]] == ["outcome", "slip_printed"]


def test_a_damaged_journal_is_not_closed(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.go(5)
    for _ in range(2):
        closing(desk).take_focus()
        desk.type("0")
    assert closing(desk).close_button.isEnabled()
    last = Integrity(False, 9, "9 aa bb", SEVEN, first_bad=731)
    desk.control.show_integrity(replace(desk.integrity, last=last))
    assert desk.says("Journal does not match from entry 731")
    assert not closing(desk).close_button.isEnabled()
    desk.confirm()
    assert not desk.says("B. Osmonov")


def test_a_closed_day_is_opened_again_or_the_next_one(desk: CommissionDesk) -> None:
    desk.open_day()
    desk.go(5)
    for _ in range(2):
        closing(desk).take_focus()
        desk.type("0")
    desk.confirm()
    desk.sign()
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert [paper for paper, _ in desk.papers][1:] == [Paper.PROTOCOL] * 2
    desk.room.take_focus()
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_2)
    desk.press(Qt.Key.Key_Tab)
    desk.sign()
    assert desk.entries()[-1] == DayReopened(ReopenReason.COUNTS_WRONG, "c1", "m1")
    assert desk.says("The day is open")
    desk.go(5)
    assert closing(desk).counts[Count.BALLOTS].text() == "", "counts are made anew"
    for _ in range(2):
        closing(desk).take_focus()
        desk.type("0")
    desk.confirm()
    desk.sign()
    for _ in range(2):
        desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    assert desk.says("Open the day")
    desk.confirm()
    desk.sign()
    opened = desk.entries()[-2]
    assert isinstance(opened, DayOpened)
    assert opened.day == 2


def test_a_void_from_the_day_log_counts_at_once(desk: CommissionDesk) -> None:
    desk.open_day()
    number = desk.identify(1)
    operator, member, _ = PEOPLE
    faults: list[KnownError] = []
    for _ in range(2):
        desk.control.void((operator, member), number, VoidReason.NO_BALLOT, faults.append)
        desk.settle()
    assert [fault.code for fault in faults] == ["void_refused"]
    desk.go(4)
    assert desk.says("No ballot was issued")
    assert desk.says("Voided today: 1")


def test_the_turnout_is_added_up_when_it_is_looked_at(desk: CommissionDesk) -> None:
    desk.go(3)
    assert desk.says("This cannot be done in the present state of the day")
    desk.open_day()
    desk.identify(1)
    desk.go(3)
    assert desk.says("of 2,318")
    desk.press(Qt.Key.Key_F8)
    desk.settle()
    assert desk.papers[-1][0] is Paper.TURNOUT


def test_esc_f1_and_f12_lead_out(desk: CommissionDesk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.room.back_pressed, timeout=1000):
        desk.press(Qt.Key.Key_Escape)
    with qtbot.waitSignal(desk.room.lock_pressed, timeout=1000):
        desk.press(Qt.Key.Key_F12)
    desk.press(Qt.Key.Key_F1)
    assert desk.says("Type the time that the chair’s phone shows.")


def test_what_is_typed_is_forgotten_when_the_room_is_left(desk: CommissionDesk) -> None:
    desk.confirm()
    desk.type("some words")
    desk.room.hide()
    desk.room.show()
    desk.settle()
    assert not desk.says("B. Osmonov")
    desk.room.go_to(DAY)
    assert desk.room.focusWidget() is opening(desk).phone


def test_who_signed_in_a_dialog_that_went_away_has_signed_nothing(desk: CommissionDesk) -> None:
    """A screen of another size makes the room anew; the chair's passphrase fitted before."""
    desk.confirm()
    desk.type(WORDS)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    (panel,) = desk.room.findChildren(SignPanel)
    assert panel.signing.views[0].state is SignState.ACCEPTED
    desk.room.resize(1920, 1080)
    desk.settle()
    agreed: list[tuple[Person, ...]] = []
    refused: list[str] = []
    desk.act.prove("m1", Passphrase(WORDS), lambda: None, lambda fault: refused.append(fault.code))
    desk.act.approve(Operation.OPEN_DAY, agreed.append, lambda fault: refused.append(fault.code))
    desk.settle()
    assert (agreed, refused) == ([], ["not_allowed"])
