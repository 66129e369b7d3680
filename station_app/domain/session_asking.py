"""What a session asks a person for: a document's PIN, a finger, the face."""

from dataclasses import replace

from station_app.domain import session_events as ev
from station_app.domain.policy import Policy
from station_app.domain.samples import Face, RetryReason
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
