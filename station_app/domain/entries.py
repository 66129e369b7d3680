"""The journal's entries: every kind there is, in one place (`docs/events.md` is made from it).

An entry says what happened at the station. It never holds a PIN, a name or biometric
data. Every number is an integer (evidence and thresholds are -log10 FMR times 1000),
because the journal writes RFC 8785 canonical JSON, whose floats are a trap. The time of
an entry is added by the journal from its clock.

Entry numbers start at 1: entry n is leaf n - 1 of the journal's tree, and the head of
size n covers it.

A new kind is a class here and whoever writes it. A new field of a kind that stations have
written already has the default None (`entry_kinds`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, ClassVar, Final

from station_app.domain.election import ElectionDay
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    Count,
    Decision,
    DocumentSeen,
    LockCause,
    ManualReason,
    Method,
    OffCause,
    OutcomeKind,
    Paper,
    PauseReason,
    PrintedTo,
    ReopenReason,
    SentAwayReason,
    StopFinding,
    StrikeReason,
    TakeoverSource,
    UndoneAct,
    UndoReason,
    VoidReason,
)
from station_app.domain.entry_kinds import Kind, entry
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure
from station_app.domain.samples import RetryReason

_EVENT_ID: Final = re.compile(r"[0-9a-f]{16}")
_WORD: Final = re.compile(r"[a-z0-9_]{1,64}")
_EVENT_TIME: Final = re.compile(r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_REASON: Final = re.compile(r"[a-z0-9_]{0,64}")
_SHORTEST_EXPLANATION: Final = 3
_LONGEST_EXPLANATION: Final = 300
_NUMBERS: Final = re.compile(r"|[1-9]\d{0,9}( [1-9]\d{0,9})*", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
LONGEST_ROOM: Final = 60
"""Characters of the name of a room."""

_ElectionId = Annotated[
    str | None, "the election's id in the signed list, empty where the list names none"
]
_ElectionDate = Annotated[
    str | None, "the election day in the signed list (ISO 8601), empty where the list names none"
]
_Typed = Annotated[
    int | None,
    "how many of the passphrases their persons typed here; the others came from files",
]


def _check_election(election_id: str | None, election_date: str | None) -> None:
    """Raise `ValueError` where the id and the date are not both there and right, or both empty."""
    if election_id or election_date:
        day = date.fromisoformat(election_date or "")
        if day.isoformat() != election_date:
            raise ValueError("an election's date is written YYYY-MM-DD")
        ElectionDay(election_id or "", day)


def is_explanation(text: str) -> bool:
    """Whether a difference may be explained by this text: a line, 3 to 300 characters."""
    fits = _SHORTEST_EXPLANATION <= len(text) <= _LONGEST_EXPLANATION
    return fits and text == text.strip() and text.isprintable()


def is_room(text: str) -> bool:
    """Whether a room may be called so: a line, 3 to 60 characters."""
    return len(text) <= LONGEST_ROOM and is_explanation(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened; each kind is a class of its own, known by `kind` in its leaf."""

    kind: ClassVar[str]
    about: ClassVar[Kind]


@dataclass(frozen=True, slots=True)
class ImportedEvent(Entry):
    """What every imported event has: it happened while the log key was sealed.

    The id is the beginning of the SHA-256 of the waiting line (an older version took the one
    that the line said).
    `happened` is the time written into the waiting line; the entry's own time is that of
    the import. The station vouches for when it read them, not for what they said before:
    the file is plain (ADR 0011).
    """

    event_id: Annotated[str, "of the waiting line, 16 hex digits of its SHA-256"]
    happened: Annotated[str, "time written into the waiting line (UTC), or empty"]

    def __post_init__(self) -> None:
        if not _EVENT_ID.fullmatch(self.event_id) or not _EVENT_TIME.fullmatch(self.happened):
            raise ValueError("an imported event has no id or no time")


