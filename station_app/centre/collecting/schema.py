"""The tables of collected journals, in the schema `station_app`, and what of them counts.

A *maker* is a signing key under an origin: what one machine has written as one station. A
*history* is one journal of a maker as far as it has arrived; a second history of one maker
is a fork, and both are kept whole. An *entry* row is a leaf as its station signed it (`json`
keeps the very text, so that the tree can be computed again), with what reports ask for
beside it. An entry that a takeover carries is a row of the successor's history, but its
`maker` and `made_number` are those of the station it happened at, and `carried_hash` is the
hash of its leaf there; whoever counts does so by maker and number.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.loading import derive_again
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

if TYPE_CHECKING:
    from psycopg import Connection

_VERSION: Final = 2
_TABLES: Final = """
CREATE SCHEMA station_app;
SET LOCAL search_path = station_app;

CREATE TABLE collection (
    version integer NOT NULL,
    kind text NOT NULL,             -- live, training or demo; one a database
    utc_offset interval NOT NULL    -- of the polling stations; a day is theirs
);

CREATE TABLE pin (                  -- public identities that were given with --keys, --spares
    name text NOT NULL,
    public_key bytea NOT NULL,
    is_expected boolean NOT NULL,   -- false for spares: no journal is awaited
    fingerprint bytea,              -- of the identity; NULL where version 1 has pinned it
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
    voter text,                     -- identified, or a ballot was taken to this voter
    carried_hash bytea,
    leaf json NOT NULL,
    election text,                  -- of an identification; empty where its entries do not say
    PRIMARY KEY (history, number)
);
CREATE INDEX entry_identified ON entry (voter, day) WHERE voter IS NOT NULL;
CREATE INDEX entry_explained ON entry (day) WHERE kind = 'difference_explained';
CREATE INDEX entry_carried ON entry (maker) WHERE carried_hash IS NOT NULL;

-- What follows is worked out of a history's leaves and replaced whenever it grows.
CREATE TABLE void (                 -- identifications made void
    history integer NOT NULL REFERENCES history,
    number integer NOT NULL,
    maker integer NOT NULL,         -- and made_number: of the identification
    made_number integer NOT NULL,
    voter text NOT NULL,
    day date,
    method text,                    -- of the identification, as its day
    by_maker integer NOT NULL,      -- and by_number: of the entry that makes it void
    by_number integer NOT NULL
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
    carried integer NOT NULL,
    made_number integer NOT NULL,   -- in the journal of by_maker
    pack_sha256 bytea,
    is_proven boolean NOT NULL      -- of_maker has signed exactly what is carried
);
CREATE INDEX takeover_history ON takeover (history);

CREATE TABLE finding (              -- a fault that one history alone shows
    history integer NOT NULL REFERENCES history,
    code text NOT NULL,
    number integer NOT NULL,        -- the first entry of this kind
    day date,
    times integer NOT NULL,
    most bigint NOT NULL            -- the largest measure: milliseconds, seconds, entries
);
CREATE INDEX finding_history ON finding (history);
"""

_ADDED: Final = """
CREATE INDEX pin_key ON pin (public_key);
CREATE INDEX entry_list_counted ON entry (day) WHERE kind = 'list_counted';

-- The election whose journals are collected; empty until somebody has named it.
ALTER TABLE collection ADD election text NOT NULL DEFAULT '';

CREATE TABLE pack (                 -- takeover packs that the commission has issued
    sha256 bytea PRIMARY KEY,
    spare_fingerprint bytea NOT NULL,
    origin text NOT NULL,           -- of the original, with its key and precinct
    public_key bytea NOT NULL,
    precinct text NOT NULL,
    made timestamptz NOT NULL
);

CREATE TABLE explanation (          -- what people have found out about an alarm; the last counts
    alarm text NOT NULL,            -- Alarm.id
    reason text NOT NULL,
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT now()
);
"""

_VIEWS: Final = """
-- What the commission has said about each takeover. With keys pinned it holds only under the
-- key of a spare, with a pack that was issued to this spare for this original.
CREATE VIEW judged_takeover AS
SELECT takeover.*, pack.precinct, CASE
    WHEN NOT EXISTS (SELECT FROM pin) THEN 'unchecked'
    WHEN NOT EXISTS (SELECT FROM pin WHERE name = by_one.station
        AND pin.public_key = by_one.public_key AND NOT is_expected) THEN 'not_a_spare'
    WHEN pack.sha256 IS NULL THEN 'no_pack'
    WHEN NOT EXISTS (SELECT FROM pin WHERE name = by_one.station
        AND pin.public_key = by_one.public_key AND fingerprint = spare_fingerprint)
        THEN 'other_spare'
    WHEN of_origin <> pack.origin OR of_one.public_key <> pack.public_key THEN 'other_original'
    WHEN NOT EXISTS (SELECT FROM pin, collection WHERE pin.public_key = pack.public_key
        AND pack.origin = 'station-app/' || kind || '/' || name
        AND (NOT is_expected OR pack.precinct = regexp_replace(name, '-[^-]*$', '')))
        THEN 'original_unknown'
    WHEN EXISTS (SELECT FROM takeover AS earlier WHERE earlier.history = takeover.history
        AND earlier.by_maker = takeover.by_maker AND earlier.number < takeover.number)
        THEN 'second'
    ELSE 'issued'
