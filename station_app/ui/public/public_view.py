"""What voters and observers may see: four facts about the person just identified, or a scene.

A negative verdict, an address, a birth date, a PIN, a document or another voter has no field here,
so that nothing behind this module can show one (ADR 0061).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from station_app.domain.entry_codes import OutcomeKind
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
from station_app.domain.voters import Voter


class Scene(StrEnum):
    """What is shown of nobody: each looks the same whatever has led to it."""

    IDLE = "idle"
    WAIT = "wait"
    """Please speak with the operator: every case but an identification."""
    CALL = "call"
    """The operator calls the commission."""


@dataclass(frozen=True, slots=True)
class ShownVoter:
    """The four facts that are shown of an identified voter; `portrait` is PNG or JPEG, or empty."""

    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    list_number: int
    portrait: bytes = field(repr=False)

    @classmethod
    def of(cls, voter: Voter) -> "ShownVoter":
        """These facts of `voter`, and no others."""
        return cls(voter.surname, voter.given_names, voter.list_number, voter.portrait)


PublicView = Scene | ShownVoter


def public_view(state: State, before: PublicView) -> PublicView:
    """What follows `before` when the desk is in `state`.

    Once a person was asked to speak with the operator, that stays while the same session is at
    work, so that the display does not flicker. Faults between persons show nothing.
    """
    waits = before is Scene.WAIT
    match state:
        case Idle() | Resting():
            return Scene.IDLE
        case LookingUp() | Matching() | Reviewing() | Recording() | Voiding():
            return Scene.WAIT if waits else Scene.IDLE
        case AwaitingSample(reason=reason):
            return Scene.WAIT if waits or reason is not None else Scene.IDLE
        case AwaitingFace() | AwaitingCommission() | Voided() | DecidingStop():
            return Scene.WAIT
        case Verdict(voter=Voter() as voter, held=False) if _is_identified(state):
            return ShownVoter.of(voter)
        case Verdict():
            return Scene.WAIT
        case WaitingForScanner(session=session):
            return Scene.IDLE if session is None else Scene.WAIT
        case Blocked(pending=pending):
            return Scene.IDLE if pending is None else Scene.WAIT
        case _:
            assert_never(state)


def _is_identified(verdict: Verdict) -> bool:
    return verdict.outcome.outcome is OutcomeKind.IDENTIFIED
