"""The journal's entries, by scripts/generate_events.py from events.toml.

An entry says what happened at the station. It never holds a PIN, a name or biometric
data. Every number is an integer (evidence and thresholds are -log10 FMR times 1000),
because the journal writes RFC 8785 canonical JSON, whose floats are a trap. The time of
an entry is added by the journal from its clock.

Entry numbers start at 1: entry n is leaf n - 1 of the journal's tree, and the head of
size n covers it.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from station_app.domain import entry_rules
from station_app.domain.entry_codes import (
    Count,
    Decision,
    DocumentSeen,
    LockCause,
    ManualReason,
    Method,
    OutcomeKind,
    Paper,
    PauseReason,
    PrintedTo,
    ReopenReason,
    TakeoverSource,
    VoidReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import RetryReason

_ID = re.compile(r"[0-9a-f]{16}")
_TIME = re.compile(r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """What every imported event has: an id of 16 hex digits, and a time in UTC or nothing.

    The id is the beginning of the SHA-256 of the waiting line (an older version took the one
    that the line said).
    `happened` is the time written into the waiting line; the entry's own time is that of
    the import. The station vouches for when it read them, not for what they said before:
    the file is plain (ADR 0011). Raises `ValueError` where they are not that.
    """

    event_id: str
    happened: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.event_id) or not _TIME.fullmatch(self.happened):
            raise ValueError("an imported event has no id or no time")


@dataclass(frozen=True, slots=True)
class JournalOpened:
    """The first entry: whose journal this is and which list it belongs to.

    `origin`: the checkpoint origin, station-app/<kind>/<station id>.
    `list_hash`: hex SHA-256 of the list file.
    `list_sequence`: the list's number.
    `list_kind`: live, training or demo.
    `policy`: hex SHA-256 of the rules (Policy.digest).
    `public_key`: hex Ed25519 key that signs the checkpoints.
    `app_version`: version of the program.
    `election_id`: the election's id in the signed list, empty where the list names none; None in
      an entry of an older version.
    `election_date`: the election day in the signed list (ISO 8601), empty where the list names
      none; None in an entry of an older version.
    `previous_origin`: origin of the station's journal before this one, put aside for another
      election; empty for a first journal; None in an entry of an older version.
    `previous_size`: entries of that journal, 0 for none; None in an entry of an older version.
    `previous_root`: hex root of its tree, empty for none; None in an entry of an older version.
    Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "journal_opened"
    origin: str
    list_hash: str
    list_sequence: int
    list_kind: str
    policy: str
    public_key: str
    app_version: str
    election_id: str | None = None
    election_date: str | None = None
    previous_origin: str | None = None
    previous_size: int | None = None
    previous_root: str | None = None

    def __post_init__(self) -> None:
        entry_rules.journal_opened(self)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """This station goes on for one that cannot: what was last seen of the other's journal.

    `origin`: the other journal's origin.
    `public_key`: hex Ed25519 key of the other journal, empty where nothing was seen of it.
    `size`: entries of the other journal that were seen; they follow as `carried`.
    `root`: hex root of the tree of these entries, empty for none.
    `note`: the other station's signed checkpoint of that size, empty for none.
    `pack_sha256`: hex SHA-256 of the takeover pack.
    `source`: where the entries come from.
    `missing`: entries more that the other journal is known to have had, by newer heads; these
      persons accepted it.
    `chair`: id of the first person who agreed.
    `member`: id of the second person who agreed.
    `known_size`: the largest size of the other journal that entries or heads proved, 0 for none;
      None in an entry of an older version.
    `known_at`: when it had that size, as far as known, UTC; empty where nothing says so; None in
      an entry of an older version.
    `blind`: 1 where nothing tells whether it had more (no entries, or a damaged mirror), else 0;
      these persons accepted it; None in an entry of an older version.
    """

    kind: ClassVar[str] = "taken_over"
    origin: str
    public_key: str
    size: int
    root: str
    note: str
    pack_sha256: str
    source: TakeoverSource
    missing: int
    chair: str
    member: str
    known_size: int | None = None
    known_at: str | None = None
    blind: int | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """One entry of the journal that was taken over, as it stood there; it counts as if it had
    happened here.

    `number`: its number in the other journal, from 1.
    `leaf`: its leaf, verbatim.
    """

    kind: ClassVar[str] = "carried"
    number: int
    leaf: str


