"""The desk between two persons: ready, paused, without its scanner, or blocked by a fault."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.entries import DeviceLost, Entry
from station_app.domain.policy import Policy
from station_app.domain.samples import RetryReason
from station_app.domain.session_outcomes import End, ended, undecided
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    DecidingStop,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Resting,
    Reviewing,
    Session,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)

SCANNER = "finger_scanner"
"""The scanner's name in device entries."""

LAST_STOP_S = 300.0
"""So long the last STOP can be looked at again, unless a session begins before."""

Step = tuple[State, tuple[ev.Effect, ...]]

Stoppable = (
    Idle | Resting | LookingUp | AwaitingSample | Matching | Reviewing | AwaitingFace
    | AwaitingCommission | WaitingForScanner
)  # fmt: skip
"""The states in which a part that does not work blocks the desk."""

Owing = Recording | Voiding | DecidingStop
"""The states that wait for an entry, also through a fault."""


def unasked(state: State, _event: ev.Answer) -> Step:
    """An answer that nothing follows from here; a press is none, so each has been decided."""
    return state, ()


def ready(ticket: int, next_session: int, policy: Policy) -> Step:
    """Nobody at the desk, the scanner armed for what the policy asks for first."""
    return arm_idle(Idle(ticket, next_session, policy.asked_order[0]))


def arm_idle(state: Idle) -> Step:
    """Arm the scanner (again) while nobody's session has begun."""
    armed = replace(state, ticket=state.ticket + 1)
    if state.last_stop is None:
        return armed, (ev.ArmScanner(armed.ticket),)
    return armed, (ev.ArmScanner(armed.ticket), ev.StartTimer(armed.ticket, LAST_STOP_S))


def stand(
    ticket: int, next_session: int, day: DayState, policy: Policy, *, scanner_lost: bool = False
) -> Step:
    """Nobody at the desk: ready while the day is open and the scanner connected, else paused."""
    if day is not DayState.OPEN:
        return Resting(ticket + 1, next_session, day, scanner_lost), (ev.StopScanner(),)
    if scanner_lost:
        waiting = WaitingForScanner(ticket + 1, next_session)
        return waiting, (ev.ReopenScanner(waiting.ticket),)
    return ready(ticket, next_session, policy)


def next_person(ticket: int, session: Session, policy: Policy) -> Step:
    """The session is over, and its result has been shown."""
    lost = session.scanner_lost
    return stand(ticket, session.number + 1, DayState.OPEN, policy, scanner_lost=lost)


def change_day(state: Idle | Resting | WaitingForScanner, day: DayState, policy: Policy) -> Step:
    """The day is in another state from now on; the state it is in already changes nothing."""
    if day is (state.why if isinstance(state, Resting) else DayState.OPEN):
        return state, ()
    lost = is_scanner_lost(state)
    after, effects = stand(state.ticket, state.next_session, day, policy, scanner_lost=lost)
    stop = None if isinstance(state, WaitingForScanner) else state.last_stop
    match after:
        case Resting(why=DayState.PAUSED):  # also while the commission is in its room
            return replace(after, last_stop=stop), effects
        case Idle() if stop is not None:
            return arm_idle(replace(after, last_stop=stop))
        case _:
            return after, effects


def in_resting(state: Resting, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """Nobody is identified now."""
    match event:
        case ev.DayChanged():
            return change_day(state, event.day, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.CommissionCalled()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


# --- the scanner is gone ----------------------------------------------------------------


def session_number(session: Session | None) -> int | None:
    """The session's number for a device entry."""
    return None if session is None else session.number


def lose_scanner(
    ticket: int,
    next_session: int,
    session: Session | None = None,
    reason: RetryReason | None = None,
) -> Step:
    """The scanner is gone: write it down and try to open it again."""
    without = None if session is None else replace(session, scanner_lost=True)
    state = WaitingForScanner(ticket + 1, next_session, without, reason)
    lost = ev.Append(None, DeviceLost(session_number(session), SCANNER))
    return state, (lost, ev.ReopenScanner(state.ticket))


def is_scanner_lost(state: State) -> bool:
    """Whether the scanner is away, as is written, and its return is not."""
    match state:
        case WaitingForScanner():
            return True
        case Resting() | Blocked():
            return state.scanner_lost
        case Idle():
            return False
        case _:
            return state.session.scanner_lost


# --- a part or the journal does not work ------------------------------------------------


def block(state: Stoppable, code: str, policy: Policy) -> Step:
    """A part failed: block the desk; the open session ends when a person tries again."""
    return _blocked(state, code, _pending(state, policy)), (ev.StopScanner(),)


def append_failed(state: State, event: ev.AppendFailed, policy: Policy) -> Step:
    """The journal cannot be written: stop, and keep everything that has to be written."""
    blocked = state
    if not isinstance(blocked, Blocked):
        blocked = _blocked(state, event.code, _pending(state, policy))
    if blocked.pending is None or event.entry != owed(blocked.pending):
        blocked = replace(blocked, unwritten=(*blocked.unwritten, event.entry))
    return blocked, () if isinstance(state, Blocked) else (ev.StopScanner(),)


def in_blocked(state: Blocked, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """Blocked until a person removes the fault and tries again."""
    match event:
        case ev.RetryPressed():
            # Entries asked for before the fault may still be refused: they come first.
            asked = replace(state, ticket=state.ticket + 1)
            return asked, (ev.ResumeJournal(asked.ticket),)
        case ev.JournalResumed():
            return _resume(state, policy)
        case ev.DayChanged() if state.pending is None:
            return replace(state, day=event.day), ()
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _resume(state: Blocked, policy: Policy) -> Step:
    """Write the unwritten entries in order, then continue."""
    again = tuple(ev.Append(None, entry) for entry in state.unwritten)
    if state.pending is None:
        after, effects = stand(
            state.ticket, state.next_session, state.day, policy, scanner_lost=state.scanner_lost
        )
        return after, (*again, *effects)
    pending = replace(state.pending, ticket=state.ticket + 1)
    return pending, (*again, ev.Append(pending.ticket, owed(pending)))


def owed(pending: Owing) -> Entry:
    """The entry that this state waits for."""
    match pending:
        case Recording():
            return pending.outcome
        case Voiding():
            return pending.void
        case DecidingStop():
            return pending.decided


def _blocked(state: State, code: str, pending: Owing | None) -> Blocked:
    return Blocked(
        state.ticket + 1,
        _next_session(state),
        code,
        pending,
        day=state.why if isinstance(state, Resting) else DayState.OPEN,
        scanner_lost=is_scanner_lost(state),
    )


def _next_session(state: State) -> int:
    if isinstance(state, Idle | Resting | WaitingForScanner | Blocked):
        return state.next_session
    return state.session.number + 1


def _pending(state: State, policy: Policy) -> Owing | None:
    """The end that the open session of this state still has to write."""
    end = End.PART_FAILED
    match state:
        case Recording() | Voiding() | DecidingStop():
            return state
        case AwaitingCommission() if state.why is not CommissionWhy.CALLED:
            session: Session | None = state.session
            end = undecided(state)
        case (
            LookingUp() | AwaitingSample() | Matching() | Reviewing() | AwaitingFace()
            | AwaitingCommission()
        ):  # fmt: skip
            session = state.session
        case WaitingForScanner():
            session = state.session
        case Idle() | Resting() | Verdict() | Voided() | Blocked():
            session = None
        case _:
            assert_never(state)
    if session is None:
        return None
    return Recording(state.ticket + 1, session, ended(session, end, policy))