@entry("journal_opened", by="station", disposition="success")
class JournalOpened(Entry):
    """The first entry: whose journal this is and which list it belongs to."""

    origin: Annotated[str, "the checkpoint origin, station-app/<kind>/<station id>"]
    list_hash: Annotated[str, "hex SHA-256 of the list file"]
    list_sequence: Annotated[int, "the list's number"]
    list_kind: Annotated[str, "live, training or demo"]
    policy: Annotated[str, "hex SHA-256 of the rules (Policy.digest)"]
    public_key: Annotated[str, "hex Ed25519 key that signs the checkpoints"]
    app_version: Annotated[str, "version of the program"]
    election_id: _ElectionId = None
    election_date: _ElectionDate = None
    previous_origin: Annotated[
        str | None,
        "origin of the station's journal before this one, put aside for another election; empty "
        "for a first journal",
    ] = None
    previous_size: Annotated[int | None, "entries of that journal, 0 for none"] = None
    previous_root: Annotated[str | None, "hex root of its tree, empty for none"] = None

    def __post_init__(self) -> None:
        _check_election(self.election_id, self.election_date)
        named = (self.previous_origin, self.previous_size, self.previous_root)
        if any(named) and not all(named):
            raise ValueError("the journal before has an origin, a size and a root")


@entry("taken_over", by="commission", disposition="success")
class TakenOver(Entry):
    """This station goes on for one that cannot: what was last seen of the other's journal."""

    origin: Annotated[str, "the other journal's origin"]
    public_key: Annotated[
        str, "hex Ed25519 key of the other journal, empty where nothing was seen of it"
    ]
    size: Annotated[int, "entries of the other journal that were seen; they follow as `carried`"]
    root: Annotated[str, "hex root of the tree of these entries, empty for none"]
    note: Annotated[str, "the other station's signed checkpoint of that size, empty for none"]
    pack_sha256: Annotated[str, "hex SHA-256 of the takeover pack"]
    source: Annotated[TakeoverSource, "where the entries come from"]
    missing: Annotated[
        int,
        "entries more that the other journal is known to have had, by newer heads; these persons "
        "accepted it",
    ]
    chair: Annotated[str, "id of the first person who agreed"]
    member: Annotated[str, "id of the second person who agreed"]
    known_size: Annotated[
        int | None, "the largest size of the other journal that entries or heads proved, 0 for none"
    ] = None
    known_at: Annotated[
        str | None, "when it had that size, as far as known, UTC; empty where nothing says so"
    ] = None
    blind: Annotated[
        int | None,
        "1 where nothing tells whether it had more (no entries, or a damaged mirror), else 0; "
        "these persons accepted it",
    ] = None


@entry("carried", by="station", disposition="success")
class Carried(Entry):
    """One entry of the journal that was taken over, as it stood there; it counts as if it had
    happened here.
    """

    number: Annotated[int, "its number in the other journal, from 1"]
    leaf: Annotated[str, "its leaf, verbatim"]


@entry("station_unlocked", by="commission", disposition="success")
class StationUnlocked(Entry):
    """Two persons have unlocked the station."""

    operator: Annotated[str, "the operator's id"]
    member: Annotated[str, "the member's id"]
    settings: Annotated[str | None, "hex SHA-256 of the signed settings file"] = None


@entry("station_locked", by="operator", disposition="success")
class StationLocked(Entry):
    """The station's keys are put away."""

    cause: Annotated[LockCause, "why"]


@entry("clock_changed", by="station", disposition="notice", incident="back_ms")
class ClockChanged(Entry):
    """The clock is behind the entry before it."""

    back_ms: Annotated[int, "milliseconds by which it went back, more than 0"]


@entry("day_opened", by="commission", disposition="success")
class DayOpened(Entry):
    """The day is opened. At a live station nobody was identified before, and a journal has one such
    day; a day of training begins anew each time.
    """

    day: Annotated[int, "days of this journal, from 1"]
    list_sequence: Annotated[int, "number of the list in use"]
    listed: Annotated[int, "voters on it"]
    phone_time: Annotated[
        str,
        "the time the chair read from another clock (UTC, ISO 8601 with seconds), empty where "
        "there was none",
    ]
    difference_s: Annotated[
        int, "seconds by which the station's clock is ahead of it, 0 where there was none"
    ]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]
    election_id: _ElectionId = None
    election_date: _ElectionDate = None

    def __post_init__(self) -> None:
        _check_election(self.election_id, self.election_date)
        if self.listed < 0:
            raise ValueError("no list has fewer than no voters")