@dataclass(frozen=True, slots=True)
class StationUnlocked:
    """Two persons have unlocked the station.

    `operator`: the operator's id.
    `member`: the member's id.
    `settings`: hex SHA-256 of the signed settings file; None in an entry of an older version.
    """

    kind: ClassVar[str] = "station_unlocked"
    operator: str
    member: str
    settings: str | None = None


@dataclass(frozen=True, slots=True)
class StationLocked:
    """The station's keys are put away.

    `cause`: why.
    """

    kind: ClassVar[str] = "station_locked"
    cause: LockCause


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """The clock is behind the entry before it.

    `back_ms`: milliseconds by which it went back, more than 0.
    """

    kind: ClassVar[str] = "clock_changed"
    back_ms: int


@dataclass(frozen=True, slots=True)
class DayOpened:
    """The day is opened. At a live station nobody was identified before, and a journal has one such
    day; a day of training begins anew each time.

    `day`: days of this journal, from 1.
    `list_sequence`: number of the list in use.
    `listed`: voters on it.
    `phone_time`: the time the chair read from another clock (UTC, ISO 8601 with seconds), empty
      where there was none.
    `difference_s`: seconds by which the station's clock is ahead of it, 0 where there was none.
    `chair`: the chair's id.
    `member`: the member's id.
    `election_id`: the election's id in the signed list, empty where the list names none; None in
      an entry of an older version.
    `election_date`: the election day in the signed list (ISO 8601), empty where the list names
      none; None in an entry of an older version.
    Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "day_opened"
    day: int
    list_sequence: int
    listed: int
    phone_time: str
    difference_s: int
    chair: str
    member: str
    election_id: str | None = None
    election_date: str | None = None

    def __post_init__(self) -> None:
        entry_rules.names_election(self)


@dataclass(frozen=True, slots=True)
class DayPaused:
    """Nobody is identified until the day goes on.

    `reason`: why.
    `by`: id of the person who paused.
    """

    kind: ClassVar[str] = "day_paused"
    reason: PauseReason
    by: str


@dataclass(frozen=True, slots=True)
class DayResumed:
    """Identification goes on.

    `by`: id of the person who resumed.
    """

    kind: ClassVar[str] = "day_resumed"
    by: str


@dataclass(frozen=True, slots=True)
class DifferenceExplained:
    """Two counts of the closing differ, and the commission has written down why. No name belongs in
    the text.

    `what`: which count differs from the number identified.
    `expected`: what it should be.
    `counted`: what it is.
    `reason`: the written reason, one line of 3 to 300 characters.
    Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "difference_explained"
    what: Count
    expected: int
    counted: int
    reason: str

    def __post_init__(self) -> None:
        entry_rules.difference_explained(self)


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The day is closed after its counts were held against each other; nobody is identified any
    more.

    `day`: which day, as in its opening.
    `listed`: voters on the list.
    `by_finger`: identified by finger, voided ones not counted.
    `by_face`: identified by face, voided ones not counted.
    `by_commission`: identified by the commission, voided ones not counted.
    `voided`: identifications made void.
    `already_identified`: sessions stopped because the voter was identified before.
    `not_on_list`: sessions that ended as not on this list.
    `unreadable`: sessions that ended as unreadable.
    `refused`: sessions that ended as refused: by the commission, or left undecided when the
      finger was another voter's.
    `slips`: identifications whose slip was printed.
    `reprints`: slips printed again.
    `ballots`: ballots issued, counted by hand.
    `signatures`: signatures on the paper list, counted by hand.
    `chair`: the chair's id.
    `member`: the member's id.
    """

    kind: ClassVar[str] = "day_closed"
    day: int
    listed: int
    by_finger: int
    by_face: int
    by_commission: int
    voided: int
    already_identified: int
    not_on_list: int
    unreadable: int
    refused: int
    slips: int
    reprints: int
    ballots: int
    signatures: int
    chair: str
    member: str


@dataclass(frozen=True, slots=True)
class DayReopened:
    """A closed day is opened again; those identified stay identified.

    `reason`: why.
    `chair`: the chair's id.
    `member`: the member's id.
    """

    kind: ClassVar[str] = "day_reopened"
    reason: ReopenReason
    chair: str
    member: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A person is at the desk; sessions are numbered from 1 and only upwards.

    `session`: the session's number.
    """

    kind: ClassVar[str] = "session_started"
    session: int


