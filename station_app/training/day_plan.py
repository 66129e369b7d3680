"""The plan of a simulated day: who comes when, what goes wrong, and how it must end."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from station_app.domain.entries import Admitted, CameBack, IssuedElsewhere, SentAway, StruckOff
from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.demonstration import NOT_ENROLLED, UNKNOWN_PIN, InventedHand
from station_app.training.script import (
    Decide,
    GivePin,
    Impression,
    QueuePerson,
    ScriptFault,
    Signature,
)

OPENS: Final = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
"""08:00 in Bishkek."""
LASTS: Final = timedelta(hours=12)
CLOCK_BACK: Final = timedelta(minutes=7)
"""When the clock goes back, its least distance behind the visit before."""
_CLOCK_IS_WRONG_FOR: Final = 12
_TURNOUT: Final = 0.75
CRASHES: Final = 3
_NOON: Final = 0.45
_CLOSED_EARLY: Final = 0.75
_AT_SPARE: Final = 0.1
CRASH_LASTS: Final = 3
"""Visits that may pass between the one planned for a crash and the crash."""


class VisitCase(StrEnum):
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
    FACE = "worn fingers, face"
    FACE_OF_ANOTHER = "worn fingers, another's face"
    PHOTO_MISMATCH = "photo mismatch, void"
    AFTER_VOID = "again after the void"
    CANCELLED = "cancelled"
    ADDED = "added at noon"
    AGAIN_MISSING = "again, missing from the corrected list"
    AGAIN_OTHER_NUMBER = "again, under another number"
    SENT_AWAY = "signature on the paper list"
    AFTER_HOME = "a ballot was taken to their home"
    STRUCK_OFF = "struck off the list"


ENDS: Final[Mapping[VisitCase, frozenset[OutcomeKind]]] = {
    VisitCase.FINGER: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.WITH_DOCUMENT: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.AGAIN_SAME_FINGER: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    VisitCase.AGAIN_OTHER_FINGER: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    VisitCase.AGAIN_WITH_DOCUMENT: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    VisitCase.ANOTHERS_DOCUMENT: frozenset({OutcomeKind.REFUSED}),
    # Nobody knows a stranger whose fingers cannot be read either.
    VisitCase.STRANGER: frozenset({OutcomeKind.NOT_ON_LIST, OutcomeKind.REFUSED}),
    VisitCase.UNKNOWN_DOCUMENT: frozenset({OutcomeKind.NOT_ON_LIST}),
    VisitCase.WORN: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.WORN_REFUSED: frozenset({OutcomeKind.REFUSED}),
    VisitCase.FACE: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.FACE_OF_ANOTHER: frozenset({OutcomeKind.REFUSED}),
    VisitCase.PHOTO_MISMATCH: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.AFTER_VOID: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.CANCELLED: frozenset({OutcomeKind.ABANDONED}),
    VisitCase.ADDED: frozenset({OutcomeKind.IDENTIFIED}),
    VisitCase.AGAIN_MISSING: frozenset({OutcomeKind.NOT_ON_LIST}),
    VisitCase.AGAIN_OTHER_NUMBER: frozenset({OutcomeKind.REFUSED}),
    VisitCase.SENT_AWAY: frozenset(),
    VisitCase.AFTER_HOME: frozenset({OutcomeKind.ALREADY_IDENTIFIED}),
    VisitCase.STRUCK_OFF: frozenset({OutcomeKind.REFUSED}),
}
"""How a visit's last session may end; what comes before it is the machine's way there. Empty:
the commission sees the signature, and there is no session.
"""

_ORDINARY: Final = (VisitCase.FINGER, VisitCase.WITH_DOCUMENT)
_STANDS: Final = (*_ORDINARY, VisitCase.WORN, VisitCase.FACE, VisitCase.AFTER_VOID, VisitCase.ADDED)
_SHARES: Final[Mapping[VisitCase, float]] = {
    VisitCase.AGAIN_SAME_FINGER: 0.012,
    VisitCase.AGAIN_OTHER_FINGER: 0.008,
    VisitCase.AGAIN_WITH_DOCUMENT: 0.004,
    VisitCase.ANOTHERS_DOCUMENT: 0.004,
    VisitCase.STRANGER: 0.016,
    VisitCase.UNKNOWN_DOCUMENT: 0.008,
    VisitCase.WORN: 0.016,
    VisitCase.WORN_REFUSED: 0.004,
    VisitCase.FACE: 0.012,
    VisitCase.FACE_OF_ANOTHER: 0.004,
    VisitCase.PHOTO_MISMATCH: 0.004,
    VisitCase.CANCELLED: 0.008,
}


class DayMilestone(StrEnum):
    """An event at the station between two visits.

    A corrected list comes; the commission writes acts beside the desk; an operator alone tries to
    be chair and member; the day is closed too early and opened again; the station dies, and a spare
    takes over without its entries.
    """

    LIST_CORRECTED = "list_corrected"
    ACTS = "acts"
    TWO_IN_ONE = "two_in_one"
    CLOSED_EARLY = "closed_early"
    TAKEN_OVER = "taken_over"


REFUSALS: Final[Mapping[DayMilestone, tuple[str, ...]]] = {
    DayMilestone.LIST_CORRECTED: (Code.LIST_LACKS_ACCEPTED,),
    DayMilestone.ACTS: (Code.ACT_REFUSED,),
    DayMilestone.TWO_IN_ONE: (
        Code.PEOPLE_CHANGED,
        Code.PEOPLE_CHANGED,
        Code.NOT_ALLOWED,
        Code.NOT_ALLOWED,
    ),
    DayMilestone.CLOSED_EARLY: (),
    DayMilestone.TAKEN_OVER: (Code.TAKEOVER_BLIND,),
}
"""The refusals on the way, in this order: the list and the takeover until chair and
member accept them, a ballot taken to a voter who was identified, and every attempt with shares of
one's own.
"""
ACT_COUNTS: Final[Mapping[str, int]] = {
    IssuedElsewhere.kind: 2,
    Admitted.kind: 2,
    StruckOff.kind: 1,
    SentAway.kind: 2,
    CameBack.kind: 1,
    "acts_undone": 1,
}
"""What the acts beside the desk add up to; of three ballots taken to voters one is undone."""


@dataclass(frozen=True, slots=True)
class ListCorrection:
    """The differences of the corrected list: a row more, a row less, a row with another id and
    PIN. Rows are those of the whole precinct.
    """

    added: int
    missing: int
    renamed: int


@dataclass(frozen=True, slots=True)
class PlannedActs:
    """Rows of the precinct: those a ballot is taken to, the one of them that is undone, and the one
    that is struck off.
    """

    elsewhere: tuple[int, ...]
    undone: int
    struck_off: int


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One person's way to the desk, number `number` of the day from 0.

    `row` is the voter (None for a stranger, who is number `stranger`); `document_row` the
    voter whose document is shown. `at` is the station's time, `fault` what goes wrong, `before`
    what happens to the station before this visit.
    """

    number: int
    case: VisitCase
    row: int | None
    stranger: int
    document_row: int | None
    at: datetime
    fault: ScriptFault | None = None
    before: DayMilestone | None = None

    @property
    def ends(self) -> frozenset[OutcomeKind]:
        """How it may end."""
        return ENDS[self.case]

    def expected(self, voter_ids: Sequence[str]) -> QueuePerson:
        """Who comes, and how it must end; `voter_ids` are those of the precinct's rows."""
        return QueuePerson(
            f"visit {self.number} ({self.case})",
            (),
            self.ends,
            voter_id=None if self.row is None else voter_ids[self.row],
            voided=self.case is VisitCase.PHOTO_MISMATCH,
            is_marked=self.case is VisitCase.AGAIN_OTHER_NUMBER,
            fault=self.fault,
            number=self.number,
        )

    @property
    def stands(self) -> bool:
        """Whether the visit ends with an identification that is not void."""
        return self.case in _STANDS


