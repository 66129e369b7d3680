"""Promise: what two persons write beside the desk keeps nobody's ballot unseen (ADR 0063).

The attack: two persons strike a voter off, or write that a ballot was taken home, so that the voter
is turned away or somebody else has the ballot; they undo it before the closing, so that the counts
agree again. (a9a29b6 had no such entries: a striking off was an identification refused by the
commission, and who voted at home could be identified at the desk a second time.) Nothing prevents
two who collude; the voter is told at the desk when it was written, and every act stays in day log,
protocol and figures with both names, undone or not.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_report import HandCount
from station_app.domain.entries import (
    DayClosed,
    IssuedElsewhere,
    Outcome,
    SessionStarted,
    StruckOff,
)
from station_app.domain.entry_codes import BallotPlace, OutcomeKind, StrikeReason, UndoReason
from station_app.flow.day_log import logged_of
from tests.flow.commission_day import LEADERS, OPERATOR, CommissionDay, identified
from tests.flow.test_day_acts import acts, look_up, write

STRUCK = StruckOff("", 0, StrikeReason.OTHER, "", "")
AT_HOME = IssuedElsewhere("", 0, BallotPlace.HOME, "", "")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[CommissionDay]:
    day = CommissionDay(tmp_path)
    day.open_day()
    yield day
    day.close()


def comes(day: CommissionDay, session: int, voter: int) -> AlreadyAccepted:
    """The machine finds the voter, and the journal does not let them be identified."""
    day.write(SessionStarted(session))
    outcome = identified(session, voter)
    answer = day.lanes[1].call(lambda: day.recorder.append(outcome))
    assert isinstance(answer, AlreadyAccepted)
    ended = replace(outcome, outcome=OutcomeKind.REFUSED, voter_id=None, list_number=None)
    refused = replace(ended, reason="struck_off")
    day.write(refused if answer.is_struck_off else _stopped(outcome, answer))
    return answer


def _stopped(outcome: Outcome, first: AlreadyAccepted) -> Outcome:
    return replace(outcome, outcome=OutcomeKind.ALREADY_IDENTIFIED, first_entry=first.first_number)


def test_acts_that_were_undone_are_told_all_the_same(day: CommissionDay) -> None:
    assert write(day, STRUCK, 5) == write(day, AT_HOME, 6) == []
    assert comes(day, 1, 5).is_struck_off
    assert comes(day, 2, 6).place is BallotPlace.HOME
    for line in acts(day):
        undone = day.run(day.desk.undo, LEADERS, line.act.number, UndoReason.WRONG_VOTER)
        assert undone.codes == []
    figures = day.journal.look.figures()
    assert (figures.struck_off, figures.issued_elsewhere, figures.acts_undone) == (0, 0, 2)
    closed = day.run(day.desk.close_day, LEADERS, figures, HandCount(0, 0), {})
    assert closed.codes == []
    _, protocol = day.papers[-1]
    told = [(one.kind, one.detail) for one in protocol.incidents]
    assert told == [
        ("struck_off", "5"), ("issued_elsewhere", "6"),
        ("act_undone", "issued_elsewhere"), ("act_undone", "struck_off"),
    ]  # fmt: skip
    rows = [one for one in logged_of(day.journal.look) if isinstance(one, LoggedAct)]
    assert [one.list_number for one in rows] == [5, 6]
    said = [one for one in day.entries() if isinstance(one, DayClosed)]
    assert [one.acts_undone for one in said] == [2]


def test_one_person_strikes_nobody_off(day: CommissionDay) -> None:
    for persons in ((OPERATOR,), (LEADERS[0],), (LEADERS[0], LEADERS[0])):
        refused = day.run(day.desk.act, persons, STRUCK, look_up(day, 5))
        assert refused.codes == ["not_allowed"]
    assert acts(day) == ()
