"""What the judgement of a simulated day finds, in days made without a station and then spoilt."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    ClockChanged,
    DayClosed,
    Entry,
    Outcome,
    OutcomeVoided,
    SlipPrinted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, PrintedTo, VoidReason
from station_app.flow.day_check import ToldEnd, day_faults
from station_app.flow.day_plan import Case, Visit, plan_day

VOTERS = 40
AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


class Day:
    """A day as planned, made without a station, to be spoilt."""

    def __init__(self) -> None:
        self.visits = plan_day(VOTERS, 1)
        self.voters = [f"V-{row}" for row in range(VOTERS)]
        self.entries: list[Entry] = []
        self.told: list[ToldEnd] = []
        standing = voided = 0
        for visit in self.visits:
            self._visit(visit)
            standing += visit.stands
            voided += visit.case is Case.PHOTO_MISMATCH
        self.entries.append(ClockChanged(60_000))
        self.entries.append(
            DayClosed(1, VOTERS, standing, 0, 0, voided, 0, 0, 0, 0, 0, 0, 0, 0, "c", "m")
        )

    def _visit(self, visit: Visit) -> None:
        kind = min(visit.ends)
        named = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        voter = self.voters[visit.row] if named and visit.row is not None else None
        first = 1 if kind is OutcomeKind.ALREADY_IDENTIFIED else None
        self.entries.append(
            Outcome(
                visit.number + 1, kind, "", Method.FINGER, voter, 1 if named else None, first,
                None, None, 0, 1, "", "",
            )
        )  # fmt: skip
        entry = len(self.entries)
        void = visit.case is Case.PHOTO_MISMATCH
        if void:
            reason = VoidReason.PHOTO_MISMATCH
            self.entries.append(OutcomeVoided(entry, voter or "", 1, reason, "o", "m"))
        elif visit.stands:
            self.entries.append(SlipPrinted(entry, 1, PrintedTo.PRINTER))
        self.told.append(ToldEnd(visit.number, kind, entry, voter, void, 1, 1, 1.0, 1.0, 1.0))

    def faults(self) -> list[str]:
        lines = [StoryLine(number, AT, entry) for number, entry in enumerate(self.entries, 1)]
        return day_faults(self.visits, self.told, self.voters, lines)

    def drop(self, kind: type[Entry]) -> None:
        place = next(n for n, entry in enumerate(self.entries) if isinstance(entry, kind))
        self.entries[place] = (
            ClockChanged(1) if kind is not ClockChanged else SlipPrinted(1, 1, PrintedTo.PRINTER)
        )


def test_a_day_as_planned_has_no_faults() -> None:
    assert Day().faults() == []


def test_what_the_desk_told_wrongly_is_found() -> None:
    day = Day()
    end = day.told[0]
    day.told[0] = replace(end, voter_id="V-somebody")
    assert any("named another voter" in fault for fault in day.faults())
    day.told[0] = replace(end, outcome=OutcomeKind.DEVICE_LOST)
    assert any("ended as device_lost" in fault for fault in day.faults())
    day.told[0] = replace(end, voided=not end.voided)
    assert any("made void" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=len(day.entries))
    assert any("is lost" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=day.told[-1].entry)
    assert any("something else than the desk" in fault for fault in day.faults())
    day.told[0] = day.told[1]
    assert any("told twice" in fault for fault in day.faults())
    assert any("has no end" in fault for fault in day.faults())


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (OutcomeVoided, "entries are void"),
        (SlipPrinted, "has no slip"),
        (ClockChanged, "0 entries say so"),
        (DayClosed, "is not closed"),
        (Outcome, "is lost"),
    ],
)
def test_an_entry_that_is_missing_is_found(kind: type[Entry], fault: str) -> None:
    day = Day()
    day.drop(kind)
    assert any(fault in one for one in day.faults()), day.faults()


def test_sums_that_are_wrong_are_found() -> None:
    day = Day()
    closed = day.entries[-1]
    assert isinstance(closed, DayClosed)
    day.entries[-1] = replace(closed, by_finger=closed.by_finger + 1)
    assert any("closing's counts" in fault for fault in day.faults())
    day = Day()
    interrupted = Outcome(
        99, OutcomeKind.INTERRUPTED, "restart", Method.NONE, None, None, None, None, None, 0, 0,
        "", "",
    )  # fmt: skip
    day.entries += [interrupted] * 4
    assert any("more sessions were interrupted" in fault for fault in day.faults())
