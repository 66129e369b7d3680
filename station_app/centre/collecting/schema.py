"""The tables of collected journals, in the schema `station_app`.

A *maker* is a signing key under an origin: what one machine has written as one station. A
*history* is one journal of a maker as far as it has arrived; a second history of one maker
is a fork, and both are kept whole. An *entry* row is a leaf as its station signed it (`json`
keeps the very text, so that the tree can be computed again), with what reports ask for
beside it. An entry that a takeover carries is a row of the successor's history, but its
`maker` and `made_number` are those of the station it happened at, and `carried_hash` is the
hash of its leaf there; whoever counts does so by maker and number.
"""

from typing import TYPE_CHECKING, Any, Final

from station_app.domain.errors import KnownError

if TYPE_CHECKING:
    from psycopg import Connection

_VERSION: Final = 1
_TABLES: Final = """
CREATE SCHEMA station_app;
SET LOCAL search_path = station_app;

CREATE TABLE collection (
    version integer NOT NULL,
    kind text NOT NULL,             -- live, training or demo; one a database
    utc_offset interval NOT NULL    -- of the polling stations; a day is theirs
);

CREATE TABLE pin (                  -- public identities that were given with --keys
    name text NOT NULL,
    public_key bytea NOT NULL,
    is_expected boolean NOT NULL,   -- false for spares: no journal is awaited
    PRIMARY KEY (name, public_key)
);

CREATE TABLE maker (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin text NOT NULL,
    public_key bytea NOT NULL,
    precinct text NOT NULL,
    station text NOT NULL,          -- <precinct>-<kit>
    UNIQUE (origin, public_key)
);

CREATE TABLE history (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    maker integer NOT NULL REFERENCES maker,
    size integer NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,             -- the newest signed checkpoint
    collected timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX history_maker ON history (maker);

CREATE TABLE source (               -- what has been read; the same is not read again
    digest bytea PRIMARY KEY,
    name text NOT NULL,
    history integer NOT NULL REFERENCES history,
    size integer NOT NULL,
    collected timestamptz NOT NULL DEFAULT now()
);

-- No foreign keys here: rows are written with their history in one transaction, and a check
-- of each of millions would take longer than to write it.
CREATE TABLE entry (
    history integer NOT NULL,
    number integer NOT NULL,        -- in this history, from 1
    maker integer NOT NULL,
    made_number integer NOT NULL,
    at timestamptz,
    day date,                       -- the polling day it belongs to
    kind text NOT NULL,
    outcome text,
    method text,
    voter text,                     -- set where outcome is identified
    carried_hash bytea,
    leaf json NOT NULL,
    PRIMARY KEY (history, number)
);
CREATE INDEX entry_identified ON entry (voter, day) WHERE voter IS NOT NULL;
CREATE INDEX entry_explained ON entry (day) WHERE kind = 'difference_explained';
CREATE INDEX entry_carried ON entry (maker) WHERE carried_hash IS NOT NULL;

-- What follows is worked out of a history's leaves and replaced whenever it grows.
CREATE TABLE void (                 -- identifications made void
    history integer NOT NULL REFERENCES history,
    number integer NOT NULL,
    maker integer NOT NULL,
    made_number integer NOT NULL,
    voter text NOT NULL,
    day date,
    method text                     -- of the identification, as its day
);
CREATE INDEX void_history ON void (history);
CREATE INDEX void_made ON void (maker, made_number);

CREATE TABLE opening (              -- openings of the day
    history integer NOT NULL REFERENCES history,
    number integer NOT NULL,
    maker integer NOT NULL,
    made_number integer NOT NULL,
    day date NOT NULL,
    listed integer
);
CREATE INDEX opening_history ON opening (history);

CREATE TABLE takeover (             -- by_maker goes on for of_maker, as this history says
    history integer NOT NULL REFERENCES history,
    number integer NOT NULL,
    by_maker integer NOT NULL REFERENCES maker,
    of_maker integer REFERENCES maker,  -- NULL where nothing was seen of it
    of_origin text NOT NULL,
    size integer NOT NULL,
    carried integer NOT NULL
);
CREATE INDEX takeover_history ON takeover (history);

CREATE TABLE finding (              -- what is strange in a history by itself
    history integer NOT NULL REFERENCES history,
    code text NOT NULL,
    number integer NOT NULL,        -- the first entry of this kind
    day date,
    times integer NOT NULL,
    most bigint NOT NULL            -- the largest measure: milliseconds, seconds, entries
);
CREATE INDEX finding_history ON finding (history);

CREATE VIEW known_maker AS
SELECT maker.*, CASE
    WHEN NOT EXISTS (SELECT FROM pin) THEN 'unchecked'
    WHEN EXISTS (SELECT FROM pin WHERE name = station AND pin.public_key = maker.public_key)
        THEN 'pinned'
    WHEN NOT EXISTS (SELECT FROM pin WHERE pin.public_key = maker.public_key) THEN 'unknown'
    WHEN EXISTS (SELECT FROM takeover WHERE by_maker = maker.id) THEN 'takeover'
    ELSE 'other'
END AS key_state FROM maker;

-- Which rows count: of each maker its longest history, and what a successor carries beyond
-- it. Histories under keys that are not pinned count nowhere.
CREATE VIEW counted AS
WITH trusted AS (
    SELECT id FROM known_maker WHERE key_state IN ('pinned', 'takeover', 'unchecked')
), good AS (
    SELECT id, maker, size FROM history WHERE maker IN (SELECT id FROM trusted)
), own AS (
    SELECT DISTINCT ON (maker) maker, id, size FROM good ORDER BY maker, size DESC, id
), carriers AS (
    SELECT DISTINCT ON (of_maker) of_maker, history FROM takeover
    WHERE carried > 0 AND history IN (SELECT id FROM own) AND of_maker IN (SELECT id FROM trusted)
    ORDER BY of_maker, carried DESC, history
)
SELECT id AS history, maker, 0 AS beyond FROM own
UNION ALL
SELECT history, of_maker, coalesce(own.size, 0)
FROM carriers LEFT JOIN own ON own.maker = of_maker;
"""