@entry("day_paused", by="commission", disposition="notice", incident="reason")
class DayPaused(Entry):
    """Nobody is identified until the day goes on."""

    reason: Annotated[PauseReason, "why"]
    by: Annotated[str, "id of the person who paused"]


@entry("day_resumed", by="commission", disposition="success")
class DayResumed(Entry):
    """Identification goes on."""

    by: Annotated[str, "id of the person who resumed"]


@entry("difference_explained", by="commission", disposition="notice", incident="what")
class DifferenceExplained(Entry):
    """Two counts of the closing differ, and the commission has written down why. No name belongs in
    the text.
    """

    what: Annotated[Count, "which count differs from the journal's number"]
    expected: Annotated[int, "what it should be"]
    counted: Annotated[int, "what it is"]
    reason: Annotated[str, "the written reason, one line of 3 to 300 characters"]

    def __post_init__(self) -> None:
        if self.expected == self.counted:
            raise ValueError("there is no difference to explain")
        if not is_explanation(self.reason):
            raise ValueError("a difference is explained in one line of 3 to 300 characters")


@entry("day_closed", by="commission", disposition="success")
class DayClosed(Entry):
    """The day is closed after its counts were held against each other; nobody is identified any
    more.
    """

    day: Annotated[int, "which day, as in its opening"]
    listed: Annotated[int, "voters on the list"]
    by_finger: Annotated[int, "identified by finger, voided ones not counted"]
    by_face: Annotated[int, "identified by face, voided ones not counted"]
    by_commission: Annotated[int, "identified by the commission, voided ones not counted"]
    voided: Annotated[int, "identifications made void"]
    already_identified: Annotated[int, "sessions stopped because the voter was identified before"]
    not_on_list: Annotated[int, "sessions that ended as not on this list"]
    unreadable: Annotated[int, "sessions that ended as unreadable"]
    refused: Annotated[
        int,
        "sessions that ended as refused: by the commission, or left undecided when the finger was"
        " another voter's",
    ]
    slips: Annotated[int, "identifications whose slip was printed"]
    reprints: Annotated[int, "slips printed again"]
    ballots: Annotated[int, "ballots issued, counted by hand"]
    signatures: Annotated[int, "signatures on the paper list, counted by hand"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]
    issued_elsewhere: Annotated[int | None, "ballots taken to voters, undone ones not counted"] = (
        None
    )
    admitted: Annotated[int | None, "admitted though not on the list, undone ones not counted"] = (
        None
    )
    struck_off: Annotated[int | None, "struck off the list, undone ones not counted"] = None
    sent_away: Annotated[int | None, "sent away without a ballot"] = None
    came_back: Annotated[int | None, "of those sent away, how many came back"] = None
    acts_undone: Annotated[int | None, "acts undone (`act_undone`)"] = None
    station_was_off: Annotated[int | None, "times that the station was off unlocked"] = None


@entry("day_reopened", by="commission", disposition="notice", incident="reason")
class DayReopened(Entry):
    """A closed day is opened again; those identified stay identified."""

    reason: Annotated[ReopenReason, "why"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]


@entry("session_started", by="operator", disposition="success")
class SessionStarted(Entry):
    """A person is at the desk; sessions are numbered from 1 and only upwards."""

    session: Annotated[int, "the session's number"]


@entry("finger_try", by="station", disposition="success")
class FingerTry(Entry):
    """One image was taken and compared."""

    session: Annotated[int, "the session"]
    number: Annotated[int, "the session's tries so far, this one included"]
    asked: Annotated[FingerPosition, "the finger that was asked for (ISO/IEC 19794-2 code)"]
    quality: Annotated[int, "station quality, 0 to 100"]
    hint: Annotated[RetryReason | None, "what the person was told to do better"]
    best_evidence_milli: Annotated[
        int | None, "the strongest candidate's evidence in this image alone (-log10 FMR x 1000)"
    ]
    fingers_compared: Annotated[int, "enrolled fingers searched"]
    adequate: Annotated[bool, "whether the quality passed the policy's floor"]


