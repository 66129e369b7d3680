"""The states in which fingers are taken and compared, each against every event."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_commission as commission
from station_app.domain import session_ends as ends
from station_app.domain import session_faults as faults
from station_app.domain import session_moves as moves
from station_app.domain.entries import DeviceReturned, SessionStarted
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
    Append,
    Cancelled,
    Captured,
    CaptureFailed,
    CommissionCalled,
    CommissionConfirmed,
    CommissionRefused,
    DayChanged,
    EntryRefused,
    EntryWritten,
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
    Rest,
    RetryPressed,
    ScannerLost,
    ScannerReturned,
    StartTimer,
    TimeOver,
    VoidConfirmed,
    VoterRead,
)
from station_app.domain.session_moves import SCANNER, Step
from station_app.domain.session_states import (
    AwaitingFinger,
    CommissionWhy,
    Idle,
    LookingUp,
    Matching,
    Reviewing,
    Session,
    WaitingForScanner,
)

Capturing = Idle | LookingUp | AwaitingFinger | Matching | Reviewing | WaitingForScanner


def step(state: Capturing, event: Rest, policy: Policy) -> Step:
    """The next state, and what to do on the way to it."""
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
        case WaitingForScanner():
            return _in_waiting_for_scanner(state, event, policy)
        case _:
            assert_never(state)


def _in_idle(state: Idle, event: Rest, policy: Policy) -> Step:
    """Nobody is at the desk."""
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
        case CommissionCalled():
            return commission.call_for_new(state, policy)
        case FingerChosen():
            return replace(state, finger=event.finger), ()
        case ScannerLost():
            return moves.lose_scanner(state.ticket, state.next_session)
        case DayChanged():
            return moves.change_day(state, event.day, policy)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            Cancelled() | NextPressed() | RetryPressed() | CommissionConfirmed()
            | CommissionRefused() | VoidConfirmed() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | VoterRead() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_looking_up(state: LookingUp, event: Rest, policy: Policy) -> Step:
    """A PIN is being looked up."""
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
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | CommissionCalled()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | Matched() | VoterRead() | EntryWritten() | EntryRefused()
            | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_awaiting_finger(state: AwaitingFinger, event: Rest, policy: Policy) -> Step:
    """The scanner is armed for this session."""
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
        case CommissionCalled():
            return moves.ask_commission(state.ticket, session, CommissionWhy.CALLED)
        case Cancelled():
            return moves.abandon(state, policy)
        case ScannerLost():
            after, effects = moves.lose_scanner(
                state.ticket, session.number + 1, session, state.reason
            )
            return after, (*effects, StartTimer(after.ticket, policy.scanner_wait_s))
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            NextPressed() | RetryPressed() | DayChanged() | CommissionConfirmed()
            | CommissionRefused() | VoidConfirmed() | ScannerReturned() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | VoterRead() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_matching(state: Matching, event: Rest, policy: Policy) -> Step:
    """The image is being examined; the commission is not called before that is done."""
    match event:
        case Matched():
            return moves.decide_image(state, event, policy)
        case Cancelled():
            return moves.abandon(state, policy)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | CommissionCalled()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | VoterRead() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_reviewing(state: Reviewing, event: Rest, policy: Policy) -> Step:
    """The candidate's record is being read."""
    match event:
        case VoterRead() if event.is_marked:
            return moves.ask_commission(state.ticket, state.session, CommissionWhy.MARKED)
        case VoterRead():
            outcome = ends.identified(state.session, event.voter, policy)
            after, effects = moves.record(state.ticket, outcome, state.session)
            return replace(after, voter=event.voter), effects
        case Cancelled():
            return moves.abandon(state, policy)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | CommissionCalled()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_waiting_for_scanner(state: WaitingForScanner, event: Rest, policy: Policy) -> Step:
    """The scanner is gone."""
    session = state.session
    match event:
        case ScannerReturned():
            returned = Append(None, DeviceReturned(moves.session_number(session), SCANNER))
            if session is None:
                after, effects = moves.ready(state.ticket, state.next_session, policy)
            else:
                whole = replace(session, scanner_lost=False)
                after, effects = moves.arm(state.ticket, whole, state.reason)
            return after, (returned, *effects)
        case CommissionCalled():
            if session is None:
                return commission.call_for_new(state, policy)
            return moves.ask_commission(state.ticket, session, CommissionWhy.CALLED)
        case DayChanged() if session is None:
            return moves.change_day(state, event.day, policy)
        case TimeOver() if session is not None:
            return moves.record(state.ticket, ends.device_lost(session, policy), session)
        case Cancelled() if session is not None:
            return moves.record(state.ticket, ends.abandoned(session, policy), session)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | RetryPressed()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | FingerLifted()
            | PinFound() | PinUnknown() | Matched() | VoterRead() | EntryWritten()
            | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)
