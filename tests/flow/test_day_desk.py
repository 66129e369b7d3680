"""The commission's acts of a day, at a real journal."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station_app.devices.printers.page_printer import PageProgress, PrintWatch
from station_app.domain.day import DayState
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import HandCount
from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    DayPaused,
    DayResumed,
    DifferenceExplained,
    OutcomeVoided,
    PaperMade,
    SessionStarted,
    SlipPrinted,
    TakenOver,
)
from station_app.domain.entry_codes import (
    Count,
    OutcomeKind,
    Paper,
    PauseReason,
    PrintedTo,
    ReopenReason,
    TakeoverSource,
    VoidReason,
)
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.roles import Person
from station_app.flow.day_desk import HeadTimer
from station_app.flow.day_parts import PaperDestination
from tests.flow.commission_day import (
    CHAIR,
    FACTS,
    LEADERS,
    MEMBER,
    OPERATOR,
    SEVEN,
    Answers,
    CommissionDay,
    ended,
    identified,
)

WHY = {Count.BALLOTS: "Spoiled ballot replaced"}


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CommissionDay]:
    made = CommissionDay(tmp_path)
    yield made
    made.close()


def test_two_persons_open_the_day_and_the_zero_report_is_written_down(day: CommissionDay) -> None:
    phone = SEVEN - timedelta(seconds=90)
    answers = day.run(day.desk.open_day, LEADERS, phone, is_confirmed=False)
    assert answers.codes == []
    assert answers.done[0].look.day.state is DayState.OPEN
    assert day.kinds(2) == ["day_opened", "paper_made"]
    opened, made = day.entries()[-2:]
    assert opened == DayOpened(1, 1, 2318, "2026-11-29T00:58:30Z", 90, "c1", "m1", "", "")
    assert isinstance(made, PaperMade)
    assert made.paper is Paper.ZERO_REPORT
    paper, report = day.papers[0]
    assert paper is Paper.ZERO_REPORT
    assert (report.turnout.figures.identified, report.turnout.by_hour) == (0, ())
    assert [(one.name, one.role.value) for one in report.signers] == [
        ("B. Osmonov", "chair"),
        ("G. Ismailova", "member"),
    ]
    assert (report.phone_time, report.difference_s) == (phone, 90)
    assert day.told == [DayState.OPEN]


def test_a_clock_that_is_wrong_is_said_and_may_be_confirmed(day: CommissionDay) -> None:
    phone = SEVEN + timedelta(minutes=4)
    refused = day.run(day.desk.open_day, LEADERS, phone, is_confirmed=False)
    assert refused.codes == ["clock_wrong"]
    assert "The clock is wrong by 4 minutes." in refused.faults[0].message
    assert day.kinds(1) == ["journal_opened"]
    assert day.run(day.desk.open_day, LEADERS, phone, is_confirmed=True).codes == []
    opened = day.entries()[-2]
    assert isinstance(opened, DayOpened)
    assert opened.difference_s == -240


def test_nothing_is_opened_outside_the_lists_days(day: CommissionDay) -> None:
    day.now = SEVEN + timedelta(days=3)
    assert day.run(day.desk.open_day, LEADERS, None, is_confirmed=True).codes == ["vsnap_expired"]
    day.now = SEVEN - timedelta(days=3)
    assert day.run(day.desk.open_day, LEADERS, None, is_confirmed=True).codes == [
        "vsnap_not_yet_valid"
    ]


@pytest.mark.parametrize("who", [(CHAIR,), (MEMBER, CHAIR), (CHAIR, CHAIR), (CHAIR, OPERATOR), ()])
def test_nobody_else_opens_the_day(day: CommissionDay, who: tuple[Person, ...]) -> None:
    assert day.run(day.desk.open_day, who, None, is_confirmed=True).codes == ["not_allowed"]
    assert day.kinds(1) == ["journal_opened"]
    assert not day.desk.is_busy


def test_a_second_opening_is_refused_and_uses_no_paper(day: CommissionDay) -> None:
    day.open_day()
    assert day.run(day.desk.open_day, LEADERS, None, is_confirmed=True).codes == ["day_refused"]
    assert len(day.papers) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (KnownError("disk_full", ""), "disk_full"),
        (DeviceLostError(code="printer_lost"), "printer_lost"),
    ],
)
def test_a_paper_that_is_not_made_keeps_nothing_closed(
    day: CommissionDay, fault: KnownError, code: str
) -> None:
    day.paper_fault = fault
    answers = day.run(day.desk.open_day, LEADERS, None, is_confirmed=True)
    assert answers.done[0].paper_fault == code
    assert answers.done[0].look.day.state is DayState.OPEN
    day.paper_fault = None
    again = day.run(day.desk.print_paper, Paper.ZERO_REPORT)
    assert (again.done[0].paper_fault, day.kinds(1)) == ("", ["paper_made"])


def test_a_paper_that_is_only_in_the_folder_is_made_and_told(day: CommissionDay) -> None:
    day.print_fault = "page_printer_fault"
    answers = day.run(day.desk.open_day, LEADERS, None, is_confirmed=True)
    assert answers.done[0].paper_fault == "page_printer_fault"
    assert day.kinds(1) == ["paper_made"]


def test_one_person_lets_identification_rest_and_go_on(day: CommissionDay) -> None:
    day.open_day()
    day.run(day.desk.pause, OPERATOR, PauseReason.POWER)
    assert day.told[-1] is DayState.PAUSED
    day.run(day.desk.resume, MEMBER)
    assert day.told[-1] is DayState.OPEN
    assert day.entries()[-2:] == [DayPaused(PauseReason.POWER, "o1"), DayResumed("m1")]


def test_nobodys_session_is_cut_off(day: CommissionDay) -> None:
    day.open_day()
    day.is_idle = False
    assert day.run(day.desk.pause, OPERATOR, PauseReason.POWER).codes == ["session_under_way"]
    closing = day.run(day.desk.close_day, LEADERS, day.journal.look.figures(), HandCount(0, 0), {})
    assert closing.codes == ["session_under_way"]
    assert DayState.PAUSED not in day.told


def test_the_desk_rests_before_the_entry_and_goes_on_where_it_is_refused(
    day: CommissionDay,
) -> None:
    day.open_day()
    day.run(day.desk.pause, OPERATOR, PauseReason.POWER)
    del day.told[:]
    assert day.run(day.desk.pause, OPERATOR, PauseReason.OTHER).codes == ["day_refused"]
    assert day.told == [DayState.PAUSED, DayState.PAUSED]
    day.run(day.desk.resume, OPERATOR)
    del day.told[:]
    figures = day.journal.look.figures()
    closing = day.run(day.desk.close_day, LEADERS, replace(figures, slips=1), HandCount(0, 0), WHY)
    assert closing.codes == ["reason_missing"]
    stale = replace(figures, abandoned=1)
    closing = day.run(day.desk.close_day, LEADERS, stale, HandCount(0, 0), {})
    assert closing.codes == ["counts_changed"]
    assert day.told == [DayState.CLOSED, DayState.OPEN]


def test_a_void_needs_the_member_and_frees_the_voter(day: CommissionDay) -> None:
    day.open_day()
    number = day.identify(1, 17)
    both = (OPERATOR, MEMBER)
    refused = day.run(day.desk.void, (OPERATOR,), number, VoidReason.NO_BALLOT)
    assert refused.codes == ["not_allowed"]
    done = day.run(day.desk.void, both, number, VoidReason.NO_BALLOT).done
    assert (done[0].look.figures.identified, done[0].look.figures.voided) == (0, 1)
    assert day.entries()[-1] == OutcomeVoided(number, "V-17", 17, VoidReason.NO_BALLOT, "o1", "m1")
    day.identify(2, 17)
    for gone in (number, 2, 999):
        assert day.run(day.desk.void, (OPERATOR, MEMBER), gone, VoidReason.OTHER).codes == [
            "void_refused"
        ]


def test_counts_that_agree_close_the_day(day: CommissionDay) -> None:
    day.open_day()
    day.identify(1, 17)
    day.identify(2, 18, manual=True)
    day.write(SessionStarted(3))
    day.write(ended(3, OutcomeKind.NOT_ON_LIST))
    day.now += timedelta(hours=13)
    figures = day.journal.look.figures()
    answers = day.run(day.desk.close_day, LEADERS, figures, HandCount(2, 2), {})
    assert answers.codes == []
    assert answers.done[0].look.day.state is DayState.CLOSED
    assert day.kinds(2) == ["day_closed", "paper_made"]
    paper, report = day.papers[-1]
    assert paper is Paper.PROTOCOL
    assert (report.ballots, report.signatures, report.differences) == (2, 2, ())
    assert report.closed_at == day.now
    assert report.head.size == len(day.entries()) - 1
    assert day.told[-1] is DayState.CLOSED


def test_every_difference_needs_a_reason(day: CommissionDay) -> None:
    day.open_day()
    day.identify(1, 17)
    day.identify(2, 18, slip=False)
    figures = day.journal.look.figures()
    assert [one.list_number for one in day.run(day.desk.look).done[0].unprinted] == [18]
    for short in ({}, WHY, WHY | {Count.SLIPS: "  "}):
        refused = day.run(day.desk.close_day, LEADERS, figures, HandCount(3, 2), short)
        assert refused.codes == ["reason_missing"]
    reasons = WHY | {Count.SLIPS: "The printer had no paper", Count.SIGNATURES: "not used"}
    assert day.run(day.desk.close_day, LEADERS, figures, HandCount(3, 2), reasons).codes == []
    slips, ballots, closed, _ = day.entries()[-4:]
    assert slips == DifferenceExplained(Count.SLIPS, 2, 1, "The printer had no paper")
    assert ballots == DifferenceExplained(Count.BALLOTS, 2, 3, "Spoiled ballot replaced")
    assert isinstance(closed, DayClosed)
    assert [(one.what, one.counted) for one in day.papers[-1][1].differences] == [
        (Count.SLIPS, 1),
        (Count.BALLOTS, 3),
    ]


def test_a_slip_that_comes_out_while_the_day_is_closed(day: CommissionDay) -> None:
    """The protocol says what the closing says; the slip counts when the day is open again."""
    day.open_day()
    number = day.identify(1, 17, slip=False)
    why = {Count.SLIPS: "The printer was slow"}
    seen = day.journal.look.figures()
    answers = day.run(day.desk.close_day, LEADERS, seen, HandCount(1, 1), why)
    assert answers.codes == []
    day.write(SlipPrinted(number, 1, PrintedTo.PRINTER))
    day.run(day.desk.print_paper, Paper.PROTOCOL)
    report = day.papers[-1][1]
    assert (report.turnout.figures.slips, report.differences[0].counted) == (0, 0)
    day.run(day.desk.reopen, LEADERS, ReopenReason.COUNTS_WRONG)
    assert day.journal.look.figures().slips == 1


def test_counts_that_have_changed_are_compared_again(day: CommissionDay) -> None:
    day.open_day()
    figures = day.journal.look.figures()
    day.identify(1, 17)
    refused = day.run(day.desk.close_day, LEADERS, figures, HandCount(0, 0), {})
    assert refused.codes == ["counts_changed"]
    assert day.told[-1] is DayState.OPEN


def test_a_closed_day_is_opened_again_and_closed_anew(day: CommissionDay) -> None:
    day.open_day()
    day.identify(1, 17)
    for reopened in (False, True):
        if reopened:
            assert day.run(day.desk.reopen, LEADERS, ReopenReason.COUNTS_WRONG).codes == []
            assert day.told[-1] is DayState.OPEN
        figures = day.journal.look.figures()
        counted = HandCount(1, 1) if reopened else HandCount(2, 1)
        assert day.run(day.desk.close_day, LEADERS, figures, counted, WHY).codes == []
    report = day.papers[-1][1]
    assert (report.ballots, report.differences) == (1, ())
    assert "day_reopened" in [one.kind for one in report.incidents]


def test_a_damaged_journal_stops_everything_but_a_pause(day: CommissionDay) -> None:
    day.open_day()
    number = day.identify(1, 17)
    day.integrity = Integrity(False, 5, "5 abcd ef01", SEVEN, first_bad=731)
    figures = day.journal.look.figures()
    for answers in (
        day.run(day.desk.void, (OPERATOR, MEMBER), number, VoidReason.OTHER),
        day.run(day.desk.close_day, LEADERS, figures, HandCount(1, 1), {}),
    ):
        assert answers.codes == ["journal_damaged"]
        assert answers.faults[0].message == (
            "Journal does not match from entry 731. Stop and call headquarters."
        )
    assert day.run(day.desk.pause, OPERATOR, PauseReason.EQUIPMENT).codes == []
    assert day.run(day.desk.resume, OPERATOR).codes == ["journal_damaged"]
    day.integrity = replace(day.integrity, sound=True, first_bad=0)
    assert day.run(day.desk.resume, OPERATOR).codes == []


def test_a_printer_keeps_the_commission_from_nothing(day: CommissionDay) -> None:
    """The zero report hangs in the printer; the day is open, is paused, and goes on."""
    told: list[PaperDestination] = []
    day.desk.follow(told.append)
    opened = Answers()

    def hang(watch: PrintWatch) -> None:
        watch.tell(PageProgress("office"))
        watch.tell(PageProgress("office", "page_printer_paper_out"))
        assert watch.stop.wait(60)
        raise DeviceFaultError("page_printer_cancelled", "Cancelled.")

    day.while_printing = hang
    day.desk.open_day(
        LEADERS, None, is_confirmed=True, done=opened.done.append, failed=opened.faults.append
    )
    day.wait(lambda: len(told) == 2)
    assert day.told[-1] is DayState.OPEN
    assert day.run(day.desk.pause, OPERATOR, PauseReason.EQUIPMENT).codes == []
    assert day.run(day.desk.resume, OPERATOR).codes == []
    assert (day.desk.is_acting, day.desk.is_busy) == (False, True)
    assert [(one.paper, one.printer, one.is_printing, one.waits_for) for one in told] == [
        (Paper.ZERO_REPORT, "office", True, ""),
        (Paper.ZERO_REPORT, "office", True, "page_printer_paper_out"),
    ]
    assert not day.desk.cancel_printing(Paper.PROTOCOL)
    assert opened.done == []
    assert day.desk.cancel_printing(Paper.ZERO_REPORT)
    day.wait(lambda: bool(opened.done))
    assert opened.done[0].paper_fault == "page_printer_cancelled"
    assert not day.desk.is_busy
    assert not day.desk.cancel_printing(Paper.ZERO_REPORT)


def test_the_end_of_the_desk_takes_papers_back(day: CommissionDay) -> None:
    day.open_day()
    stopped = threading.Event()

    def hang(watch: PrintWatch) -> None:
        day.bridge.post(day.desk.stop)  # before it is told that the printer has it
        if watch.stop.wait(60):
            stopped.set()

    day.while_printing = hang
    day.desk.print_paper(Paper.TURNOUT, lambda _: None, day.bugs.append)
    day.wait(stopped.is_set)


def test_another_act_meanwhile_is_ignored(day: CommissionDay) -> None:
    day.open_day()
    answers = day.answers
    day.desk.pause(OPERATOR, PauseReason.POWER, answers.done.append, answers.faults.append)
    day.desk.pause(OPERATOR, PauseReason.POWER, answers.done.append, answers.faults.append)
    day.wait(lambda: len(answers.done) == 2)
    assert day.kinds(2) == ["paper_made", "day_paused"]
    assert answers.faults == []


def test_a_paper_under_way_keeps_the_station_unlocked(day: CommissionDay) -> None:
    day.open_day()
    assert not day.desk.is_busy
    answers = day.answers
    day.desk.print_paper(Paper.TURNOUT, answers.done.append, answers.faults.append)
    assert day.desk.is_busy
    assert day.run(day.desk.pause, OPERATOR, PauseReason.POWER).codes == []
    day.wait(lambda: len(answers.done) == 2)
    assert not day.desk.is_busy


def test_a_paper_that_is_cut_off_by_the_end_asks_for_nothing_more(day: CommissionDay) -> None:
    """The fixture's end runs what the lanes have still answered."""
    day.open_day()
    answers = day.answers
    day.desk.print_paper(Paper.TURNOUT, answers.done.append, answers.faults.append)
    day.lanes[1].call(lambda: None)


