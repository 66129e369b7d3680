"""View models: what the desk may show, and nothing else.

A field that must not reach the screen (PIN, voter id, scores, another voter) has no place
to be put here. Times arrive as local clock text.
"""

from dataclasses import dataclass
from enum import StrEnum

from station_app.domain.day import DayState
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage, RetryReason
from station_app.domain.voters import Voter
from station_app.ui.operator.devices import NO_DEVICES, DevicesView, ScannerState


class StationKind(StrEnum):
    """Whose voters these are; everything but `LIVE` is shown inside the striped frame."""

    LIVE = "live"
    TRAINING = "training"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class TopBarView:
    """The bar at the top: where this is, and whether the devices work.

    `precinct` is the precinct's number, `place` its address or name. `seat` None hides the
    seat (one kit knows only itself). `clock` is local time as text (11:42). `is_simulated`:
    the scanner reads no real fingers. `devices` are those beside it.
    """

    precinct: str
    place: str
    clock: str
    seat: int | None = None
    scanner: ScannerState = ScannerState.ARMED
    is_simulated: bool = False
    devices: DevicesView = NO_DEVICES


@dataclass(frozen=True, slots=True)
class GapView:
    """The `station` that was taken over without all its entries; `time` is local clock text of
    the last one that is here, empty for none.
    """

    station: str
    time: str = ""


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What there is at this desk, so that keys and rows without a use are not drawn.

    `has_room` for the commission beside it; `slips` is where they go, None for nowhere; `gap`
    is what a takeover left out, None for nothing.
    """

    has_room: bool = False
    slips: PrintedTo | None = None
    gap: GapView | None = None


class LastOutcome(StrEnum):
    """How an earlier session at this desk ended, for the list without names."""

    IDENTIFIED = "identified"
    ALREADY = "already"
    NOT_ON_LIST = "not_on_list"
    COMMISSION = "commission"
    REFUSED = "refused"
    VOID = "void"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class LastRow:
    """One earlier session: clock text, outcome, list number if a voter was identified."""

    time: str
    outcome: LastOutcome
    list_number: int | None = None


@dataclass(frozen=True, slots=True)
class DayView:
    """Today's count, the size of the list, and the latest sessions, newest first."""

    identified_today: int
    on_list: int
    last: tuple[LastRow, ...] = ()

    @property
    def has_slip(self) -> bool:
        """Whether the newest identification among `last` stands: its slip may come again."""
        kinds = (LastOutcome.IDENTIFIED, LastOutcome.VOID)
        newest = next((row.outcome for row in self.last if row.outcome in kinds), None)
        return newest is LastOutcome.IDENTIFIED


@dataclass(frozen=True, slots=True)
class ReadyView:
    """Nobody's session has begun; `finger` is the one asked for first."""

    finger: FingerPosition
    day: DayView


@dataclass(frozen=True, slots=True)
class RestingView:
    """Nobody is identified now; `why` is how the day stands."""

    why: DayState
    day: DayView


@dataclass(frozen=True, slots=True)
class CaptureView:
    """The scanner waits for, or reads, try `attempt` of `tries`.

    `pin_found` says that the session has a document whose PIN is on the list.
    """

    finger: FingerPosition
    attempt: int
    tries: int
    pin_found: bool = False


class BusyStage(StrEnum):
    """What the station is doing while the operator waits a moment."""

    LOOKING_UP = "looking_up"
    MATCHING = "matching"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class BusyView:
    """The station works; `finger` is the one just read, None when no finger is involved.

    `can_cancel` is False once the outcome is on its way into the journal.
    """

    stage: BusyStage
    finger: FingerPosition | None = None
    can_cancel: bool = True


@dataclass(frozen=True, slots=True)
class VoterCard:
    """The part of a voter's record that the operator may see."""

    list_number: int
    surname: str
    given_names: str
    sex: str
    born: str
    address: str
    page: int
    line: int
    portrait: bytes

    @classmethod
    def of(cls, voter: Voter) -> "VoterCard":
        """The card of `voter`: neither PIN nor voter id come along."""
        return cls(
            list_number=voter.list_number,
            surname=voter.surname,
            given_names=voter.given_names,
            sex=voter.sex,
            born=f"{voter.born:%d.%m.%Y}",
            address=voter.address,
            page=voter.page,
            line=voter.line,
            portrait=voter.portrait,
        )


