"""How a voter of an exam was dealt with, judged by what the journal says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CommissionDecision,
    Entry,
    Outcome,
    OutcomeVoided,
    StopDecided,
)
from station_app.domain.entry_codes import (
    Decision,
    ManualReason,
    Method,
    OutcomeKind,
    StopFinding,
)
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault
from station_app.training.exam_draw import ExamVoter

_UNDECIDED = (OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED)
"""Outcomes that decide nothing about the person."""
_FITS_STOP = (StopFinding.SAME_PERSON, StopFinding.OTHER)


@dataclass(slots=True)
class Visit:
    """What was done with a voter, who came at `since` (seconds of the exam's clock).

    `entries` were written while they stood at the desk, by number. `ready_at` is the last Ready
    after a session, `left_at` when the next voter was called; `left_open`: in mid-session then.
    `without_paper`: the printer had none when they left.
    """

    voter: ExamVoter
    since: float
    entries: dict[int, Entry] = field(default_factory=dict)
    ready_at: float | None = None
    left_at: float | None = None
    left_open: bool = False
    without_paper: bool = False

    def outcomes(self) -> dict[int, Outcome]:
        """How its sessions ended, by entry."""
        return {
            number: entry for number, entry in self.entries.items() if isinstance(entry, Outcome)
        }

    def voids(self) -> set[int]:
        """The entries that were made void in it."""
        return {one.entry for one in self.entries.values() if isinstance(one, OutcomeVoided)}

    @property
    def seconds(self) -> float:
        """From stepping up to the last Ready; to leaving, where none came."""
        ends = self.ready_at if self.ready_at is not None else self.left_at
        return 0.0 if ends is None else ends - self.since


def errors_of(visit: Visit, voided: Iterable[int] = ()) -> tuple[ExamError, ...]:
    """What was done wrongly with a voter, the gravest first; each kind once.

    `voided` are the entries made void at any time in the exam.
    """
    standing = _standing(visit, {*voided, *visit.voids()})
    found = {*_about_identity(visit, standing), *_about_signing(visit, standing)}
    if _was_stopped_after(visit):
        found.add(ExamError.IDENTIFIED_TWICE)
    if visit.left_open:
        found.add(ExamError.LEFT_OPEN)
    if visit.without_paper and standing:
        found.add(ExamError.NO_SLIP)
    return tuple(one for one in ExamError if one in found)


def _standing(visit: Visit, gone: set[int]) -> list[Outcome]:
    """The identifications of a visit, without those made void."""
    found = visit.outcomes().items()
    return [
        one for number, one in found if one.outcome is OutcomeKind.IDENTIFIED and number not in gone
    ]


def _about_identity(visit: Visit, standing: list[Outcome]) -> Iterable[ExamError]:
    """Who was let in, and who was not."""
    voter, rule = visit.voter, visit.voter.rule
    own = [one for one in standing if one.voter_id == voter.person.voter_id]
    is_decided = any(one.outcome not in _UNDECIDED for one in visit.outcomes().values())
    if len(own) < len(standing):
        yield ExamError.WRONG_PERSON_LET_IN
    if voter.case is ExamCase.OTHER_PHOTO:
        if _standing(visit, visit.voids()):  # a void in the day log comes too late
            yield ExamError.VOID_MISSED
        elif not is_decided:
            yield ExamError.GIVEN_UP
        return
    if own and not rule.is_let_in:
        yield ExamError.WRONG_PERSON_LET_IN
    if _is_admitted(visit):
        yield ExamError.WRONG_PERSON_LET_IN
    if standing or _is_right_end(visit):
        return
    if not is_decided:
        yield ExamError.GIVEN_UP
    elif rule.decision is not None and not _decisions(visit):
        yield ExamError.COMMISSION_NOT_ASKED
    elif rule.is_let_in:
        yield ExamError.RIGHT_PERSON_SENT_AWAY


def _is_admitted(visit: Visit) -> bool:
    """Whether a ballot was allowed by a court's order or a supplementary list, which nobody of an
    exam has, and it still is.
    """
    undone = {one.entry for one in visit.entries.values() if isinstance(one, ActUndone)}
    acts = (number for number, one in visit.entries.items() if isinstance(one, Admitted))
    return any(number not in undone for number in acts)


def _is_right_end(visit: Visit) -> bool:
    """Whether the voter was rightly sent away."""
    rule = visit.voter.rule
    if rule.is_let_in:
        return False
    decided = any(one.decision is rule.decision for one in _decisions(visit))
    return decided or any(one.outcome in rule.ends for one in visit.outcomes().values())


def _about_signing(visit: Visit, standing: list[Outcome]) -> Iterable[ExamError]:
    """What two persons have signed."""
    voter, rule = visit.voter, visit.voter.rule
    decisions = _decisions(visit)
    reasons = {one.reason for one in decisions}
    needs_help = voter.fault in (ExamFault.SCANNER_OUT, ExamFault.CAMERA_OUT)
    is_excused = needs_help and reasons == {ManualReason.EQUIPMENT}
    by_commission = [one for one in standing if one.method is Method.COMMISSION]
    if by_commission and rule.is_let_in and not rule.may_decide and not is_excused:
        yield ExamError.COMMISSION_TOO_EARLY
    if rule.reasons and not reasons <= {*rule.reasons} and not is_excused:
        yield ExamError.WRONG_REASON
    found = [one.finding for one in visit.entries.values() if isinstance(one, StopDecided)]
    if any(one not in _FITS_STOP for one in found):
        yield ExamError.WRONG_REASON
    held = set() if voter.document is None else {voter.document.seen}
    if any(one.document not in held for one in decisions if one.decision is Decision.CONFIRMED):
        yield ExamError.WRONG_DOCUMENT


def _decisions(visit: Visit) -> list[CommissionDecision]:
    return [one for one in visit.entries.values() if isinstance(one, CommissionDecision)]


def _was_stopped_after(visit: Visit) -> bool:
    """Whether a session stopped the voter by an identification of the same visit."""
    return any(one.first_entry in visit.entries for one in visit.outcomes().values())
