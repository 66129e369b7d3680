"""How a session ends: the outcome entry of each way, with its reason code."""

from dataclasses import replace
from enum import Enum
from typing import assert_never

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.decision import Finding, Match, NoMatch, OtherVoter
from station_app.domain.entries import IssuedElsewhere, Outcome
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.samples import Face
from station_app.domain.session_states import AwaitingCommission, CommissionWhy, Measured, Session
from station_app.domain.voters import Voter


class End(Enum):
    """The ways without a voter: the outcome's kind and its reason."""

    PIN_UNKNOWN = OutcomeKind.NOT_ON_LIST, "pin_unknown"
    NO_CANDIDATE = OutcomeKind.NOT_ON_LIST, "no_candidate"
    NO_MATCH = OutcomeKind.UNREADABLE, "no_match"
    INADEQUATE = OutcomeKind.UNREADABLE, "inadequate"
    OTHER_VOTER = OutcomeKind.REFUSED, "other_voter"
    MARKED = OutcomeKind.REFUSED, "marked"
    STRUCK_OFF = OutcomeKind.REFUSED, "struck_off"
    BY_COMMISSION = OutcomeKind.REFUSED, "commission"
    CANCELLED = OutcomeKind.ABANDONED, "cancelled"
    PART_FAILED = OutcomeKind.ABANDONED, "station_fault"
    SCANNER_LOST = OutcomeKind.DEVICE_LOST, "finger_scanner"
    FACE_FAILED = OutcomeKind.UNREADABLE, "face_failed"
    FACE_NO_MATCH = OutcomeKind.UNREADABLE, "face_no_match"
    CAMERA_LOST = OutcomeKind.DEVICE_LOST, "camera"
    NO_FINGERS = OutcomeKind.UNREADABLE, "no_fingers"


def milli(evidence: float) -> int:
    """Evidence (-log10 FMR) as the journal's integer, times 1000."""
    return round(evidence * 1000)


def measured_by(finding: Finding, searched: int, engine: str) -> Measured:
    """The numbers of a decision for the outcome entry."""
    match finding:
        case NoMatch(best=evidence):
            pass
        case Match(candidate=candidate):
            evidence = candidate.evidence
        case OtherVoter(evidence=other):
            evidence = other
        case _:
            assert_never(finding)
    strength = None if evidence is None else milli(evidence)
    return Measured(strength, milli(finding.threshold), searched, engine)


def identified(session: Session, voter: Voter, policy: Policy) -> Outcome:
    """The sample is this voter's."""
    return _outcome(session, policy, OutcomeKind.IDENTIFIED, "", voter)


def ended(session: Session, end: End, policy: Policy) -> Outcome:
    """Nobody is identified."""
    outcome = _outcome(session, policy, *end.value)
    if end is End.BY_COMMISSION:
        return by_commission(outcome)
    return replace(outcome, method=Method.PIN) if end is End.PIN_UNKNOWN else outcome


def by_commission(outcome: Outcome) -> Outcome:
    """The commission's outcome: the machine's measurements are in the entries of the tries."""
    return replace(outcome, method=Method.COMMISSION, evidence_milli=None, threshold_milli=None)


def undecided(state: AwaitingCommission) -> End:
    """The commission was asked and has not decided: what the machine had come to."""
    match state.why:
        case CommissionWhy.TRIES:
            return End.NO_MATCH if state.session.compared else End.INADEQUATE
        case CommissionWhy.OTHER_VOTER:
            return End.OTHER_VOTER
        case CommissionWhy.MARKED:
            return End.MARKED
        case CommissionWhy.CALLED:
            return End.CANCELLED
        case CommissionWhy.FACE_FAILED | CommissionWhy.CANNOT_TURN:
            return End.FACE_FAILED
        case (
            CommissionWhy.FACE_DIFFERS | CommissionWhy.FACE_DISAGREES
            | CommissionWhy.FACE_PROPOSES | CommissionWhy.FACE_UNKNOWN
        ):  # fmt: skip
            return End.FACE_NO_MATCH
        case CommissionWhy.CAMERA_LOST:
            return End.CAMERA_LOST
        case CommissionWhy.NO_FINGERS:
            return End.NO_FINGERS
        case _:
            assert_never(state.why)


def already_identified(refused: Outcome, accepted: AlreadyAccepted) -> Outcome:
    """The entry written instead of `refused`: the voter was identified before, or a ballot was
    taken to the voter.
    """
    return replace(
        refused,
        outcome=OutcomeKind.ALREADY_IDENTIFIED,
        reason=refused.reason if accepted.place is None else IssuedElsewhere.kind,
        first_entry=accepted.first_number,
    )


def _outcome(
    session: Session, policy: Policy, kind: OutcomeKind, reason: str, voter: Voter | None = None
) -> Outcome:
    measured = session.measured
    return Outcome(
        session=session.number,
        outcome=kind,
        reason=reason,
        method=_method(session),
        voter_id=None if voter is None else voter.voter_id,
        list_number=None if voter is None else voter.list_number,
        first_entry=None,
        evidence_milli=measured.evidence_milli,
        threshold_milli=measured.threshold_milli,
        fingers_compared=measured.fingers_compared,
        tries=session.tries + session.face_tries,
        engine=measured.engine,
        policy=policy.digest(),
    )


def _method(session: Session) -> Method:
    """What was compared last."""
    if isinstance(session.asked, Face) and session.face_tries:
        return Method.FACE
    return Method.FINGER if session.tries else Method.NONE
