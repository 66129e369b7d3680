"""What in the collected journals does not fit together, each with the stations it concerns."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.findings import FINDINGS

if TYPE_CHECKING:
    from psycopg import Connection

    Tables = Connection[tuple[Any, ...]]

ALARMS: Final = FINDINGS | {
    "fork": "a station has two histories",
    "key_unknown": "a journal is signed with a key that is not pinned",
    "key_of_another": "a journal is signed with the key of another station",
    "station_missing": "no journal of a pinned station has arrived",
    "other_day": "a station has opened another day only",
    "identified_twice": "a voter was identified at two stations, or twice at one",
    "carried_differs": "what a successor carries is not what its original's journal says",
    "went_on": "a station wrote entries after those that its successor knows",
    "manual_share": "the commission identified more than the share that is usual",
}
"""All codes, and what they mean; those of `findings` are the clock's and the takeovers'."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at: its code, where, which entry (0 for none), and what is known."""

    code: str
    precinct: str
    station: str
    entry: int
    detail: str

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def find_alarms(tables: "Tables", day: date) -> tuple[Alarm, ...]:
    """Everything there is for a polling day, by precinct, station and code."""
    found = [
        *_findings(tables, day),
        *_forks(tables),
        *_keys(tables),
        *_missing(tables),
        *_other_days(tables, day),
        *_identified_twice(tables, day),
        *_carried(tables),
        *_went_on(tables),
    ]
    return tuple(sorted(found, key=lambda one: (one.precinct, one.station, one.code, one.entry)))


def _findings(tables: "Tables", day: date) -> Iterator[Alarm]:
    measures = {"clock_back": "ms", "clocks_differ": "s", "takeover_gap": "entries"}
    for precinct, station, code, number, times, most in tables.execute(
        "SELECT precinct, station, code, min(number), sum(times), max(most)"
        " FROM finding JOIN history ON history.id = finding.history"
        " JOIN maker ON maker.id = history.maker"
        " WHERE day = %s OR day IS NULL GROUP BY 1, 2, 3",
        (day,),
    ):
        measure = f", up to {most} {measures[code]}" if code in measures else ""
        yield Alarm(code, precinct, station, number, f"{times} times{measure}")


def _forks(tables: "Tables") -> Iterator[Alarm]:
    """Stations with more histories that begin by themselves than one."""
    found: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for precinct, station, history, size, root, key in tables.execute(
        "SELECT precinct, station, history.id, size, encode(root, 'hex'),"
        "  encode(public_key, 'hex') FROM history JOIN known_maker ON known_maker.id = maker"
        " WHERE key_state IN ('pinned', 'takeover', 'unchecked') AND NOT EXISTS ("
        "  SELECT FROM takeover WHERE by_maker = maker AND of_origin = origin AND NOT EXISTS ("
        "   SELECT FROM history AS other WHERE other.maker = history.maker"
        "   AND other.id < history.id))"
        " ORDER BY precinct, station, size DESC, history.id"
    ):
        found[precinct, station].append((history, f"{head(size, root)} of key {key[:8]}"))
    for (precinct, station), histories in found.items():
        (longest, _), *others = histories
        parted = [_parting(tables, longest, other) for other, _ in others]
        if parted:
            heads = ", ".join(told for _, told in histories)
            yield Alarm("fork", precinct, station, min(parted), f"they part here; heads {heads}")


def _parting(tables: "Tables", longer: int, shorter: int) -> int:
    """The first entry in which two histories differ."""
    row = tables.execute(
        "SELECT min(one.number) FROM entry AS one JOIN entry AS other USING (number)"
        " WHERE one.history = %s AND other.history = %s AND one.leaf::text <> other.leaf::text",
        (longer, shorter),
    ).fetchone()
    assert row is not None
    number: int = row[0]
    return number


def _keys(tables: "Tables") -> Iterator[Alarm]:
    codes = {"unknown": "key_unknown", "other": "key_of_another"}
    for precinct, station, state, size, key in tables.execute(
        "SELECT precinct, station, key_state, size, encode(public_key, 'hex')"
        " FROM history JOIN known_maker ON known_maker.id = maker"
        " WHERE key_state IN ('unknown', 'other')"
    ):
        detail = f"{size} entries of key {key[:8]}; they are counted nowhere"
        yield Alarm(codes[state], precinct, station, 0, detail)


