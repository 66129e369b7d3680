"""The states of one person's session at the desk, and what they carry.

Every state holds one `ticket`: the number of the request it waits for. Answers carry the
ticket they answer, and an answer with another ticket is nobody's (see `session.step`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from station_app.domain.day import DayState
from station_app.domain.decision import Finding
from station_app.domain.entries import Entry, Outcome, OutcomeVoided, StopDecided
from station_app.domain.entry_codes import BallotPlace, OutcomeKind, StopFinding
from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import Compared
from station_app.domain.liveness import FaceFailure
from station_app.domain.samples import Asked, RetryReason
from station_app.domain.voters import Voter


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of the last decision, as the outcome entry will carry them."""

    evidence_milli: int | None
    threshold_milli: int | None
    fingers_compared: int
    engine: str


@dataclass(frozen=True, slots=True)
class Session:
    """One person at the desk.

    `number` is the journal's session number; `named_row` the list row of the voter whose
    PIN was given; `has_face` says that this voter's portrait can be compared here. `tries` counts
    images of fingers used, `face_tries` faces. `asked` is what the person is asked for now.
    `compared` are the adequate samples so far with their candidates: each try is decided on
    together with those before it. `scanner_lost` says that the scanner is away, as is written; if
    the session goes on without it, it is waited for again after that. `missing` are fingers that
    the operator has marked: nobody asks for them. `enrolled` are those of the voter whose PIN was
    given, the best first; None while nobody is named.
    """

    number: int
    asked: Asked
    named_row: int | None = None
    tries: int = 0
    compared: tuple[Compared, ...] = ()
    measured: Measured = field(default=Measured(None, None, 0, ""))
    scanner_lost: bool = False
    has_face: bool = False
    face_tries: int = 0
    missing: frozenset[FingerPosition] = frozenset()
    enrolled: tuple[FingerPosition, ...] | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """Ready: the scanner is armed and nobody's session has begun.

    `last_stop` is the STOP of the session before, for a short time: the commission may still look.
    `missing` are the fingers that the next person does not have, as the operator has marked;
    `Cancelled` takes the marks back where that person has left.
    """

    ticket: int
    next_session: int
    asked: Asked
    last_stop: "Verdict | None" = None
    missing: frozenset[FingerPosition] = frozenset()


@dataclass(frozen=True, slots=True)
class Resting:
    """Nobody is identified now: the day is not open, and `why` is its state.

    `scanner_lost` says that the scanner is away, as is written: it is waited for after that.
    `last_stop` is kept for the desk that is ready again, see `Idle`.
    """

    ticket: int
    next_session: int
    why: DayState
    scanner_lost: bool = False
    last_stop: "Verdict | None" = None


@dataclass(frozen=True, slots=True)
class LookingUp:
    """A PIN is being looked up in the list."""

    ticket: int
    session: Session


@dataclass(frozen=True, slots=True)
class AwaitingSample:
    """The scanner is armed for what the session asks for.

    `touched` once a finger lies on the glass. `reason` is why another try is needed, None
    before the first; `hint` is what was not good about a sample that was compared all the same.
    """

    ticket: int
    session: Session
    touched: bool = False
    reason: RetryReason | None = None
    hint: RetryReason | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """The sample is being examined."""

    ticket: int
    session: Session


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The candidate's record is being read; no key is pressed."""

    ticket: int
    session: Session


class FaceWhy(StrEnum):
    """Why the face is asked for."""

    TRIES = "tries"
    EXEMPT = "exempt"
    CALLED = "called"
    SCANNER_LOST = "scanner_lost"
    NO_FINGERS = "no_fingers"


@dataclass(frozen=True, slots=True)
class AwaitingFace:
    """The camera looks at this person.

    A session with a PIN compares the person with its voter, whose record is `voter` once read; the
    operator says whether they are the same (`answer`), and what the machine has found (`finding`)
    is shown nowhere before that. A session without a PIN searches the list, for the commission.

    `is_live` once the turns of the head were made and pictures were taken; then `turns` has their
    order. `failed` is why the face try before this one gave nothing. `fault` is the code of why the
    camera gives no pictures, empty while it does.
    """

    ticket: int
    session: Session
    why: FaceWhy
    voter: Voter | None = None
    failed: FaceFailure | None = None
    fault: str = ""
    is_live: bool = False
    turns: str = ""
    finding: Finding | None = None
    answer: bool | None = None

    def may_answer(self, *, same: bool) -> bool:
        """Whether the operator may say now that this is the same person, or that it is not."""
        is_asked = self.voter is not None and self.answer is None
        return is_asked and (self.is_live or not same)