END AS verdict
FROM takeover JOIN maker AS by_one ON by_one.id = by_maker
LEFT JOIN maker AS of_one ON of_one.id = of_maker
LEFT JOIN pack ON pack.sha256 = pack_sha256;

-- The takeovers that hold: those that a history says of its own maker, and those in what is
-- carried and proven by them.
CREATE VIEW held_takeover AS
WITH RECURSIVE held AS (
    SELECT judged_takeover.* FROM judged_takeover
    JOIN history ON history.id = history AND maker = by_maker
    WHERE verdict IN ('issued', 'unchecked')
UNION
    SELECT inside.* FROM held JOIN judged_takeover AS inside
    ON inside.history = held.history AND inside.by_maker = held.of_maker
    WHERE held.is_proven AND inside.verdict IN ('issued', 'unchecked')
)
SELECT * FROM held;

-- A key speaks for one station: the origin that its pinned name gives, and no other. A spare's
-- counts once it has taken over, for the precinct of its pack.
CREATE VIEW known_maker AS
SELECT maker.id, origin, maker.public_key, station,
    coalesce(moved.precinct, maker.precinct) AS precinct, CASE
    WHEN NOT EXISTS (SELECT FROM pin) THEN 'unchecked'
    WHEN pin.name IS NOT NULL
        AND origin = 'station-app/' || (SELECT kind FROM collection) || '/' || station THEN
        CASE WHEN is_expected THEN 'pinned' WHEN moved.by_maker IS NOT NULL THEN 'spare'
        ELSE 'idle' END
    WHEN EXISTS (SELECT FROM pin WHERE pin.public_key = maker.public_key) THEN 'other'
    ELSE 'unknown'
END AS key_state
FROM maker LEFT JOIN pin ON pin.name = station AND pin.public_key = maker.public_key
LEFT JOIN (
    SELECT DISTINCT ON (by_maker) by_maker, precinct FROM held_takeover
    ORDER BY by_maker, precinct
) AS moved ON moved.by_maker = maker.id;

CREATE VIEW trusted_maker AS
SELECT * FROM known_maker WHERE key_state IN ('pinned', 'spare', 'unchecked');

-- Which rows count: of each trusted maker its longest history, and what a successor carries
-- beyond it, if the maker has signed that.
CREATE VIEW counted AS
WITH trusted AS (
    SELECT id FROM trusted_maker
), good AS (
    SELECT id, maker, size FROM history WHERE maker IN (SELECT id FROM trusted)
), own AS (
    SELECT DISTINCT ON (maker) maker, id, size FROM good ORDER BY maker, size DESC, id
), carriers AS (
    SELECT DISTINCT ON (of_maker) of_maker, history FROM held_takeover
    WHERE carried > 0 AND is_proven AND history IN (SELECT id FROM own)
        AND of_maker IN (SELECT id FROM trusted)
    ORDER BY of_maker, carried DESC, history
)
SELECT id AS history, maker, 0 AS beyond FROM own
UNION ALL
SELECT history, of_maker, coalesce(own.size, 0)
FROM carriers LEFT JOIN own ON own.maker = of_maker;
"""

# Version 1 kept no packs, and no word of an election day was in any entry. What it has worked
# out of takeovers is worked out again of the leaves, which are as their stations signed them.
_FROM_1: Final = """
SET LOCAL search_path = station_app;
DROP VIEW counted;
DROP VIEW known_maker;
ALTER TABLE pin ADD fingerprint bytea;
ALTER TABLE entry ADD election text;
ALTER TABLE void ADD by_maker integer, ADD by_number integer;
UPDATE void SET by_maker = own.maker, by_number = number
    FROM history AS own WHERE own.id = history;
