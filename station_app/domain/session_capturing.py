"""A session until it is decided: the PIN, the sample, its comparison, and the scanner's absence."""

from dataclasses import replace
from typing import assert_never

from station_app.domain import session_events as ev
from station_app.domain.decision import Match, NoMatch, OtherVoter, decide
from station_app.domain.entries import DeviceReturned, FingerTry, SessionStarted
from station_app.domain.fusion import Compared, session_candidates
from station_app.domain.matching import Examination
from station_app.domain.policy import Policy
from station_app.domain.samples import Face, RetryReason, position_of
from station_app.domain.session_asking import (
    ask_face,
    ask_finger,
    await_scanner,
    chosen,
    fingers_in_turn,
    look_up,
    may_ask_face,
    turns_of,
)
from station_app.domain.session_desk import (
    SCANNER,
    Step,
    arm_idle,
    change_day,
    lose_scanner,
    ready,
    session_number,
    unasked,
)
from station_app.domain.session_ending import ask_commission, end, record
from station_app.domain.session_outcomes import End, identified, measured_by, milli
from station_app.domain.session_states import (
    AwaitingSample,
    CommissionWhy,
    FaceWhy,
    Idle,
    LookingUp,
    Matching,
    Measured,
    Reviewing,
    Session,
    WaitingForScanner,
)


