"""Why a snapshot is refused: one code a reason, and a sentence that says what to do."""

from enum import StrEnum
from typing import Final

from station_app.domain.errors import KnownError


class Refusal(StrEnum):
    """The codes of refused snapshots."""

    MISSING = "vsnap_missing"
    MEDIUM = "vsnap_medium"
    NOT_A_SNAPSHOT = "vsnap_not_a_snapshot"
    NEWER_FORMAT = "vsnap_newer_format"
    TRUNCATED = "vsnap_truncated"
    SIGNATURE = "vsnap_signature"
    UNKNOWN_ISSUER = "vsnap_unknown_issuer"
    HASH = "vsnap_hash"
    LIST_FORM = "vsnap_list_form"
    LIST_DISAGREES = "vsnap_list_disagrees"
    OTHER_PURPOSE = "vsnap_other_purpose"
    OTHER_ELECTION = "vsnap_other_election"
    OTHER_PRECINCT = "vsnap_other_precinct"
    NOT_FOR_THIS_STATION = "vsnap_not_for_this_station"
    OTHER_ENGINE = "vsnap_other_engine"
    EXPIRED = "vsnap_expired"
    NOT_YET_VALID = "vsnap_not_yet_valid"
    ROLLBACK = "vsnap_rollback"
    SAME_SEQUENCE_OTHER_HASH = "vsnap_same_sequence_other_hash"
    KEY = "vsnap_key"
    NONE_LOADED = "vsnap_none_loaded"
    BUSY = "vsnap_busy"

    def error(self, **facts: object) -> KnownError:
        """The refusal as an error; `facts` fill its sentence. None of them is a secret."""
        return KnownError(self.value, _SENTENCES[self].format(**facts))


_SENTENCES: Final[dict[Refusal, str]] = {
    Refusal.MISSING: "There is no snapshot {path}. Check the name, and that the medium is in.",
    Refusal.MEDIUM: (
        "The snapshot {path} could not be read to its end. "
        "Put the medium back in and try again; if it happens again, take another copy."
    ),
    Refusal.NOT_A_SNAPSHOT: (
        "{path} is not a snapshot that this program reads. Choose the *.vsnap file of your "
        "precinct; if it is that one, copy it again, or update this program."
    ),
    Refusal.NEWER_FORMAT: (
        "{path} has {what}, which this program does not know. "
        "Update this program to version {needs}."
    ),
    Refusal.TRUNCATED: "The snapshot {path} is cut short. Copy it again from the commission.",
    Refusal.SIGNATURE: (
        "The signature of {path} is not valid: it was changed after it was signed. "
        "Do not use it. Copy it again, and tell the commission if that does not help."
    ),
    Refusal.UNKNOWN_ISSUER: (
        "{path} is signed by an issuer that this station does not know (it calls itself "
        '"{issuer}"). Do not use it; ask the commission who issued it.'
    ),
    Refusal.HASH: (
        "The list in {path} is not the one that was signed: bytes of it have changed. "
        "Copy it again from the commission."
    ),
    Refusal.LIST_FORM: (
        "The list in {path} is signed, but is not an encrypted list of this format. "
        "Ask the commission for a new snapshot."
    ),
    Refusal.LIST_DISAGREES: (
        "The list does not say what its signed manifest says ({what}). "
        "Do not use it; ask the commission for a new snapshot."
    ),
    Refusal.OTHER_PURPOSE: (
        "This snapshot is for {offered}, this station for {own}. "
        "Choose the right file, or set the station up anew."
    ),
    Refusal.OTHER_ELECTION: (
        "This snapshot is for {offered}, and this station works for {own}. Choose the right "
        "file. For another election, two persons renew the station first, when its day is "
        "closed and exported: `station-app renew`."
    ),
    Refusal.OTHER_PRECINCT: (
        "This is the snapshot of precinct {offered}; this station belongs to precinct {own}. "
        "Choose the file of precinct {own}."
    ),
    Refusal.NOT_FOR_THIS_STATION: (
        "This snapshot is sealed to {stations}, not to this station {own} with its present key. "
        "Ask the commission for one that names it."
    ),
    Refusal.OTHER_ENGINE: (
        "The templates of this snapshot were made by {offered}, this program has {own}. "
        "Update this program, or ask for a snapshot made for it."
    ),
    Refusal.EXPIRED: (
        "This snapshot was valid until {until}, and this computer's clock says {now}. "
        "Check the clock, or ask for a newer snapshot."
    ),
    Refusal.NOT_YET_VALID: (
        "This snapshot is valid from {since}, and this computer's clock says {now}. "
        "Check the clock."
    ),
    Refusal.ROLLBACK: (
        "This is snapshot number {offered}, and number {own} has been loaded here already. "
        "Choose the newest file."
    ),
    Refusal.SAME_SEQUENCE_OTHER_HASH: (
        "Snapshot number {offered} has been loaded here already, and it was another list. "
        "Do not use this file; ask the commission which one is right."
    ),
    Refusal.KEY: (
        "The key of the list cannot be opened with this station's identity. "
        "Ask the commission for a new snapshot."
    ),
    Refusal.NONE_LOADED: "No voter list is loaded. Load the snapshot of your precinct first.",
    Refusal.BUSY: "A snapshot is being loaded already. Wait until that has ended.",
}
