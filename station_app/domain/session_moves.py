"""Transitions of the session machine that several states share."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_ends as ends
from station_app.domain.captures import RetryReason
from station_app.domain.day import DayState
from station_app.domain.decision import Finding, Match, NoMatch, OtherVoter, decide
from station_app.domain.entries import DeviceLost, FingerTry, Outcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import Compared, session_candidates
from station_app.domain.matching import Examination
from station_app.domain.policy import Policy
from station_app.domain.session_events import (
    Append,
    ArmScanner,
    AwaitFingerOff,
    Captured,
    CaptureFailed,
    Effect,
    EntryWritten,
    Examine,
    LookUpPin,
    Matched,
    ReadVoter,
    ReopenScanner,
    StartTimer,
    StopScanner,
)
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFinger,
    Blocked,
    CommissionWhy,
    Idle,
    LookingUp,
    Matching,
    Measured,
    Recording,
    Resting,
    Reviewing,
    Session,
    State,
    Verdict,
    WaitingForScanner,
)

SCANNER = "finger_scanner"
"""The scanner's name in device entries."""

DWELL_S = 2.5
"""An identified voter's screen stays at least this long (DESIGN, timing)."""

Step = tuple[State, tuple[Effect, ...]]


def session_number(session: Session | None) -> int | None:
    """The session's number for a device entry."""
    return None if session is None else session.number


def ready(ticket: int, next_session: int, policy: Policy) -> Step:
    """Nobody at the desk, the scanner armed for the policy's first finger."""
    return arm_idle(Idle(ticket, next_session, policy.finger_order[0]))


def stand(
    ticket: int, next_session: int, day: DayState, policy: Policy, *, scanner_lost: bool = False
) -> Step:
    """Nobody at the desk: ready while the day is open and the scanner there, else at rest."""
    if day is not DayState.OPEN:
        return Resting(ticket + 1, next_session, day, scanner_lost), (StopScanner(),)
    if scanner_lost:
        waiting = WaitingForScanner(ticket + 1, next_session)
        return waiting, (ReopenScanner(waiting.ticket),)
    return ready(ticket, next_session, policy)


def change_day(state: Idle | Resting | WaitingForScanner, day: DayState, policy: Policy) -> Step:
    """The day stands differently from now on; nothing happens where that is no news."""
    if day is (state.why if isinstance(state, Resting) else DayState.OPEN):
        return state, ()
    lost = is_scanner_lost(state)
    return stand(state.ticket, state.next_session, day, policy, scanner_lost=lost)


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


def next_person(ticket: int, session: Session, policy: Policy) -> Step:
    """The session is over and nothing is to be shown any more."""
    lost = session.scanner_lost
    return stand(ticket, session.number + 1, DayState.OPEN, policy, scanner_lost=lost)


def arm_idle(state: Idle) -> Step:
    """Arm the scanner (again) while nobody's session has begun."""
    armed = replace(state, ticket=state.ticket + 1)
    return armed, (ArmScanner(armed.ticket),)


def arm(
    ticket: int,
    session: Session,
    reason: RetryReason | None,
    hint: RetryReason | None = None,
) -> Step:
    """Arm the scanner for this session; `hint` is what the last image was like."""
    state = AwaitingFinger(ticket + 1, session, reason=reason, hint=hint)
    return state, (ArmScanner(state.ticket),)


def look_up(ticket: int, session: Session, pin: str) -> Step:
    """Find the PIN's voter before a finger is taken."""
    state = LookingUp(ticket + 1, session)
    return state, (StopScanner(), LookUpPin(state.ticket, pin))


def examine(ticket: int, session: Session, event: Captured) -> Step:
    """Hand the image to the matching core; it is a try from now on."""
    state = Matching(ticket + 1, replace(session, tries=session.tries + 1))
    return state, (Examine(state.ticket, event.image, session.named_row),)


def lose_scanner(
    ticket: int,
    next_session: int,
    session: Session | None = None,
    reason: RetryReason | None = None,
) -> Step:
    """The scanner is gone: write it down and try to open it again."""
    without = None if session is None else replace(session, scanner_lost=True)
    state = WaitingForScanner(ticket + 1, next_session, without, reason)
    lost = Append(None, DeviceLost(session_number(session), SCANNER))
    return state, (lost, ReopenScanner(state.ticket))


def record(ticket: int, outcome: Outcome, session: Session) -> tuple[Recording, tuple[Effect, ...]]:
    """Write the outcome; nothing is said until it is durable."""
    state = Recording(ticket + 1, session, outcome)
    return state, (StopScanner(), Append(state.ticket, outcome))


def ask_commission(ticket: int, session: Session, why: CommissionWhy) -> Step:
    """The commission decides; the record of the voter whose PIN was given is read for it."""
    state = AwaitingCommission(ticket + 1, session, why)
    if session.named_row is None:
        return state, (StopScanner(),)
    return state, (StopScanner(), ReadVoter(state.ticket, session.named_row))


def abandon(state: LookingUp | AwaitingFinger | Matching | Reviewing, policy: Policy) -> Step:
    """The operator ends the session."""
    return record(state.ticket, ends.abandoned(state.session, policy), state.session)


