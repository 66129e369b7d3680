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
    """What is held against the number of identifications at closing."""

    SLIPS = "slips"
    BALLOTS = "ballots"
    SIGNATURES = "signatures"


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
