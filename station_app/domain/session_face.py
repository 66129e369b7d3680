"""The face as the second way in: turns of the head, two opinions, and what follows from them.

With a PIN the person is compared with its voter and with nobody else: a face resembles those of
relatives, and this screen shows nothing of another record. The operator answers first whether they
are the same; the voter is identified only if operator and machine both say yes. Without a PIN the
search proposes, and the commission decides.
"""

from dataclasses import replace
from typing import Final

from station_app.domain import session_events as ev
from station_app.domain.decision import Match, decide, verify_threshold
from station_app.domain.entries import Entry, FaceCompared, FacesProposed, FaceTry, HeadNotTurned
from station_app.domain.fusion import Compared, session_candidates
from station_app.domain.liveness import FaceFailure
from station_app.domain.matching import Examination
from station_app.domain.policy import Policy
from station_app.domain.samples import Face
from station_app.domain.session_asking import (
    ask_face,
    ask_finger,
    await_scanner,
    chosen,
    look_up,
    may_ask_face,
    offers_finger,
    turns_of,
)
from station_app.domain.session_desk import Step, unasked
from station_app.domain.session_ending import ask_commission, end, record
from station_app.domain.session_outcomes import End, identified, measured_by, milli
from station_app.domain.session_states import AwaitingFace, CommissionWhy, Measured, Session

CAMERA: Final = "camera"
"""The camera's name in device entries."""

MOST_PROPOSED: Final = 3
"""A search without a PIN proposes no more voters."""


def in_awaiting_face(state: AwaitingFace, event: ev.Press | ev.Answer, policy: Policy) -> Step:
    """The camera looks at this person."""
    ticket, session = state.ticket, state.session
    match event:
        case ev.FaceAnswered(same=same) if state.may_answer(same=same):
            return _judge(replace(state, answer=same), policy)
        case ev.TurnRefused() if not state.is_live:
            after, effects = ask_commission(ticket, session, CommissionWhy.CANNOT_TURN)
            return after, (ev.Append(None, HeadNotTurned(session.number)), *effects)
        case ev.PinEntered() if session.named_row is None and not state.is_live:
            return look_up(ticket, session, event.pin)
        case ev.FingerChosen() if offers_finger(state, policy):
            return _ask_finger(state, event, policy)
        case ev.CommissionCalled():
            return _with_answer(state, ask_commission(ticket, session, CommissionWhy.CALLED))
        case ev.Cancelled():
            return _with_answer(state, end(ticket, session, End.CANCELLED, policy))
        case (
            ev.PinEntered() | ev.FingerChosen() | ev.NextPressed() | ev.RetryPressed()
            | ev.FaceCalled() | ev.FaceAnswered() | ev.TurnRefused() | ev.DayChanged()
        ):  # fmt: skip
            return state, ()
        case _:
            return _answered(state, event, policy)


def _answered(state: AwaitingFace, event: ev.Answer, policy: Policy) -> Step:
    """The list, the camera or the matcher answers."""
    match event:
        case ev.VoterRead() if event.is_marked:
            return ask_commission(state.ticket, state.session, CommissionWhy.MARKED)
        case ev.VoterRead() if state.voter is None and state.session.named_row is not None:
            return replace(state, voter=event.voter), ()
        case ev.FaceLive() if not state.is_live:
            session = replace(state.session, face_tries=state.session.face_tries + 1)
            live = replace(state, session=session, is_live=True, turns=event.turns, fault="")
            return live, (ev.Examine(state.ticket, event.sample, session.named_row),)
        case ev.FaceFailed() if not state.is_live:
            return _fail(state, event.why, event.turns, policy)
        case ev.Matched() if state.is_live and state.finding is None:
            return _examined(state, event, policy)
        case _:
            return _in_camera_trouble(state, event, policy)


def _in_camera_trouble(state: AwaitingFace, event: ev.Answer, policy: Policy) -> Step:
    """The camera goes away or comes back: once pictures are taken, that changes nothing."""
    match event:
        case ev.CameraLost(code=code):
            needs_timer = not state.fault and not state.is_live
            wait = ev.StartTimer(state.ticket, policy.camera_wait_s)
            return replace(state, fault=code), (wait,) if needs_timer else ()
        case ev.CameraReturned() if state.fault and state.is_live:
            return replace(state, fault=""), ()
        case ev.CameraReturned() if state.fault:
            return ask_face(state.ticket, state.session, state.why, policy, resumed=state)
        case ev.TimeOver() if state.fault and not state.is_live:
            return ask_commission(state.ticket, state.session, CommissionWhy.CAMERA_LOST)
        case _:
            return unasked(state, event)


def _ask_finger(state: AwaitingFace, event: ev.FingerChosen, policy: Policy) -> Step:
    session = chosen(event, state.session, policy)
    if not turns_of(session, policy):
        return replace(state, session=session), ()
    if session.scanner_lost:
        return await_scanner(state.ticket, session, None, policy)
    return ask_finger(state.ticket, session, None)


# --- the comparison ---------------------------------------------------------------------


