"""Opening a day: what the page shows, and when it may go on. Rules without Qt."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from station_app.flow.day_book import is_clock_wrong
from station_app.flow.opening_checks import OpeningCheck
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.operator.views import GapView

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.\- ]?([0-5]\d)")
_DAY: Final = timedelta(days=1)


class ClockState(StrEnum):
    """What the phone's time says about the station's clock."""

    NOT_TOLD = "not_told"
    UNREADABLE = "unreadable"
    RIGHT = "right"
    AHEAD = "ahead"
    BEHIND = "behind"
    CONFIRMED = "confirmed"


class WhyNot(StrEnum):
    """Why the day cannot be opened yet."""

    LOOKING = "looking"
    CHECKS = "checks"
    JOURNAL = "journal"
    UNREADABLE = "unreadable"
    CLOCK = "clock"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The page before a day. `today` is local; `checks` is None while they are looked at,
    `checked_at` when that was.

    `minutes` tells by how much the clock is wrong; `fault` is the code of what was refused,
    `gap` what a takeover left out, None for nothing.
    """

    today: datetime
    listed: int
    list_sequence: int
    checks: tuple[OpeningCheck, ...] | None
    integrity: IntegrityView = field(default_factory=IntegrityView)
    clock: ClockState = ClockState.NOT_TOLD
    minutes: int = 0
    fault: str = ""
    is_busy: bool = False
    checked_at: datetime | None = None
    gap: GapView | None = None

    @property
    def why_not(self) -> WhyNot | None:
        """What is missing before two persons can sign; None when nothing is."""
        if self.is_busy:
            return WhyNot.BUSY
        if self.integrity.is_broken:
            return WhyNot.JOURNAL
        if self.checks is None:
            return WhyNot.LOOKING
        if any(check.fault for check in self.checks):
            return WhyNot.CHECKS
        if self.clock is ClockState.UNREADABLE:
            return WhyNot.UNREADABLE
        if self.clock in (ClockState.AHEAD, ClockState.BEHIND):
            return WhyNot.CLOCK
        return None


class PhoneClock:
    """The time that the chair reads from a phone. `now` is the station's, local."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._text = ""
        self._is_confirmed = False

    def type(self, text: str) -> None:
        """Another text is in the field; what was confirmed was about the one before."""
        self._text, self._is_confirmed = text.strip(), False

    def confirm(self) -> None:
        """The chair has seen that the clocks differ, and goes on."""
        self._is_confirmed = True

    @property
    def is_confirmed(self) -> bool:
        """Whether the difference has been confirmed."""
        return self._is_confirmed

    @property
    def time(self) -> datetime | None:
        """The time typed, None where there is none; of three days the nearest to now."""
        found = _TIME.fullmatch(self._text)
        if found is None:
            return None
        now = self._now()
        hour, minute = map(int, found.groups())
        today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return min((today - _DAY, today, today + _DAY), key=lambda at: abs(at - now))

    @property
    def state(self) -> tuple[ClockState, int]:
        """What it says, and by how many minutes the clock is wrong."""
        if not self._text:
            return ClockState.NOT_TOLD, 0
        told = self.time
        if told is None:
            return ClockState.UNREADABLE, 0
        ahead = self._now() - told
        if not is_clock_wrong(ahead):
            return ClockState.RIGHT, 0
        minutes = round(abs(ahead) / timedelta(minutes=1))
        if self._is_confirmed:
            return ClockState.CONFIRMED, minutes
        return (ClockState.AHEAD if ahead > timedelta() else ClockState.BEHIND), minutes