@dataclass(frozen=True, slots=True)
class FingerTry:
    """One image was taken and compared.

    `session`: the session.
    `number`: the session's tries so far, this one included.
    `asked`: the finger that was asked for (ISO/IEC 19794-2 code).
    `quality`: station quality, 0 to 100.
    `hint`: what the person was told to do better.
    `best_evidence_milli`: the strongest candidate's evidence in this image alone (-log10 FMR x
      1000).
    `fingers_compared`: enrolled fingers searched.
    `adequate`: whether the quality passed the policy's floor.
    """

    kind: ClassVar[str] = "finger_try"
    session: int
    number: int
    asked: FingerPosition
    quality: int
    hint: RetryReason | None
    best_evidence_milli: int | None
    fingers_compared: int
    adequate: bool


@dataclass(frozen=True, slots=True)
class CommissionDecision:
    """The commission has decided about a person whom the machine could not identify.

    `session`: the session.
    `decision`: confirmed or refused.
    `reason`: why the machine could not.
    `document`: the original document that was seen.
    `operator`: the operator's id.
    `member`: the member's id.
    """

    kind: ClassVar[str] = "commission_decision"
    session: int
    decision: Decision
    reason: ManualReason
    document: DocumentSeen
    operator: str
    member: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session ended; each has exactly one.

    `session`: the session.
    `outcome`: how it ended.
    `reason`: a code of at most 64 of a-z, 0-9 and _, or empty.
    `method`: what decided it.
    `voter_id`: who was identified (now or before).
    `list_number`: the voter's list number.
    `first_entry`: the entry that identified the voter first, for already_identified.
    `evidence_milli`: the deciding evidence (-log10 FMR x 1000).
    `threshold_milli`: the threshold it was held against (-log10 FMR x 1000).
    `fingers_compared`: enrolled fingers searched.
    `tries`: images used.
    `engine`: name and version of the matching engine, empty when nothing was compared.
    `policy`: hex SHA-256 of the rules.
    Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "outcome"
    session: int
    outcome: OutcomeKind
    reason: str
    method: Method
    voter_id: str | None
    list_number: int | None
    first_entry: int | None
    evidence_milli: int | None
    threshold_milli: int | None
    fingers_compared: int
    tries: int
    engine: str
    policy: str

    def __post_init__(self) -> None:
        entry_rules.outcome(self)


@dataclass(frozen=True, slots=True)
class OutcomeVoided:
    """An identification is void; the voter may be identified again. The voided entry stays.

    `entry`: number of the entry that identified the voter.
    `voter_id`: the voter.
    `list_number`: the voter's list number.
    `reason`: why.
    `operator`: the operator's id.
    `member`: the member's id.
    """

    kind: ClassVar[str] = "outcome_voided"
    entry: int
    voter_id: str
    list_number: int
    reason: VoidReason
    operator: str
    member: str


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """A slip for an identification has left the printer; the second and later ones bear the word
    copy.

    `entry`: the entry that identified the voter.
    `copies`: slips of this entry so far, this one included.
    `to`: printer or folder.
    """

    kind: ClassVar[str] = "slip_printed"
    entry: int
    copies: int
    to: PrintedTo


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """A slip could not be printed; it waits.

    `entry`: the entry that identified the voter.
    `code`: code of the fault.
    """

    kind: ClassVar[str] = "slip_failed"
    entry: int
    code: str


@dataclass(frozen=True, slots=True)
class PaperMade:
    """A paper of the day was printed or saved.

    `paper`: which.
    `sha256`: hex SHA-256 of the file.
    `to`: printer or folder.
    """

    kind: ClassVar[str] = "paper_made"
    paper: Paper
    sha256: str
    to: PrintedTo


@dataclass(frozen=True, slots=True)
class JournalExported:
    """The journal was written to a medium, sealed to the commission.

    `size`: entries in it.
    `sha256`: hex SHA-256 of the sealed file.
    `recipient`: fingerprint of the identity it is sealed to.
    """

    kind: ClassVar[str] = "journal_exported"
    size: int
    sha256: str
    recipient: str


