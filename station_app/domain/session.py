"""The session machine: one pure function from a state and an event to the next state.

`step` never looks at a clock, a device or a file. What it wants done it returns as
effects; what was done comes back as events. Two rules hold for every state:

* An answer counts only in the state object that asked for it: its ticket must be the
  state's own. A slow match for one voter can never reach another voter's session.
* A verdict is reached only from `Recording`, and only by `EntryWritten`: nothing is said
  before it is durable.

Every pair of state and event is decided by name; `assert_never` makes mypy prove it.
"""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_ends as ends
from station_app.domain import session_moves as moves
from station_app.domain.entries import DeviceReturned, SessionStarted
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
    Append,
    AppendFailed,
    Cancelled,
    Captured,
    CaptureFailed,
    EntryRefused,
    EntryWritten,
    Event,
    FingerChosen,
    FingerLifted,
    FingerTouched,
    JournalResumed,
    Matched,
    NextPressed,
    PartFailed,
    PinEntered,
    PinFound,
    PinUnknown,
    ResumeJournal,
    RetryPressed,
    ScannerLost,
    ScannerReturned,
    StartTimer,
    TimeOver,
    VoterRead,
)
from station_app.domain.session_moves import SCANNER, Step
from station_app.domain.session_states import (
    AwaitingFinger,
    Blocked,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Reviewing,
    Session,
    State,
    Verdict,
    WaitingForScanner,
)


def begin(next_session: int, policy: Policy) -> Step:
    """The desk's first state; sessions are numbered on from `next_session`."""
    return moves.ready(0, next_session, policy)


def step(state: State, event: Event, policy: Policy) -> Step:
    """The next state, and what to do on the way to it."""
    if isinstance(event, AppendFailed):
        return moves.append_failed(state, event, policy)
    ticket = getattr(event, "ticket", state.ticket)
    if ticket != state.ticket:
        return state, ()
    match state:
        case Idle():
            return _in_idle(state, event, policy)
        case LookingUp():
            return _in_looking_up(state, event, policy)
        case AwaitingFinger():
            return _in_awaiting_finger(state, event, policy)
        case Matching():
            return _in_matching(state, event, policy)
        case Reviewing():
            return _in_reviewing(state, event, policy)
        case Recording():
            return _in_recording(state, event, policy)
        case Verdict():
            return _in_verdict(state, event, policy)
        case WaitingForScanner():
            return _in_waiting_for_scanner(state, event, policy)
        case Blocked():
            return _in_blocked(state, event, policy)
        case _:
            assert_never(state)


_Rest = (
    PinEntered | FingerChosen | Cancelled | NextPressed | RetryPressed | FingerTouched | Captured
    | CaptureFailed | ScannerLost | ScannerReturned | FingerLifted | PinFound | PinUnknown
    | Matched | VoterRead | EntryWritten | EntryRefused | JournalResumed | TimeOver
    | PartFailed
)  # fmt: skip
"""Every event but AppendFailed, which is decided before the states are asked."""