@dataclass(frozen=True, slots=True)
class IdentifiedView:
    """The voter is identified and the entry is durable."""

    voter: VoterCard
    by_commission: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyView:
    """The same voter was identified earlier today at this precinct, at `first_time`."""

    first_time: str
    list_number: int
    sex: str
    portrait: bytes = b""


@dataclass(frozen=True, slots=True)
class NotOnListView:
    """Nobody on this list; `pin_given` says whether a document was looked up."""

    pin_given: bool


@dataclass(frozen=True, slots=True)
class TryAgainView:
    """Another try is needed, `finger` is asked for; `attempt` is the try about to be made.

    `tries` is the last one's number if every image is good. `image` is the last image, None
    when the capture gave none; `seen` is what it was like (None: as `reason` says).
    """

    finger: FingerPosition
    reason: RetryReason
    attempt: int
    tries: int
    image: FingerImage | None = None
    seen: RetryReason | None = None


class CommissionReason(StrEnum):
    """Why people have to decide; never says anything about another voter."""

    NO_MATCH = "no_match"
    UNREADABLE = "unreadable"
    OTHER_VOTER = "other_voter"
    MARKED = "marked"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class CommissionView:
    """The session ended without a verdict of the station; the commission decides."""

    reason: CommissionReason


class PersonStage(StrEnum):
    """How far the station is with the person the commission decides about."""

    ASK_PIN = "ask_pin"
    LOOKING_UP = "looking_up"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ManualShare:
    """Identifications that stand, how many of them by the commission, and the alarm in percent."""

    by_commission: int
    identified: int
    alarm_percent: int

    @property
    def is_over(self) -> bool:
        """Whether the manual cases are more than the alarm allows."""
        return self.by_commission * 100 > self.alarm_percent * self.identified


@dataclass(frozen=True, slots=True)
class ManualView:
    """The commission decides about the person of session `session`.

    `ticket` goes back with the answer. `voter` is the voter of the document, None before
    its record is read; `tries` images were used.
    """

    ticket: int
    session: int
    reason: CommissionReason
    stage: PersonStage
    voter: VoterCard | None
    tries: int
    share: ManualShare


@dataclass(frozen=True, slots=True)
class MismatchView:
    """The commission looks at the photo of a voter just identified; see `ManualView`."""

    ticket: int
    voter: VoterCard
    by_commission: bool = False


@dataclass(frozen=True, slots=True)
class VoidedView:
    """An identification is void, and that is durable."""

    list_number: int
    day: DayView


VerdictView = (
    IdentifiedView
    | AlreadyView
    | NotOnListView
    | TryAgainView
    | CommissionView
    | ManualView
    | MismatchView
)


@dataclass(frozen=True, slots=True)
class ScannerUnpluggedView:
    """The scanner is gone; the station goes on by itself when it comes back.

    `last_saved` is the list number of the last voter identified here, None when there was
    none. `in_session` says that a person is waiting, so that Esc can end the session.
    """

    day: DayView
    last_saved: int | None
    in_session: bool


@dataclass(frozen=True, slots=True)
class BlockedView:
    """Nothing goes on until `code` is repaired and Enter asks to try again.

    `last_saved` is the list number of the last voter identified here; `has_unwritten` says
    that entries wait in memory for the journal.
    """

    code: str
    day: DayView
    last_saved: int | None
    has_unwritten: bool = False


@dataclass(frozen=True, slots=True)
class BrokenView:
    """A fault of the program itself: the safe screen; nothing goes on from here.

    `last_entry` is the number of the journal's last entry.
    """

    code: str
    last_entry: int


FaultView = ScannerUnpluggedView | BlockedView | BrokenView
NoticeView = RestingView | VoidedView
View = ReadyView | CaptureView | BusyView | VerdictView | FaultView | NoticeView
