"""The day's turnout, incidents and signers, in the form its papers need."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import Day
from station_app.domain.day_log import StoryLine
from station_app.domain.day_report import (
    AgeBand,
    DayFigures,
    DayReport,
    Difference,
    Head,
    HourCount,
    Incident,
    Predecessor,
    SignedBy,
    Turnout,
)
from station_app.domain.election import ElectionDay
from station_app.domain.entries import (
    ClockChanged,
    DayClosed,
    DayOpened,
    DifferenceExplained,
    ListCompared,
    StationWasOff,
    TakenOver,
)
from station_app.domain.roles import Person, Role

MANUAL_SHARE: Final = "manual_share"
ENTRIES_MISSING: Final = "entries_missing"
ROWS_MARKED: Final = "rows_marked"
VOTERS_MISSING: Final = "voters_missing"
ENTRIES_UNKNOWN: Final = "entries_unknown"
_INTERRUPTED: Final = "interrupted"
_AGES: Final = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, None))
_HOUR: Final = timedelta(hours=1)

Demographics = Mapping[str, tuple[str, date]]
"""Sex ("f" or "m") and date of birth by voter id."""


@dataclass(frozen=True, slots=True)
class StationFacts:
    """Facts that do not change while the station is unlocked.

    `listed` counts the voters on the list; `election_day` is None for a list that names none.
    `valid_from` and `valid_to` (aware) bound the
    list's use, None for a list without a snapshot. `public_key` is the journal's, hex.
    `predecessors` are the stations that were taken over, the last one first.
    """

    station: str
    precinct: str
    place: str
    election: str
    list_kind: str
    list_sequence: int
    listed: int
    public_key: str
    app_version: str
    manual_alarm_percent: int
    head_slip_minutes: int
    election_day: ElectionDay | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    predecessors: tuple[Predecessor, ...] = ()


@dataclass(frozen=True, slots=True)
class DayRecord:
    """The journal's side of a report, read in one go; times are UTC.

    `standing` are the identifications that stand, oldest first; `closed` is None while the
    day is not closed; `explained` are the differences that stand at the last closing. The figures
    count by list number `list_sequence`.
    """

    day: Day
    figures: DayFigures
    standing: tuple[LoggedOutcome, ...]
    list_sequence: int
    opened: DayOpened
    opened_at: datetime
    closed: DayClosed | None
    closed_at: datetime | None
    explained: tuple[DifferenceExplained, ...]
    incidents: tuple[StoryLine, ...]
    cut_off: tuple[LoggedOutcome, ...]
    head: Head


def turnout_of(
    record: DayRecord,
    voters: Demographics,
    at: datetime,
    local: Callable[[datetime], datetime],
) -> Turnout:
    """The record's figures by hour, sex and age.

    `local` gives the station's time of a UTC time. Ages are those on the day of opening;
    who is younger than the first band is counted in it, who is not in `voters` in none.
    """
    return Turnout(
        figures=record.figures,
        by_hour=_by_hour([local(one.at) for one in record.standing]),
        by_age=_by_age(record.standing, voters, local(record.opened_at).date()),
        at=at,
    )


def report_of(
    facts: StationFacts, record: DayRecord, turnout: Turnout, people: Sequence[Person]
) -> DayReport:
    """Everything that the day's papers say."""
    opened, closed = record.opened, record.closed
    phone = opened.phone_time
    signed = opened if closed is None else closed
    return DayReport(
        station=facts.station,
        precinct=facts.precinct,
        place=facts.place,
        election=facts.election,
        list_kind=facts.list_kind,
        list_sequence=record.list_sequence,
        day=record.day.number,
        opened_at=record.opened_at,
        closed_at=record.closed_at,
        phone_time=datetime.fromisoformat(phone) if phone else None,
        difference_s=opened.difference_s,
        turnout=turnout,
        ballots=None if closed is None else closed.ballots,
        signatures=None if closed is None else closed.signatures,
        differences=tuple(
            Difference(one.what, one.expected, one.counted, one.reason) for one in record.explained
        ),
        incidents=_incidents(record, facts.manual_alarm_percent),
        head=record.head,
        public_key=facts.public_key,
        signers=(
            _signer(signed.chair, Role.CHAIR, people),
            _signer(signed.member, Role.MEMBER, people),
        ),
        app_version=facts.app_version,
        predecessors=facts.predecessors,
    )


