"""The commission's decisions of a day as the page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from station_app.domain.day_report import DayFigures
from station_app.domain.entries import CommissionDecision, OutcomeVoided
from station_app.domain.entry_codes import Decision
from station_app.flow.day_reading import DecisionLine
from station_app.flow.day_report import is_over_alarm


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision: entry `number`, local time, `what` (confirmed, refused, voided), the codes
    of reason and document (empty for a void), and the names of those who signed.
    """

    number: int
    at: datetime
    what: str
    reason: str
    document: str
    list_number: int | None
    signers: tuple[str, str]
    is_void: bool = False


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
        what, document = entry.decision.value, entry.document.value
        list_number = outcome.list_number if outcome else None
        confirmed = entry.decision is Decision.CONFIRMED
        is_void = confirmed and outcome is not None and outcome.number in voided
    else:
        what, document, list_number, is_void = "voided", "", entry.list_number, False
    return DecisionRow(
        number=one.line.number,
        at=local(one.line.at),
        what=what,
        reason=entry.reason.value,
        document=document,
        list_number=list_number,
        signers=(
            names.get(entry.operator, entry.operator),
            names.get(entry.member, entry.member),
        ),
        is_void=is_void,
    )