def test_a_full_disk_leaves_the_day_as_it_was(
    day: CommissionDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.open_day()
    monkeypatch.setattr(day.journal, "append", _full)
    assert day.run(day.desk.pause, OPERATOR, PauseReason.POWER).codes == ["disk_full"]
    assert day.told[-1] is DayState.OPEN
    assert not day.desk.is_busy


def _full(_: object) -> None:
    raise KnownError("disk_full", "full")


def test_an_act_that_is_written_and_not_read_is_not_told_as_refused(
    day: CommissionDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.open_day()

    def unreadable(_: object) -> None:
        raise KnownError("disk_fault", "The disk does not answer. Restart the computer.")

    monkeypatch.setattr("station_app.flow.day_desk.read_day", unreadable)
    answers = Answers()
    day.desk.pause(OPERATOR, PauseReason.POWER, answers.done.append, answers.faults.append)
    assert day.bridge.run(lambda: bool(day.bugs), 60)
    assert (answers.done, answers.faults) == ([], [])
    assert day.told[-1] is DayState.PAUSED
    assert day.kinds(1) == ["day_paused"]
    day.bugs.clear()


def test_a_journal_that_goes_on_tells_the_desk(day: CommissionDay) -> None:
    day.open_day()
    del day.told[:]
    answers = day.run(day.desk.start)
    assert (answers.done[0].day.state, day.told) == (DayState.OPEN, [DayState.OPEN])


def test_the_head_is_printed_every_so_often_while_the_day_is_open(tmp_path: Path) -> None:
    day = CommissionDay(tmp_path, replace(FACTS, head_slip_minutes=60))
    day.open_day()
    day.now += timedelta(minutes=61)
    for _ in range(2):  # the second time the head has just been printed
        day.run(day.desk.pause, OPERATOR, PauseReason.POWER)
        day.run(day.desk.resume, OPERATOR)
        day.run(day.desk.look)
        assert day.heads == 1
    day.close()


def test_a_station_that_starts_again_counts_from_the_last_head(tmp_path: Path) -> None:
    day = CommissionDay(tmp_path, replace(FACTS, head_slip_minutes=60))
    day.open_day()
    day.desk.stop()
    day.now += timedelta(minutes=61)
    for _ in range(2):
        day.start_again()
        day.run(day.desk.start)
        day.run(day.desk.look)
        assert day.heads == 1
    day.close()


def test_what_the_commission_has_decided_is_listed_newest_first(day: CommissionDay) -> None:
    day.open_day()
    number = day.identify(1, 17, manual=True)
    day.run(day.desk.void, (OPERATOR, MEMBER), number, VoidReason.WRONG_VOTER)
    day.write(SessionStarted(2))
    lines = day.run(day.desk.decisions).done[0]
    assert [(one.line.entry.kind, one.outcome.number) for one in lines if one.outcome] == [
        ("outcome_voided", number),
        ("commission_decision", number),
    ]


def test_a_station_that_took_over_says_so_in_its_papers(day: CommissionDay) -> None:
    taken = TakenOver(
        origin="o",
        public_key="",
        size=0,
        root="",
        note="",
        pack_sha256="ab" * 32,
        source=TakeoverSource.NOTHING,
        missing=4,
        chair="c1",
        member="m1",
    )
    day.write(taken)
    day.open_day()
    incidents = day.papers[0][1].incidents
    assert [(one.number, one.kind, one.detail) for one in incidents] == [
        (2, "taken_over", "0"),
        (2, "entries_missing", "4"),
        (2, "entries_unknown", ""),
    ]


class Waiting:
    """A bridge that remembers what was asked for later."""

    def __init__(self) -> None:
        self.later_calls: list[tuple[float, Callable[[], None]]] = []

    def post(self, call: Callable[[], None]) -> None:
        raise AssertionError("a timer posts nothing")

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.later_calls.append((seconds, call))


def test_the_head_is_asked_for_again_and_again_until_it_is_stopped() -> None:
    bridge, asked = Waiting(), []
    timer = HeadTimer(bridge, 60, lambda: SEVEN, lambda: asked.append(1))
    timer.run(SEVEN - timedelta(minutes=20))
    timer.run(SEVEN - timedelta(minutes=45))
    for number in (0, 1, 2):
        bridge.later_calls[number][1]()
    timer.stop()
    bridge.later_calls[3][1]()
    assert [seconds for seconds, _ in bridge.later_calls] == [2400.0, 900.0, 3600.0, 3600.0]
    assert len(asked) == 2, "who has counted anew does not ask twice"
    HeadTimer(bridge, 0, lambda: SEVEN, lambda: asked.append(1)).run(SEVEN)
    assert len(bridge.later_calls) == 4


def test_turnout_counts_those_who_stand(day: CommissionDay) -> None:
    assert day.run(day.desk.turnout).codes == ["day_refused"]
    day.open_day()
    for session in range(1, 4):
        day.identify(session, session)
    day.now += timedelta(hours=2)
    day.identify(4, 4)
    day.write(SessionStarted(5))
    day.write(identified(5, 5))
    turnout = day.run(day.desk.turnout).done[0]
    assert [(one.hour, one.identified) for one in turnout.by_hour] == [(7, 3), (8, 0), (9, 2)]
    bands = [(one.youngest, one.men, one.women) for one in turnout.by_age if one.men or one.women]
    assert bands == [(35, 3, 2)]
