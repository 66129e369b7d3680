"""Transitions of the session machine in which the commission decides."""

from dataclasses import replace

from station_app.domain import session_ends as ends
from station_app.domain.entries import CommissionDecision, Outcome, OutcomeVoided, SessionStarted
from station_app.domain.entry_codes import Decision, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
    Append,
    CommissionConfirmed,
    CommissionRefused,
    LookUpPin,
    ReadVoter,
    VoidConfirmed,
)
from station_app.domain.session_moves import Step, ask_commission, leave_when_done, record
from station_app.domain.session_states import (
    AwaitingCommission,
    CommissionWhy,
    Idle,
    Session,
    Verdict,
    Voiding,
    WaitingForScanner,
)
from station_app.domain.voters import Voter


def call_for_new(state: Idle | WaitingForScanner, policy: Policy) -> Step:
    """The commission is called for a person from whom no finger was taken."""
    lost = isinstance(state, WaitingForScanner)
    finger = policy.finger_order[0] if isinstance(state, WaitingForScanner) else state.finger
    session = Session(number=state.next_session, finger=finger, scanner_lost=lost)
    after, effects = ask_commission(state.ticket, session, CommissionWhy.CALLED)
    return after, (Append(None, SessionStarted(session.number)), *effects)


def look_up(state: AwaitingCommission, pin: str) -> Step:
    """Find the voter of the document."""
    asked = replace(state, ticket=state.ticket + 1, looks_up=True)
    return asked, (LookUpPin(asked.ticket, pin),)


def read(state: AwaitingCommission, row: int) -> Step:
    """The document's voter is on the list: show their record."""
    named = replace(state.session, named_row=row)
    found = replace(state, ticket=state.ticket + 1, session=named, looks_up=False)
    return found, (ReadVoter(found.ticket, row),)


def confirm(state: AwaitingCommission, event: CommissionConfirmed, policy: Policy) -> Step:
    """Write the decision and the identification, in this order."""
    if state.voter is None:
        return state, ()
    outcome = ends.confirmed_by_commission(state.session, state.voter, policy)
    return _decided(state, event, outcome, state.voter)


def refuse(state: AwaitingCommission, event: CommissionRefused, policy: Policy) -> Step:
    """Write the decision and the refusal, in this order."""
    return _decided(state, event, ends.refused_by_commission(state.session, policy), None)


def _decided(
    state: AwaitingCommission,
    event: CommissionConfirmed | CommissionRefused,
    outcome: Outcome,
    voter: Voter | None,
) -> Step:
    confirmed = isinstance(event, CommissionConfirmed)
    decision = CommissionDecision(
        session=state.session.number,
        decision=Decision.CONFIRMED if confirmed else Decision.REFUSED,
        reason=event.reason,
        document=event.document,
        operator=event.operator,
        member=event.member,
    )
    after, effects = record(state.ticket, outcome, state.session)
    return replace(after, voter=voter), (Append(None, decision), *effects)


def hold(state: Verdict) -> Step:
    """The commission looks at an identified voter's photo: the screen stays."""
    if state.outcome.outcome is not OutcomeKind.IDENTIFIED or state.held:
        return state, ()
    return replace(state, held=True), ()


def let_go(state: Verdict, policy: Policy) -> Step:
    """The photo is that person's after all."""
    if not state.held:
        return state, ()
    return leave_when_done(replace(state, held=False), policy)


def make_void(state: Verdict, event: VoidConfirmed) -> Step:
    """Write that the identification shown is void; only while the commission looks at it."""
    outcome = state.outcome
    if not state.held or outcome.voter_id is None or outcome.list_number is None:
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
    return after, (Append(after.ticket, void),)
