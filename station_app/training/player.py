"""The player: leads the people of a script through a real desk, one after another."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_events as events
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import Decision, OutcomeKind, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.roles import Operation
from station_app.domain.roles import Person as Signatory
from station_app.domain.samples import LiveFrame, Meters, position_of
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    Idle,
    Recording,
    State,
    Verdict,
    Voided,
)
from station_app.flow.bridge import Bridge
from station_app.flow.runner import DeskObserver, PersonTimes, Runner
from station_app.synthetic.presets import Preset
from station_app.training.chair import Chair
from station_app.training.script import (
    Act,
    CallCommission,
    Decide,
    FingerTouch,
    GivePin,
    MidCapture,
    QueuePerson,
    ScriptFault,
    ShowFace,
    Signature,
    VisitEnd,
    VisitResult,
)

_CABLE_OUT_S = 0.4
_INTERRUPTED_S = 3.0
"""So long a capture takes that something happens to: it is not over before, on busy cores too."""


class Player(DeskObserver):
    """Leads `people` through the desk; an observer of the runner, on the main thread.

    `chair` is the one before the simulated camera, where there is one. `begin` is called when a
    person steps up, `on_result` for each while the verdict is shown, `on_end` after the last, or
    when the desk breaks or is blocked (`blocked_by` has the code). `dwell_s` is how long a verdict
    stays.
    """

    def __init__(
        self,
        runner: Runner,
        glass: SimulatedFingerScanner,
        bridge: Bridge,
        people: Sequence[QueuePerson],
        on_result: Callable[[VisitResult], None],
        on_end: Callable[[], None] = lambda: None,
        dwell_s: float = 0.0,
        begin: Callable[[QueuePerson], None] = lambda _: None,
        chair: Chair | None = None,
    ) -> None:
        self._runner, self._glass, self._bridge = runner, glass, bridge
        self._shown: ShowFace | None = None
        self._queue = list(people)
        self._on_result, self._on_end, self._begin = on_result, on_end, begin
        self._dwell_s, self._chair = dwell_s, chair
        self._person: QueuePerson | None = None
        self._acts: list[Act] = []
        self._then: MidCapture | None = None
        self._outcome: Outcome | None = None
        self._answered: int | None = None
        self._sessions = self._tries = self._touches = 0
        self._has_shown_document = self._has_looked = self._is_marked = False
        self.is_over = False
        self.blocked_by = ""

    @property
    def left(self) -> int:
        """How many are not done yet."""
        return len(self._queue) + (self._person is not None)

    def start(self) -> None:
        """Let the first person step up once the desk is ready."""
        self._runner.observe(self)
        self.state_changed(self._runner.state)

    def state_changed(self, state: State) -> None:
        """React after everybody has seen the new state."""
        if isinstance(state, Recording):
            self._outcome = state.outcome
        ticket = state.ticket
        self._bridge.post(lambda: self._react(ticket))

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """The moment for what happens in mid-capture."""
        then, self._then = self._then, None
        if then is None:
            return
        if then is MidCapture.UNPLUGGED:
            self._glass.unplug()
            self._bridge.later(_CABLE_OUT_S, self._glass.plug_in)
        if then is MidCapture.CANCELLED:
            self._bridge.post(self._cancel)
        else:
            self._glass.lift()

    def _cancel(self) -> None:
        """Cancel, and lift the finger only then: lifted before, it could be a try."""
        self._runner.handle(events.Cancelled())
        self._glass.lift()

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """Nothing more will happen."""
        self._end()

    def _react(self, ticket: int) -> None:
        state = self._runner.state
        if state.ticket != ticket or self.is_over:
            return
        match state:
            case Idle() | AwaitingSample(touched=False) | AwaitingCommission():
                if ticket != self._answered and _is_read(state):
                    self._answered = ticket
                    self._answer(state)
            case AwaitingFace():
                self._before_camera(state)
            case Verdict(is_again=True):
                if ticket != self._answered:
                    self._answered = ticket
                    self._call_again(state)
            case Verdict(held=False) | Voided():
                self._look(state)
            case Blocked(code=code):
                self.blocked_by = code
                self._end()
            case _:
                pass

    # --- the questions of the desk -------------------------------------------------------

    def _answer(self, state: Idle | AwaitingSample | AwaitingCommission) -> None:
        if isinstance(state, Idle) and not self._step_up():
            return
        self._glass.lift()
        match act := self._next_act(state):
            case None if isinstance(state, Idle):  # has nothing to lay down
                self._finish(None, 0)
                self._answered = None
                self._bridge.post(lambda: self._react(state.ticket))
            case None:
                self._runner.handle(events.Cancelled())
            case GivePin(pin=pin):
                self._has_shown_document = True
                self._runner.handle(events.PinEntered(pin))
            case CallCommission():
                self._runner.handle(events.CommissionCalled())
            case Decide():
                self._decide(act)
            case FingerTouch():
                self._then = act.then
                self._glass.place(act.impression, seconds=_INTERRUPTED_S if act.then else 0.0)
            case ShowFace() if self._chair is None:
                self._runner.handle(events.Cancelled())
            case ShowFace():
                self._acts.insert(0, act)  # sits down when the desk asks for the face
                self._runner.handle(events.FaceCalled())

    # --- before the camera ---------------------------------------------------------------

    def _before_camera(self, state: AwaitingFace) -> None:
        """Sit down, stay for another try, and answer for the operator once that is possible."""
        if state.ticket != self._answered:
            self._answered = state.ticket
            if self._shown is None or state.failed is None:
                self._sit(self._acts[0] if self._acts else None)
        elif self._shown is not None and state.may_answer(same=True):
            self._runner.handle(events.FaceAnswered(self._shown.same))

    def _sit(self, act: Act | None) -> None:
        match act:
            case ShowFace() if self._chair is not None:
                self._shown = act
                del self._acts[0]
                self._chair.sit(act.face, act.cheat)
            case GivePin(pin=pin):
                del self._acts[0]
                self._runner.handle(events.PinEntered(pin))
            case CallCommission():
                del self._acts[0]
                self._runner.handle(events.CommissionCalled())
            case None if (person := self._person) is not None and person.insists:
                self._show_own(person)
            case _:
                self._runner.handle(events.CommissionCalled())

    def _show_own(self, person: QueuePerson) -> None:
        """Whoever has no face to show does not turn the head."""
        if person.face is None or self._chair is None:
            self._runner.handle(events.TurnRefused())
            return
        self._shown = ShowFace(person.face, person.is_same_face)
        self._chair.sit(person.face)

    def _step_up(self) -> bool:
        """Whether somebody is at the desk, where a session may begin."""
        if self._person is not None and self._outcome is not None:
            self._tries += self._outcome.tries
            outcome, self._outcome = self._outcome, None
            over = OutcomeKind.ABANDONED, OutcomeKind.REFUSED
            # A session that the scanner's loss has ended is begun again.
            if not self._person.insists or outcome.outcome in over:
                self._finish(outcome, self._runner.last_outcome)
        if self._person is None:
            if not self._queue:
                self._end()
                return False
            self._person = self._queue.pop(0)
            self._acts = list(self._person.acts)
            self._sessions = self._tries = self._touches = 0
            self._has_shown_document = self._has_looked = self._is_marked = False
            self._runner.times = PersonTimes()
            self._begin(self._person)
            if not self._person.ends:  # is not sent to the desk
                self._finish(None, 0)
                return self._step_up()
        self._sessions += 1
        return True

    def _next_act(self, state: Idle | AwaitingSample | AwaitingCommission) -> Act | None:
        person = self._person
        if isinstance(state, AwaitingCommission):
            self._is_marked |= state.is_marked or state.why is CommissionWhy.MARKED
        if self._acts:
            return self._acts.pop(0)
        if person is None or not person.insists:
            return None
        if isinstance(state, AwaitingCommission):
            if state.voter is None and person.pin and not self._has_shown_document:
                return GivePin(person.pin)
            if state.voter is None and person.decided is not None:
                return replace(person.decided, decision=Decision.REFUSED)
            return person.decided
        if isinstance(state, Idle) and self._sessions > 1 and person.pin:
            return GivePin(person.pin)
        asked = state.asked if isinstance(state, Idle) else state.session.asked
        return self._touch(position_of(asked))

    def _touch(self, asked: FingerPosition) -> FingerTouch | None:
        assert self._person is not None
        if self._person.hand is None:
            return None
        self._touches += 1
        is_pulled = self._person.fault is ScriptFault.SCANNER_PULLED and self._touches == 1
        try:
            impression = self._person.hand.finger(asked, Preset.GOOD, self._touches)
        except KnownError:
            return None  # no image of this finger: they leave
        return FingerTouch(impression, MidCapture.UNPLUGGED if is_pulled else None)

    def _decide(self, act: Decide) -> None:
        confirmed = act.decision is Decision.CONFIRMED
        state, whom = self._runner.state, None
        if isinstance(state, AwaitingCommission) and state.voter is None:
            whom = None if self._person is None else self._person.voter_id
            confirmed &= whom in [one.voter.voter_id for one in state.proposed]
        known = state.ticket, act.reason, act.document

        def said(operator: str, member: str) -> events.Event:
            if confirmed:
                return events.CommissionConfirmed(*known, operator, member, whom)
            return events.CommissionRefused(*known, operator, member)

        self._sign(Operation.MANUAL_DECISION, act.signed, said)

    # --- the verdict ---------------------------------------------------------------------

    def _look(self, shown: Verdict | Voided) -> None:
        """Act on a verdict: void it, come again, or leave."""
        person, outcome = self._person, self._outcome
        if person is None or outcome is None:
            return
        if isinstance(shown, Voided):
            self._tries += outcome.tries
            self._finish(outcome, shown.void.entry, voided=True)
        elif outcome.outcome is OutcomeKind.IDENTIFIED and person.mismatch and not self._has_looked:
            self._has_looked = True
            self._make_void(person.mismatch)
            return
        else:
            self._outcome = None
            self._tries += outcome.tries
            is_lost = outcome.outcome is OutcomeKind.NOT_ON_LIST and not self._has_shown_document
            if not (is_lost and person.insists and person.pin):
                self._finish(outcome, shown.entry)
        self._glass.lift()
        self._bridge.later(self._dwell_s, lambda: self._close(shown.ticket))

    def _call_again(self, shown: Verdict) -> None:
        """Who called the commission sees the last STOP: close it, the second call is for them."""
        self._acts.insert(0, CallCommission())
        self._sessions -= 1
        self._bridge.later(self._dwell_s, lambda: self._close(shown.ticket))

    def _make_void(self, signed: Signature) -> None:
        said = partial(events.VoidConfirmed, self._runner.state.ticket, VoidReason.PHOTO_MISMATCH)
        self._runner.handle(events.CommissionCalled())
        self._sign(Operation.PHOTO_MISMATCH, signed, said)

    def _sign(
        self, operation: Operation, signed: Signature, said: Callable[[str, str], events.Event]
    ) -> None:
        """Sign as at the desk; where that is refused, the person goes back undecided."""
        commission = self._runner.commission

        def agreed(persons: tuple[Signatory, ...]) -> None:
            operator, member = persons
            self._runner.handle(said(operator.id, member.id))

        def refused(_fault: KnownError) -> None:
            self._runner.handle(events.Cancelled())

        def proved() -> None:
            commission.approve(operation, agreed, refused)

        commission.prove(signed.person_id, signed.passphrase, proved, refused)

    def _finish(self, outcome: Outcome | None, entry: int, *, voided: bool = False) -> None:
        assert self._person is not None
        person, self._person, self._outcome = self._person, None, None
        self._acts, self._then, self._shown = [], None, None
        end = VisitEnd(
            visit=person.number,
            outcome=None if outcome is None else outcome.outcome,
            entry=entry,
            voter_id=None if outcome is None else outcome.voter_id,
            voided=voided,
            sessions=self._sessions,
            tries=self._tries,
            is_marked=self._is_marked,
            **{name: round(ms, 3) for name, ms in asdict(self._runner.times).items()},
        )
        self._on_result(VisitResult(person, end))

    def _close(self, ticket: int) -> None:
        """Close this verdict, if nobody has; the next person's stays."""
        if self._runner.state.ticket == ticket:
            self._runner.handle(events.NextPressed())

    def _end(self) -> None:
        if not self.is_over:
            self.is_over = True
            self._on_end()


def _is_read(state: Idle | AwaitingSample | AwaitingCommission) -> bool:
    """Whether there is nothing to wait for: the record is read, or nobody is named."""
    if not isinstance(state, AwaitingCommission):
        return True
    nobody = state.session.named_row is None and not state.looks_up and not state.unread
    return state.voter is not None or nobody