@entry("face_try", by="station", disposition="success")
class FaceTry(Entry):
    """The camera looked for a living person's face, and what it took was compared."""

    session: Annotated[int, "the session"]
    number: Annotated[int, "the session's tries so far, this one included"]
    failed: Annotated[FaceFailure | None, "why there was nothing to compare"]
    is_live: Annotated[bool, "whether the turns of the head were a living person's"]
    turns: Annotated[
        str, "the turns asked for in their order, to the person's own side: left or right"
    ]
    quality: Annotated[int, "station quality, 0 to 100"]
    best_evidence_milli: Annotated[
        int | None,
        "evidence of these pictures alone for the voter whose PIN was given, for the strongest"
        " candidate without a PIN (-log10 FMR x 1000)",
    ]
    faces_compared: Annotated[int, "enrolled faces searched"]
    adequate: Annotated[bool, "whether the pictures could be compared"]
    engine: Annotated[str, "name and version of the engine, empty when nothing was compared"]


@entry("face_compared", by="operator", disposition="success")
class FaceCompared(Entry):
    """The operator has compared the person with the photo, without knowing what the machine found.

    Where they do not both say that it is the same person, the commission decides.
    """

    session: Annotated[int, "the session"]
    operator_same: Annotated[
        bool, "whether the operator said that it is the same person; else not, or not surely"
    ]
    machine_same: Annotated[
        bool | None, "whether the machine found so too, nothing where it had compared no pictures"
    ]
    evidence_milli: Annotated[
        int | None, "the machine's evidence, fingers included (-log10 FMR x 1000)"
    ]
    threshold_milli: Annotated[int | None, "the threshold it was held against (-log10 FMR x 1000)"]


@entry("faces_proposed", by="station", disposition="success")
class FacesProposed(Entry):
    """A face without a PIN was searched for in the list; who of those proposed it is, if any, the
    commission says.
    """

    session: Annotated[int, "the session"]
    proposed: Annotated[int, "voters proposed, at most three"]


@entry("head_not_turned", by="operator", disposition="notice")
class HeadNotTurned(Entry):
    """The operator says that the person cannot turn the head: the commission decides."""

    session: Annotated[int, "the session"]


@entry("commission_decision", by="commission", disposition="success")
class CommissionDecision(Entry):
    """The commission has decided about a person whom the machine could not identify."""

    session: Annotated[int, "the session"]
    decision: Annotated[Decision, "confirmed or refused"]
    reason: Annotated[ManualReason, "why the machine could not"]
    document: Annotated[DocumentSeen, "the original document that was seen"]
    operator: Annotated[str, "the operator's id"]
    member: Annotated[str, "the member's id"]


@entry("outcome", by="station", disposition="success")
class Outcome(Entry):
    """How a session ended; each has exactly one."""

    session: Annotated[int, "the session"]
    outcome: Annotated[OutcomeKind, "how it ended"]
    reason: Annotated[str, "a code of at most 64 of a-z, 0-9 and _, or empty"]
    method: Annotated[Method, "what decided it"]
    voter_id: Annotated[str | None, "who was identified (now or before)"]
    list_number: Annotated[int | None, "the voter's list number"]
    first_entry: Annotated[
        int | None, "the entry that identified the voter first, for already_identified"
    ]
    evidence_milli: Annotated[int | None, "the deciding evidence (-log10 FMR x 1000)"]
    threshold_milli: Annotated[int | None, "the threshold it was held against (-log10 FMR x 1000)"]
    fingers_compared: Annotated[int, "enrolled fingers searched"]
    tries: Annotated[int, "images used"]
    engine: Annotated[
        str, "name and version of the matching engine, empty when nothing was compared"
    ]
    policy: Annotated[str, "hex SHA-256 of the rules"]

    def __post_init__(self) -> None:
        named = self.outcome in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        already = self.outcome is OutcomeKind.ALREADY_IDENTIFIED
        if not _REASON.fullmatch(self.reason):
            raise ValueError("an outcome's reason is a code, not a text")
        if (self.voter_id is not None) != named or (self.list_number is not None) != named:
            raise ValueError(f"voter and list number do not fit the outcome {self.outcome}")
        if (self.first_entry is not None) != already:
            raise ValueError(f"the first entry does not fit the outcome {self.outcome}")


