"""What several pages of the desk show; a page's own view stands beside its widgets.

A field that must not reach the screen (PIN, voter id, scores, another voter) has no place
to be put into a view. Times arrive as local clock text.
"""

from dataclasses import dataclass
from enum import StrEnum

from station_app.domain.entry_codes import PrintedTo
from station_app.domain.voters import Voter
from station_app.ui.operator.devices import NO_DEVICES, DevicesView, ScannerState
from station_app.ui.operator.gap import GapView
from station_app.ui.widgets.key_bar import DeskKey


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
class DeskParts:
    """What there is at this desk, so that keys and rows without a use are not drawn.

    `has_room` for the commission beside it; `slips` is where they go, None for nowhere; `gap`
    is what a takeover left out, None for nothing.
    """

    has_room: bool = False
    slips: PrintedTo | None = None
    gap: GapView | None = None

    @property
    def room_keys(self) -> tuple[DeskKey, ...]:
        """The key to the commission's room, for pages between people."""
        return (DeskKey.ROOM,) if self.has_room else ()

    @property
    def slip_keys(self) -> tuple[DeskKey, ...]:
        """The key that prints a slip."""
        return (DeskKey.SLIP,) if self.slips else ()


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