class CommissionWhy(StrEnum):
    """Why the commission is asked about a person."""

    TRIES = "tries"
    OTHER_VOTER = "other_voter"
    MARKED = "marked"
    CALLED = "called"
    FACE_FAILED = "face_failed"
    """No face try gave pictures of a living person that can be compared."""
    CANNOT_TURN = "cannot_turn"
    """The person cannot turn the head."""
    FACE_DIFFERS = "face_differs"
    """The operator does not say that it is the same person."""
    FACE_DISAGREES = "face_disagrees"
    """The operator says that it is the same person, and the machine does not."""
    FACE_PROPOSES = "face_proposes"
    """A search without a PIN has found voters who look alike."""
    FACE_UNKNOWN = "face_unknown"
    """A search without a PIN has found nobody."""
    CAMERA_LOST = "camera_lost"
    NO_FINGERS = "no_fingers"
    """There is no finger to ask for: exempt, none enrolled, or all missing."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A voter whom the face may belong to; `is_marked` as in `AwaitingCommission`."""

    voter: Voter
    is_marked: bool


@dataclass(frozen=True, slots=True)
class AwaitingCommission:
    """The commission decides about this person.

    `voter` is the record of the voter whose PIN was given, None until it is read or where
    no PIN was given; it is never the record of another voter whose finger it may be. `proposed`
    are the voters that a face without a PIN may belong to, by list number: who of them it is, if
    any, the commission says. `unread` records of such voters are still being read.
    `looks_up` while a PIN is being looked up; `is_marked` says that this voter's finger may be
    that of somebody identified under another id.
    """

    ticket: int
    session: Session
    why: CommissionWhy
    voter: Voter | None = None
    looks_up: bool = False
    is_marked: bool = False
    proposed: tuple[Proposed, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """The outcome is on its way into the journal; nothing has been said yet.

    `voter` is the record to show once it is written, `first_at` the time (UTC) of the
    voter's first identification when the outcome is already_identified, `place` where a ballot was
    taken to the voter then.
    """

    ticket: int
    session: Session
    outcome: Outcome
    voter: Voter | None = None
    first_at: datetime | None = None
    place: BallotPlace | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome is durable as entry `entry` and may be shown.

    `lifted` and `dwelt` tell when an identified voter's screen may close without a key; it does
    not while it is `held`: the commission looks at the photo, or at who was stopped. `found` is
    what it found about that person, durable too. `is_again`: a STOP that was closed is looked at
    again, without the voter's record.
    """

    ticket: int
    session: Session
    outcome: Outcome
    entry: int
    voter: Voter | None
    first_at: datetime | None
    lifted: bool = False
    dwelt: bool = False
    held: bool = False
    found: StopFinding | None = None
    is_again: bool = False
    place: BallotPlace | None = None

    @property
    def is_stop(self) -> bool:
        """Whether it says that the voter was identified before."""
        return self.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED

    @property
    def may_be_held(self) -> bool:
        """Whether the commission can look at it."""
        is_identified = self.outcome.outcome is OutcomeKind.IDENTIFIED
        return not self.held and (is_identified or (self.is_stop and self.found is None))


@dataclass(frozen=True, slots=True)
class Voiding:
    """An identification is being made void; it is valid until that is written."""

    ticket: int
    session: Session
    void: OutcomeVoided


@dataclass(frozen=True, slots=True)
class Voided:
    """The identification is void, and that is durable."""

    ticket: int
    session: Session
    void: OutcomeVoided


@dataclass(frozen=True, slots=True)
class DecidingStop:
    """What the commission found about the person stopped (`stop`) is being written."""

    ticket: int
    session: Session
    stop: Verdict
    decided: StopDecided


@dataclass(frozen=True, slots=True)
class WaitingForScanner:
    """The scanner is gone; a session, if there is one, waits for it."""

    ticket: int
    next_session: int
    session: Session | None = None
    reason: RetryReason | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """Blocked until a person removes the fault `code` and tries again.

    `pending` is what is still to be written, `unwritten` the entries before it, in order.
    `day` is the state of the day after that; `scanner_lost` as in `Resting`.
    """

    ticket: int
    next_session: int
    code: str
    pending: Recording | Voiding | DecidingStop | None = None
    unwritten: tuple[Entry, ...] = ()
    day: DayState = DayState.OPEN
    scanner_lost: bool = False


State = (
    Idle
    | Resting
    | LookingUp
    | AwaitingSample
    | Matching
    | Reviewing
    | AwaitingFace
    | AwaitingCommission
    | Recording
    | Verdict
    | Voiding
    | Voided
    | DecidingStop
    | WaitingForScanner
    | Blocked
)