def plan_day(voters: int, seed: int) -> tuple[PlannedVisit, ...]:
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
    visits: list[PlannedVisit] = []
    for case in (VisitCase.WORN, VisitCase.PHOTO_MISMATCH, VisitCase.FACE):
        visits += [_visit(case, row) for row in rows[len(visits) :][: counts[case]]]
    special = len(visits)
    visits += [
        _visit(VisitCase.WITH_DOCUMENT if rng.random() < 0.5 else VisitCase.FINGER, row)
        for row in rows[special:here]
    ]
    rng.shuffle(visits)
    visits = _with_people_who_come_again(visits, counts, rows[special:here], rng)
    absent = sorted(set(range(voters)) - set(rows))
    rng.shuffle(absent)
    added, struck, *at_home = (absent.pop() for _ in range(4))
    visits = _with_others(visits, counts, absent, rows[special:here], rng)
    acts = [_visit(VisitCase.AFTER_HOME, row) for row in at_home]
    acts.append(_visit(VisitCase.STRUCK_OFF, struck))
    return _with_faults(_with_milestones(visits, added, acts, rows[here:], rng), rng)


def taken_over_at(visits: Sequence[PlannedVisit]) -> int:
    """The number of the first visit to the spare."""
    return next(one.number for one in visits if one.before is DayMilestone.TAKEN_OVER)


