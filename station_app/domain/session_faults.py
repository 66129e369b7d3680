"""What becomes of a session when a part or the journal does not work."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_ends as ends
from station_app.domain.day import DayState
from station_app.domain.entries import Entry
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
    Append,
    AppendFailed,
    ResumeJournal,
    StopScanner,
)
from station_app.domain.session_moves import Step, is_scanner_lost, stand
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFinger,
    Blocked,
    CommissionWhy,
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

_Unblocked = (
    Idle | Resting | LookingUp | AwaitingFinger | Matching | Reviewing | AwaitingCommission
    | Recording | Verdict | Voiding | Voided | WaitingForScanner
)  # fmt: skip


def block(
    state: Idle
    | Resting
    | LookingUp
    | AwaitingFinger
    | Matching
    | Reviewing
    | AwaitingCommission
    | WaitingForScanner,
    code: str,
    policy: Policy,
) -> Step:
    """A part does not work: a session ends once a person has mended it."""
    pending = _pending(state, policy)
    blocked = Blocked(
        state.ticket + 1,
        next_session(state),
        code,
        pending,
        day=_day(state),
        scanner_lost=is_scanner_lost(state),
    )
    return blocked, (StopScanner(),)


def append_failed(state: State, event: AppendFailed, policy: Policy) -> Step:
    """The journal cannot be written: stop, and keep everything that has to be written."""
    entry = event.entry
    if isinstance(state, Blocked):
        if state.pending is not None and entry == owed(state.pending):
            return state, ()
        return replace(state, unwritten=(*state.unwritten, entry)), ()
    pending = _pending(state, policy)
    is_pending = pending is not None and entry == owed(pending)
    blocked = Blocked(
        state.ticket + 1,
        next_session(state),
        event.code,
        pending,
        () if is_pending else (entry,),
        _day(state),
        is_scanner_lost(state),
    )
    return blocked, (StopScanner(),)


def ask_journal(state: Blocked) -> Step:
    """Entries asked for before the fault may still be refused: they come first."""
    asked = replace(state, ticket=state.ticket + 1)
    return asked, (ResumeJournal(asked.ticket),)


def resume(state: Blocked, policy: Policy) -> Step:
    """Write what was not written, in order, and go on from there."""
    again = tuple(Append(None, entry) for entry in state.unwritten)
    if state.pending is None:
        after, effects = stand(
            state.ticket,
            state.next_session,
            state.day,
            policy,
            scanner_lost=state.scanner_lost,
        )
        return after, (*again, *effects)
    pending = replace(state.pending, ticket=state.ticket + 1)
    return pending, (*again, Append(pending.ticket, owed(pending)))


def _day(state: State) -> DayState:
    return state.why if isinstance(state, Resting) else DayState.OPEN


def owed(pending: Recording | Voiding) -> Entry:
    """The entry that this state waits for."""
    return pending.outcome if isinstance(pending, Recording) else pending.void


def next_session(state: State) -> int:
    """The number the next person's session will have."""
    if isinstance(state, Idle | Resting | WaitingForScanner | Blocked):
        return state.next_session
    return state.session.number + 1


def _pending(state: _Unblocked, policy: Policy) -> Recording | Voiding | None:
    """What is still owed by the session that is open in this state."""
    match state:
        case Recording() | Voiding():
            return state
        case AwaitingCommission() if state.why is not CommissionWhy.CALLED:
            return Recording(state.ticket + 1, state.session, ends.undecided(state, policy))
        case LookingUp() | AwaitingFinger() | Matching() | Reviewing() | AwaitingCommission():
            session: Session | None = state.session
        case WaitingForScanner():
            session = state.session
        case Idle() | Resting() | Verdict() | Voided():
            session = None
        case _:
            assert_never(state)
    if session is None:
        return None
    return Recording(state.ticket + 1, session, ends.part_failed(session, policy))