ALTER TABLE void ALTER by_maker SET NOT NULL, ALTER by_number SET NOT NULL;
ALTER TABLE takeover ADD made_number integer NOT NULL DEFAULT 0, ADD pack_sha256 bytea,
    ADD is_proven boolean NOT NULL DEFAULT false;
"""


def prepare(
    connection: "Connection[tuple[Any, ...]]",
    kind: str,
    utc_offset_minutes: int,
    election: str = "",
) -> None:
    """Make the tables where there are none yet, for journals of `kind`, and look them over.

    Tables of version 1 are brought up to date. Tables without a journal become those of `kind`;
    tables for any election become those of `election` where it is named. Raises `KnownError`:
    `collection_kind`, `collection_offset`, `collection_election` where they hold others,
    `collection_version`.
    """
    with connection.transaction():
        # Two that start at once would both find no tables.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('station_app'))")
        version = _version(connection)
        if version is None:
            connection.execute(_TABLES + _ADDED + _VIEWS)
            connection.execute(
                "INSERT INTO collection VALUES (%s, %s, make_interval(mins => %s))",
                (_VERSION, kind, utc_offset_minutes),
            )
        elif version == 1:
            _migrate(connection)
    found = look_up(connection)
    if found != (kind, utc_offset_minutes) and _is_empty(connection):
        connection.execute(
            "UPDATE collection SET kind = %s, utc_offset = make_interval(mins => %s)",
            (kind, utc_offset_minutes),
        )
        found = look_up(connection)
    if found != (kind, utc_offset_minutes):
        made_for, offset = found
        what = f"of kind {made_for}" if made_for != kind else f"at {offset / 60:+g} h from UTC"
        raise KnownError(
            Code.COLLECTION_KIND if made_for != kind else Code.COLLECTION_OFFSET,
            f"This database collects journals {what}. Say so, or name another database.",
        )
    if election:
        _name_election(connection, election)


def election_of(connection: "Connection[tuple[Any, ...]]") -> str:
    """Whose journals are collected; empty for any election's."""
    row = connection.execute("SELECT election FROM collection").fetchone()
    assert row is not None
    election: str = row[0]
    return election


def _name_election(connection: "Connection[tuple[Any, ...]]", election: str) -> None:
    found = election_of(connection)
    if found and found != election and not _is_empty(connection):
        raise KnownError(
            Code.COLLECTION_ELECTION,
            f"This database collects journals of the election {found}. Leave --election out, or "
            "name another database.",
        )
    if found != election:
        connection.execute("UPDATE collection SET election = %s", (election,))


def look_up(connection: "Connection[tuple[Any, ...]]") -> tuple[str, int]:
    """Which kind of journals is collected here, and the offset from UTC in minutes.

    From here on the tables are found without their schema's name. Raises `KnownError`:
    `collection_missing`, `collection_version`.
    """
    version = _version(connection)
    if version is None:
        raise KnownError(
            Code.COLLECTION_MISSING,
            "No journal was collected into this database yet. Type `station-app centre collect` "
            "first, or name the right database.",
        )
    if version < _VERSION:
        raise KnownError(
            Code.COLLECTION_VERSION,
            "An older version of this program has made the tables in this database. Type "
            "`station-app centre collect` once, which brings them up to date.",
        )
    if version > _VERSION:
        raise KnownError(
            Code.COLLECTION_VERSION,
            "A newer version of this program has made the tables in this database. Use that "
            "version, or collect into a new database.",
        )
    connection.execute("SET search_path = station_app")
    row = connection.execute(
        "SELECT kind, extract(epoch FROM utc_offset)::integer / 60 FROM collection"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _version(connection: "Connection[tuple[Any, ...]]") -> int | None:
    """Which version has made the tables; None where there are none."""
    found = connection.execute("SELECT to_regclass('station_app.collection') IS NOT NULL")
    if found.fetchone() != (True,):
        return None
    row = connection.execute("SELECT version FROM station_app.collection").fetchone()
    return row[0] if row else 0


def _is_empty(connection: "Connection[tuple[Any, ...]]") -> bool:
    found = connection.execute("SELECT NOT EXISTS (SELECT FROM history)")
    return found.fetchone() == (True,)


def _migrate(connection: "Connection[tuple[Any, ...]]") -> None:
    connection.execute(_FROM_1 + _ADDED + _VIEWS)
    connection.execute("UPDATE collection SET version = %s", (_VERSION,))
    _, minutes = look_up(connection)
    for (history,) in connection.execute("SELECT DISTINCT history FROM takeover").fetchall():
        derive_again(connection, history, timedelta(minutes=minutes))