def _examined(state: AwaitingFace, event: ev.Matched, policy: Policy) -> Step:
    """The pictures are compared, together with the session's fingers."""
    session, seen = state.session, event.seen
    adequate = seen.quality >= policy.quality_floor and seen.fingers_compared > 0
    tried = ev.Append(None, _tried(state, seen, event.engine, None if adequate else _UNCLEAR))
    if not adequate:
        unclear = Measured(None, None, seen.fingers_compared, event.engine)
        after, effects = _again(
            replace(state, session=replace(session, measured=unclear)), _UNCLEAR, policy
        )
        return after, (tried, *effects)
    row = session.named_row
    candidates = tuple(one for one in seen.candidates if row in (None, one.row))
    compared = (
        *session.compared,
        Compared(Face(), candidates, seen.fingers_compared, event.engine),
    )
    searched = max(one.searched for one in compared)
    joined = session_candidates(compared)
    finding = decide(joined, searched, tries_of(session), policy, row)
    engines = ", ".join(dict.fromkeys(one.engine for one in compared))
    session = replace(session, compared=compared, measured=measured_by(finding, searched, engines))
    if row is not None:
        after, effects = _judge(replace(state, session=session, finding=finding), policy)
        return after, (tried, *effects)
    by_face = {one.row for one in candidates}
    floor = verify_threshold(policy)
    alike = [one for one in joined if one.row in by_face and one.evidence >= floor]
    after, effects = _propose(state, session, [one.row for one in alike[:MOST_PROPOSED]])
    return after, (tried, *effects)


def _propose(state: AwaitingFace, session: Session, rows: list[int]) -> Step:
    """Nobody is identified by a search alone: the commission looks at those who look alike."""
    why = CommissionWhy.FACE_PROPOSES if rows else CommissionWhy.FACE_UNKNOWN
    after, effects = ask_commission(state.ticket, session, why, rows)
    return after, (ev.Append(None, FacesProposed(session.number, len(rows))), *effects)


def _judge(state: AwaitingFace, policy: Policy) -> Step:
    """What follows once the operator has answered, and the machine where it has pictures."""
    session, voter, finding = state.session, state.voter, state.finding
    if state.answer is None or voter is None or (state.is_live and finding is None):
        return state, ()
    is_same = None if finding is None else isinstance(finding, Match)
    opinions = ev.Append(None, _compared(session, operator=state.answer, machine=is_same))
    if state.answer and is_same:
        after, effects = record(state.ticket, identified(session, voter, policy), session, voter)
        return after, (opinions, *effects)
    why = CommissionWhy.FACE_DISAGREES if state.answer else CommissionWhy.FACE_DIFFERS
    asked, more = ask_commission(state.ticket, session, why)
    return asked, (opinions, *more)


def _with_answer(state: AwaitingFace, step: Step) -> Step:
    """The step; before it the operator's answer, which the machine's opinion had not met yet."""
    if state.answer is None:
        return step
    after, effects = step
    answer = _compared(state.session, operator=state.answer, machine=None)
    return after, (ev.Append(None, answer), *effects)


# --- the tries --------------------------------------------------------------------------


_UNCLEAR: Final = FaceFailure.UNCLEAR


def tries_of(session: Session) -> int:
    """Images used so far: fingers and faces."""
    return session.tries + session.face_tries


def _fail(state: AwaitingFace, why: FaceFailure, turns: str, policy: Policy) -> Step:
    """A face try that gave nothing to compare is a try like any other."""
    session = replace(state.session, face_tries=state.session.face_tries + 1)
    state = replace(state, session=session, turns=turns)
    tried = ev.Append(None, _tried(state, _NOTHING_SEEN, "", why))
    after, effects = _again(state, why, policy)
    return after, (tried, *effects)


def _again(state: AwaitingFace, why: FaceFailure, policy: Policy) -> Step:
    """Ask for another face try; when these are used up, ask the commission."""
    if state.answer is False:
        return _judge(replace(state, is_live=False), policy)
    if not may_ask_face(state.session, policy):
        return ask_commission(state.ticket, state.session, CommissionWhy.FACE_FAILED)
    resumed = replace(state, failed=why)
    return ask_face(state.ticket, state.session, state.why, policy, resumed)


_NOTHING_SEEN: Final = Examination(0, None, (), 0, 0.0, 0.0)


def _tried(state: AwaitingFace, seen: Examination, engine: str, why: FaceFailure | None) -> FaceTry:
    session = state.session
    row = session.named_row
    best = next((one for one in seen.candidates if row in (None, one.row)), None)
    return FaceTry(
        session=session.number,
        number=tries_of(session),
        failed=why,
        is_live=state.is_live,
        turns=state.turns,
        quality=seen.quality,
        best_evidence_milli=None if best is None else milli(best.evidence),
        faces_compared=seen.fingers_compared,
        adequate=why is None,
        engine=engine,
    )


def _compared(session: Session, *, operator: bool, machine: bool | None) -> Entry:
    known = session.measured if machine is not None else Measured(None, None, 0, "")
    return FaceCompared(
        session=session.number,
        operator_same=operator,
        machine_same=machine,
        evidence_milli=known.evidence_milli,
        threshold_milli=known.threshold_milli,
    )
