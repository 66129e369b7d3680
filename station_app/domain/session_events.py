"""Events of a session, and the effects that a step asks for."""

from dataclasses import dataclass

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.entries import Entry
from station_app.domain.entry_codes import DocumentSeen, ManualReason, StopFinding, VoidReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure
from station_app.domain.matching import Examination
from station_app.domain.samples import FaceShots, RetryReason, Sample
from station_app.domain.voters import Voter

# --- what people do at the keyboard -------------------------------------------------


@dataclass(frozen=True, slots=True)
class PinEntered:
    """The operator gave a document's PIN (14 digits)."""

    pin: str


@dataclass(frozen=True, slots=True)
class FingerChosen:
    """The operator chose another finger to ask for; `missing` are all that the person lacks."""

    finger: FingerPosition
    missing: frozenset[FingerPosition] = frozenset()


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The operator ended the session before a verdict."""


@dataclass(frozen=True, slots=True)
class NextPressed:
    """The operator closed a verdict."""


@dataclass(frozen=True, slots=True)
class RetryPressed:
    """The operator tries again after a fault."""


@dataclass(frozen=True, slots=True)
class CommissionCalled:
    """The operator asks the commission: about this person, or about a verdict's photo."""


@dataclass(frozen=True, slots=True)
class FaceCalled:
    """The operator asks for the face; told only at a desk with a camera, whose list has faces."""


@dataclass(frozen=True, slots=True)
class FaceAnswered:
    """The operator compared the person with the photo: the `same`, or not the same or not sure."""

    same: bool


@dataclass(frozen=True, slots=True)
class TurnRefused:
    """The operator says that the person cannot turn the head."""


@dataclass(frozen=True, slots=True)
class DayChanged:
    """The day has changed its state; told only between sessions."""

    day: DayState


# --- what the commission agrees on; each carries the ticket of the state that asked ----


@dataclass(frozen=True, slots=True)
class CommissionConfirmed:
    """Operator and member (ids) say that the person is the voter shown.

    `voter_id` is whom they chose among the voters proposed; None for the one voter shown.
    """

    ticket: int
    reason: ManualReason
    document: DocumentSeen
    operator: str
    member: str
    voter_id: str | None = None


@dataclass(frozen=True, slots=True)
class CommissionRefused:
    """Operator and member (ids) say that the person is not to be identified."""

    ticket: int
    reason: ManualReason
    document: DocumentSeen
    operator: str
    member: str


@dataclass(frozen=True, slots=True)
class VoidConfirmed:
    """Operator and member (ids) say that the identification shown is wrong."""

    ticket: int
    reason: VoidReason
    operator: str
    member: str


@dataclass(frozen=True, slots=True)
class StopAgreed:
    """Operator and member (ids) say what they found about the person who was stopped."""

    ticket: int
    finding: StopFinding
    operator: str
    member: str


# --- what devices and lanes answer; each carries the ticket of the request -----------


@dataclass(frozen=True, slots=True)
class FingerTouched:
    """A finger lies on the glass of the armed scanner."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Captured:
    """The scanner made a sample."""

    ticket: int
    sample: Sample


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    """The capture gave no sample, and another try may."""

    ticket: int
    reason: RetryReason


@dataclass(frozen=True, slots=True)
class ScannerLost:
    """The scanner was unplugged."""

    ticket: int


@dataclass(frozen=True, slots=True)
class ScannerReturned:
    """The scanner is plugged in again and open."""

    ticket: int


@dataclass(frozen=True, slots=True)
class FaceLive:
    """The turns of the head, in this order, were a living person's; `sample` has the best pictures.

    `turns` are the values of `liveness.Turn`, with spaces between.
    """

    ticket: int
    sample: FaceShots
    turns: str


@dataclass(frozen=True, slots=True)
class FaceFailed:
    """A face try gave nothing to compare; `turns` as in `FaceLive`, those that were asked for."""

    ticket: int
    why: FaceFailure
    turns: str


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The camera gives no pictures (`code` says why); it is tried again until `CameraReturned`."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class CameraReturned:
    """The camera gives pictures again; nothing is looked for in them."""

    ticket: int


@dataclass(frozen=True, slots=True)
class FingerLifted:
    """The glass is empty again after a verdict."""

    ticket: int


@dataclass(frozen=True, slots=True)
class PinFound:
    """The PIN is on the list, in this row.

    `has_face`: the desk has a camera, and this voter a face in the list. `is_exempt`: nobody asks
    this voter for a finger. `fingers` are those enrolled that this desk compares, the best first.
    """

    ticket: int
    row: int
    has_face: bool = False
    is_exempt: bool = False
    fingers: tuple[FingerPosition, ...] = ()


@dataclass(frozen=True, slots=True)
class PinUnknown:
    """The PIN is not on the list."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Matched:
    """The sample was examined by `engine`."""

    ticket: int
    seen: Examination
    engine: str