def _missing(tables: "Tables") -> Iterator[Alarm]:
    for (name,) in tables.execute(
        "SELECT DISTINCT name FROM pin WHERE is_expected AND NOT EXISTS (SELECT FROM history"
        " JOIN known_maker ON known_maker.id = maker"
        " WHERE station = name AND key_state IN ('pinned', 'takeover'))"
    ):
        yield Alarm("station_missing", name.rpartition("-")[0], name, 0, "no journal has arrived")


def _other_days(tables: "Tables", day: date) -> Iterator[Alarm]:
    for precinct, station, days in tables.execute(
        "SELECT precinct, station, string_agg(DISTINCT day::text, ', ') FROM opening"
        " JOIN counted USING (history, maker) JOIN maker ON maker.id = counted.maker"
        " GROUP BY 1, 2 HAVING NOT bool_or(day = %s)",
        (day,),
    ):
        yield Alarm("other_day", precinct, station, 0, f"opened on {days}")


def _identified_twice(tables: "Tables", day: date) -> Iterator[Alarm]:
    # First the few voters who come more than once, out of the index alone. In one query with
    # what follows, PostgreSQL would expect many of them and read all entries.
    often = tables.execute(
        "SELECT voter FROM entry WHERE voter IS NOT NULL AND day = %s"
        " GROUP BY voter HAVING count(*) > 1",
        (day,),
    ).fetchall()
    rows = tables.execute(
        "SELECT voter, precinct, station, made_number, at, method FROM entry"
        " JOIN counted ON counted.history = entry.history AND counted.maker = entry.maker"
        "  AND made_number > beyond JOIN maker ON maker.id = entry.maker"
        " WHERE voter = ANY(%s) AND day = %s AND NOT EXISTS (SELECT FROM void"
        "  WHERE void.history IN (SELECT history FROM counted) AND void.maker = entry.maker"
        "  AND void.made_number = entry.made_number AND void.voter = entry.voter)"
        " ORDER BY voter, at, station",
        ([voter for (voter,) in often], day),
    )
    by_voter: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for voter, *place in rows:
        by_voter[voter].append(tuple(place))
    for voter, places in by_voter.items():
        if len(places) < 2:
            continue
        told = ", ".join(
            f"{station} entry {number} at {at:%H:%M:%S} UTC by {method}"
            for _, station, number, at, method in places
        )
        for precinct, station, number, *_ in places:
            yield Alarm("identified_twice", precinct, station, number, f"voter {voter}: {told}")


def _carried(tables: "Tables") -> Iterator[Alarm]:
    for precinct, station, number, times in tables.execute(
        "SELECT precinct, station, min(own.number), count(*) FROM entry AS carried"
        " JOIN history ON history.maker = carried.maker"
        " JOIN entry AS own ON own.history = history.id AND own.number = carried.made_number"
        " JOIN maker ON maker.id = carried.maker"
        " WHERE carried.history IN (SELECT history FROM counted)"
        " AND carried.carried_hash IS NOT NULL AND carried.carried_hash <>"
        " sha256('\\x00'::bytea || convert_to(own.leaf::text, 'UTF8')) GROUP BY 1, 2"
    ):
        detail = f"{times} entries of its own journal are not what its successor carries"
        yield Alarm("carried_differs", precinct, station, number, detail)


def _went_on(tables: "Tables") -> Iterator[Alarm]:
    for precinct, station, known, size in tables.execute(
        "SELECT precinct, station, max(takeover.size), max(history.size) FROM takeover"
        " JOIN history ON history.maker = of_maker JOIN maker ON maker.id = of_maker"
        " WHERE takeover.history IN (SELECT history FROM counted)"
        " GROUP BY 1, 2 HAVING max(history.size) > max(takeover.size)"
    ):
        detail = f"{size} entries, and its successor knows of {known}"
        yield Alarm("went_on", precinct, station, known + 1, detail)


def head(size: int, root: str) -> str:
    """The short form of a head as slips have it, for example `1204 9f3a 71c4`."""
    return f"{size} {root[:4]} {root[4:8]}"