@dataclass(frozen=True, slots=True)
class JournalEnded:
    """The station takes another election: this journal ends here and is put aside, and the next one
    names it.

    `chair`: the chair's id.
    `member`: the member's id.
    """

    kind: ClassVar[str] = "journal_ended"
    chair: str
    member: str


@dataclass(frozen=True, slots=True)
class MirrorLost:
    """The second medium does not take entries; identification goes on.

    `code`: code of the fault.
    """

    kind: ClassVar[str] = "mirror_lost"
    code: str


@dataclass(frozen=True, slots=True)
class MirrorReturned:
    """The second medium takes entries again.

    `behind`: entries that it was behind.
    """

    kind: ClassVar[str] = "mirror_returned"
    behind: int


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device went away.

    `session`: the session, nothing between sessions.
    `device`: which.
    """

    kind: ClassVar[str] = "device_lost"
    session: int | None
    device: str


@dataclass(frozen=True, slots=True)
class DeviceReturned:
    """The device is back.

    `session`: the session, nothing between sessions.
    `device`: which.
    """

    kind: ClassVar[str] = "device_returned"
    session: int | None
    device: str


@dataclass(frozen=True, slots=True)
class ListProven:
    """The loaded list has passed its trial: the journal belongs to it from here on.

    `list_hash`: hex SHA-256 of the list file.
    `list_sequence`: the list's number.
    `policy`: hex SHA-256 of the rules.
    `election_id`: the election's id in the signed list, empty where the list names none; None in
      an entry of an older version.
    `election_date`: the election day in the signed list (ISO 8601), empty where the list names
      none; None in an entry of an older version.
    Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "list_proven"
    list_hash: str
    list_sequence: int
    policy: str
    election_id: str | None = None
    election_date: str | None = None

    def __post_init__(self) -> None:
        entry_rules.names_election(self)


@dataclass(frozen=True, slots=True)
class ListCompared:
    """Voters had been identified when another list came into use: that list was held against the
    one before it.

    `before`: hex SHA-256 of the list that was in use before.
    `compared`: whether that list was there and could be opened; otherwise nothing but ids was
      compared.
    `accepted`: voters identified so far, voided ones not counted.
    `unseen`: those of them who are not on the list before either, so that nothing of them was
      compared.
    `marked`: rows of the new list that a voter identified before may have too (`voter_marked`).
    `missing`: voters identified so far who are not on the new list; they stay identified.
    `chair`: id of the chair who agreed to a list that lacks them, empty where nobody had to.
    `member`: id of the member who agreed, empty where nobody had to.
    """

    kind: ClassVar[str] = "list_compared"
    before: str
    compared: bool
    accepted: int
    unseen: int
    marked: int
    missing: int
    chair: str
    member: str


@dataclass(frozen=True, slots=True)
class VoterMarked:
    """A finger of a voter who was identified today meets this row of the new list, which has
    another id: the commission decides about it.

    `voter_id`: the row's voter.
    `list_number`: the row's list number.
    `first_entry`: the entry that identified the voter of that finger.
    """

    kind: ClassVar[str] = "voter_marked"
    voter_id: str
    list_number: int
    first_entry: int


@dataclass(frozen=True, slots=True)
class StationProvisioned(ImportedEvent):
    """The station was set up.

    `app`: version of the program.
    `people`: persons who may unlock.
    `pins`: hex fingerprints of the pinned identities, with spaces between.
    `station`: the station's name.
    `station_fingerprint`: hex fingerprint of its identity.
    `settings`: hex SHA-256 of the signed settings file; None in an entry of an older version.
    `typed`: how many of the passphrases their persons typed here; the others came from files;
      None in an entry of an older version.
    """

    kind: ClassVar[str] = "station_provisioned"
    app: str
    people: int
    pins: str
    station: str
    station_fingerprint: str
    settings: str | None = None
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class SettingsChanged(ImportedEvent):
    """What one person may change was changed: where devices are plugged in, languages. (From an
    older version: any setting.)

    `app`: version of the program.
    `by`: id of the technician or operator who typed their passphrase; None in an entry of an
      older version.
    """

    kind: ClassVar[str] = "settings_changed"
    app: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsSigned(ImportedEvent):
    """Two persons have signed other settings: identity, precinct, mirror, trusted keys, drivers.

    `old`: hex SHA-256 of the settings file before, empty where none was signed.
    `new`: hex SHA-256 of the signed settings file.
    `by`: ids of those who agreed.
    """

    kind: ClassVar[str] = "settings_signed"
    old: str
    new: str
    by: str


