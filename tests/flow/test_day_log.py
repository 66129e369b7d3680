"""The day log: pages, filters, searches and stories of a real journal and list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.domain.day_log import Integrity, LogFilter
from station_app.domain.entries import (
    CommissionDecision,
    DayClosed,
    DayPaused,
    FaceCompared,
    FaceTry,
    FingerTry,
    OutcomeVoided,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, PauseReason, PrintedTo, VoidReason
from station_app.domain.errors import KnownError
from station_app.flow.day_log import LogQuery
from tests.flow.logged_day import MORNING, LoggedDay, a_voter, opened, outcome, small_day

ALL = LogQuery(count=50)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[LoggedDay]:
    made = LoggedDay(tmp_path)
    made.write(*small_day())
    yield made
    made.close()


def numbers(page) -> list[int]:  # type: ignore[no-untyped-def]
    return [row.logged.number for row in page.rows]


def test_rows_come_newest_first_with_their_names(day: LoggedDay) -> None:
    page = day.page(ALL)
    assert numbers(page) == [16, 14, 10, 8, 5]
    assert [row.name for row in page.rows] == [
        "Жумагулова Н. К.", "Өмүралиева А. Б.", "", "Султанбеков М. Э.", "Султанбеков М. Э.",
    ]  # fmt: skip
    assert [row.voided for row in page.rows] == [True, False, False, False, False]
    assert [row.slips for row in page.rows] == [1, 0, 0, 0, 1]
    assert (page.total, page.first, page.upto, page.newer) == (5, 0, 16, 0)


def test_a_page_is_a_part_of_the_whole(day: LoggedDay) -> None:
    page = day.page(LogQuery(first=1, count=2))
    assert numbers(page) == [14, 10]
    assert page.total == 5
    assert numbers(day.page(LogQuery(first=4, count=9))) == [5]
    assert numbers(day.page(LogQuery(first=9, count=9))) == []
    assert numbers(day.page(LogQuery(count=0))) == []


def test_every_filter_has_its_count_whatever_is_shown(day: LoggedDay) -> None:
    counts = {
        LogFilter.ALL: 5,
        LogFilter.STOPPED: 1,
        LogFilter.BY_FACE: 0,
        LogFilter.BY_COMMISSION: 1,
        LogFilter.VOIDED: 1,
        LogFilter.ACTS: 0,
    }
    shown = {one: day.page(LogQuery(shown=one, count=50)) for one in LogFilter}
    assert all(page.counts == counts for page in shown.values())
    assert {one: page.total for one, page in shown.items()} == counts
    assert numbers(shown[LogFilter.STOPPED]) == [8]
    assert numbers(shown[LogFilter.VOIDED]) == [16]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("султан", [8, 5]),
        ("ЖУМА НАЗ", [16]),
        ("омуралиева", [14]),
        ("900", [8, 5]),
        ("№ 0902", [14]),
        (a_voter(1).pin, [16]),
        (a_voter(4).pin, []),
        ("Nobody", []),
        ("  ", [16, 14, 10, 8, 5]),
    ],
)
def test_people_are_found_by_name_list_number_and_pin(
    day: LoggedDay, text: str, found: list[int]
) -> None:
    page = day.page(LogQuery(text=text, count=50))
    assert numbers(page) == found
    assert page.total == len(found)
    assert page.counts[LogFilter.ALL] == 5


def test_a_search_stays_within_the_filter(day: LoggedDay) -> None:
    assert numbers(day.page(LogQuery(LogFilter.STOPPED, "султан", count=9))) == [8]


def test_rows_keep_their_places_while_more_are_written(day: LoggedDay) -> None:
    before = day.page(ALL)
    day.write(SessionStarted(6), outcome(6, OutcomeKind.IDENTIFIED, 3))
    after = day.page(LogQuery(count=50, upto=before.upto))
    assert (after.rows, after.total, after.newer) == (before.rows, 5, 1)
    assert after.counts[LogFilter.ALL] == 6
    assert numbers(day.page(ALL))[0] == 20


def test_an_earlier_day_is_not_shown(day: LoggedDay) -> None:
    closed = DayClosed(1, 5, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 2, 2, "c1", "m1")
    day.journal_lane.call(lambda: day.journal.append_all(_explained(closed)))
    day.write(opened(2))
    page = day.page(ALL)
    assert (page.total, page.counts[LogFilter.ALL]) == (0, 0)
    assert day.story(5) is None


def _explained(closed: DayClosed):  # type: ignore[no-untyped-def]
    from station_app.domain.entries import DifferenceExplained
    from station_app.domain.entry_codes import Count

    return (DifferenceExplained(Count.SLIPS, 2, 1, "one was not printed"), closed)


def test_a_story_has_every_entry_of_the_session_and_what_came_after(day: LoggedDay) -> None:
    told = day.story(16)
    assert [type(line.entry) for line in told.lines][1:] == [
        type(outcome(5, OutcomeKind.IDENTIFIED, 1)), SlipPrinted, OutcomeVoided,
    ]  # fmt: skip
    assert told.voter == a_voter(1)
    assert told.row.name == "Жумагулова Н. К."
    assert told.row.voided
    assert not told.may_void
    kinds = [type(line.entry) for line in day.story(14).lines]
    assert FingerTry in kinds
    assert CommissionDecision in kinds


def test_a_slip_of_somebody_else_is_not_in_the_story(day: LoggedDay) -> None:
    late = SlipPrinted(14, 1, PrintedTo.PRINTER)
    day.write(SessionStarted(6), late, outcome(6, OutcomeKind.NOT_ON_LIST))  # 19 to 21
    assert [line.number for line in day.story(21).lines] == [19, 21]
    assert [line.number for line in day.story(14).lines][-2:] == [14, 20]


def test_a_story_of_nobody_has_no_voter(day: LoggedDay) -> None:
    told = day.story(10)
    assert told.voter is None
    assert not told.may_void
    assert day.story(9) is None
    assert day.story(999) is None


def test_a_voter_who_is_not_on_this_list_keeps_the_number(day: LoggedDay) -> None:
    stranger = outcome(6, OutcomeKind.IDENTIFIED, 0, voter_id="V-GONE", list_number=77)
    day.write(SessionStarted(6), stranger)
    told = day.story(20)
    assert told.voter is None
    assert told.row.logged.list_number == 77
    assert day.page(ALL).rows[0].name == ""


def test_what_stands_may_be_made_void_while_the_day_lasts(day: LoggedDay) -> None:
    assert day.story(5).may_void
    assert not day.story(8).may_void
    day.integrity = Integrity(sound=True, entries=9, short_head="", checked_at=MORNING)
    assert day.story(5).may_void
    day.integrity = Integrity(False, 9, "", MORNING, first_bad=3)
    assert not day.story(5).may_void
    day.integrity = None
    day.write(DayPaused(PauseReason.POWER, "o1"))
    assert day.story(5).may_void
    closed = DayClosed(1, 5, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 2, 2, "c1", "m1")
    day.journal_lane.call(lambda: day.journal.append_all(_explained(closed)))
    assert not day.story(5).may_void


def test_the_table_is_the_whole_day_without_names(day: LoggedDay) -> None:
    rows = day.answer(day.log.table)
    assert [row.logged.number for row in rows] == [5, 8, 10, 14, 16]
    assert {row.name for row in rows} == {""}


def test_it_is_told_of_every_append(day: LoggedDay) -> None:
    told: list[None] = []
    day.log.listen(day.bridge, lambda: told.append(None))
    day.write(SessionStarted(6))
    assert day.bridge.run(lambda: bool(told), 60)


def test_a_face_is_filtered_by_its_method(day: LoggedDay) -> None:
    tried = FaceTry(
        6, 1, None, is_live=True, turns="left", quality=80, best_evidence_milli=1,
        faces_compared=3, adequate=True, engine="test",
    )  # fmt: skip
    same = FaceCompared(
        6, operator_same=True, machine_same=True, evidence_milli=1, threshold_milli=1
    )
    by_face = outcome(6, OutcomeKind.IDENTIFIED, 3, method=Method.FACE)
    day.write(SessionStarted(6), tried, same, by_face)
    assert numbers(day.page(LogQuery(LogFilter.BY_FACE, count=9))) == [22]


def test_faults_of_the_list_are_answered(day: LoggedDay) -> None:
    fault = KnownError("list_damaged", "It has changed.")

    def fail(_: object) -> None:
        raise fault

    day.voters.search = fail  # type: ignore[method-assign, assignment]
    assert day.page(LogQuery(text="султан", count=9)) is fault


def test_nobody_is_answered_after_closing(day: LoggedDay) -> None:
    answers: list[object] = []
    day.log.ask(ALL, answers.append, answers.append)
    day.log.story(5, answers.append, answers.append)
    day.log.close()
    day.log.table(answers.append, answers.append)
    assert not day.bridge.run(lambda: bool(answers), 0.3)


def test_the_void_names_its_entry(day: LoggedDay) -> None:
    voided = day.story(16).lines[-1].entry
    assert isinstance(voided, OutcomeVoided)
    assert voided.reason is VoidReason.WRONG_VOTER
