"""What people do at the desk, as a rehearsal's script says it."""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.samples import FingerImage
from station_app.vault import Passphrase

Impression = Callable[[], FingerImage]


@dataclass(frozen=True, slots=True)
class GivePin:
    """The document's PIN is typed."""

    pin: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A finger is laid down and held."""

    impression: Impression


@dataclass(frozen=True, slots=True)
class TouchAndLift:
    """A finger is taken off too early."""

    impression: Impression


@dataclass(frozen=True, slots=True)
class TouchAndPull:
    """The scanner's cable is pulled in mid-capture and put back `away_s` later."""

    impression: Impression
    away_s: float = 0.4


@dataclass(frozen=True, slots=True)
class TouchAndCancel:
    """The operator cancels in mid-capture."""

    impression: Impression


@dataclass(frozen=True, slots=True)
class CallCommission:
    """The operator asks the commission to decide."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The member who signs beside the operator, and their passphrase."""

    person_id: str
    passphrase: Passphrase


@dataclass(frozen=True, slots=True)
class Decide:
    """The commission decides about the person; without it, it goes back undecided."""

    signed: Signature
    decision: Decision
    reason: ManualReason
    document: DocumentSeen


@dataclass(frozen=True, slots=True)
class FindMismatch:
    """The person is not the one in the photo: the identification is made void."""

    signed: Signature


Act = (
    GivePin
    | Touch
    | TouchAndLift
    | TouchAndPull
    | TouchAndCancel
    | CallCommission
    | Decide
    | FindMismatch
)
