"""The plan of a simulated day: who comes when, what goes wrong, and how it must end."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from station_app.domain.entry_codes import OutcomeKind

OPENS: Final = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
"""08:00 in Bishkek."""
LASTS: Final = timedelta(hours=12)
CLOCK_BACK: Final = timedelta(minutes=7)
"""How far behind the visit before it the clock stands at least when it goes back."""
_CLOCK_IS_WRONG_FOR: Final = 12
_TURNOUT: Final = 0.75
CRASHES: Final = 3


class Case(StrEnum):
    """Why this visit is in the plan."""

    FINGER = "finger"
    WITH_DOCUMENT = "with document"
    AGAIN_SAME_FINGER = "again, same finger"
    AGAIN_OTHER_FINGER = "again, other finger"
    AGAIN_WITH_DOCUMENT = "again, with a document"
    ANOTHERS_DOCUMENT = "another's document"
    STRANGER = "stranger"
    UNKNOWN_DOCUMENT = "unknown document"
    WORN = "worn fingers"
    WORN_REFUSED = "worn fingers, refused"
    PHOTO_MISMATCH = "photo mismatch, void"
    AFTER_VOID = "again after the void"
    CANCELLED = "cancelled"


ENDS: Final[Mapping[Case, frozenset[OutcomeKind]]] = {
    Case.FINGER: frozenset({OutcomeKind.IDENTIFIED}),
    Case.WITH_DOCUMENT: frozenset({OutcomeKind.IDENTIFIED}),
    Case.AGAIN_SAME_FINGER: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    Case.AGAIN_OTHER_FINGER: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    Case.AGAIN_WITH_DOCUMENT: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    Case.ANOTHERS_DOCUMENT: frozenset({OutcomeKind.REFUSED}),
    # Nobody knows a stranger whose fingers cannot be read either.
    Case.STRANGER: frozenset({OutcomeKind.NOT_ON_LIST, OutcomeKind.REFUSED}),
    Case.UNKNOWN_DOCUMENT: frozenset({OutcomeKind.NOT_ON_LIST}),
    Case.WORN: frozenset({OutcomeKind.IDENTIFIED}),
    Case.WORN_REFUSED: frozenset({OutcomeKind.REFUSED}),
    Case.PHOTO_MISMATCH: frozenset({OutcomeKind.IDENTIFIED}),
    Case.AFTER_VOID: frozenset({OutcomeKind.IDENTIFIED}),
    Case.CANCELLED: frozenset({OutcomeKind.ABANDONED}),
}
"""How a visit's last session may end; what comes before it is the machine's way there."""

_STANDS: Final = (Case.FINGER, Case.WITH_DOCUMENT, Case.WORN, Case.AFTER_VOID)
_SHARES: Final[Mapping[Case, float]] = {
    Case.AGAIN_SAME_FINGER: 0.012,
    Case.AGAIN_OTHER_FINGER: 0.008,
    Case.AGAIN_WITH_DOCUMENT: 0.004,
    Case.ANOTHERS_DOCUMENT: 0.004,
    Case.STRANGER: 0.016,
    Case.UNKNOWN_DOCUMENT: 0.008,
    Case.WORN: 0.016,
    Case.WORN_REFUSED: 0.004,
    Case.PHOTO_MISMATCH: 0.004,
    Case.CANCELLED: 0.008,
}


class Fault(StrEnum):
    """What goes wrong around a visit, and is mended while the next one waits."""

    SCANNER_PULLED = "scanner pulled"
    PAPER_OUT = "paper out"
    CLOCK_BACK = "clock back"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's way to the desk, number `number` of the day from 0.

    `row` is the voter (None for a stranger, who is number `stranger`); `document_row` the
    voter whose document is shown. `at` is the station's time, `fault` what goes wrong.
    """

    number: int
    case: Case
    row: int | None
    stranger: int
    document_row: int | None
    at: datetime
    fault: Fault | None = None

    @property
    def ends(self) -> frozenset[OutcomeKind]:
        """How it may end."""
        return ENDS[self.case]

    @property
    def stands(self) -> bool:
        """Whether it leaves an identification that stands."""
        return self.case in _STANDS


