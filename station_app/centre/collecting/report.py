"""A polling day by precinct and station, added up from the entries that count."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.alarms import Alarm, find_alarms, head, with_explanations
from station_app.centre.collecting.counting import Counted
from station_app.centre.collecting.day_figures import (
    COUNTED_KINDS,
    COUNTED_METHODS,
    COUNTED_OUTCOMES,
    CountedList,
    Explanation,
    PrecinctDay,
    Report,
    StationDay,
    undone_by,
)
from station_app.centre.collecting.schema import look_up
from station_app.centre.collecting.server import connected
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

if TYPE_CHECKING:
    from psycopg import Connection

    Tables = Connection[tuple[Any, ...]]


_LONGEST: Final = 500
_SUMS: Final = """
    SELECT history, kind, CASE WHEN outcome = ANY(%(outcomes)s) THEN outcome END,
        CASE WHEN method = ANY(%(methods)s) THEN method END, count(*), min(at), max(at)
    FROM entry WHERE day = %(day)s AND kind = ANY(%(kinds)s) AND carried_hash IS NULL
    GROUP BY 1, 2, 3, 4
"""
"""A day's own entries. Added up before anything is joined to them, so that one reading of the
table is enough and processes of the server can share it."""
_CARRIED_SUMS: Final = """
    SELECT entry.maker, kind, CASE WHEN outcome = ANY(%(outcomes)s) THEN outcome END,
        CASE WHEN method = ANY(%(methods)s) THEN method END, count(*), min(at), max(at)
    FROM entry
    JOIN counted ON counted.history = entry.history AND counted.maker = entry.maker
    WHERE day = %(day)s AND kind = ANY(%(kinds)s) AND carried_hash IS NOT NULL
        AND made_number > beyond
    GROUP BY 1, 2, 3, 4
