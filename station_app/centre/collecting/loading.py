"""One log into the tables, in one transaction: all of it, what is new of it, or nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.log_rows import LogRows
from station_app.centre.collecting.row_values import Finding, Maker, Opening, Row, Void
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.tlog_tiles import SignedLog
from station_app.journal.tree import leaf_hash, tree_root
from station_app.vault.identity import check_name

if TYPE_CHECKING:
    from psycopg import Connection

    Tables = Connection[tuple[Any, ...]]

_ORIGIN: Final = re.compile(
    r"station-app/(?P<kind>live|training|demo)/(?P<station>(?P<precinct>[^/]+)-[^/-]+)"
)
_DERIVED: Final = {
    "void": Void._fields,
    "opening": Opening._fields,
    "takeover": (
        "number", "by_maker", "made_number", "of_maker", "of_origin", "size", "carried",
        "pack_sha256", "is_proven",
    ),
    "finding": Finding._fields,
}  # fmt: skip
"""The tables of what is worked out of the leaves, and the columns that each value has."""


class Arrival(StrEnum):
    """What a log was to the tables."""

    NEW = "new"
    LONGER = "longer"
    SAME = "same"
    OLDER = "older"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a log: the rows `added`, of the `size` it has, to history `history`."""

    station: str
    arrival: Arrival
    history: int
    size: int
    added: int


@dataclass(frozen=True, slots=True)
class Meant:
    """Which journals a collection is for. `utc_offset` is the polling stations' time less UTC;
    `election` is empty for any.
    """

    kind: str
    utc_offset: timedelta
    election: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    history: int
    size: int
    root: bytes


def load(tables: "Tables", log: SignedLog, digest: bytes, name: str, meant: Meant) -> Loaded:
    """Put a verified log in.

    `digest` (32 bytes) and `name` say where it comes from. A log that goes on where a history
    of its station ends makes that longer; one that agrees with no history of it is another,
    a fork. Raises `KnownError`: `log_of_no_station`, `log_other_kind`, `log_other_election`; and
    what `refusing_hostile` makes a refusal.
    """
    station = _station(log, meant.kind)
    read = LogRows(log, meant.utc_offset)
    if meant.election and read.opened_for not in ("", meant.election):
        raise KnownError(
            Code.LOG_OTHER_ELECTION,
            f"The log of {station} is of the election {read.opened_for}, and this collection is "
            f"of {meant.election}. Collect it into a database of its own.",
        )
    with tables.transaction():
        makers = _makers(tables, read)
        maker = makers[read.maker]
        arrival, known = _place(tables, log, maker)
        new = read.rows[known.size :] if arrival not in (Arrival.SAME, Arrival.OLDER) else []
        if new:
            _append(tables, known.history, new, makers)
            tables.execute(
                "UPDATE history SET size = %s, root = %s, note = %s, collected = now()"
                " WHERE id = %s",
                (log.size, log.root, log.note, known.history),
            )
            _derive(tables, known.history, read, makers, is_first=not known.size)
        tables.execute(
            "INSERT INTO source (digest, name, history, size) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (digest, name, known.history, log.size),
        )
    return Loaded(station, arrival, known.history, log.size, len(new))


def station_of(origin: str) -> tuple[str, str, str]:
    """Kind, precinct and station of an origin.

    Raises `ValueError` where it names none, or one that no public identity could have.
    """
    said = _ORIGIN.fullmatch(origin)
    if said is None:
        raise ValueError("the origin is of no station")
    check_name(said["station"], spaces=False)
    return said["kind"], said["precinct"], said["station"]


def _station(log: SignedLog, kind: str) -> str:
    try:
        found, _, station = station_of(log.origin)
    except ValueError:
        raise KnownError(
            Code.LOG_OF_NO_STATION,
            "The log's signed origin is the name of no station. Take it out of the folder.",
        ) from None
    if found != kind:
        raise KnownError(
            Code.LOG_OTHER_KIND,
            f"The log of {station} is of kind {found}, and this collection is {kind}. Collect "
            f"it into a database of its own with --kind {found}.",
        )
    return station


