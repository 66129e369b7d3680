"""The day while it is open, and when it is closed: what the page shows."""

from dataclasses import dataclass, field
from datetime import datetime

from station_app.domain.day_report import DayFigures, Gap
from station_app.flow.day_parts import PaperDestination
from station_app.flow.day_report import is_over_alarm
from station_app.ui.commission.act_words import OffTimes
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.export import ExportView, LastExport
from station_app.ui.operator.views import GapView


@dataclass(frozen=True, slots=True)
class ListChange:
    """Another list came while voters counted as identified.

    `is_compared` says that it was held against the one before; `marked` rows of it may be
    somebody who was identified already, `missing` of those identified are not on it.
    """

    is_compared: bool
    marked: int
    missing: int


@dataclass(frozen=True, slots=True)
class RunningView:
    """A day that is open or paused; times are local.

    `signers` are the names of those who opened it. `unprinted` counts identifications
    without a slip. `fault` is the code of what was refused, `paper_fault` that of a paper
    that was not made, `went` where the last paper is. `is_untouched` says that nobody stood
    at the desk yet. `export` is None where nobody was named to seal results to; `list_change`
    None while the day has one list; `gap` is what a takeover left out, None for nothing;
    `off` a time when the station was off that nobody has explained.
    """

    figures: DayFigures
    opened_at: datetime
    signers: tuple[str, ...]
    is_paused: bool = False
    is_untouched: bool = False
    unprinted: int = 0
    alarm_percent: int = 5
    integrity: IntegrityView = field(default_factory=IntegrityView)
    fault: str = ""
    paper_fault: str = ""
    went: PaperDestination | None = None
    is_busy: bool = False
    export: ExportView | None = None
    list_change: ListChange | None = None
    gap: GapView | None = None
    off: OffTimes | None = None

    @property
    def is_over_alarm(self) -> bool:
        """Whether the commission has identified more than the policy's alarm."""
        return is_over_alarm(self.figures, self.alarm_percent)


@dataclass(frozen=True, slots=True)
class ClosedView:
    """A closed day; `gaps` are the differences written down. `may_open_next` says that
    another day of practice can be opened; `exported` is the newest export that holds the closing.
    """

    figures: DayFigures
    closed_at: datetime
    signers: tuple[str, ...]
    ballots: int
    signatures: int
    gaps: tuple[Gap, ...] = ()
    may_open_next: bool = False
    integrity: IntegrityView = field(default_factory=IntegrityView)
    fault: str = ""
    paper_fault: str = ""
    went: PaperDestination | None = None
    is_busy: bool = False
    export: ExportView | None = None
    exported: LastExport | None = None
    list_change: ListChange | None = None
