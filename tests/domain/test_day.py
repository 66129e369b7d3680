"""The day's small machine: what may come in which state."""

import pytest

from station_app.domain.day import Day, DayState, after, begins_anew, refuse_now
from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    DayPaused,
    DayReopened,
    DayResumed,
    Entry,
    ListProven,
    OutcomeVoided,
    SessionStarted,
)
from station_app.domain.entry_codes import PauseReason, ReopenReason, VoidReason


def opened(day: int = 1) -> DayOpened:
    """As an older version wrote it, which said no election."""
    return DayOpened(day, 1, 600, "", 0, "chair-1", "member-1")


def named(day: int = 1) -> DayOpened:
    return DayOpened(day, 1, 600, "", 0, "chair-1", "member-1", "KG-2026", "2026-11-29")


def closed(day: int = 1) -> DayClosed:
    return DayClosed(day, 600, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "chair-1", "member-1")


PAUSED = DayPaused(PauseReason.POWER, "member-1")
RESUMED = DayResumed("member-1")
REOPENED = DayReopened(ReopenReason.CLOSED_EARLY, "chair-1", "member-1")
VOIDED = OutcomeVoided(3, "V-1", 1, VoidReason.NO_BALLOT, "operator-1", "member-1")
PROVEN = ListProven("ef" * 32, 2, "cd" * 32)


def day_of(*entries: Entry) -> Day:
    day = Day()
    for number, entry in enumerate(entries, 2):
        assert refuse_now(day, entry, "live") == "", entry
        day = after(day, entry, number)
    return day


def test_a_whole_day() -> None:
    day = day_of(opened(), SessionStarted(1), PAUSED, VOIDED, RESUMED, closed())
    assert day == Day(DayState.CLOSED, 1, opened_entry=2, closed_entry=7)


def test_a_closed_day_is_opened_again() -> None:
    day = day_of(opened(), closed(), REOPENED)
    assert (day.state, day.number, day.opened_entry, day.closed_entry) == (DayState.OPEN, 1, 2, 3)


def test_a_second_day_of_an_older_version_began_on_a_new_list() -> None:
    day = day_of(opened(), closed(), PROVEN, opened(2))
    assert day == Day(DayState.OPEN, 2, opened_entry=5)
    assert begins_anew(opened(2), "live")


def test_a_live_day_is_opened_once_and_opened_again_on_a_corrected_list() -> None:
    day = day_of(named(), closed(), PROVEN)
    assert "opened before" in refuse_now(day, named(2), "live")
    again = day_of(named(), closed(), PROVEN, REOPENED)
    assert (again.state, again.number, again.opened_entry) == (DayState.OPEN, 1, 2)
    assert not begins_anew(named(), "live")


def test_a_day_of_training_begins_anew_and_is_not_opened_again_on_another_list() -> None:
    day = day_of(named(), closed(), PROVEN)
    assert "another list" in refuse_now(day, REOPENED, "training")
    assert refuse_now(day, named(2), "training") == ""
    assert begins_anew(named(2), "training")


@pytest.mark.parametrize(
    ("before", "entry", "reason"),
    [
        ([], SessionStarted(1), "is not open"),
        ([], VOIDED, "is not open"),
        ([], PAUSED, "is not open"),
        ([], RESUMED, "is not paused"),
        ([], closed(), "is not open"),
        ([], REOPENED, "no closed day"),
        ([], opened(2), "numbered from 1"),
        ([opened()], opened(2), "opened before"),
        ([opened()], RESUMED, "not paused"),
        ([opened()], REOPENED, "no closed day"),
        ([opened()], closed(2), "another day"),
        ([opened(), PAUSED], SessionStarted(1), "not open"),
        ([opened(), PAUSED], PAUSED, "not open"),
        ([opened(), closed()], SessionStarted(1), "not open"),
        ([opened(), closed()], VOIDED, "not open"),
        ([opened(), closed()], closed(), "not open"),
        ([opened(), closed()], opened(2), "opened before"),
        ([opened(), closed(), PROVEN], opened(3), "numbered from 1"),
    ],
)
def test_what_may_not_come(before: list[Entry], entry: Entry, reason: str) -> None:
    assert reason in refuse_now(day_of(*before), entry, "live")


def test_a_demonstration_needs_no_day() -> None:
    assert refuse_now(Day(), SessionStarted(1), "demo") == ""
    assert refuse_now(Day(), VOIDED, "demo") == ""
    assert refuse_now(day_of(opened(), closed()), SessionStarted(1), "demo")


def test_a_day_is_practised_again_without_a_new_list() -> None:
    assert refuse_now(day_of(opened(), closed()), opened(2), "training") == ""
    assert refuse_now(day_of(opened(), closed()), opened(2), "live")
