"""The commission's decisions of a day as the page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import CommissionDecision, OutcomeVoided
from station_app.domain.entry_codes import Decision, OutcomeKind
from station_app.flow.day_reading import DecisionLine
from station_app.flow.day_report import is_over_alarm


class DecisionResult(StrEnum):
    """What came of a decision: said by the session's outcome entry, never by the decision.

    `PENDING`: the outcome is not written yet. `NOT_IDENTIFIED`: confirmed, and the session
    ended in another way (a restart cut it off).
    """

    IDENTIFIED = "identified"
    IDENTIFIED_THEN_VOIDED = "identified_then_voided"
    STOPPED = "stopped"
    NOT_IDENTIFIED = "not_identified"
    PENDING = "pending"
    REFUSED = "refused"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision: entry `number`, local time, what came of it, the codes of reason and
    document (empty for a void), and the names of those who signed.
    """

    number: int
    at: datetime
    result: DecisionResult
    reason: str
    document: str
    list_number: int | None
    signers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """The page; `rows` is None while they are read, newest first."""

    rows: tuple[DecisionRow, ...] | None
    figures: DayFigures = field(default_factory=DayFigures)
    alarm_percent: int = 5
    fault: str = ""

    @property
    def is_over_alarm(self) -> bool:
        """Whether the commission has identified more than the policy's alarm."""
        return is_over_alarm(self.figures, self.alarm_percent)


def decision_rows(
    lines: Sequence[DecisionLine],
    names: Mapping[str, str],
    local: Callable[[datetime], datetime],
) -> tuple[DecisionRow, ...]:
    """The rows of `lines`; `names` are people's by id."""
    voided = {
        one.outcome.number
        for one in lines
        if isinstance(one.line.entry, OutcomeVoided) and one.outcome is not None
    }
    return tuple(_row(one, names, local, voided) for one in lines)


def _row(
    one: DecisionLine,
    names: Mapping[str, str],
    local: Callable[[datetime], datetime],
    voided: set[int],
) -> DecisionRow:
    entry, outcome = one.line.entry, one.outcome
    assert isinstance(entry, CommissionDecision | OutcomeVoided)
    if isinstance(entry, CommissionDecision):
        document = entry.document.value
        list_number = outcome.list_number if outcome else None
        result = _result(entry.decision, outcome, voided)
    else:
        document, list_number, result = "", entry.list_number, DecisionResult.VOIDED
    return DecisionRow(
        number=one.line.number,
        at=local(one.line.at),
        result=result,
        reason=entry.reason.value,
        document=document,
        list_number=list_number,
        signers=(
            names.get(entry.operator, entry.operator),
            names.get(entry.member, entry.member),
        ),
    )


def _result(decision: Decision, outcome: LoggedOutcome | None, voided: set[int]) -> DecisionResult:
    if decision is Decision.REFUSED:
        return DecisionResult.REFUSED
    if outcome is None:
        return DecisionResult.PENDING
    if outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED:
        return DecisionResult.STOPPED
    if outcome.outcome is not OutcomeKind.IDENTIFIED:
        return DecisionResult.NOT_IDENTIFIED
    if outcome.number in voided:
        return DecisionResult.IDENTIFIED_THEN_VOIDED
    return DecisionResult.IDENTIFIED
