"""The exam's sheet: how twenty voters were dealt with, counted; it names and ranks nobody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median


class ExamCase(StrEnum):
    """Why a voter comes to an exam."""

    AT_ONCE = "at_once"
    """Recognised at the first finger."""
    WITH_DOCUMENT = "with_document"
    """Hands over a document, and is recognised."""
    DRY_FINGER = "dry_finger"
    OTHER_FINGER = "other_finger"
    """The finger asked for first is hurt."""
    ALREADY = "already"
    """Was identified earlier today."""
    ALREADY_OTHER_FINGER = "already_other_finger"
    """The same, with another finger."""
    STRANGER = "stranger"
    """Is not on the list, and has no document."""
    UNKNOWN_DOCUMENT = "unknown_document"
    """Is not on the list, and has a document."""
    ANOTHERS_DOCUMENT = "anothers_document"
    """Was identified earlier today, and comes with another voter's document."""
    COMMISSION = "commission"
    """Has worn fingers and cannot turn the head; the commission confirms who it is."""
    OTHER_PHOTO = "other_photo"
    """The finger is the voter's on the screen, and the face is not."""
    VOTED_AT_HOME = "voted_at_home"
    """A ballot was taken to this voter."""
    STRUCK_OFF = "struck_off"
    BY_FACE = "by_face"
    """Has worn fingers, and a face that is recognised."""
    FINGER_EXEMPT = "finger_exempt"


class ExamFault(StrEnum):
    """What goes wrong with a device while a voter is at the desk."""

    SCANNER_OUT = "scanner_out"
    CAMERA_OUT = "camera_out"
    PAPER_OUT = "paper_out"


class ExamError(StrEnum):
    """What was done wrongly with a voter; the first is the gravest."""

    WRONG_PERSON_LET_IN = "wrong_person_let_in"
    VOID_MISSED = "void_missed"
    """The photo was another person's, and the identification still counts."""
    RIGHT_PERSON_SENT_AWAY = "right_person_sent_away"
    COMMISSION_NOT_ASKED = "commission_not_asked"
    COMMISSION_TOO_EARLY = "commission_too_early"
    """The commission decided about somebody whom the machine could identify."""
    IDENTIFIED_TWICE = "identified_twice"
    """Somebody who had been identified at this visit was stopped as identified before."""
    GIVEN_UP = "given_up"
    """The voter left without a decision."""
    LEFT_OPEN = "left_open"
    """The next voter was called while this one's session was not over."""
    WRONG_REASON = "wrong_reason"
    """Two persons signed a reason that does not fit."""
    WRONG_DOCUMENT = "wrong_document"
    """Two persons signed that they saw a document which the voter does not have."""
    NO_SLIP = "no_slip"
    """The voter left with the printer out of paper."""


@dataclass(frozen=True, slots=True)
class ExamLine:
    """Voter `number` of the exam, from 1; `seconds` from stepping up to the last Ready."""

    number: int
    case: ExamCase
    seconds: float
    errors: tuple[ExamError, ...] = ()
    fault: ExamFault | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing was done wrongly."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class ExamSheet:
    """The exam of the draw `seed`, begun at `begun` (aware), with `voters` to come.

    `lines` are those who came, in their order: fewer where the exam was left. `language` is the
    code of the screen's at the end.
    """

    seed: int
    begun: datetime
    language: str
    voters: int
    lines: tuple[ExamLine, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everybody came."""
        return len(self.lines) == self.voters

    @property
    def right(self) -> int:
        """Voters with whom nothing was done wrongly."""
        return sum(line.is_right for line in self.lines)

    @property
    def errors(self) -> Mapping[ExamError, int]:
        """How often each error was made, the gravest first; without those not made."""
        counts = Counter(error for line in self.lines for error in line.errors)
        return {error: counts[error] for error in ExamError if counts[error]}

    @property
    def median_s(self) -> float:
        """Seconds of the voter in the middle, 0 where nobody came."""
        return median(line.seconds for line in self.lines) if self.lines else 0.0

    @property
    def longest_s(self) -> float:
        """Seconds of the voter who took longest, 0 where nobody came."""
        return max((line.seconds for line in self.lines), default=0.0)
