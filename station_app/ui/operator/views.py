"""What several pages of the desk show; a page's own view stands beside its widgets.

A field that must not reach the screen (PIN, voter id, scores, another voter) has no place
to be put into a view. Times arrive as local clock text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from PySide6.QtWidgets import QHBoxLayout

from station_app.domain.day_report import Predecessor
from station_app.domain.election import Ballot, titles_due
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.fingers import FingerPosition
from station_app.domain.session_states import Session
from station_app.domain.voters import Voter
from station_app.ui.operator.devices import NO_DEVICES, DevicesView, ScannerState
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import SCREEN_MARGIN
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class GapView:
    """The `station` that was taken over without all its entries; `time` is local clock text of
    the last one that is here, empty for none.
    """

    station: str
    time: str = ""


def gap_view(
    predecessors: Sequence[Predecessor], clock: Callable[[datetime], str]
) -> GapView | None:
    """The newest station taken over whose entries are not all here; `clock` writes a time."""
    found = next((one for one in predecessors if one.needs_paper_list), None)
    if found is None:
        return None
    return GapView(found.station, "" if found.seen_until is None else clock(found.seen_until))


def gap_words(texts: Texts, gap: GapView) -> str:
    """What is missing: This station went on for 9042-1 without its entries after 10:42."""
    if gap.time:
        return texts("gap.after", station=gap.station, time=gap.time)
    return texts("gap.all", station=gap.station)


def gap_strip(texts: Texts, style: Style, gap: GapView) -> Panel:
    """What is missing, and what to look at before each slip, in one amber line."""
    colours = style.colours
    strip = Panel(colours.warn_soft, radius=0)
    row = QHBoxLayout(strip)
    row.setContentsMargins(*[style.px(side) for side in (SCREEN_MARGIN, 5, SCREEN_MARGIN, 5)])
    row.setSpacing(style.px(14))
    ink = colours.on_warn_soft
    row.addWidget(IconView("ph.warning-fill", style.px(24), ink))
    words = f"{gap_words(texts, gap)} {texts('gap.order')}"
    row.addWidget(TextBlock(words, style.text(17, 600), ink, line_height=1.25), 1)
    strip.setAccessibleName(words)
    return strip


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
class HandMarks:
    """What is known of a person's hands: fingers marked as `missing`, and those of the record
    (`enrolled`, None while nobody is named).
    """

    missing: frozenset[FingerPosition] = frozenset()
    enrolled: frozenset[FingerPosition] | None = None

    @classmethod
    def of(cls, session: Session) -> "HandMarks":
        """The marks of a session."""
        enrolled = None if session.enrolled is None else frozenset(session.enrolled)
        return cls(session.missing, enrolled)

    def is_there(self, finger: FingerPosition) -> bool:
        """Whether this finger may be asked for."""
        return finger not in self.missing and (self.enrolled is None or finger in self.enrolled)


NO_MARKS: Final = HandMarks()


def face_keys(*, has_face: bool) -> tuple[DeskKey, ...]:
    """The key that asks for the face, where that is possible."""
    return (DeskKey.FACE,) if has_face else ()


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What there is at this desk, so that keys and rows without a use are not drawn.

    `has_room` for the commission beside it; `has_lock` where the station can be locked; `slips` is
    where they go, None for nowhere; `gap` is what a takeover left out, None for nothing.
    `has_display`: voters have theirs.
    """

    has_room: bool = False
    has_lock: bool = False
    slips: PrintedTo | None = None
    gap: GapView | None = None
    has_display: bool = False

    @property
    def room_keys(self) -> tuple[DeskKey, ...]:
        """The key to the commission's room, for pages between people."""
        return (DeskKey.ROOM,) if self.has_room else ()

    @property
    def call_keys(self) -> tuple[DeskKey, ...]:
        """The key that calls the commission on the voter's display."""
        return (DeskKey.CALL,) if self.has_display else ()

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
    """The part of a voter's record that the operator may see.

    `ballots` are the titles of those this voter is due, where the day has several.
    """

    list_number: int
    surname: str
    given_names: str
    sex: str
    born: str
    address: str
    page: int
    line: int
    portrait: bytes
    ballots: tuple[str, ...] = ()

    @classmethod
    def of(cls, voter: Voter, ballots: Sequence[Ballot] = ()) -> "VoterCard":
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
            ballots=titles_due(voter.ballots, ballots),
        )