def with_face(visits: Sequence[PlannedVisit]) -> frozenset[int]:
    """The rows whose voters have a photo: those who come by face."""
    rows = (one.row for one in visits if one.case is VisitCase.FACE)
    return frozenset(row for row in rows if row is not None)


def correction_of(visits: Sequence[PlannedVisit]) -> ListCorrection:
    """The rows that the corrected list changes."""
    rows = {one.case: one.row for one in visits if one.row is not None}
    return ListCorrection(
        rows[VisitCase.ADDED], rows[VisitCase.AGAIN_MISSING], rows[VisitCase.AGAIN_OTHER_NUMBER]
    )


def acts_of(visits: Sequence[PlannedVisit]) -> PlannedActs:
    """Whom the acts beside the desk concern: the first who comes as usual after them is undone."""
    after = next(one.number for one in visits if one.before is DayMilestone.CLOSED_EARLY)
    usual = (one.row for one in visits[after:] if one.case in _ORDINARY and one.row is not None)
    undone = next(usual)
    rows = {one.case: one.row for one in visits if one.row is not None}
    at_home = (one.row for one in visits if one.case is VisitCase.AFTER_HOME)
    elsewhere = (*(row for row in at_home if row is not None), undone)
    return PlannedActs(elsewhere, undone, rows[VisitCase.STRUCK_OFF])


def _visit(
    case: VisitCase, row: int | None, document: int | None = None, stranger: int = 0
) -> PlannedVisit:
    if document is None and case in (
        VisitCase.WITH_DOCUMENT,
        VisitCase.WORN,
        VisitCase.FACE,
        VisitCase.AGAIN_WITH_DOCUMENT,
    ):
        document = row
    return PlannedVisit(0, case, row, stranger, document, OPENS)


def _insert_after(
    visits: list[PlannedVisit], rows: Sequence[int], cases: Sequence[VisitCase], rng: random.Random
) -> None:
    """Put a visit of each case somewhere after the first of its row."""
    for row, case in zip(rows, cases, strict=True):
        first = next(place for place, one in enumerate(visits) if one.row == row)
        visits.insert(rng.randint(first + 1, len(visits)), _visit(case, row))


def _with_people_who_come_again(
    visits: list[PlannedVisit],
    counts: Mapping[VisitCase, int],
    rows: Sequence[int],
    rng: random.Random,
) -> list[PlannedVisit]:
    mismatched = [one.row for one in visits if one.case is VisitCase.PHOTO_MISMATCH]
    _insert_after(
        visits,
        [row for row in mismatched if row is not None],
        [VisitCase.AFTER_VOID] * len(mismatched),
        rng,
    )
    again = [
        case
        for case in (
            VisitCase.AGAIN_SAME_FINGER,
            VisitCase.AGAIN_OTHER_FINGER,
            VisitCase.AGAIN_WITH_DOCUMENT,
        )
        for _ in range(counts[case])
    ]
    _insert_after(visits, rng.sample(rows, len(again)), again, rng)
    return visits