def _by_hour(times: Sequence[datetime]) -> tuple[HourCount, ...]:
    if not times:
        return ()
    counts = Counter(_hour(at) for at in times)
    hours, hour, last = [], min(counts), max(counts)
    while hour <= last:
        hours.append(HourCount(hour.hour, counts[hour]))
        hour += _HOUR
    return tuple(hours)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _by_age(
    standing: Sequence[LoggedOutcome], voters: Demographics, day: date
) -> tuple[AgeBand, ...]:
    counts = Counter[tuple[int, str]]()
    for one in standing:
        found = voters.get(one.voter_id or "")
        if found is not None:
            sex, born = found
            counts[_band(age_on(day, born)), sex] += 1
    return tuple(
        AgeBand(youngest, oldest, men=counts[place, "m"], women=counts[place, "f"])
        for place, (youngest, oldest) in enumerate(_AGES)
    )


def _band(age: int) -> int:
    return next(place for place, (_, oldest) in enumerate(_AGES) if oldest is None or age <= oldest)


def age_on(day: date, born: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _incidents(record: DayRecord, alarm_percent: int) -> tuple[Incident, ...]:
    told = [
        Incident(line.number, line.at, kind, detail)
        for line in record.incidents
        for kind, detail in _told(line)
    ]
    told += [Incident(one.number, one.at, _INTERRUPTED, str(one.session)) for one in record.cut_off]
    told.sort(key=lambda one: one.number)
    if is_over_alarm(record.figures, alarm_percent):
        share = f"{100 * record.figures.manual_share:.1f}"
        at = record.closed_at or record.opened_at
        told.append(Incident(record.head.size, at, MANUAL_SHARE, share))
    return tuple(told)


def _told(line: StoryLine) -> Iterator[tuple[str, str]]:
    """The lines of a protocol for an entry: each a kind, and a code, a number or times."""
    entry = line.entry
    match entry:
        case StationWasOff():
            yield entry.kind, times_off(entry, line.at)
        case ClockChanged(back_ms=back):
            yield entry.kind, str(max(1, round(back / 1000)))
        case ListCompared(marked=marked, missing=missing):
            yield entry.kind, "compared" if is_all_compared(entry) else "not_compared"
            if marked:
                yield ROWS_MARKED, str(marked)
            if missing:
                yield VOTERS_MISSING, str(missing)
        case TakenOver(size=size, missing=missing):
            yield entry.kind, str(size)
            if missing:
                yield ENTRIES_MISSING, str(missing)
            if is_blind(entry):
                yield ENTRIES_UNKNOWN, ""
        case _:
            yield entry.kind, str(getattr(entry, entry.about.incident, ""))


def times_off(off: StationWasOff, at: datetime) -> str:
    """Between which times of this machine's clock the station was off, and the minutes between:
    it was off no longer.
    """
    since = datetime.fromisoformat(off.since).astimezone()
    minutes = max(0, round((at - since) / timedelta(minutes=1)))
    return f"{since:%H:%M}–{at.astimezone():%H:%M} ({minutes}′)"


def is_all_compared(entry: ListCompared) -> bool:
    """Whether everybody identified before was held against the new list: of those who were not on
    the list before either nothing but their ids is known.
    """
    return entry.compared and not entry.unseen


def is_blind(taken: TakenOver) -> bool:
    """Whether nothing tells that what was taken over was all; an old entry says it by its size."""
    return not taken.size if taken.blind is None else bool(taken.blind)


def is_over_alarm(figures: DayFigures, alarm_percent: int) -> bool:
    """Whether the commission has identified a larger part than the policy's alarm."""
    return 100 * figures.by_commission > alarm_percent * figures.identified


def _signer(person_id: str, role: Role, people: Sequence[Person]) -> SignedBy:
    """Somebody who was removed since then is named by their id."""
    found = next((one for one in people if one.id == person_id), None)
    return SignedBy(person_id, found.name if found else person_id, found.role if found else role)
