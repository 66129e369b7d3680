"""How a session ends: decided by the commission or the machine, written, shown, perhaps void."""

from collections.abc import Sequence
from dataclasses import replace

from station_app.domain import session_events as ev
from station_app.domain.entries import CommissionDecision, Outcome, OutcomeVoided, StopDecided
from station_app.domain.entry_codes import Decision, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.session_desk import Step, arm_idle, next_person, unasked
from station_app.domain.session_outcomes import (
    End,
    already_identified,
    by_commission,
    ended,
    identified,
    undecided,
)
from station_app.domain.session_states import (
    AwaitingCommission,
    CommissionWhy,
    DecidingStop,
    Idle,
    Proposed,
    Recording,
    Session,
    Verdict,
    Voided,
    Voiding,
)
from station_app.domain.voters import Voter

DWELL_S = 2.5
"""An identified voter's screen stays at least this long (DESIGN, timing)."""


def record(
    ticket: int, outcome: Outcome, session: Session, voter: Voter | None = None
) -> tuple[Recording, tuple[ev.Effect, ...]]:
    """Write the outcome; nothing is said until it is durable. `voter` is shown with it then."""
    state = Recording(ticket + 1, session, outcome, voter)
    return state, (ev.StopScanner(), ev.Append(state.ticket, outcome))


def end(ticket: int, session: Session, how: End, policy: Policy) -> Step:
    """The session ends so, without a voter."""
    return record(ticket, ended(session, how, policy), session)


# --- the commission decides -------------------------------------------------------------


def ask_commission(
    ticket: int, session: Session, why: CommissionWhy, proposed: Sequence[int] = ()
) -> Step:
    """The commission decides; the record of the voter whose PIN was given is read for it.

    Without a PIN those of the rows `proposed` are.
    """
    state = AwaitingCommission(ticket + 1, session, why, unread=len(proposed))
    if session.named_row is None:
        reads = (ev.ReadVoter(state.ticket, row) for row in proposed)
        return state, (ev.StopScanner(), *reads)
    return state, (ev.StopScanner(), ev.ReadVoter(state.ticket, session.named_row))


