"""Acts beside the desk: list numbers looked up, written for all voters or none, undone, told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_log import LogRow
from station_app.domain.day_report import HandCount
from station_app.domain.entries import (
    Admitted,
    CameBack,
    DayClosed,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StationMoved,
    StationWasOff,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    Count,
    DocumentSeen,
    OffCause,
    Paper,
    PauseReason,
    SentAwayReason,
    StrikeReason,
    UndoReason,
)
from station_app.flow.day_acts import ActDraft, ActLine, CheckedNumber
from station_app.flow.day_log import day_log_csv, logged_of
from tests.flow.commission_day import BISHKEK, FACTS, LEADERS, MEMBER, OPERATOR, CommissionDay

HOME = IssuedElsewhere("", 0, BallotPlace.HOME, "", "")
STRUCK = StruckOff("", 0, StrikeReason.DECEASED, "", "")
ADMITTED = Admitted(0, AdmissionBasis.SUPPLEMENTARY_LIST, DocumentSeen.PASSPORT, "", "")
AWAY = SentAway(SentAwayReason.NO_DOCUMENT, "")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CommissionDay]:
    day = CommissionDay(tmp_path)
    yield day
    day.close()


def look_up(day: CommissionDay, *numbers: int) -> tuple[CheckedNumber, ...]:
    found: list[tuple[CheckedNumber, ...]] = []
    day.desk.check_numbers(numbers, found.append, day.bugs.append)
    day.wait(lambda: bool(found))
    return found[0]


def acts(day: CommissionDay) -> tuple[ActLine, ...]:
    found: list[tuple[ActLine, ...]] = []
    day.desk.acts(found.append, day.bugs.append)
    day.wait(lambda: bool(found))
    return found[0]


def write(day: CommissionDay, draft: ActDraft, *numbers: int) -> list[str]:
    return day.run(day.desk.act, LEADERS, draft, look_up(day, *numbers)).codes


def note(day: CommissionDay, draft: ActDraft) -> list[str]:
    return day.run(day.desk.act, (OPERATOR,), draft, ()).codes


def test_numbers_are_those_of_the_list_in_use(day: CommissionDay) -> None:
    day.open_day()
    entry = day.identify(1, 7)
    assert write(day, HOME, 8) == []
    free, identified, home, unknown = look_up(day, 12, 7, 8, 4000)
    assert (free.voter_id, free.name, free.is_free) == ("V-12", "Voter 12", True)
    assert isinstance(identified.settled, AlreadyAccepted)
    assert identified.settled.first_number == entry
    assert home.settled is not None
    assert home.settled.place is BallotPlace.HOME
    assert unknown == CheckedNumber(4000)
    assert not any(one.is_free for one in (identified, home, unknown))


def test_an_act_is_written_for_all_voters_or_for_none(day: CommissionDay) -> None:
    day.open_day()
    numbers = look_up(day, 12, 7)
    day.identify(1, 7)
    size = len(day.entries())
    assert day.run(day.desk.act, LEADERS, HOME, numbers).codes == ["act_refused"]
    assert day.run(day.desk.act, LEADERS, HOME, ()).codes == ["act_refused"]
    assert len(day.entries()) == size, "12 was free, and is not written either"
    assert write(day, HOME, 12, 13) == []
    expected = [replace(HOME, voter_id=f"V-{n}", list_number=n, chair="c1", member="m1")
                for n in (12, 13)]  # fmt: skip
    assert day.entries()[-2:] == expected


def test_who_may_sign_and_when(day: CommissionDay) -> None:
    assert write(day, HOME, 12) == ["day_refused"], "a day of training begins anew"
    day.open_day()
    for persons in ((OPERATOR, MEMBER), (MEMBER,), (MEMBER, MEMBER)):
        assert day.run(day.desk.act, persons, ADMITTED, ()).codes == ["not_allowed"]
    moved = StationMoved("Room 12", "Sports hall", "", "")
    assert write(day, moved) == ["day_refused"]
    day.run(day.desk.pause, MEMBER, PauseReason.OTHER)
    assert write(day, moved) == []
    assert note(day, CameBack("")) == ["act_refused"], "nobody was sent away"


def test_what_is_undone_counts_no_more(day: CommissionDay) -> None:
    day.open_day()
    assert write(day, HOME, 12) == []
    assert write(day, ADMITTED) == write(day, ADMITTED) == []
    two, one, home = (line.act for line in acts(day))
    assert [one.entry.kind, home.entry.kind] == ["admitted", "issued_elsewhere"]
    assert [getattr(act.entry, "number", 0) for act in (two, one)] == [2, 1]
    number = home.number
    assert day.run(day.desk.undo, LEADERS, number, UndoReason.NO_BALLOT).codes == []
    assert [one.is_undone for one in acts(day)] == [False, False, True]
    for wrong in (number, 1, 999):
        refused = day.run(day.desk.undo, LEADERS, wrong, UndoReason.OTHER).codes
        assert refused == ["act_refused"]
    assert look_up(day, 12)[0].is_free
    assert day.identify(2, 12)


def test_the_closing_and_its_protocol_add_up(day: CommissionDay) -> None:
    day.open_day()
    day.identify(1, 7)
    assert write(day, HOME, 12, 13) == write(day, ADMITTED) == write(day, STRUCK, 14) == []
    assert note(day, AWAY) == note(day, AWAY) == note(day, CameBack("")) == []
    off = day.write(StationWasOff("2026-11-29T00:20:00Z"))
    assert note(day, OffExplained(off, OffCause.POWER, "")) == []
    assert note(day, OffExplained(off, OffCause.OTHER, "")) == ["act_refused"]
    figures = day.journal.look.figures()
    counted = HandCount(ballots=4, signatures=3)
    reasons = {Count.SIGNATURES: "One voter could not sign"}
    closing = (LEADERS, figures, counted)
    assert day.run(day.desk.close_day, *closing, {}).codes == ["reason_missing"]
    assert day.run(day.desk.close_day, *closing, reasons).codes == []
    (closed,) = (one for one in day.entries() if isinstance(one, DayClosed))
    said = {name: getattr(closed, name) for name in DayClosed.about.added}
    assert said == {
        "issued_elsewhere": 2, "admitted": 1, "struck_off": 1, "sent_away": 2, "came_back": 1,
        "acts_undone": 0, "station_was_off": 1,
    }  # fmt: skip
    paper, report = day.papers[-1]
    assert paper is Paper.PROTOCOL
    assert report.turnout.figures == figures
    assert [(one.what, one.expected, one.counted) for one in report.differences] == [
        (Count.SIGNATURES, 4, 3)
    ]
    told = [(one.kind, one.detail) for one in report.incidents]
    assert told[:4] == [
        ("issued_elsewhere", "12"), ("issued_elsewhere", "13"),
        ("admitted", "supplementary_list"), ("struck_off", "14"),
    ]  # fmt: skip
    assert told[4][0] == "station_was_off"
    assert told[4][1].endswith("(40′)")
    assert told[5] == ("off_explained", "power")


def test_a_live_day_knows_who_was_visited_before_it(tmp_path: Path) -> None:
    day = CommissionDay(tmp_path, replace(FACTS, list_kind="live"))
    assert write(day, HOME, 12) == []
    assert write(day, ADMITTED) == ["day_refused"], "nobody comes before the day is open"
    day.open_day()
    _, report = day.papers[-1]
    figures = report.turnout.figures
    assert (figures.identified, figures.issued_elsewhere) == (0, 1)
    assert [(one.kind, one.detail) for one in report.incidents] == [("issued_elsewhere", "12")]
    day.close()


def test_the_table_for_a_stick_has_the_acts(day: CommissionDay) -> None:
    day.open_day()
    day.identify(1, 7)
    assert write(day, HOME, 12) == note(day, AWAY) == []
    look = day.journal.look
    rows = [LogRow(one, "", look.void_of(one.number) is not None, 0) for one in logged_of(look)]
    assert sum(isinstance(one.logged, LoggedAct) for one in rows) == 2
    table = day_log_csv(rows, lambda at: at.astimezone(BISHKEK)).decode()
    cells = [line.split(",") for line in table.splitlines()]
    assert [line[1:] for line in cells[1:]] == [
        ["7", "finger", "identified", "no"],
        ["12", "", "issued_elsewhere", "no"],
        ["", "", "sent_away", "no"],
    ]