def in_idle(state: Idle, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """Nobody is at the desk."""
    session = Session(number=state.next_session, asked=state.asked, missing=state.missing)
    match event:
        case ev.FingerTouched():
            return _begun(session, (AwaitingSample(state.ticket, session, touched=True), ()))
        case ev.Captured():
            return _begun(session, _examine(state.ticket, session, event))
        case ev.CaptureFailed():
            return arm_idle(state)
        case ev.PinEntered():
            return _begun(session, look_up(state.ticket, session, event.pin))
        case ev.TimeOver() if state.last_stop is not None:
            return replace(state, last_stop=None), ()
        case ev.CommissionCalled():
            return _call_commission(state, session)
        case ev.FaceCalled() if may_ask_face(session, policy):
            return _begun(session, ask_face(state.ticket, session, FaceWhy.CALLED, policy))
        case ev.FingerChosen() | ev.Cancelled():
            return _mark(state, session, event, policy), ()
        case ev.ScannerLost():
            return lose_scanner(state.ticket, state.next_session)
        case ev.DayChanged():
            return change_day(state, event.day, policy)
        case (
            ev.NextPressed() | ev.RetryPressed()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _mark(
    state: Idle, session: Session, event: ev.FingerChosen | ev.Cancelled, policy: Policy
) -> Idle:
    """What the operator says of the next person's hands, until that person leaves."""
    if isinstance(event, ev.FingerChosen):
        asked = chosen(event, session, policy).asked
        return replace(state, asked=asked, missing=event.missing)
    if state.missing:
        return replace(state, asked=policy.asked_order[0], missing=frozenset())
    return state


def _call_commission(state: Idle, session: Session) -> Step:
    """To the person before, who was stopped, for a short time; else to the one who is here."""
    stop = state.last_stop
    if stop is not None:
        return replace(stop, ticket=state.ticket + 1), (ev.StopScanner(),)
    return _begun(session, ask_commission(state.ticket, session, CommissionWhy.CALLED))


def _begun(session: Session, begins: Step) -> Step:
    """The first step of a session, whose number is written before anything else."""
    after, effects = begins
    return after, (ev.Append(None, SessionStarted(session.number)), *effects)


# --- the PIN ----------------------------------------------------------------------------


def in_looking_up(state: LookingUp, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """A PIN is being looked up."""
    match event:
        case ev.PinFound():
            return _found(state, event, policy)
        case ev.PinUnknown():
            return end(state.ticket, state.session, End.PIN_UNKNOWN, policy)
        case ev.Cancelled():
            return end(state.ticket, state.session, End.CANCELLED, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.NextPressed() | ev.RetryPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _found(state: LookingUp, event: ev.PinFound, policy: Policy) -> Step:
    """Ask the PIN's voter for a finger of the record, the best first.

    For the face where there is none to ask for, or the face was called; without one the commission
    decides. A finger that the operator has chosen before is asked for, if the record has it.
    """
    usual = fingers_in_turn(policy, state.session.missing)[:1]
    enrolled = () if event.is_exempt else event.fingers
    session = replace(
        state.session, named_row=event.row, has_face=event.has_face, enrolled=enrolled
    )
    turns = turns_of(session, policy)
    was_called = isinstance(session.asked, Face)
    if was_called and may_ask_face(session, policy):
        return ask_face(state.ticket, session, FaceWhy.CALLED, policy)
    if not turns:
        why = FaceWhy.EXEMPT if event.is_exempt else FaceWhy.NO_FINGERS
        return _without_fingers(state.ticket, session, why, policy)
    if session.asked not in turns or session.asked in usual:
        session = replace(session, asked=turns[0])
    if session.scanner_lost:
        return await_scanner(state.ticket, session, None, policy)
    return ask_finger(state.ticket, session, None)


def _without_fingers(ticket: int, session: Session, why: FaceWhy, policy: Policy) -> Step:
    """No finger can be asked for: the face of a voter who is named, or the commission."""
    if session.has_face and may_ask_face(session, policy):
        return ask_face(ticket, session, why, policy)
    return ask_commission(ticket, session, CommissionWhy.NO_FINGERS)


# --- the sample -------------------------------------------------------------------------


def in_awaiting_sample(state: AwaitingSample, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The scanner is armed for this session."""
    session = state.session
    match event:
        case ev.FingerTouched():
            return state if state.touched else replace(state, touched=True), ()
        case ev.Captured():
            return _examine(state.ticket, session, event)
        case ev.CaptureFailed():
            return _count_failed_capture(state, event, policy)
        case ev.PinEntered():
            return look_up(state.ticket, session, event.pin)
        case ev.FingerChosen():
            return _choose(state, event, policy)
        case ev.CommissionCalled():
            return ask_commission(state.ticket, session, CommissionWhy.CALLED)
        case ev.FaceCalled() if may_ask_face(session, policy):
            return ask_face(state.ticket, session, FaceWhy.CALLED, policy)
        case ev.Cancelled():
            return end(state.ticket, session, End.CANCELLED, policy)
        case ev.ScannerLost():
            after, effects = lose_scanner(state.ticket, session.number + 1, session, state.reason)
            return after, (*effects, ev.StartTimer(after.ticket, policy.scanner_wait_s))
        case (
            ev.NextPressed() | ev.RetryPressed() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _choose(state: AwaitingSample, event: ev.FingerChosen, policy: Policy) -> Step:
    session = chosen(event, state.session, policy)
    if not turns_of(session, policy):
        return _without_fingers(state.ticket, session, FaceWhy.NO_FINGERS, policy)
    return replace(state, session=session), ()


def in_waiting_for_scanner(
    state: WaitingForScanner, event: ev.Press | ev.Answer, policy: Policy
) -> Step:
    """The scanner is gone."""
    session = state.session
    match event:
        case ev.ScannerReturned():
            returned = ev.Append(None, DeviceReturned(session_number(session), SCANNER))
            if session is None:
                after, effects = ready(state.ticket, state.next_session, policy)
            else:
                after, effects = ask_finger(
                    state.ticket, replace(session, scanner_lost=False), state.reason
                )
            return after, (returned, *effects)
        case ev.CommissionCalled() if session is not None:
            return ask_commission(state.ticket, session, CommissionWhy.CALLED)
        case ev.CommissionCalled():
            new = Session(state.next_session, policy.asked_order[0], scanner_lost=True)
            return _begun(new, ask_commission(state.ticket, new, CommissionWhy.CALLED))
        case ev.FaceCalled() if session is not None and may_ask_face(session, policy):
            return ask_face(state.ticket, session, FaceWhy.SCANNER_LOST, policy)
        case ev.FaceCalled() if session is None and policy.face_tries > 0:
            new = Session(state.next_session, policy.asked_order[0], scanner_lost=True)
            return _begun(new, ask_face(state.ticket, new, FaceWhy.SCANNER_LOST, policy))
        case ev.DayChanged() if session is None:
            return change_day(state, event.day, policy)
        case ev.TimeOver() if session is not None:
            return end(state.ticket, session, End.SCANNER_LOST, policy)
        case ev.Cancelled() if session is not None:
            return end(state.ticket, session, End.CANCELLED, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.Cancelled() | ev.NextPressed()
            | ev.RetryPressed() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


# --- the comparison ---------------------------------------------------------------------


def _examine(ticket: int, session: Session, event: ev.Captured) -> Step:
    """Hand the sample to its matcher; it is a try from now on."""
    state = Matching(ticket + 1, replace(session, tries=session.tries + 1))
    return state, (ev.Examine(state.ticket, event.sample, session.named_row),)


def in_matching(state: Matching, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The sample is being examined; the commission is not called before that is done."""
    match event:
        case ev.Matched():
            return _decide(state, event, policy)
        case ev.Cancelled():
            return end(state.ticket, state.session, End.CANCELLED, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.NextPressed() | ev.RetryPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


def _decide(state: Matching, event: ev.Matched, policy: Policy) -> Step:
    """The next step after an examined sample, judged together with those before it.

    The largest of the lists of templates searched is what the threshold is for.
    """
    session, seen = state.session, event.seen
    adequate = seen.quality >= policy.quality_floor
    tried = ev.Append(None, _tried(session, seen, adequate))
    if not adequate:
        measured = Measured(None, None, seen.fingers_compared, event.engine)
        reason = seen.hint or RetryReason.NOT_A_FINGER
        session = replace(session, measured=measured)
        after, effects = _try_again(state.ticket, session, reason, policy)
        return after, (tried, *effects)
    compared = (
        *session.compared,
        Compared(session.asked, seen.candidates, seen.fingers_compared, event.engine),
    )
    searched = max(one.searched for one in compared)
    finding = decide(
        session_candidates(compared), searched, session.tries, policy, session.named_row
    )
    engines = ", ".join(dict.fromkeys(one.engine for one in compared))
    session = replace(session, compared=compared, measured=measured_by(finding, searched, engines))
    match finding:
        case Match(candidate=candidate):
            reviewing = Reviewing(state.ticket + 1, session)
            after, effects = reviewing, (ev.ReadVoter(reviewing.ticket, candidate.row),)
        case OtherVoter():
            after, effects = ask_commission(state.ticket, session, CommissionWhy.OTHER_VOTER)
        case NoMatch():
            after, effects = _try_again(
                state.ticket, session, RetryReason.NO_MATCH, policy, seen.hint
            )
        case _:
            assert_never(finding)
    return after, (tried, *effects)


def in_reviewing(state: Reviewing, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The candidate's record is being read."""
    match event:
        case ev.VoterRead() if event.is_marked:
            return ask_commission(state.ticket, state.session, CommissionWhy.MARKED)
        case ev.VoterRead():
            outcome = identified(state.session, event.voter, policy)
            return record(state.ticket, outcome, state.session, event.voter)
        case ev.Cancelled():
            return end(state.ticket, state.session, End.CANCELLED, policy)
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.NextPressed() | ev.RetryPressed()
            | ev.CommissionCalled() | ev.DayChanged()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused()
        ):  # fmt: skip
            return state, ()
        case _:
            return unasked(state, event)


# --- the tries --------------------------------------------------------------------------


def _count_failed_capture(state: AwaitingSample, event: ev.CaptureFailed, policy: Policy) -> Step:
    """A capture that gave no sample is a try like any other."""
    session = replace(state.session, tries=state.session.tries + 1)
    tried = _tried(session, Examination(0, event.reason, (), 0, 0.0, 0.0), adequate=False)
    after, effects = _try_again(state.ticket, session, event.reason, policy)
    return after, (ev.Append(None, tried), *effects)


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
        return end(ticket, session, End.NO_CANDIDATE, policy)
    if session.tries >= policy.tries:
        if session.has_face and may_ask_face(session, policy):
            return ask_face(ticket, session, FaceWhy.TRIES, policy)
        return ask_commission(ticket, session, CommissionWhy.TRIES)
    order = turns_of(session, policy)
    if reason is RetryReason.NO_MATCH and order:
        place = order.index(session.asked) + 1 if session.asked in order else 0
        session = replace(session, asked=order[place % len(order)])
    return ask_finger(ticket, session, reason, hint)


def tries_at_most(session: Session, policy: Policy) -> int:
    """The number of this session's last try if every sample from now on is adequate.

    A session without a PIN ends after `tries_without_pin` adequate samples; one that is not
    adequate adds a try, up to `tries` in all. The rule of `_try_again`, seen from before.
    """
    if session.named_row is not None:
        return policy.tries
    still = max(0, policy.tries_without_pin - len(session.compared))
    return min(policy.tries, session.tries + still)


def _tried(session: Session, seen: Examination, adequate: bool) -> FingerTry:
    return FingerTry(
        session=session.number,
        number=session.tries,
        asked=position_of(session.asked),
        quality=seen.quality,
        hint=seen.hint,
        best_evidence_milli=milli(seen.candidates[0].evidence) if seen.candidates else None,
        fingers_compared=seen.fingers_compared,
        adequate=adequate,
    )