def _makers(tables: "Tables", read: LogRows) -> dict[Maker, int]:
    """The ids of all makers in a log, which no other load has until this one is done.

    Sorted, so that two loads at once wait for each other and not each for the other.
    """
    makers = {read.maker} | {row.maker for row in read.rows}
    makers |= {one for taken in read.takeovers for one in (taken.by_maker, taken.of_maker) if one}
    found: dict[Maker, int] = {}
    for maker in sorted(makers):
        try:
            _, precinct, station = station_of(maker.origin)
        except ValueError:
            precinct = station = ""
        # An update that changes nothing: it gives the id, and holds others up until we are done.
        row = tables.execute(
            "INSERT INTO maker (origin, public_key, precinct, station) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (origin, public_key) DO UPDATE SET origin = excluded.origin"
            " RETURNING id",
            (maker.origin, maker.public_key, precinct, station),
        ).fetchone()
        assert row is not None
        found[maker] = row[0]
    return found


def _place(tables: "Tables", log: SignedLog, maker: int) -> tuple[Arrival, _Known]:
    """Which history the log belongs to; a new one of size 0 where it agrees with none."""
    rows = tables.execute(
        "SELECT id, size, root FROM history WHERE maker = %s ORDER BY size DESC", (maker,)
    ).fetchall()
    hashes = [leaf_hash(leaf) for leaf in log.leaves] if rows else []
    for known in (_Known(*row) for row in rows):
        if known.size > log.size:
            if _root_at(tables, known.history, log.size) == log.root:
                return Arrival.OLDER, known
        elif tree_root(hashes[: known.size]) == known.root:
            return (Arrival.SAME if known.size == log.size else Arrival.LONGER), known
    row = tables.execute(
        "INSERT INTO history (maker, size, root, note) VALUES (%s, 0, '', '') RETURNING id",
        (maker,),
    ).fetchone()
    assert row is not None
    return (Arrival.FORK if rows else Arrival.NEW), _Known(row[0], 0, b"")


def _root_at(tables: "Tables", history: int, size: int) -> bytes:
    leaves = tables.execute(
        "SELECT leaf::text FROM entry WHERE history = %s AND number <= %s ORDER BY number",
        (history, size),
    )
    return tree_root([leaf_hash(leaf.encode()) for (leaf,) in leaves])


def _append(tables: "Tables", history: int, rows: Sequence[Row], makers: dict[Maker, int]) -> None:
    columns = ", ".join(("history", *Row._fields))
    with (
        tables.cursor() as cursor,
        cursor.copy(f"COPY entry ({columns}) FROM STDIN".encode()) as copy,
    ):
        for row in rows:
            number, maker, *rest = row
            copy.write_row((history, number, makers[maker], *rest))


def derive_again(tables: "Tables", history: int, offset: timedelta) -> None:
    """Write anew what is worked out of a history's leaves, as this version does."""
    row = tables.execute(
        "SELECT origin, public_key, size, root, note FROM history"
        " JOIN maker ON maker.id = maker WHERE history.id = %s",
        (history,),
    ).fetchone()
    assert row is not None
    origin, key, size, root, note = row
    leaves = tables.execute(
        "SELECT leaf::text FROM entry WHERE history = %s ORDER BY number", (history,)
    )
    kept = tuple(leaf.encode() for (leaf,) in leaves)
    read = LogRows(SignedLog(origin, size, root, key, True, note, kept), offset)
    _derive(tables, history, read, _makers(tables, read), is_first=False)


def _derive(
    tables: "Tables", history: int, read: LogRows, makers: dict[Maker, int], *, is_first: bool
) -> None:
    """Write what was worked out of all leaves of a history, in place of what was there."""

    def kept(value: object) -> object:
        return makers[value] if isinstance(value, Maker) else value

    found: tuple[Iterable[object], ...] = (read.voids, read.openings, read.takeovers, read.findings)
    for (table, columns), rows in zip(_DERIVED.items(), found, strict=True):
        if not is_first:
            tables.execute(f"DELETE FROM {table} WHERE history = %s".encode(), (history,))  # noqa: S608  # names of our own
        values = attrgetter(*columns)
        names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
        with tables.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} (history, {names}) VALUES (%s, {places})".encode(),  # noqa: S608  # names of our own
                [(history, *map(kept, values(row))) for row in rows],
            )