def _with_others(
    visits: list[PlannedVisit],
    counts: Mapping[VisitCase, int],
    absent: Sequence[int],
    present: Sequence[int],
    rng: random.Random,
) -> list[PlannedVisit]:
    """People who are not identified, with rows of voters who do not come otherwise."""
    spare = iter(absent)
    others = [
        _visit(VisitCase.STRANGER, None, stranger=n) for n in range(counts[VisitCase.STRANGER])
    ]
    others += [
        _visit(VisitCase.UNKNOWN_DOCUMENT, None, stranger=1000 + n)
        for n in range(counts[VisitCase.UNKNOWN_DOCUMENT])
    ]
    others += [_visit(VisitCase.CANCELLED, next(spare)) for _ in range(counts[VisitCase.CANCELLED])]
    others += [
        _visit(VisitCase.WORN_REFUSED, row, document=row)
        for row in (next(spare) for _ in range(counts[VisitCase.WORN_REFUSED]))
    ]
    others += [
        _visit(VisitCase.ANOTHERS_DOCUMENT, next(spare), document=rng.choice(present))
        for _ in range(counts[VisitCase.ANOTHERS_DOCUMENT])
    ]
    photographed = sorted(with_face(visits))
    others += [
        _visit(VisitCase.FACE_OF_ANOTHER, next(spare), document=rng.choice(photographed))
        for _ in range(counts[VisitCase.FACE_OF_ANOTHER])
    ]
    for one in others:
        visits.insert(rng.randint(1, len(visits)), one)
    return visits


def _with_milestones(
    visits: list[PlannedVisit],
    added: int,
    after_acts: Sequence[PlannedVisit],
    at_spare: Sequence[int],
    rng: random.Random,
) -> list[PlannedVisit]:
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
    again = VisitCase.AGAIN_SAME_FINGER
    coming = {
        1: [
            _visit(VisitCase.ADDED, added),
            _visit(VisitCase.AGAIN_MISSING, missing),
            _visit(VisitCase.AGAIN_OTHER_NUMBER, renamed),
            _visit(again, early_bird),
        ],
        2: [_visit(again, freed), *after_acts],
    }
    for number, people in coming.items():
        for one in people:
            parts[number].insert(rng.randint(0, len(parts[number])), one)
    parts.append([_visit(VisitCase.FINGER, row) for row in at_spare])
    for row in signed:
        parts[-1].insert(rng.randint(1, len(parts[-1])), _visit(VisitCase.SENT_AWAY, row))
    parts[-1].append(_visit(again, at_spare[0]))
    middle = len(parts[0]) // 2
    parts[0][middle] = replace(parts[0][middle], before=DayMilestone.TWO_IN_ONE)
    middle = len(parts[1]) // 2
    parts[1][middle] = replace(parts[1][middle], before=DayMilestone.ACTS)
    begins = (DayMilestone.LIST_CORRECTED, DayMilestone.CLOSED_EARLY, DayMilestone.TAKEN_OVER)
    for part, milestone in zip(parts[1:], begins, strict=True):
        part[0] = replace(part[0], before=milestone)
    return [one for part in parts for one in part]


