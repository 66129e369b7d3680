"""Closing a day: what was counted held against the number identified."""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.domain.day_report import DayFigures
from station_app.domain.entries import is_explanation
from station_app.domain.entry_codes import Count


@dataclass(frozen=True, slots=True)
class HandCount:
    """What the commission has counted: ballots issued, signatures on the paper list."""

    ballots: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One count that is not the number identified (`expected`)."""

    what: Count
    expected: int
    counted: int


def gaps_of(figures: DayFigures, counted: HandCount) -> tuple[Gap, ...]:
    """The counts that differ, slips first; each needs a written reason."""
    counts = {
        Count.SLIPS: figures.slips,
        Count.BALLOTS: counted.ballots,
        Count.SIGNATURES: counted.signatures,
    }
    return tuple(
        Gap(what, figures.identified, number)
        for what, number in counts.items()
        if number != figures.identified
    )


def unexplained(gaps: tuple[Gap, ...], reasons: Mapping[Count, str]) -> tuple[Gap, ...]:
    """The gaps whose written reason is missing, too short or too long."""
    return tuple(gap for gap in gaps if not is_explanation(reasons.get(gap.what, "")))
