"""The exam: twenty voters, no steps and no hints; judged by what the journal says of each."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from station_app.domain.entries import (
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
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault, ExamLine, ExamSheet
from station_app.domain.session_states import (
    DecidingStop,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Resting,
    Reviewing,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from station_app.flow.runner import DeskObserver
from station_app.training.exam_draw import ExamDraw, ExamVoter
from station_app.training.exam_view import ExamCard, ExamView

_UNDECIDED = (OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED)
"""Outcomes that decide nothing about the person."""
_IN_PASSING = (LookingUp, Matching, Reviewing, Recording, Voiding, DecidingStop)
"""States of the machine alone: an entry of theirs must not meet the next voter."""
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


class Exam(DeskObserver):
    """Keeps who stands at the desk, and what is done with them; on the main thread.

    An observer of the runner; whoever makes it also tells `entry_written` of every entry, before
    the state that follows from it. `clock` gives monotonic seconds. `changed` is called when `view`
    is another one; `comes` when a voter steps up, to let their device fail.
    """

    def __init__(
        self,
        draw: ExamDraw,
        begun: datetime,
        clock: Callable[[], float] = time.monotonic,
        changed: Callable[[], None] = lambda: None,
        comes: Callable[[ExamVoter], None] = lambda _: None,
    ) -> None:
        self.draw = draw
        self._begun, self._clock = begun, clock
        self._changed, self._comes = changed, comes
        self._visits: list[Visit] = []
        self._portraits: dict[int, bytes] = {}
        self._state: State | None = None
        self._has_paper = True
        self._is_preparing = True
        self._sheet: ExamSheet | None = None

    @property
    def voter(self) -> ExamVoter | None:
        """Who stands at the desk; nobody before the first, and once it is over."""
        visit = self._visit
        return None if visit is None else visit.voter

    @property
    def is_over(self) -> bool:
        """Whether there is a sheet."""
        return self._sheet is not None

    @property
    def view(self) -> ExamView:
        """What is shown now."""
        visit, of = self._visit, len(self.draw.voters)
        is_busy = isinstance(self._state, _IN_PASSING) or self._state is None
        return ExamView(
            number=len(self._visits),
            of=of,
            card=None if visit is None else self._card(visit.voter),
            is_preparing=self._is_preparing,
            may_call=not self._is_preparing and not self.is_over and not is_busy,
            is_free=_is_ready(self._state),
            is_last=len(self._visits) == of,
            sheet=self._sheet,
        )

    # --- what happens ----------------------------------------------------------------------

    def begin(self) -> None:
        """What happened earlier today is written; the first voter may be called."""
        self._is_preparing = False
        self._changed()

    def call_next(self) -> ExamVoter | None:
        """The voter at the desk leaves, and the next steps up; None where nobody is left.

        Does nothing while the machine has the word (`ExamView.may_call`).
        """
        if not self.view.may_call:
            return self.voter
        self._leave()
        number = len(self._visits)
        if number == len(self.draw.voters):
            return None
        voter = self.draw.voters[number]
        self._visits.append(Visit(voter, self._clock()))
        self._comes(voter)
        self._changed()
        return voter

    def finish(self, language: str) -> ExamSheet:
        """The sheet: of those who came, also where others are left."""
        if self._sheet is None:
            self._leave()
            lines = tuple(
                ExamLine(
                    visit.voter.number,
                    visit.voter.case,
                    round(visit.seconds, 1),
                    errors_of(visit, voided=self._voided()),
                    visit.voter.fault,
                )
                for visit in self._visits
            )
            voters = len(self.draw.voters)
            self._sheet = ExamSheet(self.draw.seed, self._begun, language, voters, lines)
            self._changed()
        return self._sheet

    def entry_written(self, number: int, entry: Entry) -> None:
        """An entry is durable: it counts for who stands at the desk."""
        if (visit := self._visit) is not None:
            visit.entries[number] = entry

    def paper_is_in(self, *, is_in: bool) -> None:
        """The printer has paper, or has none."""
        self._has_paper = is_in

    def show_portrait(self, number: int, jpeg: bytes) -> None:
        """The face of voter `number` is drawn."""
        self._portraits[number] = jpeg
        if self.voter is not None and self.voter.number == number:
            self._changed()

    def state_changed(self, state: State) -> None:
        """Ready ends a voter's time, unless another session follows."""
        was_ready, self._state = _is_ready(self._state), state
        visit = self._visit
        if visit is not None and _is_ready(state) and not was_ready and visit.outcomes():
            visit.ready_at = self._clock()
        self._changed()

    # --- who stands there --------------------------------------------------------------------

    @property
    def _visit(self) -> Visit | None:
        if not self._visits or self._visits[-1].left_at is not None:
            return None
        return self._visits[-1]

    def _leave(self) -> None:
        if (visit := self._visit) is None:
            return
        visit.left_at = self._clock()
        visit.left_open = not _is_ready(self._state) and not isinstance(
            self._state, Verdict | Voided
        )
        visit.without_paper = not self._has_paper

    def _voided(self) -> set[int]:
        return {number for visit in self._visits for number in visit.voids()}

    def _card(self, voter: ExamVoter) -> ExamCard:
        return ExamCard(
            self._portraits.get(voter.number, b""),
            voter.face.sex,
            voter.face.age,
            voter.document,
            voter.says,
        )