@entry("outcome_voided", by="commission", disposition="notice", incident="reason")
class OutcomeVoided(Entry):
    """An identification is void; the voter may be identified again. The voided entry stays."""

    entry: Annotated[int, "number of the entry that identified the voter"]
    voter_id: Annotated[str, "the voter"]
    list_number: Annotated[int, "the voter's list number"]
    reason: Annotated[VoidReason, "why"]
    operator: Annotated[str, "the operator's id"]
    member: Annotated[str, "the member's id"]


@entry("stop_decided", by="commission", disposition="notice", incident="finding")
class StopDecided(Entry):
    """The commission has looked at a person who was stopped. Nobody is identified by that; where
    the first identification was the mistake, an `outcome_voided` follows.
    """

    stopped: Annotated[int, "the entry that stopped the person (already_identified)"]
    finding: Annotated[StopFinding, "what the commission found"]
    operator: Annotated[str, "the operator's id"]
    member: Annotated[str, "the member's id"]


@entry("issued_elsewhere", by="commission", disposition="notice", incident="list_number")
class IssuedElsewhere(Entry):
    """A ballot was taken to a voter outside the polling station, by the commission's written list:
    nobody was identified. The desk stops this voter, as one who was identified.
    """

    voter_id: Annotated[str, "the voter"]
    list_number: Annotated[int, "the voter's list number"]
    place: Annotated[BallotPlace, "where the voter is"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]


@entry("admitted", by="commission", disposition="notice", incident="basis")
class Admitted(Entry):
    """A person who is not on the list may have a ballot; the name is on paper only."""

    number: Annotated[int, "admissions of the day so far, this one included, undone ones too"]
    basis: Annotated[AdmissionBasis, "what allows it"]
    document: Annotated[DocumentSeen, "the original document that was seen"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]

    def __post_init__(self) -> None:
        if self.document is DocumentSeen.NONE:
            raise ValueError("nobody is admitted without a document")


@entry("struck_off", by="commission", disposition="notice", incident="list_number")
class StruckOff(Entry):
    """A voter of the list may not have a ballot: nobody identifies this voter, and the desk leads
    to the commission.
    """

    voter_id: Annotated[str, "the voter"]
    list_number: Annotated[int, "the voter's list number"]
    reason: Annotated[StrikeReason, "why"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]


@entry("act_undone", by="commission", disposition="notice", incident="act")
class ActUndone(Entry):
    """A ballot taken to a voter, an admission or a striking off counts no more; a voter may be
    identified again. The entry itself stays.
    """

    entry: Annotated[int, "number of the act's entry"]
    act: Annotated[UndoneAct, "its kind"]
    voter_id: Annotated[str | None, "the voter, nothing for an admission"]
    list_number: Annotated[int | None, "the voter's list number, nothing for an admission"]
    reason: Annotated[UndoReason, "why"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]

    def __post_init__(self) -> None:
        named = self.act is not UndoneAct.ADMITTED
        if (self.voter_id is not None) != named or (self.list_number is not None) != named:
            raise ValueError(f"voter and list number do not fit the act {self.act}")


@entry("sent_away", by="commission", disposition="refusal")
class SentAway(Entry):
    """A person was sent away without a ballot and may come back; who it was is not written down."""

    reason: Annotated[SentAwayReason, "why"]
    by: Annotated[str, "id of the person who says so"]


@entry("came_back", by="commission", disposition="notice")
class CameBack(Entry):
    """One of those who were sent away has come back, and may be identified."""

    by: Annotated[str, "id of the person who says so"]


