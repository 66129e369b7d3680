"""What a day's papers say, from a record of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import Day, DayState
from station_app.domain.day_log import StoryLine
from station_app.domain.day_report import DayFigures, Head, Incident
from station_app.domain.entries import (
    ClockChanged,
    DayOpened,
    DayPaused,
    DeviceLost,
    DifferenceExplained,
    Entry,
    MirrorLost,
    PaperMade,
    TakenOver,
)
from station_app.domain.entry_codes import (
    Count,
    Method,
    OutcomeKind,
    Paper,
    PauseReason,
    PrintedTo,
    TakeoverSource,
)
from station_app.domain.roles import Role
from station_app.flow.day_report import DayRecord, age_on, report_of, turnout_of
from tests.flow.commission_day import BISHKEK, FACTS, PEOPLE, SEVEN, demographics


def logged(
    number: int, minutes: int = 0, outcome: OutcomeKind = OutcomeKind.IDENTIFIED
) -> LoggedOutcome:
    at = SEVEN + timedelta(minutes=minutes)
    return LoggedOutcome(number, at, outcome, number, Method.FINGER, f"V-{number}", number, number)


def record(*entries: Entry, standing: tuple[LoggedOutcome, ...] = ()) -> DayRecord:
    return DayRecord(
        day=Day(DayState.OPEN, 1, 2),
        figures=DayFigures(listed=2318, by_finger=94, by_commission=6),
        standing=standing,
        list_sequence=1,
        opened=DayOpened(1, 1, 2318, "", 0, "c1", "gone-1"),
        opened_at=SEVEN,
        closed=None,
        closed_at=None,
        explained=(),
        incidents=tuple(
            StoryLine(number, SEVEN, entry) for number, entry in enumerate(entries, start=10)
        ),
        cut_off=(logged(5, outcome=OutcomeKind.INTERRUPTED),),
        head=Head(2000, b"\x9f:q\xc4" * 8, ""),
    )


def test_incidents_are_codes_and_numbers_in_the_order_of_the_journal() -> None:
    taken = TakenOver("o", "", 731, "", "", "", TakeoverSource.MIRROR, 0, "c1", "m1")
    entries = (
        taken,
        ClockChanged(90_400),
        DeviceLost(None, "finger_scanner"),
        MirrorLost("mirror_missing"),
        DayPaused(PauseReason.POWER, "o1"),
        DifferenceExplained(Count.SLIPS, 2, 1, "no paper"),
        PaperMade(Paper.DAY_LOG, "ef" * 32, PrintedTo.FOLDER),
    )
    found = record(*entries)
    turnout = turnout_of(found, {}, SEVEN, lambda at: at)
    report = report_of(FACTS, found, turnout, PEOPLE)
    assert [(one.kind, one.detail) for one in report.incidents] == [
        ("interrupted", "5"),
        ("taken_over", "731"),
        ("clock_changed", "90"),
        ("device_lost", "finger_scanner"),
        ("mirror_lost", "mirror_missing"),
        ("day_paused", "power"),
        ("difference_explained", "slips"),
        ("paper_made", ""),
        ("manual_share", "6.0"),
    ]
    assert report.incidents[-1] == Incident(2000, SEVEN, "manual_share", "6.0")
    assert (report.phone_time, report.ballots, report.closed_at) == (None, None, None)


def test_who_has_left_since_then_is_named_by_id() -> None:
    found = record()
    report = report_of(FACTS, found, turnout_of(found, {}, SEVEN, lambda at: at), PEOPLE)
    assert [(one.id, one.name, one.role) for one in report.signers] == [
        ("c1", "B. Osmonov", Role.CHAIR),
        ("gone-1", "gone-1", Role.MEMBER),
    ]


def test_a_share_at_the_alarm_is_not_over_it() -> None:
    at_alarm = replace(record(), figures=DayFigures(by_finger=95, by_commission=5))
    turnout = turnout_of(at_alarm, {}, SEVEN, lambda at: at)
    report = report_of(FACTS, at_alarm, turnout, PEOPLE)
    assert "manual_share" not in [one.kind for one in report.incidents]


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(2008, 11, 29), 18),
        (date(2008, 11, 30), 17),
        (date(1996, 2, 29), 30),
        (date(1926, 11, 29), 100),
    ],
)
def test_age_is_that_of_the_day(born: date, age: int) -> None:
    assert age_on(date(2026, 11, 29), born) == age


def test_every_age_has_one_band_and_who_is_not_listed_none() -> None:
    ages = (17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 64, 65, 101)
    standing = tuple(logged(number) for number in range(len(ages) + 1))
    voters = {f"V-{number}": ("m", date(2026 - age, 1, 1)) for number, age in enumerate(ages)}
    turnout = turnout_of(record(standing=standing), voters, SEVEN, lambda at: at)
    assert [one.men for one in turnout.by_age] == [3, 2, 2, 2, 2, 2]
    assert [(one.youngest, one.oldest) for one in turnout.by_age][-1] == (65, None)


def test_hours_are_local_and_go_on_over_midnight() -> None:
    standing = (logged(1), logged(2, 59), logged(3, 60 * 18 + 5))
    ids = [one.voter_id for one in standing if one.voter_id]
    turnout = turnout_of(
        record(standing=standing), demographics(ids), SEVEN, lambda at: at.astimezone(BISHKEK)
    )
    hours = [(one.hour, one.identified) for one in turnout.by_hour]
    assert hours[0] == (7, 2)
    assert hours[-1] == (1, 1)
    assert len(hours) == 19