def _is_ready(state: State | None) -> bool:
    """Whether nobody's session is under way, and none is shown."""
    if isinstance(state, WaitingForScanner):
        return state.session is None
    return isinstance(state, Idle | Resting)


# --- judging -----------------------------------------------------------------------------------


def errors_of(visit: Visit, voided: Iterable[int] = ()) -> tuple[ExamError, ...]:
    """What was done wrongly with a voter, the gravest first; each kind once.

    `voided` are the entries made void at any time in the exam.
    """
    gone = {*voided, *visit.voids()}
    standing = [one for number, one in visit.outcomes().items() if _stands(number, one, gone)]
    found = {*_about_identity(visit, standing), *_about_signing(visit, standing)}
    if _was_stopped_after(visit):
        found.add(ExamError.IDENTIFIED_TWICE)
    if visit.left_open:
        found.add(ExamError.LEFT_OPEN)
    if visit.without_paper and standing:
        found.add(ExamError.NO_SLIP)
    return tuple(one for one in ExamError if one in found)


def _stands(number: int, outcome: Outcome, gone: set[int]) -> bool:
    return outcome.outcome is OutcomeKind.IDENTIFIED and number not in gone


def _about_identity(visit: Visit, standing: list[Outcome]) -> Iterable[ExamError]:
    """Who was let in, and who was not."""
    voter, rule = visit.voter, visit.voter.rule
    own = [one for one in standing if one.voter_id == voter.person.voter_id]
    is_decided = any(one.outcome not in _UNDECIDED for one in visit.outcomes().values())
    if len(own) < len(standing):
        yield ExamError.WRONG_PERSON_LET_IN
    if voter.case is ExamCase.OTHER_PHOTO:
        if own:
            yield ExamError.VOID_MISSED
        elif not is_decided:
            yield ExamError.GIVEN_UP
        return
    if own and not rule.is_let_in:
        yield ExamError.WRONG_PERSON_LET_IN
    if standing or _is_right_end(visit):
        return
    if not is_decided:
        yield ExamError.GIVEN_UP
    elif rule.decision is not None and not _decisions(visit):
        yield ExamError.COMMISSION_NOT_ASKED
    elif rule.is_let_in:
        yield ExamError.RIGHT_PERSON_SENT_AWAY


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
    seen = {one.document for one in decisions if one.decision is Decision.CONFIRMED}
    if voter.document is None or not seen <= {voter.document.seen}:
        if seen:
            yield ExamError.WRONG_DOCUMENT


def _decisions(visit: Visit) -> list[CommissionDecision]:
    return [one for one in visit.entries.values() if isinstance(one, CommissionDecision)]


def _was_stopped_after(visit: Visit) -> bool:
    """Whether a session stopped the voter by an identification of the same visit."""
    return any(one.first_entry in visit.entries for one in visit.outcomes().values())
