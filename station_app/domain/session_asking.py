"""What a session asks a person for: a document's PIN, a finger, the face."""

from collections.abc import Collection
from dataclasses import replace

from station_app.domain import session_events as ev
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.policy import Policy
from station_app.domain.samples import Asked, Face, Finger, RetryReason
from station_app.domain.session_desk import Step
from station_app.domain.session_states import (
    AwaitingFace,
    AwaitingSample,
    FaceWhy,
    Idle,
    LookingUp,
    Session,
    State,
    WaitingForScanner,
)


def look_up(ticket: int, session: Session, pin: str) -> Step:
    """Find the PIN's voter before anything is compared."""
    state = LookingUp(ticket + 1, session)
    return state, (ev.StopScanner(), ev.LookUpPin(state.ticket, pin))


# --- the finger -------------------------------------------------------------------------


def fingers_in_turn(
    policy: Policy,
    missing: Collection[FingerPosition],
    enrolled: tuple[FingerPosition, ...] | None = None,
) -> tuple[Asked, ...]:
    """The fingers that a person may be asked for, in turn; empty for none.

    Those of the record where a voter is named (`enrolled`), else the policy's. Where all of these
    are missing, others without a record: any finger may be enrolled.
    """
    first = policy.finger_order if enrolled is None else enrolled
    others = EVERY_FINGER if enrolled is None else ()
    left = [one for one in first if one not in missing]
    return tuple(map(Finger, left or [one for one in others if one not in missing]))


def turns_of(session: Session, policy: Policy) -> tuple[Asked, ...]:
    """`fingers_in_turn` of this session."""
    return fingers_in_turn(policy, session.missing, session.enrolled)


def chosen(event: ev.FingerChosen, session: Session, policy: Policy) -> Session:
    """The session asks for the finger chosen; for another where that one is not to be asked for.

    Without any it asks for what it did.
    """
    session = replace(session, missing=event.missing)
    wanted, turns = Finger(event.finger), turns_of(session, policy)
    is_known = session.enrolled is None or event.finger in session.enrolled
    if event.finger not in event.missing and is_known:
        return replace(session, asked=wanted)
    return replace(session, asked=turns[0]) if turns else session


def ask_finger(
    ticket: int,
    session: Session,
    reason: RetryReason | None,
    hint: RetryReason | None = None,
) -> Step:
    """Arm the scanner for this session; `hint` is what the last sample was like."""
    state = AwaitingSample(ticket + 1, session, reason=reason, hint=hint)
    return state, (ev.ArmScanner(state.ticket),)


def await_scanner(
    ticket: int, session: Session, reason: RetryReason | None, policy: Policy
) -> Step:
    """Wait for the scanner, which is away, as is written."""
    state = WaitingForScanner(ticket + 1, session.number + 1, session, reason)
    wait = ev.StartTimer(state.ticket, policy.scanner_wait_s)
    return state, (ev.ReopenScanner(state.ticket), wait)


# --- the face ---------------------------------------------------------------------------


def may_ask_face(session: Session, policy: Policy) -> bool:
    """Whether this session may ask for the face, at a desk with a camera whose list has faces.

    A voter who was named needs a face in the list.
    """
    has_face = session.named_row is None or session.has_face
    return has_face and session.face_tries < policy.face_tries


def ask_face(
    ticket: int, session: Session, why: FaceWhy, policy: Policy, resumed: AwaitingFace | None = None
) -> Step:
    """Let the camera look for this session; `resumed` keeps what is known from before."""
    session = replace(session, asked=Face())
    state = AwaitingFace(ticket + 1, session, why)
    if resumed is not None:
        state = replace(state, voter=resumed.voter, failed=resumed.failed)
    arm = ev.ArmCamera(state.ticket, session.number, policy.face_turns)
    if session.named_row is None or state.voter is not None:
        return state, (ev.StopScanner(), arm)
    return state, (ev.StopScanner(), ev.ReadVoter(state.ticket, session.named_row), arm)


def offers_face(state: State, policy: Policy) -> bool:
    """Whether the face can be called now (F4), at a desk with a camera whose list has faces."""
    match state:
        case Idle() | WaitingForScanner(session=None):
            return policy.face_tries > 0
        case AwaitingSample(session=session) | WaitingForScanner(session=Session() as session):
            return may_ask_face(session, policy)
        case _:
            return False


def offers_finger(state: AwaitingFace, policy: Policy) -> bool:
    """Whether another finger can be chosen (F3) in place of the face: a try is left.

    Not once pictures are taken: a face that was compared is joined with the fingers of its session,
    and the operator's answer would be passed by.
    """
    return not state.is_live and state.session.tries < policy.tries