def plan_day(voters: int, seed: int) -> tuple[Visit, ...]:
    """The visits of a day at a station with `voters` on its list (at least 40).

    The same voters and seed give the same day. Each case comes at least once, each fault as
    often as the day is long, and `CRASHES` crashes. Raises `ValueError` for a shorter list.
    """
    if voters < 40:
        raise ValueError("a day needs a list of at least 40 voters")
    rng = random.Random(f"day {seed}")  # noqa: S311  (a plan, not a secret)
    rows = rng.sample(range(voters), int(voters * _TURNOUT))
    counts = {case: max(1, round(share * voters)) for case, share in _SHARES.items()}
    special = counts[Case.WORN] + counts[Case.PHOTO_MISMATCH]
    visits = [_visit(Case.WORN, row) for row in rows[: counts[Case.WORN]]]
    mismatched = rows[counts[Case.WORN] : special]
    visits += [_visit(Case.PHOTO_MISMATCH, row) for row in mismatched]
    visits += [
        _visit(Case.WITH_DOCUMENT if rng.random() < 0.5 else Case.FINGER, row)
        for row in rows[special:]
    ]
    rng.shuffle(visits)
    visits = _with_people_who_come_again(visits, counts, rows[special:], rng)
    absent = sorted(set(range(voters)) - set(rows))
    rng.shuffle(absent)
    visits = _with_others(visits, counts, absent, rows[special:], rng)
    return _with_faults(visits, rng)


def _visit(case: Case, row: int | None, document: int | None = None, stranger: int = 0) -> Visit:
    if document is None and case in (Case.WITH_DOCUMENT, Case.WORN, Case.AGAIN_WITH_DOCUMENT):
        document = row
    return Visit(0, case, row, stranger, document, OPENS)


def _insert_after(
    visits: list[Visit], rows: Sequence[int], cases: Sequence[Case], rng: random.Random
) -> None:
    """Put a visit of each case somewhere after the first of its row."""
    for row, case in zip(rows, cases, strict=True):
        first = next(place for place, one in enumerate(visits) if one.row == row)
        visits.insert(rng.randint(first + 1, len(visits)), _visit(case, row))


def _with_people_who_come_again(
    visits: list[Visit], counts: Mapping[Case, int], rows: Sequence[int], rng: random.Random
) -> list[Visit]:
    mismatched = [one.row for one in visits if one.case is Case.PHOTO_MISMATCH]
    _insert_after(
        visits,
        [row for row in mismatched if row is not None],
        [Case.AFTER_VOID] * len(mismatched),
        rng,
    )
    again = [
        case
        for case in (Case.AGAIN_SAME_FINGER, Case.AGAIN_OTHER_FINGER, Case.AGAIN_WITH_DOCUMENT)
        for _ in range(counts[case])
    ]
    _insert_after(visits, rng.sample(rows, len(again)), again, rng)
    return visits


def _with_others(
    visits: list[Visit],
    counts: Mapping[Case, int],
    absent: Sequence[int],
    present: Sequence[int],
    rng: random.Random,
) -> list[Visit]:
    """People who are not identified, with rows of voters who do not come otherwise."""
    spare = iter(absent)
    others = [_visit(Case.STRANGER, None, stranger=n) for n in range(counts[Case.STRANGER])]
    others += [
        _visit(Case.UNKNOWN_DOCUMENT, None, stranger=1000 + n)
        for n in range(counts[Case.UNKNOWN_DOCUMENT])
    ]
    others += [_visit(Case.CANCELLED, next(spare)) for _ in range(counts[Case.CANCELLED])]
    others += [
        _visit(Case.WORN_REFUSED, row, document=row)
        for row in (next(spare) for _ in range(counts[Case.WORN_REFUSED]))
    ]
    others += [
        _visit(Case.ANOTHERS_DOCUMENT, next(spare), document=rng.choice(present))
        for _ in range(counts[Case.ANOTHERS_DOCUMENT])
    ]
    for one in others:
        visits.insert(rng.randint(1, len(visits)), one)
    return visits


def _with_faults(visits: list[Visit], rng: random.Random) -> tuple[Visit, ...]:
    count = len(visits)
    step = LASTS / (count + 1)
    timed = [replace(one, number=n, at=OPENS + step * n) for n, one in enumerate(visits)]
    each = max(1, count // 250)
    faults = [Fault.SCANNER_PULLED] * each + [Fault.PAPER_OUT] * each
    faults += [Fault.CLOCK_BACK] + [Fault.CRASH] * CRASHES
    # Not at the ends, and far enough apart that one is mended before the next.
    width = (count - 4) // len(faults)
    rng.shuffle(faults)
    for number, fault in enumerate(faults):
        place = 2 + number * width + rng.randrange(max(1, width // 2))
        timed[place] = replace(timed[place], fault=fault)
        if fault is Fault.CLOCK_BACK:
            for later in range(place, min(place + _CLOCK_IS_WRONG_FOR, count)):
                timed[later] = replace(timed[later], at=timed[later].at - step - CLOCK_BACK)
    return tuple(timed)
