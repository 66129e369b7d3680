"""The session machine: one pure function from a state and an event to the next state.

`step` never looks at a clock, a device or a file. What it wants done it returns as
effects; what was done comes back as events. Two rules hold for every state:

* An answer counts only in the state object that asked for it: its ticket must be the
  state's own. A slow match for one voter can never reach another voter's session.
* A verdict is reached only from `Recording`, a void only from `Voiding`, and only by
  `EntryWritten`: nothing is said before it is durable.

Every pair of state and event is decided by name (`session_capturing`, `session_concluding`);
`assert_never` makes mypy prove it.
"""

from station_app.domain import session_capturing as capturing
from station_app.domain import session_concluding as concluding
from station_app.domain import session_faults as faults
from station_app.domain import session_moves as moves
from station_app.domain.day import DayState
from station_app.domain.policy import Policy
from station_app.domain.session_events import AppendFailed, Event
from station_app.domain.session_moves import Step
from station_app.domain.session_states import State


def begin(next_session: int, policy: Policy, day: DayState = DayState.OPEN) -> Step:
    """The desk's first state; sessions are numbered on from `next_session`."""
    return moves.stand(0, next_session, day, policy)


def step(state: State, event: Event, policy: Policy) -> Step:
    """The next state, and what to do on the way to it."""
    if isinstance(event, AppendFailed):
        return faults.append_failed(state, event, policy)
    ticket = getattr(event, "ticket", state.ticket)
    if ticket != state.ticket:
        return state, ()
    if isinstance(state, capturing.Capturing):
        return capturing.step(state, event, policy)
    return concluding.step(state, event, policy)