@entry("station_was_off", by="station", disposition="failure", incident="since")
class StationWasOff(Entry):
    """The station was unlocked again on an open day, and nobody had locked it: power or program had
    ended. It was off at some time between the entry before and this one; nothing tells longer.
    """

    since: Annotated[str, "time of the last entry before (UTC, ISO 8601 with seconds)"]

    def __post_init__(self) -> None:
        if not _MOMENT.fullmatch(self.since):
            raise ValueError("the time since when it was off is no UTC time")
        datetime.fromisoformat(self.since)  # no 30th of February


@entry("off_explained", by="commission", disposition="notice", incident="cause")
class OffExplained(Entry):
    """Somebody of those present says why the station was off."""

    entry: Annotated[int, "number of the entry that says that it was off"]
    cause: Annotated[OffCause, "why"]
    by: Annotated[str, "id of the person who says so"]


@entry("station_moved", by="commission", disposition="notice", incident="to_room")
class StationMoved(Entry):
    """While the day was paused the station was carried to another room."""

    from_room: Annotated[str, "from where, one line of 3 to 60 characters without names"]
    to_room: Annotated[str, "where to, likewise"]
    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]

    def __post_init__(self) -> None:
        if not is_room(self.from_room) or not is_room(self.to_room):
            raise ValueError("a room is one line of 3 to 60 characters")
        if self.from_room == self.to_room:
            raise ValueError("it is the same room")


@entry("slip_printed", by="station", disposition="success")
class SlipPrinted(Entry):
    """A slip for an identification has left the printer; the second and later ones bear the word
    copy.
    """

    entry: Annotated[int, "the entry that identified the voter"]
    copies: Annotated[int, "slips of this entry so far, this one included"]
    to: Annotated[PrintedTo, "printer or folder"]


@entry("slip_failed", by="station", disposition="failure")
class SlipFailed(Entry):
    """A slip could not be printed; it waits."""

    entry: Annotated[int, "the entry that identified the voter"]
    code: Annotated[str, "code of the fault"]


@entry("paper_made", by="commission", disposition="success")
class PaperMade(Entry):
    """A paper of the day was printed or saved."""

    paper: Annotated[Paper, "which"]
    sha256: Annotated[str, "hex SHA-256 of the file"]
    to: Annotated[PrintedTo, "printer or folder"]


@entry("journal_exported", by="commission", disposition="success")
class JournalExported(Entry):
    """The journal was written to a medium, sealed to the commission."""

    size: Annotated[int, "entries in it"]
    sha256: Annotated[str, "hex SHA-256 of the sealed file"]
    recipient: Annotated[str, "fingerprint of the identity it is sealed to"]


@entry("journal_ended", by="commission", disposition="success")
class JournalEnded(Entry):
    """The station takes another election: this journal ends here and is put aside, and the next one
    names it.
    """

    chair: Annotated[str, "the chair's id"]
    member: Annotated[str, "the member's id"]


@entry("mirror_lost", by="station", disposition="failure", incident="code")
class MirrorLost(Entry):
    """The second medium does not take entries; identification goes on."""

    code: Annotated[str, "code of the fault"]


@entry("mirror_returned", by="station", disposition="success")
class MirrorReturned(Entry):
    """The second medium takes entries again."""

    behind: Annotated[int, "entries that it was behind"]


@entry("device_lost", by="station", disposition="failure", incident="device")
class DeviceLost(Entry):
    """A device went away."""

    session: Annotated[int | None, "the session, nothing between sessions"]
    device: Annotated[str, "which"]


@entry("device_returned", by="station", disposition="success")
class DeviceReturned(Entry):
    """The device is back."""

    session: Annotated[int | None, "the session, nothing between sessions"]
    device: Annotated[str, "which"]