"""


def report(database: str, day: date | None, precinct: str | None, manual_alarm: float) -> Report:
    """Add up `day`, or the day on which most stations were opened.

    `manual_alarm` is the percentage of identifications by the commission above which a
    precinct is an alarm. Raises `KnownError`: what `connected` and `look_up` raise,
    `nothing_collected`, `precinct_unknown`.
    """
    with connected(database) as tables:
        kind, minutes = look_up(tables)
        # All figures are of one moment, whatever is being collected.
        # With the server's usual 4 MB the sums of a country would go to the disk.
        tables.execute("SET work_mem = '64MB'")
        tables.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        day = day or _usual_day(tables)
        counted = Counted(tables)
        alarms = find_alarms(tables, counted, day)
        precincts = _precincts(tables, counted, day)
        pinned = tables.execute("SELECT EXISTS (SELECT FROM pin)").fetchone() == (True,)
        _place_alarms(tables, precincts, alarms, manual_alarm)
    if precinct is not None and precinct not in precincts:
        raise KnownError(
            Code.PRECINCT_UNKNOWN,
            f"Nothing is known of precinct {precinct}. Check its code, or collect its journals.",
        )
    shown = [precincts[code] for code in sorted(precincts) if precinct in (None, code)]
    return Report(
        day=day,
        kind=kind,
        utc_offset=timedelta(minutes=minutes),
        keys_are_pinned=pinned,
        precincts=tuple(shown),
        alarms=tuple(alarm for one in shown for alarm in one.alarms),
    )


def explain(database: str, alarm: str, reason: str, day: date | None) -> Alarm:
    """Write down why the alarm with this id is none any more, and return it explained.

    An explanation given before stays in the table; the last one is shown. Raises `KnownError`:
    `reason_unfit`, `alarm_unknown`, and as `report` does.
    """
    if not reason.strip() or len(reason) > _LONGEST or not reason.isprintable():
        raise KnownError(
            Code.REASON_UNFIT,
            f"A reason is one line of at most {_LONGEST} characters. Say what was found out.",
        )
    # At 0 every share of manual cases that could be an alarm is one.
    if all(one.id != alarm for one in report(database, day, None, 0).alarms):
        raise KnownError(
            Code.ALARM_UNKNOWN,
            f"No alarm of this day is called {alarm}. Take its id from the report; an alarm that "
            "has grown since has another one.",
        )
    with connected(database) as tables:
        look_up(tables)
        tables.execute("INSERT INTO explanation (alarm, reason) VALUES (%s, %s)", (alarm, reason))
    return next(one for one in report(database, day, None, 0).alarms if one.id == alarm)


def _usual_day(tables: "Tables") -> date:
    row = (
        tables.execute(
            "SELECT day FROM opening GROUP BY day ORDER BY count(DISTINCT history) DESC, day DESC"
            " LIMIT 1"
        ).fetchone()
        or tables.execute("SELECT max(day) FROM entry").fetchone()
    )
    if row is None or row[0] is None:
        raise KnownError(
            Code.NOTHING_COLLECTED,
            "No journal was collected into this database yet. Type `station-app centre collect` "
            "first, or name the right database.",
        )
    found: date = row[0]
    return found


def _precincts(tables: "Tables", counted: Counted, day: date) -> "_Precincts":
    found = _Precincts()
    for precinct, station, size, root, collected in tables.execute(
        "SELECT precinct, station, size, encode(root, 'hex'), collected FROM history"
        " JOIN trusted_maker ON trusted_maker.id = maker ORDER BY station, history.id"
    ):
        one = found.station((precinct, station))
        one.heads.append(head(size, root))
        one.collected = max(collected, one.collected or collected)
    told_apart = {
        "day": day,
        "kinds": list(COUNTED_KINDS),
        "outcomes": list(COUNTED_OUTCOMES),
        "methods": list(COUNTED_METHODS),
    }
    for history, *sums in tables.execute(_SUMS, told_apart):
        if place := counted.place(history):
            found.station(place).count(*sums)
    for maker, *sums in tables.execute(_CARRIED_SUMS, told_apart):
        found.station(counted.place_of(maker)).count(*sums)
    voided = Counter((one.maker, one.method) for one in counted.voids(day))
    for (maker, method), times in voided.items():
        found.station(counted.place_of(maker)).take_off(method, times)
    for precinct, station, leaf in tables.execute(
        "SELECT precinct, station, leaf::text FROM entry JOIN counted"
        " ON counted.history = entry.history AND counted.maker = entry.maker"
        " AND made_number > beyond JOIN known_maker ON known_maker.id = entry.maker"
        " WHERE day = %s AND kind = 'difference_explained' ORDER BY at",
        (day,),
    ):
        found.station((precinct, station)).explanations.append(Explanation.of_leaf(leaf))
    _count_lists(tables, counted, day, found)
    return found


def _count_lists(tables: "Tables", counted: Counted, day: date, found: "_Precincts") -> None:
    """How many are listed, by the last word of each station that nobody went on for: an opening, or
    a list that came later; and which strikings off are of voters whom that list lacks.
    """
    words: dict[int, CountedList] = {}
    for history, maker, *opening in tables.execute(
        "SELECT history, maker, number, listed FROM opening WHERE day = %s ORDER BY number", (day,)
    ):
        if counted.holds(history, maker):
            words[history] = CountedList(*opening)
    for history, maker, *counts in tables.execute(
        "SELECT history, maker, number, number - made_number, leaf::text FROM entry"
        " WHERE day = %s AND kind = 'list_counted' ORDER BY number",
        (day,),
    ):
        if not counted.holds(history, maker):
            continue
        said, before = CountedList.of_leaf(*counts), words.get(history)
        if before is not None and (before.number > said.number or said.listed is None):
            # Whoever was struck off before a live opening stays so.
            said = replace(before, left_out=said.left_out)
        words[history] = said
    for history in words.keys() & counted.last:
        place, said = counted.place(history), words[history]
        assert place is not None
        one = found[place[0]]
        if said.listed is not None:
            one.listed = max(said.listed, one.listed or 0)
        for maker in _left_out(tables, history, said.left_out, day):
            if counted.holds(history, maker):
                found.station(counted.place_of(maker)).figures.struck_not_listed += 1


def _left_out(tables: "Tables", history: int, entries: frozenset[int], day: date) -> Iterator[int]:
    """Whose strikings off are among these entries of a history and stand, a maker for each."""
    if not entries:
        return
    undone = {
        undone_by(leaf) + shift
        for shift, leaf in tables.execute(
            "SELECT number - made_number, leaf::text FROM entry"
            " WHERE history = %s AND kind = 'act_undone' AND outcome = 'struck_off'",
            (history,),
        )
    }
    for (maker,) in tables.execute(
        "SELECT maker FROM entry WHERE history = %s AND kind = 'struck_off' AND day = %s"
        " AND number = ANY(%s)",
        (history, day, list(entries - undone)),
    ).fetchall():
        yield maker


class _Precincts(dict[str, PrecinctDay]):
    """Precincts by code, made when they are first named."""

    def station(self, place: tuple[str, str]) -> StationDay:
        """The station at a precinct and under a name."""
        precinct, station = place
        return self[precinct].stations.setdefault(station, StationDay(station))

    def __missing__(self, code: str) -> PrecinctDay:
        return self.setdefault(code, PrecinctDay(code))


def _place_alarms(
    tables: "Tables", precincts: "_Precincts", alarms: Sequence[Alarm], manual_alarm: float
) -> None:
    """Give each precinct its alarms, the missing stations, and the alarm of its own figures."""
    by_precinct: defaultdict[str, list[Alarm]] = defaultdict(list)
    for alarm in alarms:
        by_precinct[alarm.precinct].append(alarm)
    for code in {*precincts, *by_precinct}:
        one, own = precincts[code], by_precinct[code]
        if (share := one.figures.manual_share) > manual_alarm:
            own.append(Alarm("manual_share", code, "", 0, f"{share:.1f} %"))
        one.missing = tuple(found.station for found in own if found.code == Code.STATION_MISSING)
        one.alarms = with_explanations(tables, tuple(own))
