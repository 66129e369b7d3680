"""Closing a day: the counts, the checklist that must be complete. Rules without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from station_app.domain.day_report import DayFigures, Gap, HandCount, gaps_of, unexplained
from station_app.domain.entry_codes import Count
from station_app.ui.commission.day_log import IntegrityView

COUNTED: Final = (Count.BALLOTS, Count.SIGNATURES)
"""What people count and type in; slips are counted by the journal."""

LONGEST_COUNT: Final = 6
"""Digits of a count."""


class Item(StrEnum):
    """A line of the checklist."""

    DESK = "desk"
    JOURNAL = "journal"
    DECISIONS = "decisions"
    SLIPS = "slips"
    BALLOTS = "ballots"
    SIGNATURES = "signatures"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class ClosingView:
    """The page of a day that can be closed.

    `typed` are the counts as they are typed, `reasons` the written ones. `decisions` counts
    what the commission decided, `reviewed` how many of these it has looked at since.
    `unprinted` counts identifications without a slip.
    """

    figures: DayFigures
    typed: Mapping[Count, str] = field(default_factory=dict)
    reasons: Mapping[Count, str] = field(default_factory=dict)
    integrity: IntegrityView = field(default_factory=IntegrityView)
    is_desk_free: bool = True
    decisions: int = 0
    reviewed: int = 0
    unprinted: int = 0
    fault: str = ""
    is_busy: bool = False

    def counted(self, what: Count) -> int | None:
        """A typed count, None while there is none."""
        text = self.typed.get(what, "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def hand_count(self) -> HandCount | None:
        """Both typed counts, None while one is missing."""
        ballots, signatures = (self.counted(what) for what in COUNTED)
        if ballots is None or signatures is None:
            return None
        return HandCount(ballots, signatures)

    def gap(self, what: Count) -> Gap | None:
        """The difference of one count, None where there is none or it is not counted yet."""
        number = self.figures.slips if what is Count.SLIPS else self.counted(what)
        identified = self.figures.identified
        if number is None or number == identified:
            return None
        return Gap(what, identified, number)

    def is_explained(self, what: Count) -> bool:
        """Whether a written reason for this count is there."""
        gap = self.gap(what)
        return gap is None or not unexplained((gap,), self.reasons)

    def is_done(self, item: Item) -> bool:
        """Whether a line of the checklist is complete."""
        match item:
            case Item.DESK:
                return self.is_desk_free
            case Item.JOURNAL:
                return self.integrity.is_sound
            case Item.DECISIONS:
                return self.reviewed >= self.decisions
            case Item.SLIPS:
                return self.is_explained(Count.SLIPS)
            case Item.BALLOTS:
                return self.counted(Count.BALLOTS) is not None
            case Item.SIGNATURES:
                return self.counted(Count.SIGNATURES) is not None
            case Item.REASONS:
                counted = self.hand_count
                return counted is not None and not unexplained(
                    gaps_of(self.figures, counted), self.reasons
                )

    @property
    def missing(self) -> Item | None:
        """The first line that is not complete; None when two persons can sign."""
        return next((item for item in Item if not self.is_done(item)), None)
