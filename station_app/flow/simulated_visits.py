"""Leads the visits of a planned day through a desk, and says how each ended.

The people adapt as people do: they lay down the finger that is asked for, come back with a
document when a finger alone did not find them, and call the commission when nothing helps.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from station_app.domain import session_events as events
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import DocumentSeen, ManualReason, OutcomeKind, VoidReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.roles import Operation
from station_app.domain.samples import LiveFrame, Meters, position_of
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    Idle,
    Recording,
    Session,
    State,
    Verdict,
    Voided,
)
from station_app.flow.acts import Impression
from station_app.flow.bridge import Bridge
from station_app.flow.day_plan import Case, Fault, Visit
from station_app.flow.demo_queue import NOT_ENROLLED, UNKNOWN_PIN
from station_app.flow.parts import Times
from station_app.flow.rehearsal import Glass
from station_app.flow.runner import Runner
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset

_SHOWS_DOCUMENT: Final = (
    Case.WITH_DOCUMENT, Case.AGAIN_WITH_DOCUMENT, Case.ANOTHERS_DOCUMENT, Case.UNKNOWN_DOCUMENT,
    Case.WORN, Case.WORN_REFUSED, Case.CANCELLED,
)  # fmt: skip
_REFUSED: Final = (
    Case.WORN_REFUSED, Case.ANOTHERS_DOCUMENT, Case.STRANGER, Case.AGAIN_OTHER_NUMBER,
)  # fmt: skip
_WORN: Final = (Case.WORN, Case.WORN_REFUSED)
_PRESSES: Final = ((0.60, Preset.GOOD), (0.92, Preset.FAIR), (1.0, Preset.POOR))
_CABLE_OUT_S: Final = 0.3


class Surroundings(Protocol):
    """What the plan does around the desk."""

    def begin(self, visit: Visit) -> None:
        """A visit begins: its time and its faults hold from now on."""
        ...

    def mend(self, visit: Visit) -> None:
        """The visit is over: what was broken around it is put right."""
        ...


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """How a visit ended: its last session's outcome, entry `entry` of the journal.

    `sessions` and `tries` count the whole way there, `times` too; `voided` says that the
    identification was made void in the same visit, `is_marked` that the desk sent this person to
    the commission because somebody identified may have the same finger.
    """

    visit: Visit
    outcome: Outcome
    entry: int
    sessions: int
    tries: int
    voided: bool
    is_marked: bool
    times: Times


class SimulatedVisits:
    """An observer of the runner that is everybody in the queue, one after another.

    `precinct` are the people as the list in use knows them; whoever is not to come to the desk is
    not in `visits`. `sign` gives the ids of the operator and the member who agree to an operation.
    """

    def __init__(
        self,
        runner: Runner,
        glass: Glass,
        bridge: Bridge,
        precinct: Precinct,
        visits: Sequence[Visit],
        around: Surroundings,
        sign: Callable[[Operation], tuple[str, str]],
        on_end: Callable[[VisitEnd], None],
    ) -> None:
        self._runner, self._glass, self._bridge = runner, glass, bridge
        self._precinct, self._queue, self._around = precinct, list(visits), around
        self._sign, self._on_end = sign, on_end
        self._visit: Visit | None = None
        self._answered: int | None = None
        self._outcome: Outcome | None = None
        self._void_of: tuple[Outcome, int]
        self._sessions = self._tries = self._presses = 0
        self._has_shown_document = self._pulls = self._is_marked = False
        self.is_over = False
        self.blocked_by = ""

    @property
    def left(self) -> int:
        """How many are not done yet."""
        return len(self._queue) + (self._visit is not None)

    def start(self) -> None:
        """Let the first one step up."""
        self._runner.observe(self)
        self.state_changed(self._runner.state)

    def state_changed(self, state: State) -> None:
        """React after everybody has seen the new state."""
        if isinstance(state, Recording):
            self._outcome = state.outcome
        ticket = state.ticket
        self._bridge.post(lambda: self._react(ticket))

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """The moment at which a cable is pulled."""
        if self._pulls:
            self._pulls = False
            self._glass.unplug()
            self._glass.lift()
            self._bridge.later(_CABLE_OUT_S, self._glass.plug_in)

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """Nothing more will happen."""
        self.is_over = True

    def _react(self, ticket: int) -> None:
        state = self._runner.state
        if state.ticket != ticket or ticket == self._answered or self.is_over:
            return
        match state:
            case Idle():
                self._answered = ticket
                self._at_idle(state)
            case AwaitingSample(touched=False):
                self._answered = ticket
                self._lay_finger(state)
            case AwaitingCommission(voter=None, session=Session(named_row=int())):
                pass  # the record is being read
            case AwaitingCommission():
                self._answered = ticket
                self._commission(state)
            case Verdict():
                self._answered = ticket
                self._told(state)
            case Voided():
                self._answered = ticket
                self._glass.lift()
                self._end(*self._void_of, voided=True)
                self._bridge.post(lambda: self._close(ticket))
            case Blocked(code=code):
                self.is_over, self.blocked_by = True, code
            case _:
                pass

    # --- one visit -----------------------------------------------------------------------

    def _at_idle(self, state: Idle) -> None:
        if self._visit is not None and self._outcome is not None:
            self._ended_without_verdict()
        if self._visit is None:
            if not self._queue:
                self.is_over = True
                return
            self._begin(self._queue.pop(0))
        self._step_up(position_of(state.asked))

    def _begin(self, visit: Visit) -> None:
        self._visit = visit
        self._outcome = None
        self._sessions = self._tries = 0
        self._has_shown_document = self._is_marked = False
        self._pulls = visit.fault is Fault.SCANNER_PULLED
        self._runner.times = Times()
        self._around.begin(visit)

    def _step_up(self, asked: FingerPosition) -> None:
        visit = self._visit
        assert visit is not None
        self._sessions += 1
        self._outcome = None
        if visit.case in _SHOWS_DOCUMENT or self._sessions > 1:
            self._show_document()
        else:
            self._press(asked)

    def _show_document(self) -> None:
        visit = self._visit
        assert visit is not None
        self._has_shown_document = True
        row = visit.row if visit.document_row is None else visit.document_row
        pin = UNKNOWN_PIN if row is None else self._precinct.voters[row].pin
        self._runner.handle(events.PinEntered(pin))

    def _lay_finger(self, state: AwaitingSample) -> None:
        visit = self._visit
        assert visit is not None
        if visit.case is Case.CANCELLED:
            self._runner.handle(events.Cancelled())
        else:
            self._press(position_of(state.session.asked))

    def _press(self, asked: FingerPosition) -> None:
        self._glass.lift()
        self._presses += 1
        self._glass.place(self._impression(asked, self._presses))

    def _impression(self, asked: FingerPosition, press: int) -> Impression:
        visit, precinct = self._visit, self._precinct
        assert visit is not None
        rng = random.Random(f"press {precinct.seed} {visit.number} {press}")  # noqa: S311
        chance = rng.random()
        preset = next(preset for limit, preset in _PRESSES if chance <= limit)
        if visit.case in _WORN:
            # A dry print of a finger that is not enrolled: nothing the machine could match.
            asked, preset = NOT_ENROLLED, Preset.DRY
        if visit.case is Case.AGAIN_OTHER_FINGER and len(precinct.fingers) > 1:
            asked = next(one for one in precinct.fingers if one is not asked)
        # Never the image that was enrolled, and another one at each touch.
        number = 1 + visit.number * 16 + press % 16
        if visit.row is None:
            return lambda: precinct.stranger(visit.stranger, asked, number, preset)
        row = visit.row
        return lambda: precinct.impression(row, asked, number, preset)

    def _commission(self, state: AwaitingCommission) -> None:
        visit, runner = self._visit, self._runner
        assert visit is not None
        self._glass.lift()
        self._is_marked |= state.is_marked or state.why is CommissionWhy.MARKED
        if state.voter is None and not self._has_shown_document and visit.row is not None:
            self._show_document()
            return
        signed = self._sign(Operation.MANUAL_DECISION)
        said = (ManualReason.WORN, DocumentSeen.PASSPORT, *signed)
        if visit.case in _REFUSED or state.voter is None:
            runner.handle(events.CommissionRefused(state.ticket, *said))
        else:
            runner.handle(events.CommissionConfirmed(state.ticket, *said))

    def _told(self, verdict: Verdict) -> None:
        visit = self._visit
        assert visit is not None
        outcome = verdict.outcome
        self._tries += outcome.tries
        self._glass.lift()
        lost = outcome.outcome is OutcomeKind.NOT_ON_LIST and not self._has_shown_document
        identified = outcome.outcome is OutcomeKind.IDENTIFIED
        if identified and visit.case is Case.PHOTO_MISMATCH:
            self._void_of = outcome, verdict.entry
            said = (VoidReason.PHOTO_MISMATCH, *self._sign(Operation.PHOTO_MISMATCH))
            self._runner.handle(events.CommissionCalled())
            self._runner.handle(events.VoidConfirmed(self._runner.state.ticket, *said))
            return
        if lost and visit.row is not None:
            self._outcome = None
        else:
            self._end(outcome, verdict.entry, voided=False)
        self._bridge.post(lambda: self._close(verdict.ticket))

    def _close(self, ticket: int) -> None:
        if self._runner.state.ticket == ticket:
            self._runner.handle(events.NextPressed())

    def _ended_without_verdict(self) -> None:
        visit, outcome, entry = self._visit, self._outcome, self._runner.last_outcome
        assert visit is not None
        assert outcome is not None
        self._tries += outcome.tries
        # A session that the scanner's loss has ended is begun again.
        if outcome.outcome in (OutcomeKind.ABANDONED, OutcomeKind.REFUSED):
            self._end(outcome, entry, voided=False)

    def _end(self, outcome: Outcome, entry: int, *, voided: bool) -> None:
        visit = self._visit
        assert visit is not None
        self._around.mend(visit)
        self._visit, self._outcome = None, None
        self._on_end(
            VisitEnd(
                visit,
                outcome,
                entry,
                self._sessions,
                self._tries,
                voided,
                self._is_marked,
                self._runner.times,
            )
        )