@dataclass(frozen=True, slots=True)
class VoterRead:
    """The candidate's record; `is_marked` says that only the commission identifies this voter
    (`voter_marked`).
    """

    ticket: int
    voter: Voter
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class EntryWritten:
    """The entry that the state waits for is durable."""

    ticket: int
    appended: Appended


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """Another entry has settled the voter; nothing was written."""

    ticket: int
    accepted: AlreadyAccepted


@dataclass(frozen=True, slots=True)
class JournalResumed:
    """The journal may be written again; every entry it has refused has been told before."""

    ticket: int


@dataclass(frozen=True, slots=True)
class TimeOver:
    """The time asked for has passed."""

    ticket: int


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A device or the list does not work: a known fault with a help text."""

    ticket: int
    code: str


@dataclass(frozen=True, slots=True)
class AppendFailed:
    """The journal could not write this entry. Counts in every state: evidence comes first."""

    entry: Entry
    code: str


Press = (
    PinEntered | FingerChosen | Cancelled | NextPressed | RetryPressed | CommissionCalled
    | FaceCalled | FaceAnswered | TurnRefused | DayChanged
)  # fmt: skip
"""Events that no state has requested: every state handles each of them by name."""

Answer = (
    CommissionConfirmed | CommissionRefused | VoidConfirmed | StopAgreed | FingerTouched | Captured
    | CaptureFailed | ScannerLost | ScannerReturned | FaceLive | FaceFailed | CameraLost
    | CameraReturned | FingerLifted | PinFound | PinUnknown | Matched | VoterRead | EntryWritten
    | EntryRefused | JournalResumed | TimeOver | PartFailed
)  # fmt: skip
"""Answers to a state's request, by its ticket; a state names those it expects."""

Event = Press | Answer | AppendFailed

# --- what a step asks for --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ArmScanner:
    """Stop the scanner's present work and capture the next new touch."""

    ticket: int


@dataclass(frozen=True, slots=True)
class StopScanner:
    """Stop the scanner's present work."""


@dataclass(frozen=True, slots=True)
class AwaitFingerOff:
    """Tell when the glass is empty."""

    ticket: int


@dataclass(frozen=True, slots=True)
class ReopenScanner:
    """Try to open the scanner until it is back."""

    ticket: int


@dataclass(frozen=True, slots=True)
class ArmCamera:
    """Look for the face of the person of session `session`, who makes `turns` turns of the head.

    Which turns, in which order, is drawn anew each time.
    """

    ticket: int
    session: int
    turns: int


@dataclass(frozen=True, slots=True)
class StopCamera:
    """Stop the camera's present work, and keep none of its pictures."""


@dataclass(frozen=True, slots=True)
class LookUpPin:
    """Find the PIN's row."""

    ticket: int
    pin: str


@dataclass(frozen=True, slots=True)
class Examine:
    """Examine the sample; `named_row` is scored in any case."""

    ticket: int
    sample: Sample
    named_row: int | None


@dataclass(frozen=True, slots=True)
class ReadVoter:
    """Read one record of the list."""

    ticket: int
    row: int


@dataclass(frozen=True, slots=True)
class Append:
    """Write an entry; `ticket` is None where no state waits for it."""

    ticket: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class ResumeJournal:
    """Answer what the journal has still to refuse, then let it be written again."""

    ticket: int


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Tell when `seconds` have passed."""

    ticket: int
    seconds: float


Effect = (
    ArmScanner
    | StopScanner
    | AwaitFingerOff
    | ReopenScanner
    | ArmCamera
    | StopCamera
    | LookUpPin
    | Examine
    | ReadVoter
    | Append
    | ResumeJournal
    | StartTimer
)
