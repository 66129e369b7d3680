"""How a session ends: the outcome entry of each way, with its reason code."""

from dataclasses import replace
from typing import assert_never

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.session_states import AwaitingCommission, CommissionWhy, Session
from station_app.domain.voters import Voter

BY_COMMISSION = "commission"
"""The reason of a refusal that two persons have signed."""


def milli(evidence: float) -> int:
    """Evidence (-log10 FMR) as the journal's integer, times 1000."""
    return round(evidence * 1000)


def identified(session: Session, voter: Voter, policy: Policy) -> Outcome:
    """The finger is this voter's."""
    return _end(session, policy, OutcomeKind.IDENTIFIED, "", voter)


def confirmed_by_commission(session: Session, voter: Voter, policy: Policy) -> Outcome:
    """The commission says that the person is this voter."""
    return _by_commission(identified(session, voter, policy))


def refused_by_commission(session: Session, policy: Policy) -> Outcome:
    """The commission says that the person is not to be identified."""
    return _by_commission(_end(session, policy, OutcomeKind.REFUSED, BY_COMMISSION))


def undecided(state: AwaitingCommission, policy: Policy) -> Outcome:
    """The commission was asked and has not decided: what the machine had come to."""
    match state.why:
        case CommissionWhy.TRIES:
            return tries_used_up(state.session, policy)
        case CommissionWhy.OTHER_VOTER:
            return other_voter(state.session, policy)
        case CommissionWhy.MARKED:
            return marked(state.session, policy)
        case CommissionWhy.CALLED:
            return abandoned(state.session, policy)
        case _:
            assert_never(state.why)


def already_identified(refused: Outcome, accepted: AlreadyAccepted) -> Outcome:
    """What is written instead of `refused`: the voter was identified before."""
    return replace(
        refused, outcome=OutcomeKind.ALREADY_IDENTIFIED, first_entry=accepted.first_number
    )


def pin_unknown(session: Session, policy: Policy) -> Outcome:
    """The PIN given is not on this list."""
    outcome = _end(session, policy, OutcomeKind.NOT_ON_LIST, "pin_unknown")
    return replace(outcome, method=Method.PIN)


def not_on_list(session: Session, policy: Policy) -> Outcome:
    """No PIN was given, and enough adequate images matched nobody."""
    return _end(session, policy, OutcomeKind.NOT_ON_LIST, "no_candidate")


def tries_used_up(session: Session, policy: Policy) -> Outcome:
    """The policy's tries are over without a match: the commission decides."""
    reason = "no_match" if session.compared else "inadequate"
    return _end(session, policy, OutcomeKind.UNREADABLE, reason)


def other_voter(session: Session, policy: Policy) -> Outcome:
    """The finger is not the named voter's but another's: the commission decides."""
    return _end(session, policy, OutcomeKind.REFUSED, "other_voter")


def marked(session: Session, policy: Policy) -> Outcome:
    """Their finger may be that of somebody identified under another id: two persons decide."""
    return _end(session, policy, OutcomeKind.REFUSED, "marked")


def abandoned(session: Session, policy: Policy) -> Outcome:
    """The operator cancelled."""
    return _end(session, policy, OutcomeKind.ABANDONED, "cancelled")


def part_failed(session: Session, policy: Policy) -> Outcome:
    """A part of the station failed under the session."""
    return _end(session, policy, OutcomeKind.ABANDONED, "station_fault")


def device_lost(session: Session, policy: Policy) -> Outcome:
    """The scanner did not come back in time."""
    return _end(session, policy, OutcomeKind.DEVICE_LOST, "finger_scanner")


def _by_commission(outcome: Outcome) -> Outcome:
    """What the machine measured is in the entries of the tries; it has not decided."""
    return replace(outcome, method=Method.COMMISSION, evidence_milli=None, threshold_milli=None)


def _end(
    session: Session, policy: Policy, kind: OutcomeKind, reason: str, voter: Voter | None = None
) -> Outcome:
    measured = session.measured
    return Outcome(
        session=session.number,
        outcome=kind,
        reason=reason,
        method=Method.FINGER if session.tries else Method.NONE,
        voter_id=None if voter is None else voter.voter_id,
        list_number=None if voter is None else voter.list_number,
        first_entry=None,
        evidence_milli=measured.evidence_milli,
        threshold_milli=measured.threshold_milli,
        fingers_compared=measured.fingers_compared,
        tries=session.tries,
        engine=measured.engine,
        policy=policy.digest(),
    )
