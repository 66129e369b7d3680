"""The codes that entries of the journal use: what they can say without free text."""

from enum import StrEnum


class OutcomeKind(StrEnum):
    """How a session ended; a session has exactly one of these, written once."""

    IDENTIFIED = "identified"
    ALREADY_IDENTIFIED = "already_identified"
    NOT_ON_LIST = "not_on_list"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    DEVICE_LOST = "device_lost"
    INTERRUPTED = "interrupted"


class Method(StrEnum):
    """What the outcome rests on."""

    FINGER = "finger"
    FACE = "face"
    COMMISSION = "commission"
    PIN = "pin"
    NONE = "none"


class Decision(StrEnum):
    """What the commission said."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ManualReason(StrEnum):
    """Why a person cannot be identified by the machine (screen 09, in its order)."""

    INJURED = "injured"
    WORN = "worn"
    EQUIPMENT = "equipment"
    NO_BIOMETRICS = "no_biometrics"
    OTHER = "other"


class DocumentSeen(StrEnum):
    """The original document that the commission has seen; its number is not written down."""

    ID_CARD = "id_card"
    PASSPORT = "passport"
    OTHER = "other"
    NONE = "none"


class VoidReason(StrEnum):
    """Why an identification is made void."""

    PHOTO_MISMATCH = "photo_mismatch"
    WRONG_VOTER = "wrong_voter"
    NO_BALLOT = "no_ballot"
    OTHER = "other"


class StopFinding(StrEnum):
    """What the commission found about a person stopped as identified before."""

    SAME_PERSON = "same_person"
    """The same person came again."""
    LIST_ERROR = "list_error"
    """An error of the list."""
    OTHER_PERSON = "other_person"
    """Another person came with that voter's document."""
    OTHER = "other"


class PauseReason(StrEnum):
    """Why identification rests."""

    EQUIPMENT = "equipment"
    POWER = "power"
    ORDER = "order"
    OTHER = "other"


class ReopenReason(StrEnum):
    """Why a closed day is opened again."""

    CLOSED_EARLY = "closed_early"
    COUNTS_WRONG = "counts_wrong"
    OTHER = "other"


class LockCause(StrEnum):
    """Why the station was locked."""

    KEY = "key"
    IDLE = "idle"
    BATTERY = "battery"
    LEFT = "left"


class Count(StrEnum):
    """What is held against the journal's numbers at closing."""

    SLIPS = "slips"
    BALLOTS = "ballots"
    SIGNATURES = "signatures"


class BallotPlace(StrEnum):
    """Where a ballot was taken to a voter."""

    HOME = "home"
    HOSPITAL = "hospital"
    OTHER = "other"


class AdmissionBasis(StrEnum):
    """Why somebody who is not on the list may have a ballot."""

    COURT_ORDER = "court_order"
    SUPPLEMENTARY_LIST = "supplementary_list"


class StrikeReason(StrEnum):
    """Why a voter of the list may not have a ballot."""

    DECEASED = "deceased"
    COURT = "court"
    MOVED = "moved"
    DUPLICATE = "duplicate"
    OTHER = "other"


class SentAwayReason(StrEnum):
    """Why a person was sent away without a ballot."""

    NO_DOCUMENT = "no_document"
    CONDITION = "condition"
    WRONG_PLACE = "wrong_place"
    OTHER = "other"


class OffCause(StrEnum):
    """Why the station was off."""

    POWER = "power"
    EQUIPMENT = "equipment"
    OTHER = "other"


class UndoneAct(StrEnum):
    """The acts that can be undone, by their kinds: they change how many ballots there must be."""

    ISSUED_ELSEWHERE = "issued_elsewhere"
    ADMITTED = "admitted"
    STRUCK_OFF = "struck_off"


class UndoReason(StrEnum):
    """Why an act is undone."""

    WRONG_VOTER = "wrong_voter"
    NO_BALLOT = "no_ballot"
    OTHER = "other"


class PrintedTo(StrEnum):
    """Where a slip or a paper went."""

    PRINTER = "printer"
    FOLDER = "folder"


class Paper(StrEnum):
    """The papers of a day."""

    READINESS = "readiness"
    ZERO_REPORT = "zero_report"
    HEAD_SLIP = "head_slip"
    DAY_LOG = "day_log"
    TURNOUT = "turnout"
    PROTOCOL = "protocol"


class TakeoverSource(StrEnum):
    """Where the entries of a station that was taken over come from."""

    MIRROR = "mirror"
    PACK = "pack"
    NOTHING = "nothing"
