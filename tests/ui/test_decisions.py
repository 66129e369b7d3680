"""What came of a commission's decision is what the session's outcome entry says."""

from datetime import UTC, datetime

import pytest

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_log import StoryLine
from station_app.domain.entries import CommissionDecision, OutcomeVoided
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    VoidReason,
)
from station_app.flow.day_reading import DecisionLine
from station_app.ui.commission.decisions_page import DecisionResult, decision_rows

AT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
NAMES = {"o1": "N. Sadyrova", "m1": "G. Ismailova"}


def decided(decision: Decision, end: OutcomeKind | None) -> DecisionLine:
    entry = CommissionDecision(7, decision, ManualReason.WORN, DocumentSeen.ID_CARD, "o1", "m1")
    outcome = None if end is None else LoggedOutcome(20, AT, end, 17, Method.COMMISSION, "V-17", 7)
    return DecisionLine(StoryLine(19, AT, entry), outcome)


def result(*lines: DecisionLine) -> DecisionResult:
    return decision_rows(lines, NAMES, lambda at: at)[-1].result


CONFIRMED = {
    OutcomeKind.IDENTIFIED: DecisionResult.IDENTIFIED,
    OutcomeKind.ALREADY_IDENTIFIED: DecisionResult.STOPPED,
    None: DecisionResult.PENDING,
}


@pytest.mark.parametrize("end", [*OutcomeKind, None])
def test_confirmed_is_identified_only_where_the_outcome_says_so(end: OutcomeKind | None) -> None:
    expected = CONFIRMED.get(end, DecisionResult.NOT_IDENTIFIED)
    assert result(decided(Decision.CONFIRMED, end)) is expected


@pytest.mark.parametrize("end", [OutcomeKind.REFUSED, OutcomeKind.INTERRUPTED, None])
def test_refused_is_refused(end: OutcomeKind | None) -> None:
    assert result(decided(Decision.REFUSED, end)) is DecisionResult.REFUSED


def test_an_identification_that_was_voided_is_not_shown_as_standing() -> None:
    identified = decided(Decision.CONFIRMED, OutcomeKind.IDENTIFIED)
    void = OutcomeVoided(20, "V-17", 17, VoidReason.OTHER, "o1", "m1")
    line = DecisionLine(StoryLine(25, AT, void), identified.outcome)
    rows = decision_rows((line, identified), NAMES, lambda at: at)
    assert [row.result for row in rows] == [
        DecisionResult.VOIDED,
        DecisionResult.IDENTIFIED_THEN_VOIDED,
    ]
