"""The plan of a simulated day: who comes when, what goes wrong, and how it must end."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from station_app.domain.entry_codes import OutcomeKind
from station_app.training.script import Fault, Person

OPENS: Final = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
"""08:00 in Bishkek."""
LASTS: Final = timedelta(hours=12)
CLOCK_BACK: Final = timedelta(minutes=7)
"""How far behind the visit before it the clock stands at least when it goes back."""
_CLOCK_IS_WRONG_FOR: Final = 12
_TURNOUT: Final = 0.75
CRASHES: Final = 3
_NOON: Final = 0.45
_CLOSED_EARLY: Final = 0.75
_AT_SPARE: Final = 0.1
CRASH_LASTS: Final = 3
"""Visits that may pass between the one planned for a crash and the crash."""


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
    ADDED = "added at noon"
    AGAIN_MISSING = "again, missing from the corrected list"
    AGAIN_OTHER_NUMBER = "again, under another number"
    SENT_AWAY = "signature on the paper list"


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
    Case.ADDED: frozenset({OutcomeKind.IDENTIFIED}),
    Case.AGAIN_MISSING: frozenset({OutcomeKind.NOT_ON_LIST}),
    Case.AGAIN_OTHER_NUMBER: frozenset({OutcomeKind.REFUSED}),
    Case.SENT_AWAY: frozenset(),
}
"""How a visit's last session may end; what comes before it is the machine's way there. Empty:
the commission sees the signature, and there is no session.
"""

_ORDINARY: Final = (Case.FINGER, Case.WITH_DOCUMENT)
_STANDS: Final = (*_ORDINARY, Case.WORN, Case.AFTER_VOID, Case.ADDED)
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


class Milestone(StrEnum):
    """What happens to the station between two visits.

    A corrected list comes; an operator alone tries to be chair and member; the day is closed too
    early and opened again; the station dies, and a spare takes over without its entries.
    """

    LIST_CORRECTED = "list_corrected"
    TWO_IN_ONE = "two_in_one"
    CLOSED_EARLY = "closed_early"
    TAKEN_OVER = "taken_over"


REFUSALS: Final[Mapping[Milestone, tuple[str, ...]]] = {
    Milestone.LIST_CORRECTED: ("list_lacks_accepted",),
    Milestone.TWO_IN_ONE: ("people_changed", "people_changed", "not_allowed", "not_allowed"),
    Milestone.CLOSED_EARLY: (),
    Milestone.TAKEN_OVER: ("takeover_blind",),
}
"""What the station refuses on the way, in this order: the list and the takeover until chair and
member accept them, and whatever is tried with shares of one's own.
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """What the corrected list says otherwise: a row more, a row less, a row with another id and
    PIN. Rows are those of the whole precinct.
    """

    added: int
    missing: int
    renamed: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's way to the desk, number `number` of the day from 0.

    `row` is the voter (None for a stranger, who is number `stranger`); `document_row` the
    voter whose document is shown. `at` is the station's time, `fault` what goes wrong, `before`
    what happens to the station before this visit.
    """

    number: int
    case: Case
    row: int | None
    stranger: int
    document_row: int | None
    at: datetime
    fault: Fault | None = None
    before: Milestone | None = None

    @property
    def ends(self) -> frozenset[OutcomeKind]:
        """How it may end."""
        return ENDS[self.case]

    def expected(self, voter_ids: Sequence[str]) -> Person:
        """Who comes, and how it must end; `voter_ids` are those of the precinct's rows."""
        return Person(
            f"visit {self.number} ({self.case})",
            (),
            self.ends,
            voter_id=None if self.row is None else voter_ids[self.row],
            voided=self.case is Case.PHOTO_MISMATCH,
            is_marked=self.case is Case.AGAIN_OTHER_NUMBER,
            fault=self.fault,
            number=self.number,
        )

    @property
    def stands(self) -> bool:
        """Whether it leaves an identification that stands."""
        return self.case in _STANDS