def count_failed_capture(state: AwaitingFinger, event: CaptureFailed, policy: Policy) -> Step:
    """A capture that gave no image is a try like any other."""
    session = replace(state.session, tries=state.session.tries + 1)
    tried = FingerTry(
        session=session.number,
        number=session.tries,
        asked=session.finger,
        quality=0,
        hint=event.reason,
        best_evidence_milli=None,
        fingers_compared=0,
        adequate=False,
    )
    after, effects = _try_again(state.ticket, session, event.reason, policy)
    return after, (Append(None, tried), *effects)


def decide_image(state: Matching, event: Matched, policy: Policy) -> Step:
    """What the examined image, together with those before it, means for this session."""
    session, seen = state.session, event.seen
    adequate = seen.quality >= policy.quality_floor
    tried = Append(None, _tried(session, seen, adequate))
    if not adequate:
        measured = Measured(None, None, seen.fingers_compared, event.engine)
        reason = seen.hint or RetryReason.NOT_A_FINGER
        session = replace(session, measured=measured)
        after, effects = _try_again(state.ticket, session, reason, policy)
        return after, (tried, *effects)
    compared = (*session.compared, Compared(session.finger, seen.candidates))
    finding = decide(
        session_candidates(compared),
        seen.fingers_compared,
        session.tries,
        policy,
        session.named_row,
    )
    session = replace(
        session, compared=compared, measured=_measured(finding, seen.fingers_compared, event.engine)
    )
    match finding:
        case Match(candidate=candidate):
            after, effects = _review(state.ticket, session, candidate.row)
        case OtherVoter():
            after, effects = ask_commission(state.ticket, session, CommissionWhy.OTHER_VOTER)
        case NoMatch():
            after, effects = _try_again(
                state.ticket, session, RetryReason.NO_MATCH, policy, seen.hint
            )
        case _:
            assert_never(finding)
    return after, (tried, *effects)


def _review(ticket: int, session: Session, row: int) -> Step:
    """Read the record of the voter the finger belongs to."""
    state = Reviewing(ticket + 1, session)
    return state, (ReadVoter(state.ticket, row),)


def _try_again(
    ticket: int,
    session: Session,
    reason: RetryReason,
    policy: Policy,
    hint: RetryReason | None = None,
) -> Step:
    """Ask for another try; when the tries are used up, end the session or ask the commission."""
    without_pin = session.named_row is None
    if without_pin and len(session.compared) >= policy.tries_without_pin:
        return record(ticket, ends.not_on_list(session, policy), session)
    if session.tries >= policy.tries:
        return ask_commission(ticket, session, CommissionWhy.TRIES)
    if reason is RetryReason.NO_MATCH:
        session = replace(session, finger=_next_finger(session.finger, policy))
    return arm(ticket, session, reason, hint)


def tries_at_most(session: Session, policy: Policy) -> int:
    """The number of this session's last try if every image from now on is adequate.

    A session without a PIN ends after `tries_without_pin` adequate images; one that is not
    adequate adds a try, up to `tries` in all. The rule of `_try_again`, seen from before.
    """
    if session.named_row is not None:
        return policy.tries
    still = max(0, policy.tries_without_pin - len(session.compared))
    return min(policy.tries, session.tries + still)


def _next_finger(finger: FingerPosition, policy: Policy) -> FingerPosition:
    order = policy.finger_order
    place = order.index(finger) + 1 if finger in order else 0
    return order[place % len(order)]


def _tried(session: Session, seen: Examination, adequate: bool) -> FingerTry:
    best = ends.milli(seen.candidates[0].evidence) if seen.candidates else None
    return FingerTry(
        session=session.number,
        number=session.tries,
        asked=session.finger,
        quality=seen.quality,
        hint=seen.hint,
        best_evidence_milli=best,
        fingers_compared=seen.fingers_compared,
        adequate=adequate,
    )


def _measured(finding: Finding, fingers_compared: int, engine: str) -> Measured:
    match finding:
        case NoMatch(best=best, threshold=threshold):
            evidence = None if best is None else ends.milli(best)
        case Match(candidate=candidate, threshold=threshold):
            evidence = ends.milli(candidate.evidence)
        case OtherVoter(evidence=other, threshold=threshold):
            evidence = ends.milli(other)
        case _:
            assert_never(finding)
    return Measured(evidence, ends.milli(threshold), fingers_compared, engine)


def outcome_written(state: Recording, event: EntryWritten, policy: Policy) -> Step:
    """The outcome is durable: say it, or go on where there is nothing to say."""
    session = state.session
    kind = state.outcome.outcome
    decided = state.outcome.reason == ends.BY_COMMISSION
    if kind in (OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST) or decided:
        return next_person(state.ticket, session, policy)
    verdict = Verdict(
        state.ticket + 1,
        session,
        state.outcome,
        event.appended.number,
        state.voter,
        state.first_at,
        lifted=session.scanner_lost,
    )
    if kind is not OutcomeKind.IDENTIFIED:
        return verdict, ()
    dwell = StartTimer(verdict.ticket, DWELL_S)
    if session.scanner_lost:
        return verdict, (dwell,)
    return verdict, (AwaitFingerOff(verdict.ticket), dwell)


def leave_when_done(state: Verdict, policy: Policy) -> Step:
    """Close an identified voter's screen once the finger is off and the time is over."""
    is_done = state.lifted and state.dwelt and not state.held
    if state.outcome.outcome is OutcomeKind.IDENTIFIED and is_done:
        return next_person(state.ticket, state.session, policy)
    return state, ()