def _in_idle(state: Idle, event: _Rest, policy: Policy) -> Step:
    session = Session(number=state.next_session, finger=state.finger)
    started = Append(None, SessionStarted(session.number))
    match event:
        case FingerTouched():
            return AwaitingFinger(state.ticket, session, touched=True), (started,)
        case Captured():
            after, effects = moves.examine(state.ticket, session, event)
            return after, (started, *effects)
        case CaptureFailed():
            return moves.arm_idle(state)
        case PinEntered():
            after, effects = moves.look_up(state.ticket, session, event.pin)
            return after, (started, *effects)
        case FingerChosen():
            return replace(state, finger=event.finger), ()
        case ScannerLost():
            return moves.lose_scanner(state.ticket, state.next_session)
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            Cancelled() | NextPressed() | RetryPressed() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | VoterRead() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_looking_up(state: LookingUp, event: _Rest, policy: Policy) -> Step:
    match event:
        case PinFound():
            return moves.arm(state.ticket, replace(state.session, named_row=event.row), None)
        case PinUnknown():
            return moves.record(
                state.ticket, ends.pin_unknown(state.session, policy), state.session
            )
        case Cancelled():
            return moves.abandon(state, policy)
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | FingerTouched()
            | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned() | FingerLifted()
            | Matched() | VoterRead() | EntryWritten() | EntryRefused() | JournalResumed()
            | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_awaiting_finger(state: AwaitingFinger, event: _Rest, policy: Policy) -> Step:
    session = state.session
    match event:
        case FingerTouched():
            return state if state.touched else replace(state, touched=True), ()
        case Captured():
            return moves.examine(state.ticket, session, event)
        case CaptureFailed():
            return moves.count_failed_capture(state, event, policy)
        case PinEntered():
            return moves.look_up(state.ticket, session, event.pin)
        case FingerChosen():
            return replace(state, session=replace(session, finger=event.finger)), ()
        case Cancelled():
            return moves.abandon(state, policy)
        case ScannerLost():
            after, effects = moves.lose_scanner(
                state.ticket, session.number + 1, session, state.reason
            )
            return after, (*effects, StartTimer(after.ticket, policy.scanner_wait_s))
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            NextPressed() | RetryPressed() | ScannerReturned() | FingerLifted() | PinFound()
            | PinUnknown() | Matched() | VoterRead() | EntryWritten() | EntryRefused()
            | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_matching(state: Matching, event: _Rest, policy: Policy) -> Step:
    match event:
        case Matched():
            return moves.decide_image(state, event, policy)
        case Cancelled():
            return moves.abandon(state, policy)
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | FingerTouched()
            | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | VoterRead() | EntryWritten() | EntryRefused()
            | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_reviewing(state: Reviewing, event: _Rest, policy: Policy) -> Step:
    match event:
        case VoterRead():
            outcome = ends.identified(state.session, event.voter, policy)
            after, effects = moves.record(state.ticket, outcome, state.session)
            return replace(after, voter=event.voter), effects
        case Cancelled():
            return moves.abandon(state, policy)
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | FingerTouched()
            | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | EntryWritten() | EntryRefused()
            | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_recording(state: Recording, event: _Rest, policy: Policy) -> Step:
    match event:
        case EntryWritten():
            return moves.outcome_written(state, event, policy)
        case EntryRefused():
            outcome = ends.already_identified(state.outcome, event.accepted)
            after, effects = moves.record(state.ticket, outcome, state.session)
            return replace(after, voter=state.voter, first_at=event.accepted.first_at), effects
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | RetryPressed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | VoterRead()
            | JournalResumed() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_verdict(state: Verdict, event: _Rest, policy: Policy) -> Step:
    match event:
        case NextPressed():
            return moves.ready(state.ticket, state.session.number + 1, policy)
        case FingerLifted() | ScannerLost() | PartFailed():
            # A scanner that went away shows when it is armed again; here it ends the wait.
            return moves.leave_when_done(replace(state, lifted=True), policy)
        case TimeOver():
            return moves.leave_when_done(replace(state, dwelt=True), policy)
        case (
            PinEntered() | FingerChosen() | Cancelled() | RetryPressed() | FingerTouched()
            | Captured() | CaptureFailed() | ScannerReturned() | PinFound() | PinUnknown()
            | Matched() | VoterRead() | EntryWritten() | EntryRefused() | JournalResumed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_waiting_for_scanner(state: WaitingForScanner, event: _Rest, policy: Policy) -> Step:
    session = state.session
    match event:
        case ScannerReturned():
            returned = Append(None, DeviceReturned(moves.session_number(session), SCANNER))
            if session is None:
                after, effects = moves.ready(state.ticket, state.next_session, policy)
            else:
                after, effects = moves.arm(state.ticket, session, state.reason)
            return after, (returned, *effects)
        case TimeOver() if session is not None:
            return moves.record(state.ticket, ends.device_lost(session, policy), session)
        case Cancelled() if session is not None:
            return moves.record(state.ticket, ends.abandoned(session, policy), session)
        case PartFailed():
            return moves.block(state, event.code, policy)
        case (
            TimeOver() | Cancelled() | PinEntered() | FingerChosen() | NextPressed()
            | RetryPressed() | FingerTouched() | Captured() | CaptureFailed() | ScannerLost()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | VoterRead()
            | EntryWritten() | EntryRefused() | JournalResumed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_blocked(state: Blocked, event: _Rest, policy: Policy) -> Step:
    match event:
        case RetryPressed():
            # Entries asked for before the fault may still be refused: they come first.
            asked = replace(state, ticket=state.ticket + 1)
            return asked, (ResumeJournal(asked.ticket),)
        case JournalResumed():
            again = tuple(Append(None, entry) for entry in state.unwritten)
            if state.pending is None:
                after, effects = moves.ready(state.ticket, state.next_session, policy)
                return after, (*again, *effects)
            pending = replace(state.pending, ticket=state.ticket + 1)
            return pending, (*again, Append(pending.ticket, pending.outcome))
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | FingerTouched()
            | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | VoterRead() | EntryWritten()
            | EntryRefused() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)
