"""The exam: twenty voters, no steps and no hints."""

import time
from collections.abc import Callable
from datetime import datetime

from station_app.domain.entries import Entry
from station_app.domain.exam_sheet import ExamLine, ExamSheet
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
from station_app.training.exam_judging import Visit, errors_of
from station_app.training.exam_view import ExamCard, ExamView

_IN_PASSING = (LookingUp, Matching, Reviewing, Recording, Voiding, DecidingStop)
"""States of the machine alone: an entry of theirs must not meet the next voter."""


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
        self._is_called = False
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
    def is_left(self) -> bool:
        """Whether everybody has come and gone."""
        return self._visit is None and len(self._visits) == len(self.draw.voters)

    @property
    def view(self) -> ExamView:
        """What is shown now."""
        visit, of = self._visit, len(self.draw.voters)
        return ExamView(
            number=len(self._visits),
            of=of,
            card=None if visit is None else self._card(visit.voter),
            is_preparing=self._is_preparing,
            may_call=not self._is_preparing and not self.is_over,
            is_free=_is_ready(self._state),
            is_last=len(self._visits) == of,
            sheet=self._sheet,
        )

    # --- what happens ----------------------------------------------------------------------

    def begin(self) -> None:
        """What happened earlier today is written; the first voter may be called."""
        self._is_preparing = False
        self._changed()

    def call_next(self) -> None:
        """The voter at the desk leaves, and the next steps up; nobody, where none is left.

        While the machine has the word this waits for it.
        """
        if not self.view.may_call:
            return
        if isinstance(self._state, _IN_PASSING):
            self._is_called = True
            return
        self._is_called = False
        self._leave()
        number = len(self._visits)
        if number < len(self.draw.voters):
            voter = self.draw.voters[number]
            self._visits.append(Visit(voter, self._clock()))
            self._comes(voter)
        self._changed()

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
        if self._is_called:
            self.call_next()
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