@entry("list_proven", by="station", disposition="success")
class ListProven(Entry):
    """The loaded list has passed its trial: the journal belongs to it from here on."""

    list_hash: Annotated[str, "hex SHA-256 of the list file"]
    list_sequence: Annotated[int, "the list's number"]
    policy: Annotated[str, "hex SHA-256 of the rules"]
    election_id: _ElectionId = None
    election_date: _ElectionDate = None

    def __post_init__(self) -> None:
        _check_election(self.election_id, self.election_date)


@entry("list_compared", by="station", disposition="notice", incident="compared")
class ListCompared(Entry):
    """Voters had been identified when another list came into use: that list was held against the
    one before it.
    """

    before: Annotated[str, "hex SHA-256 of the list that was in use before"]
    compared: Annotated[
        bool,
        "whether that list was there and could be opened; otherwise nothing but ids was compared",
    ]
    accepted: Annotated[int, "voters identified so far, voided ones not counted"]
    unseen: Annotated[
        int,
        "those of them who are not on the list before either, so that nothing of them was compared",
    ]
    marked: Annotated[
        int, "rows of the new list that a voter identified before may have too (`voter_marked`)"
    ]
    missing: Annotated[
        int, "voters identified so far who are not on the new list; they stay identified"
    ]
    chair: Annotated[
        str, "id of the chair who agreed to a list that lacks them, empty where nobody had to"
    ]
    member: Annotated[str, "id of the member who agreed, empty where nobody had to"]


@entry("voter_marked", by="station", disposition="notice")
class VoterMarked(Entry):
    """A finger of a voter who was identified today meets this row of the new list, which has
    another id: the commission decides about it.
    """

    voter_id: Annotated[str, "the row's voter"]
    list_number: Annotated[int, "the row's list number"]
    first_entry: Annotated[int, "the entry that identified the voter of that finger"]


@entry("list_counted", by="station", disposition="notice", incident="listed")
class ListCounted(Entry):
    """The day counts by the list in use from here on: another list came into use on an open day, or
    the list lacks other voters struck off than were known.
    """

    list_sequence: Annotated[int, "number of the list in use"]
    listed: Annotated[int, "voters on it"]
    left_out: Annotated[
        str,
        "the entries that strike off voters who are not on it, undone ones not counted: their "
        "numbers upwards, with a space between; empty for none",
    ]

    def __post_init__(self) -> None:
        if self.listed < 0:
            raise ValueError("no list has fewer than no voters")
        if not _NUMBERS.fullmatch(self.left_out):
            raise ValueError("entries are named by their numbers, with a space between")
        numbers = self.struck_off
        if any(one >= other for one, other in pairwise(numbers)):
            raise ValueError("entries are named upwards, each once")

    @property
    def struck_off(self) -> tuple[int, ...]:
        """The numbers in `left_out`."""
        return tuple(map(int, self.left_out.split()))


@entry("station_provisioned", by="technician", disposition="success")
class StationProvisioned(ImportedEvent):
    """The station was set up."""

    app: Annotated[str, "version of the program"]
    people: Annotated[int, "persons who may unlock"]
    pins: Annotated[str, "hex fingerprints of the pinned identities, with spaces between"]
    station: Annotated[str, "the station's name"]
    station_fingerprint: Annotated[str, "hex fingerprint of its identity"]
    settings: Annotated[str | None, "hex SHA-256 of the signed settings file"] = None
    typed: _Typed = None


@entry("settings_changed", by="technician", disposition="success")
class SettingsChanged(ImportedEvent):
    """What one person may change was changed: where devices are plugged in, languages. (From an
    older version: any setting.)
    """

    app: Annotated[str, "version of the program"]
    by: Annotated[str | None, "id of the technician or operator who typed their passphrase"] = None


@entry("settings_signed", by="commission", disposition="success")
class SettingsSigned(ImportedEvent):
    """Two persons have signed other settings: identity, precinct, mirror, trusted keys, drivers."""

    old: Annotated[str, "hex SHA-256 of the settings file before, empty where none was signed"]
    new: Annotated[str, "hex SHA-256 of the signed settings file"]
    by: Annotated[str, "ids of those who agreed"]