def in_awaiting_commission(
    state: AwaitingCommission, event: ev.Press | ev.Answer, policy: Policy
) -> Step:
    """The commission decides about this person; a voter once named is not changed."""
    session, voter = state.session, state.voter
    match event:
        case ev.PinEntered() if session.named_row is None and not state.looks_up:
            ticket = state.ticket + 1
            asked = replace(state, ticket=ticket, looks_up=True, proposed=(), unread=0)
            return asked, (ev.LookUpPin(asked.ticket, event.pin),)
        case ev.PinFound() if state.looks_up:
            named = replace(session, named_row=event.row)
            found = replace(state, ticket=state.ticket + 1, session=named, looks_up=False)
            return found, (ev.ReadVoter(found.ticket, event.row),)
        case ev.PinUnknown() if state.looks_up:
            return end(state.ticket, session, End.PIN_UNKNOWN, policy)
        case ev.VoterRead() if state.unread:
            return _propose(state, event), ()
        case ev.VoterRead() if voter is None and not state.proposed:
            return replace(state, voter=event.voter, is_marked=event.is_marked), ()
        case ev.CommissionConfirmed() if (whom := _whom(state, event)) is not None:
            outcome = by_commission(identified(session, whom, policy))
            return _decided(state, event, Decision.CONFIRMED, outcome, whom)
        case ev.CommissionRefused():
            outcome = ended(session, End.BY_COMMISSION, policy)
            return _decided(state, event, Decision.REFUSED, outcome)
        case ev.Cancelled():
            return end(state.ticket, session, undecided(state), policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.NextPressed() | ev.RetryPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _propose(state: AwaitingCommission, event: ev.VoterRead) -> AwaitingCommission:
    """Show one voter more, by list number: the order says nothing of whom the face resembles."""
    more = (*state.proposed, Proposed(event.voter, event.is_marked))
    in_order = tuple(sorted(more, key=lambda one: one.voter.list_number))
    return replace(state, proposed=in_order, unread=state.unread - 1)


def _whom(state: AwaitingCommission, event: ev.CommissionConfirmed) -> Voter | None:
    """Whom operator and member mean; None where that voter is not shown to them.

    Of voters who are proposed none before all of them are shown.
    """
    if state.voter is not None:
        return state.voter if event.voter_id in (None, state.voter.voter_id) else None
    if state.unread:
        return None
    shown = (one.voter for one in state.proposed if one.voter.voter_id == event.voter_id)
    return next(shown, None)


def _decided(
    state: AwaitingCommission,
    event: ev.CommissionConfirmed | ev.CommissionRefused,
    decision: Decision,
    outcome: Outcome,
    voter: Voter | None = None,
) -> Step:
    """Write the decision and what follows from it, in this order."""
    entry = CommissionDecision(
        session=state.session.number,
        decision=decision,
        reason=event.reason,
        document=event.document,
        operator=event.operator,
        member=event.member,
    )
    after, effects = record(state.ticket, outcome, state.session, voter)
    return after, (ev.Append(None, entry), *effects)


# --- the outcome is written, and then shown ---------------------------------------------


def in_recording(state: Recording, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The outcome is on its way into the journal."""
    match event:
        case ev.EntryWritten():
            return outcome_written(state, event, policy)
        case ev.EntryRefused(accepted=accepted) if accepted.is_struck_off:
            return end(state.ticket, state.session, End.STRUCK_OFF, policy)
        case ev.EntryRefused(accepted=accepted):
            outcome = already_identified(state.outcome, accepted)
            after, effects = record(state.ticket, outcome, state.session, state.voter)
            return replace(after, first_at=accepted.first_at, place=accepted.place), effects
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def outcome_written(state: Recording, event: ev.EntryWritten, policy: Policy) -> Step:
    """The outcome is durable: show it, or continue where nothing is shown."""
    session = state.session
    kind = state.outcome.outcome
    decided = (kind, state.outcome.reason) == End.BY_COMMISSION.value
    if kind in (OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST) or decided:
        return next_person(state.ticket, session, policy)
    verdict = Verdict(
        state.ticket + 1,
        session,
        state.outcome,
        event.appended.number,
        state.voter,
        state.first_at,
        place=state.place,
        lifted=session.scanner_lost,
    )
    if kind is not OutcomeKind.IDENTIFIED:
        return verdict, ()
    dwell = ev.StartTimer(verdict.ticket, DWELL_S)
    if session.scanner_lost:
        return verdict, (dwell,)
    return verdict, (ev.AwaitFingerOff(verdict.ticket), dwell)


def in_verdict(state: Verdict, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The outcome is durable and is shown; it is held while the commission looks at it."""
    match event:
        case ev.NextPressed() if not state.held:
            return _leave(state, policy)
        case ev.FingerLifted() | ev.ScannerLost() | ev.PartFailed():
            # A scanner that went away shows when it is armed again; here it ends the wait.
            return _leave_when_done(replace(state, lifted=True), policy)
        case ev.TimeOver():
            return _leave_when_done(replace(state, dwelt=True), policy)
        case ev.CommissionCalled() if state.may_be_held:
            return replace(state, held=True), ()
        case ev.Cancelled() if state.held:
            return _leave_when_done(replace(state, held=False), policy)
        case ev.VoidConfirmed() if state.held and not state.is_stop:
            return _make_void(state, event)
        case ev.StopAgreed() if state.held and state.is_stop:
            return _decide_stop(state, event)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _leave(state: Verdict, policy: Policy) -> Step:
    """The next person; a STOP that nobody has decided about can be looked at again.

    The voter's record is not kept for that.
    """
    after, effects = next_person(state.ticket, state.session, policy)
    is_kept = state.is_stop and state.found is None and not state.is_again
    if not is_kept or not isinstance(after, Idle):
        return after, effects
    return arm_idle(replace(after, last_stop=replace(state, voter=None, is_again=True)))


def _leave_when_done(state: Verdict, policy: Policy) -> Step:
    """Close an identified voter's screen once the finger is off and the time is over."""
    is_done = state.lifted and state.dwelt and not state.held
    if state.outcome.outcome is OutcomeKind.IDENTIFIED and is_done:
        return next_person(state.ticket, state.session, policy)
    return state, ()


# --- the identification shown is void ---------------------------------------------------


def _make_void(state: Verdict, event: ev.VoidConfirmed) -> Step:
    """Write that the identification shown is void."""
    outcome = state.outcome
    if outcome.voter_id is None or outcome.list_number is None:
        return state, ()
    void = OutcomeVoided(
        entry=state.entry,
        voter_id=outcome.voter_id,
        list_number=outcome.list_number,
        reason=event.reason,
        operator=event.operator,
        member=event.member,
    )
    after = Voiding(state.ticket + 1, state.session, void)
    return after, (ev.Append(after.ticket, void),)


def in_voiding(state: Voiding, event: ev.Press | ev.Answer) -> Step:
    """An identification is being made void."""
    match event:
        case ev.EntryWritten():
            return Voided(state.ticket + 1, state.session, state.void), ()
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def in_voided(state: Voided, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The identification is void, and the screen says so."""
    match event:
        case ev.NextPressed():
            return next_person(state.ticket, state.session, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.RetryPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


# --- what the commission found about a STOP ---------------------------------------------


def _decide_stop(state: Verdict, event: ev.StopAgreed) -> Step:
    """Write what two persons found about the person who was stopped."""
    decided = StopDecided(
        stopped=state.entry,
        finding=event.finding,
        operator=event.operator,
        member=event.member,
    )
    after = DecidingStop(state.ticket + 1, state.session, state, decided)
    return after, (ev.Append(after.ticket, decided),)


def in_deciding_stop(state: DecidingStop, event: ev.Press | ev.Answer) -> Step:
    """What the commission found is being written; the STOP says it then."""
    match event:
        case ev.EntryWritten():
            found = state.decided.finding
            shown = replace(state.stop, ticket=state.ticket + 1, held=False, found=found)
            return shown, ()
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)