@dataclass(frozen=True, slots=True)
class PersonAdded(ImportedEvent):
    """A person may unlock from here on.

    `by`: ids of those who agreed.
    `person`: whose id.
    `role`: as what.
    `typed`: how many of the passphrases their persons typed here; the others came from files;
      None in an entry of an older version.
    """

    kind: ClassVar[str] = "person_added"
    by: str
    person: str
    role: str
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class PersonRemoved(ImportedEvent):
    """A person may not unlock any more.

    `by`: ids of those who agreed.
    `person`: whose id.
    `role`: as what.
    """

    kind: ClassVar[str] = "person_removed"
    by: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class PassphraseReplaced(ImportedEvent):
    """A person has another passphrase.

    `by`: ids of those who agreed.
    `person`: whose id.
    `role`: as what.
    `typed`: how many of the passphrases their persons typed here; the others came from files;
      None in an entry of an older version.
    """

    kind: ClassVar[str] = "passphrase_replaced"
    by: str
    person: str
    role: str
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class ListLoaded(ImportedEvent):
    """A snapshot was loaded; it is not tried yet.

    `precinct`: the precinct's code.
    `sequence`: the list's number.
    `list_sha256`: hex SHA-256 of the list file.
    `head_sha256`: hex SHA-256 of the snapshot's head.
    `issuer_key`: hex key of the issuer.
    `by`: an id, or empty.
    """

    kind: ClassVar[str] = "list_loaded"
    precinct: str
    sequence: int
    list_sha256: str
    head_sha256: str
    issuer_key: str
    by: str


@dataclass(frozen=True, slots=True)
class ListRefused(ImportedEvent):
    """A snapshot was not loaded.

    `code`: why.
    `by`: an id, or empty.
    """

    kind: ClassVar[str] = "list_refused"
    code: str
    by: str


@dataclass(frozen=True, slots=True)
class ListWithdrawn(ImportedEvent):
    """The loaded list has failed its trial and was taken away.

    `sequence`: the list's number.
    `list_sha256`: hex SHA-256 of the list file.
    `head_sha256`: hex SHA-256 of the snapshot's head.
    `code`: why.
    """

    kind: ClassVar[str] = "list_withdrawn"
    sequence: int
    list_sha256: str
    head_sha256: str
    code: str


@dataclass(frozen=True, slots=True)
class EventUnread(ImportedEvent):
    """A waiting line that is no event this version knows; `happened` is empty where the line does
    not say it.

    `sha256`: hex SHA-256 of the line.
    """

    kind: ClassVar[str] = "event_unread"
    sha256: str


@dataclass(frozen=True, slots=True)
class EventsLeftOut(ImportedEvent):
    """More lines waited than are written down at one unlocking; the others were put aside in a file
    of the station.

    `count`: lines that were left out.
    `sha256`: hex SHA-256 of the file they were put in.
    """

    kind: ClassVar[str] = "events_left_out"
    count: int
    sha256: str


Entry = (
    JournalOpened
    | TakenOver
    | Carried
    | StationUnlocked
    | StationLocked
    | ClockChanged
    | DayOpened
    | DayPaused
    | DayResumed
    | DifferenceExplained
    | DayClosed
    | DayReopened
    | SessionStarted
    | FingerTry
    | CommissionDecision
    | Outcome
    | OutcomeVoided
    | SlipPrinted
    | SlipFailed
    | PaperMade
    | JournalExported
    | JournalEnded
    | MirrorLost
    | MirrorReturned
    | DeviceLost
    | DeviceReturned
    | ListProven
    | ListCompared
    | VoterMarked
    | StationProvisioned
    | SettingsChanged
    | SettingsSigned
    | PersonAdded
    | PersonRemoved
    | PassphraseReplaced
    | ListLoaded
    | ListRefused
    | ListWithdrawn
    | EventUnread
    | EventsLeftOut
)

StationEvent = (
    StationProvisioned
    | SettingsChanged
    | SettingsSigned
    | PersonAdded
    | PersonRemoved
    | PassphraseReplaced
    | ListLoaded
    | ListRefused
    | ListWithdrawn
)
"""Kinds that wait in the file of pending events, by the names they have there."""
