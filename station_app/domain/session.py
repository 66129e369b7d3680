"""The session machine: what happens at the desk, state by state, as one pure function.

`step` never looks at a clock, a device or a file. What it wants done it returns as
effects; what was done comes back as events. Two rules hold for every state:

* An answer counts only in the state object that asked for it: its ticket must be the
  state's own. A slow match for one voter can never reach another voter's session.
* A verdict is reached only from `Recording`, a void only from `Voiding`, a decided STOP only from
  `DecidingStop`, and only by `EntryWritten`: nothing is said before it is durable.

A state decides every press by name, which mypy proves (`session_desk.unasked`); of the answers,
which the ticket lets in, it names those that something follows from.
"""

from typing import assert_never

from station_app.domain import session_capturing as capturing
from station_app.domain import session_desk as desk
from station_app.domain import session_ending as ending
from station_app.domain import session_face as face
from station_app.domain.day import DayState
from station_app.domain.policy import Policy
from station_app.domain.session_desk import Step
from station_app.domain.session_events import (
    AppendFailed,
    Event,
    PartFailed,
    Press,
    StopCamera,
)
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    DecidingStop,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Resting,
    Reviewing,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)


def begin(next_session: int, policy: Policy, day: DayState = DayState.OPEN) -> Step:
    """The desk's first state; sessions are numbered on from `next_session`."""
    return desk.stand(0, next_session, day, policy)


def step(state: State, event: Event, policy: Policy) -> Step:
    """The next state, and what to do on the way to it."""
    after, effects = _step(state, event, policy)
    if isinstance(state, AwaitingFace) and not isinstance(after, AwaitingFace):
        return after, (StopCamera(), *effects)
    return after, effects


def _step(state: State, event: Event, policy: Policy) -> Step:  # noqa: PLR0912  (a branch a state)
    if isinstance(event, AppendFailed):
        return desk.append_failed(state, event, policy)
    if not isinstance(event, Press) and event.ticket != state.ticket:
        return state, ()
    if isinstance(event, PartFailed) and isinstance(state, desk.Stoppable):
        return desk.block(state, event.code, policy)
    match state:
        case Idle():
            return capturing.in_idle(state, event, policy)
        case LookingUp():
            return capturing.in_looking_up(state, event, policy)
        case AwaitingSample():
            return capturing.in_awaiting_sample(state, event, policy)
        case Matching():
            return capturing.in_matching(state, event, policy)
        case Reviewing():
            return capturing.in_reviewing(state, event, policy)
        case AwaitingFace():
            return face.in_awaiting_face(state, event, policy)
        case WaitingForScanner():
            return capturing.in_waiting_for_scanner(state, event, policy)
        case AwaitingCommission():
            return ending.in_awaiting_commission(state, event, policy)
        case Recording():
            return ending.in_recording(state, event, policy)
        case Verdict():
            return ending.in_verdict(state, event, policy)
        case Voiding():
            return ending.in_voiding(state, event)
        case Voided():
            return ending.in_voided(state, event, policy)
        case DecidingStop():
            return ending.in_deciding_stop(state, event)
        case Resting():
            return desk.in_resting(state, event, policy)
        case Blocked():
            return desk.in_blocked(state, event, policy)
        case _:
            assert_never(state)