def prepare(connection: "Connection[tuple[Any, ...]]", kind: str, utc_offset_minutes: int) -> None:
    """Make the tables where there are none yet, for journals of `kind`, and look them over.

    Raises `KnownError`: `collection_kind`, `collection_offset` where they were made for
    others, `collection_version`.
    """
    with connection.transaction():
        # Two that start at once would both find no tables.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('station_app'))")
        if not _exists(connection):
            connection.execute(_TABLES)
            connection.execute(
                "INSERT INTO station_app.collection VALUES (%s, %s, make_interval(mins => %s))",
                (_VERSION, kind, utc_offset_minutes),
            )
    found = look_up(connection)
    if found != (kind, utc_offset_minutes):
        made_for, offset = found
        what = f"of kind {made_for}" if made_for != kind else f"at {offset / 60:+g} h from UTC"
        raise KnownError(
            "collection_kind" if made_for != kind else "collection_offset",
            f"This database collects journals {what}. Say so, or name another database.",
        )


def look_up(connection: "Connection[tuple[Any, ...]]") -> tuple[str, int]:
    """Which kind of journals is collected here, and the offset from UTC in minutes.

    From here on the tables are found without their schema's name. Raises `KnownError`:
    `collection_missing`, `collection_version`.
    """
    if not _exists(connection):
        raise KnownError(
            "collection_missing",
            "No journal was collected into this database yet. Type `station-app centre collect` "
            "first, or name the right database.",
        )
    connection.execute("SET search_path = station_app")
    row = connection.execute(
        "SELECT version, kind, extract(epoch FROM utc_offset)::integer / 60 FROM collection"
    ).fetchone()
    if row is None or row[0] != _VERSION:
        raise KnownError(
            "collection_version",
            "Another version of this program has made the tables in this database. "
            "Use that version, or collect into a new database.",
        )
    return row[1], row[2]


def _exists(connection: "Connection[tuple[Any, ...]]") -> bool:
    found = connection.execute("SELECT to_regclass('station_app.collection') IS NOT NULL")
    return found.fetchone() == (True,)