def _with_faults(visits: list[PlannedVisit], rng: random.Random) -> tuple[PlannedVisit, ...]:
    count = len(visits)
    step = LASTS / (count + 1)
    timed = [replace(one, number=n, at=OPENS + step * n) for n, one in enumerate(visits)]
    each = max(1, count // 250)
    faults = [ScriptFault.SCANNER_PULLED] * each + [ScriptFault.PAPER_OUT] * each
    faults += [ScriptFault.CLOCK_BACK] + [ScriptFault.CRASH] * CRASHES
    # Not at the ends, and far enough apart that one has ended before the next.
    width = (count - 4) // len(faults)
    places: list[int] = []
    while not places or not all(map(partial(_fits, timed), places, faults)):
        rng.shuffle(faults)
        places = [
            2 + number * width + rng.randrange(max(1, width // 2)) for number in range(len(faults))
        ]
    for place, fault in zip(places, faults, strict=True):
        timed[place] = replace(timed[place], fault=fault)
        if fault is ScriptFault.CLOCK_BACK:
            for later in range(place, min(place + _CLOCK_IS_WRONG_FOR, count)):
                timed[later] = replace(timed[later], at=timed[later].at - step - CLOCK_BACK)
    return tuple(timed)


def _fits(visits: Sequence[PlannedVisit], place: int, fault: ScriptFault) -> bool:
    """Whether it meets somebody at the desk, and no crash what happens between two visits."""
    if not visits[place].ends:
        return False
    last = place + CRASH_LASTS if fault is ScriptFault.CRASH else place
    return all(one.before is None for one in visits[place : last + 1])


_SHOWS_DOCUMENT: Final = (
    VisitCase.WITH_DOCUMENT, VisitCase.AGAIN_WITH_DOCUMENT, VisitCase.ANOTHERS_DOCUMENT,
    VisitCase.UNKNOWN_DOCUMENT, VisitCase.WORN, VisitCase.WORN_REFUSED, VisitCase.CANCELLED,
    VisitCase.FACE, VisitCase.FACE_OF_ANOTHER,
)  # fmt: skip
_REFUSED: Final = (
    VisitCase.WORN_REFUSED, VisitCase.ANOTHERS_DOCUMENT, VisitCase.STRANGER,
    VisitCase.AGAIN_OTHER_NUMBER, VisitCase.FACE_OF_ANOTHER,
)  # fmt: skip
_FACES: Final = (VisitCase.FACE, VisitCase.FACE_OF_ANOTHER)
_WORN: Final = (VisitCase.WORN, VisitCase.WORN_REFUSED, *_FACES)
_PRESSES: Final = ((0.60, Preset.GOOD), (0.92, Preset.FAIR), (1.0, Preset.POOR))


@dataclass(frozen=True, slots=True)
class VisitorsHand:
    """A visitor's fingers: the one asked for, as well as the day has it, another image a touch."""

    visit: PlannedVisit
    precinct: Precinct

    def finger(self, position: FingerPosition, _manner: Preset, number: int) -> Impression:
        """See `Hand`."""
        visit, precinct = self.visit, self.precinct
        rng = random.Random(f"press {precinct.seed} {visit.number} {number}")  # noqa: S311
        chance = rng.random()
        preset = next(preset for limit, preset in _PRESSES if chance <= limit)
        if visit.case in _WORN:
            # A dry print of a finger that is not enrolled: nothing the machine could match.
            position, preset = NOT_ENROLLED, Preset.DRY
        if visit.case is VisitCase.AGAIN_OTHER_FINGER and len(precinct.fingers) > 1:
            position = next(one for one in precinct.fingers if one is not position)
        hand = InventedHand(precinct, visit.row, visit.stranger)
        # Never the image that was enrolled.
        return hand.finger(position, preset, 1 + visit.number * 16 + number % 16)


def people_of(
    visits: Sequence[PlannedVisit], precinct: Precinct, signed: Signature
) -> list[QueuePerson]:
    """Who comes to the desk, as the list in use knows them; `signed` agrees for the commission."""
    voter_ids = [voter.voter_id for voter in precinct.voters]
    return [_person_of(visit, precinct, voter_ids, signed) for visit in visits]


def _person_of(
    visit: PlannedVisit, precinct: Precinct, voter_ids: Sequence[str], signed: Signature
) -> QueuePerson:
    row = visit.row if visit.document_row is None else visit.document_row
    pin = UNKNOWN_PIN if row is None else precinct.voters[row].pin
    decision = Decision.REFUSED if visit.case in _REFUSED else Decision.CONFIRMED
    return replace(
        visit.expected(voter_ids),
        acts=(GivePin(pin),) if visit.case in _SHOWS_DOCUMENT else (),
        mismatch=signed if visit.case is VisitCase.PHOTO_MISMATCH else None,
        insists=visit.case is not VisitCase.CANCELLED,
        decided=Decide(signed, decision, ManualReason.WORN, DocumentSeen.PASSPORT),
        hand=VisitorsHand(visit, precinct),
        face=precinct.face(visit.row) if visit.row is not None and visit.case in _FACES else None,
        is_same_face=visit.case is VisitCase.FACE,
        # A stranger has no document to come back with.
        pin="" if visit.row is None else pin,
    )
