"""What a page of the desk consists of: its view, the state it shows, the widget around it.

A page's module has a view (a frozen dataclass of what may be shown, with its keys, help and
widgets), a function that makes the view from the session's state, and a `StatePage` that names
both; `pages` lists them all.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.devices.finger_scanner import ScannerInfo
from station_app.domain.appends import LoggedOutcome
from station_app.domain.election import Ballot
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.samples import FingerImage
from station_app.domain.voters import Voter
from station_app.flow.day_reading import Tally
from station_app.ui.operator.devices import NO_DEVICES, DevicesView, device_pages
from station_app.ui.operator.views import (
    DayView,
    DeskParts,
    GapView,
    LastOutcome,
    LastRow,
    VoterCard,
    gap_strip,
)
from station_app.ui.sounds import Sound
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import KEY_BAR
from station_app.ui.widgets.key_bar import DeskKey, KeyBar
from station_app.ui.widgets.large_text import in_large_text
from station_app.ui.widgets.top_bar import TopBar

StateT = TypeVar("StateT")

_LAST = {
    OutcomeKind.IDENTIFIED: LastOutcome.IDENTIFIED,
    OutcomeKind.ALREADY_IDENTIFIED: LastOutcome.ALREADY,
    OutcomeKind.NOT_ON_LIST: LastOutcome.NOT_ON_LIST,
    OutcomeKind.UNREADABLE: LastOutcome.COMMISSION,
    OutcomeKind.REFUSED: LastOutcome.COMMISSION,
    OutcomeKind.ABANDONED: LastOutcome.CANCELLED,
    OutcomeKind.DEVICE_LOST: LastOutcome.CANCELLED,
    OutcomeKind.INTERRUPTED: LastOutcome.CANCELLED,
}


class View(ABC):
    """What the desk shows, and how; views are frozen dataclasses, so equal ones show the same.

    `help_page` is the name of its help; `names_devices` puts the help of what is wrong with a
    device, and of what a takeover left out, before it. `fixed_keys` are its keys whatever there
    is at the desk.
    """

    __slots__ = ()
    help_page: ClassVar[str]
    names_devices: ClassVar[bool] = False
    fixed_keys: ClassVar[tuple[DeskKey, ...]] = (DeskKey.HELP,)

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        """The keys that do something while this is shown; no other key is drawn."""
        return self.fixed_keys

    @abstractmethod
    def page(self, texts: Texts, style: Style, parts: DeskParts) -> "Page":
        """The whole screen."""

    @property
    def own_help(self) -> tuple[str, ...]:
        """The help pages of what is shown, the closest first."""
        return (self.help_page,)

    def help_pages(
        self, devices: DevicesView = NO_DEVICES, gap: GapView | None = None
    ) -> tuple[str, ...]:
        """The help pages that fit, the closest first."""
        if not self.names_devices:
            return self.own_help
        return (*(() if gap is None else ("paper_list",)), *device_pages(devices), *self.own_help)

    def goes_on(self, before: "View | None") -> bool:
        """Whether this continues what was shown `before`: it is not announced again."""
        return False

    @property
    def sound(self) -> Sound | None:
        """What is heard when this appears."""
        return None

    @property
    def is_passing(self) -> bool:
        """Another view comes as a rule before this one could be read: it is shown only after a
        moment, as building and painting a page holds up the screen.
        """
        return False


class StageView(View):
    """A view between the white top bar and the white key bar."""

    __slots__ = ()

    @abstractmethod
    def screen(self, texts: Texts, style: Style) -> QWidget:
        """What stands between the bars."""

    def page(self, texts: Texts, style: Style, parts: DeskParts) -> "StagePage":
        """The stage with its bars."""
        return StagePage(texts, style, self, parts)


@dataclass(frozen=True, slots=True)
class StateContext:
    """What a view may be made from beside the state. `local` turns UTC into the station's clock,
    `last_image` is the last one captured, `scanner` what the scanner says of itself, once it was
    opened. `has_face`: the face may be asked for now. `ballots` are those of the day.
    """

    policy: Policy
    on_list: int
    local: Callable[[datetime], datetime]
    tally: Tally
    last_image: FingerImage | None = None
    scanner: ScannerInfo | None = None
    has_face: bool = False
    ballots: tuple[Ballot, ...] = ()

    def card(self, voter: Voter) -> VoterCard:
        """The part of a voter's record that the operator may see."""
        return VoterCard.of(voter, self.ballots)

    def clock(self, at: datetime) -> str:
        """A time (aware) as the station's clock shows it."""
        return f"{self.local(at):%H:%M}"

    @property
    def day(self) -> DayView:
        """The count and the last sessions."""
        rows = tuple(self._row(one) for one in self.tally.last)
        return DayView(self.tally.identified, self.on_list, rows)

    @property
    def last_saved(self) -> int | None:
        """The list number of the last voter identified here."""
        kind = OutcomeKind.IDENTIFIED
        return next((one.list_number for one in self.tally.last if one.outcome is kind), None)

    def _row(self, logged: LoggedOutcome) -> LastRow:
        outcome = _LAST[logged.outcome]
        if logged.number in self.tally.voided:
            outcome = LastOutcome.VOID
        elif logged.outcome is OutcomeKind.REFUSED and logged.method is Method.COMMISSION:
            outcome = LastOutcome.REFUSED
        return LastRow(self.clock(logged.at), outcome, logged.list_number)


@dataclass(frozen=True, slots=True)
class StatePage(Generic[StateT]):
    """A state of the session, and what the desk shows while it lasts."""

    state: type[StateT]
    view: Callable[[StateT, StateContext], View]


class Page(QWidget):
    """One screen: `top` and `keys` are the same on every page."""

    def __init__(self, style: Style, top: TopBar, keys: KeyBar) -> None:
        super().__init__()
        self.style_used = style
        self.top = top
        self.keys = keys

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self.style_used.colours.bg))


class StagePage(Page):
    """White top bar, the view's stage, white key bar."""

    def __init__(self, texts: Texts, style: Style, view: StageView, parts: DeskParts) -> None:
        keys = KeyBar(view.keys(parts), texts, style, height=KEY_BAR, more=style.is_large)
        super().__init__(style, TopBar(texts, style), keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        self.screen_body = view.screen(texts, style)
        stage = QWidget()
        whole = QVBoxLayout(stage)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if parts.gap is not None:
            whole.addWidget(gap_strip(texts, style, parts.gap))
        whole.addWidget(self.screen_body, 1)
        column.addWidget(in_large_text(style, stage), 1)
        column.addWidget(keys)
