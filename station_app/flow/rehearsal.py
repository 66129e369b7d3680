"""A rehearsal: people who come to the desk one after another and do what their script says.

Runs on the real runner with a scanner whose glass can be touched. It is the demo's queue,
the training lessons' hand, and the end-to-end test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station_app.domain import session_events as events
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import Decision, OutcomeKind, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.domain.roles import Person as Signatory
from station_app.domain.samples import LiveFrame, Meters
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    Idle,
    Recording,
    State,
    Verdict,
    Voided,
)
from station_app.flow.acts import (
    Act,
    CallCommission,
    Decide,
    FindMismatch,
    GivePin,
    Impression,
    Signature,
    TouchAndCancel,
    TouchAndLift,
    TouchAndPull,
)
from station_app.flow.bridge import Bridge
from station_app.flow.parts import Times
from station_app.flow.runner import Runner


class Glass(Protocol):
    """The simulated scanner's outside."""

    def place(self, impression: Impression) -> None:
        """Lay a finger on the glass."""
        ...

    def lift(self) -> None:
        """Take it off."""
        ...

    def unplug(self) -> None:
        """Pull the cable."""
        ...

    def plug_in(self) -> None:
        """Put it back."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the queue: what they do, and how it should end.

    `voter_id` is whom an identification must name; `tries` the images it should take;
    `voided` whether the identification is made void.
    """

    who: str
    acts: tuple[Act, ...]
    outcome: OutcomeKind
    voter_id: str | None = None
    tries: int | None = None
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended. `shown` is the state of the verdict, or of the void, that was shown."""

    person: Person
    outcome: Outcome
    shown: Verdict | Voided | None
    times: Times

    @property
    def as_expected(self) -> bool:
        """True when outcome, voter, tries and void are the person's."""
        person, outcome = self.person, self.outcome
        return (
            outcome.outcome is person.outcome
            and outcome.voter_id == person.voter_id
            and (person.tries is None or outcome.tries == person.tries)
            and isinstance(self.shown, Voided) == person.voided
        )


class Rehearsal:
    """Leads `people` through the desk; an observer of the runner.

    `on_result` is called on the main thread for each person, while the verdict is shown;
    `on_end` after the last. `dwell_s` is how long a verdict stays.
    """

    def __init__(
        self,
        runner: Runner,
        glass: Glass,
        bridge: Bridge,
        people: Sequence[Person],
        on_result: Callable[[Result], None],
        on_end: Callable[[], None],
        dwell_s: float = 0.0,
    ) -> None:
        self._runner = runner
        self._glass = glass
        self._bridge = bridge
        self._queue = list(people)
        self._on_result = on_result
        self._on_end = on_end
        self._dwell_s = dwell_s
        self._person: Person | None = None
        self._acts: list[Act] = []
        self._act: Act | None = None
        self._outcome: Outcome | None = None
        self._answered: int | None = None
        self._over = False

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
        """The moment for acts in mid-capture."""
        act, self._act = self._act, None
        match act:
            case TouchAndLift():
                self._glass.lift()
            case TouchAndPull(away_s=away):
                self._glass.unplug()
                self._glass.lift()
                self._bridge.later(away, self._glass.plug_in)
            case TouchAndCancel():
                self._glass.lift()
                self._bridge.post(lambda: self._runner.handle(events.Cancelled()))
            case _:
                self._act = act

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """Nothing more will happen."""
        self._end()

    def _react(self, ticket: int) -> None:
        state = self._runner.state
        if state.ticket != ticket or self._over:
            return
        match state:
            case Idle() if ticket != self._answered:
                self._answered = ticket
                self._idle()
            case AwaitingSample(touched=False) if ticket != self._answered:
                self._answered = ticket
                self._next_act()
            case AwaitingCommission() if ticket != self._answered and _is_read(state):
                self._answered = ticket
                self._next_act()
            case Verdict(held=False) if state.outcome.outcome is OutcomeKind.IDENTIFIED:
                self._look_at_photo(state)
            case Verdict(held=False) | Voided():
                self._finish(state)
            case Blocked():
                self._end()
            case _:
                pass

    def _idle(self) -> None:
        if self._person is not None and self._outcome is not None:
            self._finish(None)
        if self._person is None:
            if not self._queue:
                self._end()
                return
            self._person = self._queue.pop(0)
            self._acts = list(self._person.acts)
            self._runner.times = Times()
        self._next_act()

    def _next_act(self) -> None:
        self._glass.lift()
        if not self._acts:
            self._runner.handle(events.Cancelled())
            return
        act = self._acts.pop(0)
        match act:
            case GivePin(pin=pin):
                self._runner.handle(events.PinEntered(pin))
            case CallCommission():
                self._runner.handle(events.CommissionCalled())
            case Decide():
                self._decide(act)
            case FindMismatch():
                self._next_act()
            case _:
                self._act = act
                self._glass.place(act.impression)

    def _decide(self, act: Decide) -> None:
        ticket = self._runner.state.ticket
        confirmed = act.decision is Decision.CONFIRMED
        event = events.CommissionConfirmed if confirmed else events.CommissionRefused

        def agreed(persons: tuple[Signatory, ...]) -> None:
            operator, member = persons
            self._runner.handle(event(ticket, act.reason, act.document, operator.id, member.id))

        self._sign(Operation.MANUAL_DECISION, act.signed, agreed)

    def _look_at_photo(self, state: Verdict) -> None:
        act = self._acts.pop(0) if self._acts else None
        if isinstance(act, FindMismatch):
            self._find_mismatch(act)
        else:
            self._finish(state)

    def _find_mismatch(self, act: FindMismatch) -> None:
        ticket = self._runner.state.ticket
        self._runner.handle(events.CommissionCalled())

        def agreed(persons: tuple[Signatory, ...]) -> None:
            operator, member = persons
            reason = VoidReason.PHOTO_MISMATCH
            self._runner.handle(events.VoidConfirmed(ticket, reason, operator.id, member.id))

        self._sign(Operation.PHOTO_MISMATCH, act.signed, agreed)

    def _sign(
        self,
        operation: Operation,
        signed: Signature,
        agreed: Callable[[tuple[Signatory, ...]], None],
    ) -> None:
        """Sign as at the desk; where that is refused, the person goes back undecided."""
        commission = self._runner.commission

        def refused(_fault: KnownError) -> None:
            self._runner.handle(events.Cancelled())

        commission.prove(
            signed.person_id,
            signed.passphrase,
            lambda: commission.approve(operation, agreed, refused),
            refused,
        )

    def _finish(self, shown: Verdict | Voided | None) -> None:
        outcome = shown.outcome if isinstance(shown, Verdict) else self._outcome
        if self._person is None or outcome is None:
            return
        result = Result(self._person, outcome, shown, self._runner.times)
        self._person, self._outcome, self._act = None, None, None
        self._glass.lift()
        self._on_result(result)
        if shown is not None:
            self._bridge.later(self._dwell_s, lambda: self._close(shown))

    def _close(self, shown: Verdict | Voided) -> None:
        """Close this verdict, if nobody has; the next person's stays."""
        if self._runner.state.ticket == shown.ticket:
            self._runner.handle(events.NextPressed())

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._on_end()


def _is_read(state: AwaitingCommission) -> bool:
    """Whether there is nothing to wait for: the record is read, or nobody is named."""
    nobody = state.session.named_row is None and not state.looks_up
    return state.voter is not None or nobody
