"""What in the collected journals does not fit together, each with the stations it concerns."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.counting import Counted
from station_app.centre.collecting.row_values import FINDINGS

if TYPE_CHECKING:
    from psycopg import Connection

    Tables = Connection[tuple[Any, ...]]

ALARMS: Final = FINDINGS | {
    "fork": "a station has two histories",
    "key_unknown": "a journal is signed with a key that is not pinned",
    "key_of_another": "a journal is signed with the key of another station",
    "station_missing": "no journal of a pinned station has arrived",
    "other_day": "a station has opened another day only",
    "identified_twice": "a voter was identified, or had a ballot taken to them, more than once",
    "takeover": "a spare went on for a station; say why with `station-app centre explain`",
    "takeover_refused": "a station says that it goes on for another, and the commission does not",
    "two_successors": "a station was taken over by more than one",
    "spare_alone": "a spare has written a journal without taking a station over",
    "carried_differs": "what a successor carries is not what its original's journal says",
    "went_on": "a station wrote entries after those that its successor knows",
    "manual_share": "the commission identified more than the share that is usual",
}
"""All codes, and what they mean; those of `FINDINGS` are the clock's and the takeovers'."""


_ID_DIGITS: Final = 10
_REFUSALS: Final = {
    "not_a_spare": "its key is not that of a spare (--spares)",
    "no_pack": "its pack was not given (--packs)",
    "other_spare": "its pack was issued to another spare, or --spares has to be given again",
    "other_original": "its pack was issued for another station",
    "original_unknown": "the original of its pack is not pinned for the precinct of its list",
    "second": "it had gone on for a station before",
}
"""Why a takeover does not hold, by its verdict in `judged_takeover`."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found out about an alarm, by which user of the database, and when (UTC)."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at: its code, where, which entry (0 for none), and what is known.

    `explained` is None for as long as nobody has explained it.
    """

    code: str
    precinct: str
    station: str
    entry: int
    detail: str
    explained: Explained | None = None

    @property
    def id(self) -> str:
        """What `explain` calls it. An alarm that says anything else is another one."""
        said = [self.code, self.precinct, self.station, self.entry, self.detail]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:_ID_DIGITS]

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        values = asdict(self) | {"id": self.id}
        if self.explained:
            values["explained"]["at"] = f"{self.explained.at:%Y-%m-%dT%H:%M:%SZ}"
        return values


def find_alarms(tables: "Tables", counted: Counted, day: date) -> tuple[Alarm, ...]:
    """Everything there is for a polling day, by precinct, station and code."""
    found = [
        *_findings(tables, day),
        *_forks(tables),
        *_keys(tables),
        *_missing(tables),
        *_other_days(tables, day),
        *_identified_twice(tables, counted, day),
        *_takeovers(tables),
        *_refused_takeovers(tables),
        *_spares_alone(tables),
        *_carried(tables),
        *_went_on(tables),
    ]
    return tuple(sorted(found, key=lambda one: (one.precinct, one.station, one.code, one.entry)))


def with_explanations(tables: "Tables", alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """The alarms, each with the last explanation that was given for it."""
    given = {
        alarm: Explained(reason, by, at)
        for alarm, reason, by, at in tables.execute(
            "SELECT alarm, reason, by, at FROM explanation ORDER BY at"
        )
    }
    return tuple(replace(one, explained=given.get(one.id)) for one in alarms)


def _findings(tables: "Tables", day: date) -> Iterator[Alarm]:
    measures = {"clock_back": "ms", "clocks_differ": "s", "takeover_gap": "entries"}
    for precinct, station, code, number, times, most in tables.execute(
        "SELECT precinct, station, code, min(number), sum(times), max(most)"
        " FROM finding JOIN history ON history.id = finding.history"
        " JOIN trusted_maker AS maker ON maker.id = history.maker"
        " WHERE day = %s OR day IS NULL GROUP BY 1, 2, 3",
        (day,),
    ):
        often = "once" if times == 1 else f"{times} times"
        measure = f", up to {most} {measures[code]}" if code in measures else ""
        yield Alarm(code, precinct, station, number, f"{often}{measure}")


def _forks(tables: "Tables") -> Iterator[Alarm]:
    """Stations with more histories that begin by themselves than one."""
    found: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for precinct, station, history, size, root, key in tables.execute(
        "SELECT precinct, station, history.id, size, encode(root, 'hex'),"
        "  encode(public_key, 'hex') FROM history JOIN trusted_maker ON trusted_maker.id = maker"
        " WHERE NOT EXISTS ("
        "  SELECT FROM held_takeover WHERE by_maker = maker AND of_origin = origin AND NOT EXISTS ("
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
        "SELECT DISTINCT name FROM pin WHERE is_expected AND (name, public_key) NOT IN ("
        " SELECT station, public_key FROM counted JOIN known_maker ON known_maker.id = maker)"
    ):
        yield Alarm("station_missing", name.rpartition("-")[0], name, 0, "no journal has arrived")


def _other_days(tables: "Tables", day: date) -> Iterator[Alarm]:
    for precinct, station, days in tables.execute(
        "SELECT precinct, station, string_agg(DISTINCT day::text, ', ') FROM opening"
        " JOIN counted USING (history, maker) JOIN known_maker ON known_maker.id = counted.maker"
        " GROUP BY 1, 2 HAVING NOT bool_or(day = %s)",
        (day,),
    ):
        yield Alarm("other_day", precinct, station, 0, f"opened on {days}")


def _identified_twice(tables: "Tables", counted: Counted, day: date) -> Iterator[Alarm]:
    # First the few voters who come more than once, out of the index alone. In one query with
    # what follows, PostgreSQL would expect many of them and read all entries.
    often = tables.execute(
        "SELECT voter FROM entry WHERE voter IS NOT NULL AND day = %s"
        " GROUP BY voter HAVING count(*) > 1",
        (day,),
    ).fetchall()
    voters = [voter for (voter,) in often]
    rows = tables.execute(
        "SELECT voter, entry.maker, coalesce(election, ''), precinct, station, made_number, at,"
        " method FROM entry"
        " JOIN counted ON counted.history = entry.history AND counted.maker = entry.maker"
        "  AND made_number > beyond JOIN known_maker ON known_maker.id = entry.maker"
        " WHERE voter = ANY(%s) AND day = %s ORDER BY voter, at, station",
        (voters, day),
    )
    voided = {(one.maker, one.made_number, one.voter) for one in counted.voids(day, voters)}
    by_voter: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for voter, maker, *place in rows:
        if (maker, place[3], voter) not in voided:
            by_voter[voter].append(tuple(place))
    for voter, places in by_voter.items():
        # An entry that names no election may be of any.
        elections = {election for election, *_ in places if election} or {""}
        for election in sorted(elections):
            same = [one for of, *one in places if of in (election, "")]
            if len(same) < 2:
                continue
            told = ", ".join(
                f"{station} entry {number} at {_clock(at)} by {method}"
                for _, station, number, at, method in same
            )
            for precinct, station, number, *_ in same:
                detail = f"voter {voter}: {told}"
                yield Alarm("identified_twice", precinct, station, number, detail)


def _takeovers(tables: "Tables") -> Iterator[Alarm]:
    """One for each successor: the commission knows why, or it does not."""
    rows = tables.execute(
        "SELECT DISTINCT ON (by_maker, made_number) by.precinct, by.station, made_number,"
        "  of_origin, coalesce(pack.public_key, of.public_key), carried,"
        "  encode(pack_sha256, 'hex'), by_maker"
        " FROM held_takeover JOIN known_maker AS by ON by.id = by_maker"
        " LEFT JOIN maker AS of ON of.id = of_maker LEFT JOIN pack ON pack.sha256 = pack_sha256"
        " ORDER BY by_maker, made_number, history"
    ).fetchall()
    for precinct, station, number, original, key, carried, pack, by in rows:
        detail = (
            f"goes on for {original}, with {carried} of its entries, by pack {pack or 'unknown'}"
        )
        yield Alarm("takeover", precinct, station, number, detail)
        # Of an original of which nothing was seen, nothing may be known but its name.
        others = {
            other
            for _, _, _, name, its_key, _, _, other in rows
            if name == original and (its_key == key or None in (its_key, key))
        }
        if more := len(others - {by}):
            detail = f"goes on for {original}, as {more} more do"
            yield Alarm("two_successors", precinct, station, number, detail)


def _refused_takeovers(tables: "Tables") -> Iterator[Alarm]:
    for precinct, station, number, original, pack, verdict in tables.execute(
        "SELECT DISTINCT known_maker.precinct, station, made_number, of_origin,"
        "  encode(pack_sha256, 'hex'), verdict FROM judged_takeover AS judged"
        " JOIN history ON history.id = judged.history"
        " JOIN known_maker ON known_maker.id = by_maker"
        " WHERE verdict NOT IN ('issued', 'unchecked')"
        "  AND (maker = by_maker AND key_state IN ('pinned', 'spare', 'idle')"
        "   OR EXISTS (SELECT FROM held_takeover AS held WHERE held.history = judged.history"
        "    AND held.of_maker = judged.by_maker AND held.is_proven))"
    ):
        which = f"by pack {pack or 'unknown'}"
        detail = f"goes on for {original} {which}, and is not counted: {_REFUSALS[verdict]}"
        yield Alarm("takeover_refused", precinct, station, number, detail)


def _spares_alone(tables: "Tables") -> Iterator[Alarm]:
    for precinct, station, size in tables.execute(
        "SELECT precinct, station, max(size) FROM history"
        " JOIN known_maker ON known_maker.id = maker WHERE key_state = 'idle'"
        " AND NOT EXISTS (SELECT FROM takeover WHERE by_maker = maker AND history = history.id)"
        " GROUP BY 1, 2"
    ):
        detail = f"{size} entries; they are counted nowhere"
        yield Alarm("spare_alone", precinct, station, 0, detail)


def _carried(tables: "Tables") -> Iterator[Alarm]:
    for precinct, station, number, times in tables.execute(
        "SELECT precinct, station, min(own.number), count(*) FROM entry AS carried"
        " JOIN history ON history.maker = carried.maker"
        " JOIN entry AS own ON own.history = history.id AND own.number = carried.made_number"
        " JOIN trusted_maker AS maker ON maker.id = carried.maker"
        " WHERE (carried.history, carried.maker) IN (SELECT history, of_maker FROM held_takeover)"
        " AND carried.history IN (SELECT history FROM counted)"
        " AND carried.carried_hash IS NOT NULL AND carried.carried_hash <>"
        " sha256('\\x00'::bytea || convert_to(own.leaf::text, 'UTF8')) GROUP BY 1, 2"
    ):
        detail = f"entries of its own journal that are not what its successor carries: {times}"
        yield Alarm("carried_differs", precinct, station, number, detail)


def _went_on(tables: "Tables") -> Iterator[Alarm]:
    """For each successor: entries of the original that it does not know, wherever they are."""
    for precinct, station, by, seen, known in tables.execute(
        "SELECT DISTINCT of.precinct, of.station, by.station, held.size, known.size"
        " FROM held_takeover AS held JOIN known_maker AS by ON by.id = by_maker"
        " LEFT JOIN pack ON pack.sha256 = pack_sha256"
        " JOIN trusted_maker AS of ON of.id = of_maker OR of_maker IS NULL"
        "  AND of.origin = of_origin AND of.public_key = coalesce(pack.public_key, of.public_key)"
        " JOIN (SELECT maker, max(size) AS size FROM ("
        "   SELECT maker, size FROM history"
        "   UNION ALL SELECT of_maker, size FROM held_takeover WHERE is_proven) AS seen"
        "  GROUP BY maker) AS known ON known.maker = of.id"
        " WHERE known.size > held.size AND by.id <> of.id"
    ):
        detail = f"{known} entries are known, and {by}, which goes on for it, knows {seen} of them"
        yield Alarm("went_on", precinct, station, seen + 1, detail)


def _clock(at: datetime | None) -> str:
    return "an unknown time" if at is None else f"{at:%H:%M:%S} UTC"


def head(size: int, root: str) -> str:
    """The short form of a head as slips have it, for example `1204 9f3a 71c4`."""
    return f"{size} {root[:4]} {root[4:8]}"
