"""The states after that: decided by people, written, shown, at rest; against every event."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_commission as commission
from station_app.domain import session_ends as ends
from station_app.domain import session_faults as faults
from station_app.domain import session_moves as moves
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
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
    TimeOver,
    VoidConfirmed,
    VoterRead,
)
from station_app.domain.session_moves import Step
from station_app.domain.session_states import (
    AwaitingCommission,
    Blocked,
    Recording,
    Resting,
    Verdict,
    Voided,
    Voiding,
)

Concluding = Resting | AwaitingCommission | Recording | Verdict | Voiding | Voided | Blocked


def step(state: Concluding, event: Rest, policy: Policy) -> Step:
    """The next state, and what to do on the way to it."""
    match state:
        case Resting():
            return _in_resting(state, event, policy)
        case AwaitingCommission():
            return _in_awaiting_commission(state, event, policy)
        case Recording():
            return _in_recording(state, event, policy)
        case Verdict():
            return _in_verdict(state, event, policy)
        case Voiding():
            return _in_voiding(state, event)
        case Voided():
            return _in_voided(state, event, policy)
        case Blocked():
            return _in_blocked(state, event, policy)
        case _:
            assert_never(state)


def _in_resting(state: Resting, event: Rest, policy: Policy) -> Step:
    """Nobody is identified now."""
    match event:
        case DayChanged():
            return moves.change_day(state, event.day, policy)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | RetryPressed()
            | CommissionCalled() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | VoterRead()
            | EntryWritten() | EntryRefused() | JournalResumed() | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_awaiting_commission(state: AwaitingCommission, event: Rest, policy: Policy) -> Step:
    """The commission decides about this person; a voter once named is not changed."""
    nobody = state.session.named_row is None
    match event:
        case PinEntered() if nobody and not state.looks_up:
            return commission.look_up(state, event.pin)
        case PinFound() if state.looks_up:
            return commission.read(state, event.row)
        case PinUnknown() if state.looks_up:
            return moves.record(
                state.ticket, ends.pin_unknown(state.session, policy), state.session
            )
        case VoterRead() if state.voter is None:
            return replace(state, voter=event.voter, is_marked=event.is_marked), ()
        case CommissionConfirmed():
            return commission.confirm(state, event, policy)
        case CommissionRefused():
            return commission.refuse(state, event, policy)
        case Cancelled():
            return moves.record(state.ticket, ends.undecided(state, policy), state.session)
        case PartFailed():
            return faults.block(state, event.code, policy)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | CommissionCalled()
            | DayChanged() | VoidConfirmed() | FingerTouched() | Captured() | CaptureFailed()
            | ScannerLost() | ScannerReturned() | FingerLifted() | PinFound() | PinUnknown()
            | Matched() | VoterRead() | EntryWritten() | EntryRefused() | JournalResumed()
            | TimeOver()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_recording(state: Recording, event: Rest, policy: Policy) -> Step:
    """The outcome is on its way into the journal."""
    match event:
        case EntryWritten():
            return moves.outcome_written(state, event, policy)
        case EntryRefused():
            outcome = ends.already_identified(state.outcome, event.accepted)
            after, effects = moves.record(state.ticket, outcome, state.session)
            return replace(after, voter=state.voter, first_at=event.accepted.first_at), effects
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | RetryPressed()
            | CommissionCalled() | DayChanged() | CommissionConfirmed() | CommissionRefused()
            | VoidConfirmed() | FingerTouched() | Captured() | CaptureFailed() | ScannerLost()
            | ScannerReturned() | FingerLifted() | PinFound() | PinUnknown() | Matched()
            | VoterRead() | JournalResumed() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_verdict(state: Verdict, event: Rest, policy: Policy) -> Step:
    """The outcome is durable and is shown."""
    match event:
        case NextPressed() if not state.held:
            return moves.next_person(state.ticket, state.session, policy)
        case FingerLifted() | ScannerLost() | PartFailed():
            # A scanner that went away shows when it is armed again; here it ends the wait.
            return moves.leave_when_done(replace(state, lifted=True), policy)
        case TimeOver():
            return moves.leave_when_done(replace(state, dwelt=True), policy)
        case CommissionCalled():
            return commission.hold(state)
        case Cancelled():
            return commission.let_go(state, policy)
        case VoidConfirmed():
            return commission.make_void(state, event)
        case (
            PinEntered() | FingerChosen() | NextPressed() | RetryPressed() | DayChanged()
            | CommissionConfirmed() | CommissionRefused() | FingerTouched() | Captured()
            | CaptureFailed() | ScannerReturned() | PinFound() | PinUnknown() | Matched()
            | VoterRead() | EntryWritten() | EntryRefused() | JournalResumed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_voiding(state: Voiding, event: Rest) -> Step:
    """An identification is being made void."""
    match event:
        case EntryWritten():
            return Voided(state.ticket + 1, state.session, state.void), ()
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | RetryPressed()
            | CommissionCalled() | DayChanged() | CommissionConfirmed() | CommissionRefused()
            | VoidConfirmed() | FingerTouched() | Captured() | CaptureFailed() | ScannerLost()
            | ScannerReturned() | FingerLifted() | PinFound() | PinUnknown() | Matched()
            | VoterRead() | EntryRefused() | JournalResumed() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_voided(state: Voided, event: Rest, policy: Policy) -> Step:
    """It is void, and that is shown."""
    match event:
        case NextPressed():
            return moves.next_person(state.ticket, state.session, policy)
        case (
            PinEntered() | FingerChosen() | Cancelled() | RetryPressed() | CommissionCalled()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | VoterRead()
            | EntryWritten() | EntryRefused() | JournalResumed() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)


def _in_blocked(state: Blocked, event: Rest, policy: Policy) -> Step:
    """A person has to mend something."""
    match event:
        case RetryPressed():
            return faults.ask_journal(state)
        case JournalResumed():
            return faults.resume(state, policy)
        case DayChanged() if state.pending is None:
            return replace(state, day=event.day), ()
        case (
            PinEntered() | FingerChosen() | Cancelled() | NextPressed() | CommissionCalled()
            | DayChanged() | CommissionConfirmed() | CommissionRefused() | VoidConfirmed()
            | FingerTouched() | Captured() | CaptureFailed() | ScannerLost() | ScannerReturned()
            | FingerLifted() | PinFound() | PinUnknown() | Matched() | VoterRead()
            | EntryWritten() | EntryRefused() | TimeOver() | PartFailed()
        ):  # fmt: skip
            return state, ()
        case _:
            assert_never(event)