@entry("person_added", by="commission", disposition="success")
class PersonAdded(ImportedEvent):
    """A person may unlock from here on."""

    by: Annotated[str, "ids of those who agreed"]
    person: Annotated[str, "whose id"]
    role: Annotated[str, "as what"]
    typed: _Typed = None


@entry("person_removed", by="commission", disposition="success")
class PersonRemoved(ImportedEvent):
    """A person may not unlock any more."""

    by: Annotated[str, "ids of those who agreed"]
    person: Annotated[str, "whose id"]
    role: Annotated[str, "as what"]


@entry("passphrase_replaced", by="commission", disposition="success")
class PassphraseReplaced(ImportedEvent):
    """A person has another passphrase."""

    by: Annotated[str, "ids of those who agreed"]
    person: Annotated[str, "whose id"]
    role: Annotated[str, "as what"]
    typed: _Typed = None


@entry("list_loaded", by="technician", disposition="success")
class ListLoaded(ImportedEvent):
    """A snapshot was loaded; it is not tried yet."""

    precinct: Annotated[str, "the precinct's code"]
    sequence: Annotated[int, "the list's number"]
    list_sha256: Annotated[str, "hex SHA-256 of the list file"]
    head_sha256: Annotated[str, "hex SHA-256 of the snapshot's head"]
    issuer_key: Annotated[str, "hex key of the issuer"]
    by: Annotated[str, "an id, or empty"]


@entry("list_refused", by="technician", disposition="refusal")
class ListRefused(ImportedEvent):
    """A snapshot was not loaded."""

    code: Annotated[str, "why"]
    by: Annotated[str, "an id, or empty"]


@entry("list_withdrawn", by="station", disposition="failure")
class ListWithdrawn(ImportedEvent):
    """The loaded list has failed its trial and was taken away."""

    sequence: Annotated[int, "the list's number"]
    list_sha256: Annotated[str, "hex SHA-256 of the list file"]
    head_sha256: Annotated[str, "hex SHA-256 of the snapshot's head"]
    code: Annotated[str, "why"]


@entry("device_tested", by="technician", disposition="notice")
class DeviceTested(ImportedEvent):
    """A device was tried in the self-test, while nobody had unlocked the station."""

    part: Annotated[str, "what was tried: finger_scanner, camera, printer, document_reader"]
    test: Annotated[str, "full (at the depot) or morning"]
    driver: Annotated[str, "the driver that the settings named"]
    hardware: Annotated[str, "the device's identity"]
    passed: Annotated[int, "1 where the device did what it should"]
    app: Annotated[str, "version of the program"]
    by: Annotated[str, "an id, or empty"]


@entry("notice_kept", by="station", disposition="notice")
class NoticeKept(ImportedEvent):
    """What the station noticed while its journal could not be written, and could not write until it
    was locked.
    """

    notice: Annotated[str, "the kind it would have had: mirror_lost, device_lost, slip_failed, ..."]
    what: Annotated[str, "the device, or the code of the fault, or empty"]
    number: Annotated[int, "the entry that identified the voter, the session, or entries behind"]

    def __post_init__(self) -> None:
        ImportedEvent.__post_init__(self)
        if not _WORD.fullmatch(self.notice) or not _WORD.fullmatch(self.what or "none"):
            raise ValueError("a notice is told in codes")


@entry("event_unread", by="station", disposition="notice")
class EventUnread(ImportedEvent):
    """A waiting line that is no event this version knows; `happened` is empty where the line does
    not say it.
    """

    sha256: Annotated[str, "hex SHA-256 of the line"]


@entry("events_left_out", by="station", disposition="notice")
class EventsLeftOut(ImportedEvent):
    """More lines waited than are written down at one unlocking; the others were put aside in a file
    of the station.
    """

    count: Annotated[int, "lines that were left out"]
    sha256: Annotated[str, "hex SHA-256 of the file they were put in"]


KINDS: Final[dict[str, type[Entry]]] = {
    one.kind: one
    for one in list(globals().values())
    if isinstance(one, type) and issubclass(one, Entry) and hasattr(one, "kind")
}
"""Every kind by its name: what a journal can hold."""