def plan_day(voters: int, seed: int) -> tuple[Visit, ...]:
    """The visits of a day at a station with `voters` on its list (at least 40).

    The same voters and seed give the same day. Each case comes at least once, each milestone
    once, each fault as often as the day is long, and `CRASHES` crashes. Raises `ValueError` for
    a shorter list.
    """
    if voters < 40:
        raise ValueError("a day needs a list of at least 40 voters")
    rng = random.Random(f"day {seed}")  # noqa: S311  (a plan, not a secret)
    rows = rng.sample(range(voters), int(voters * _TURNOUT))
    here = len(rows) - max(3, round(_AT_SPARE * len(rows)))
    counts = {case: max(1, round(share * voters)) for case, share in _SHARES.items()}
    special = counts[Case.WORN] + counts[Case.PHOTO_MISMATCH]
    visits = [_visit(Case.WORN, row) for row in rows[: counts[Case.WORN]]]
    mismatched = rows[counts[Case.WORN] : special]
    visits += [_visit(Case.PHOTO_MISMATCH, row) for row in mismatched]
    visits += [
        _visit(Case.WITH_DOCUMENT if rng.random() < 0.5 else Case.FINGER, row)
        for row in rows[special:here]
    ]
    rng.shuffle(visits)
    visits = _with_people_who_come_again(visits, counts, rows[special:here], rng)
    absent = sorted(set(range(voters)) - set(rows))
    rng.shuffle(absent)
    added = absent.pop()
    visits = _with_others(visits, counts, absent, rows[special:here], rng)
    return _with_faults(_with_milestones(visits, added, rows[here:], rng), rng)


def taken_over_at(visits: Sequence[Visit]) -> int:
    """The number of the first visit to the spare."""
    return next(one.number for one in visits if one.before is Milestone.TAKEN_OVER)


def correction_of(visits: Sequence[Visit]) -> Correction:
    """The rows that the corrected list changes."""
    rows = {one.case: one.row for one in visits if one.row is not None}
    return Correction(rows[Case.ADDED], rows[Case.AGAIN_MISSING], rows[Case.AGAIN_OTHER_NUMBER])


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


def _with_milestones(
    visits: list[Visit], added: int, at_spare: Sequence[int], rng: random.Random
) -> list[Visit]:
    """The day in four parts: until noon, until the closing that is too early, until the station
    dies, and at the spare.
    """
    noon, early = (int(share * len(visits)) for share in (_NOON, _CLOSED_EARLY))
    parts = [visits[:noon], visits[noon:early], visits[early:]]
    mentions = Counter(row for one in visits for row in {one.row, one.document_row})
    once = [
        one.row
        for one in visits[:noon]
        if one.case in _ORDINARY and one.row is not None and mentions[one.row] == 1
    ]
    missing, renamed, early_bird, freed, *signed = rng.sample(once, 5 + len(at_spare) // 10)
    again = Case.AGAIN_SAME_FINGER
    coming = {
        1: [
            _visit(Case.ADDED, added),
            _visit(Case.AGAIN_MISSING, missing),
            _visit(Case.AGAIN_OTHER_NUMBER, renamed),
            _visit(again, early_bird),
        ],
        2: [_visit(again, freed)],
    }
    for number, people in coming.items():
        for one in people:
            parts[number].insert(rng.randint(0, len(parts[number])), one)
    parts.append([_visit(Case.FINGER, row) for row in at_spare])
    for row in signed:
        parts[-1].insert(rng.randint(1, len(parts[-1])), _visit(Case.SENT_AWAY, row))
    parts[-1].append(_visit(again, at_spare[0]))
    middle = len(parts[0]) // 2
    parts[0][middle] = replace(parts[0][middle], before=Milestone.TWO_IN_ONE)
    begins = (Milestone.LIST_CORRECTED, Milestone.CLOSED_EARLY, Milestone.TAKEN_OVER)
    for part, milestone in zip(parts[1:], begins, strict=True):
        part[0] = replace(part[0], before=milestone)
    return [one for part in parts for one in part]


def _with_faults(visits: list[Visit], rng: random.Random) -> tuple[Visit, ...]:
    count = len(visits)
    step = LASTS / (count + 1)
    timed = [replace(one, number=n, at=OPENS + step * n) for n, one in enumerate(visits)]
    each = max(1, count // 250)
    faults = [Fault.SCANNER_PULLED] * each + [Fault.PAPER_OUT] * each
    faults += [Fault.CLOCK_BACK] + [Fault.CRASH] * CRASHES
    # Not at the ends, and far enough apart that one is mended before the next.
    width = (count - 4) // len(faults)
    places: list[int] = []
    while not places or not all(map(partial(_fits, timed), places, faults)):
        rng.shuffle(faults)
        places = [
            2 + number * width + rng.randrange(max(1, width // 2)) for number in range(len(faults))
        ]
    for place, fault in zip(places, faults, strict=True):
        timed[place] = replace(timed[place], fault=fault)
        if fault is Fault.CLOCK_BACK:
            for later in range(place, min(place + _CLOCK_IS_WRONG_FOR, count)):
                timed[later] = replace(timed[later], at=timed[later].at - step - CLOCK_BACK)
    return tuple(timed)


def _fits(visits: Sequence[Visit], place: int, fault: Fault) -> bool:
    """Whether it meets somebody at the desk, and no crash what happens between two visits."""
    if not visits[place].ends:
        return False
    last = place + CRASH_LASTS if fault is Fault.CRASH else place
    return all(one.before is None for one in visits[place : last + 1])
