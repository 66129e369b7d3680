"""Writing a voter list file."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.domain.gallery import EnrolledFinger, GalleryChunk
from station_app.domain.voters import Voter
from station_app.snapshots.header import ListHeader
from station_app.snapshots.tables import LIST, is_well_formed
from station_app.vault import Database, Secret, draft_path, write_fault


def write_list(
    path: Path,
    key: Secret,
    header: ListHeader,
    *,
    voters: Iterable[Voter],
    fingers: Iterable[tuple[int, EnrolledFinger]],
    chunks: Iterable[GalleryChunk],
) -> None:
    """Write the list file at `path`, replacing an older one; whole or not at all.

    `voters` are in list order: the first is row 0. `fingers` are (row, finger) pairs,
    `chunks` hold the same fingers packed. The same input gives the same rows (the file's
    bytes differ: SQLCipher salts every file). Raises `KnownError` `register_duplicate`
    for a voter id, list number or PIN that stands twice, and `disk_full`,
    `no_write_permission`, `disk_fault`; `ValueError` for chunks of another engine or
    shape, or fingers that are not those of the chunks.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft_path(path) as draft:
            _write_draft(draft, key, header, voters=voters, fingers=fingers, chunks=chunks)
    except OSError as error:
        raise write_fault(error, path) from error


def _write_draft(
    draft: Path,
    key: Secret,
    header: ListHeader,
    *,
    voters: Iterable[Voter],
    fingers: Iterable[tuple[int, EnrolledFinger]],
    chunks: Iterable[GalleryChunk],
) -> None:
    database = Database.build(draft, LIST, key)
    try:
        with database.transaction():
            database.execute_many(
                "INSERT INTO voter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _voter_rows(voters),
            )
            database.execute_many(
                "INSERT INTO finger VALUES (?, ?, ?, ?, ?)", _finger_rows(fingers)
            )
            database.execute_many(
                "INSERT INTO gallery_chunk VALUES (?, ?, ?, ?, ?)", _chunk_rows(chunks, header)
            )
            counts = _count(database, "voter"), _count(database, "finger")
            if database.row("SELECT coalesce(sum(length(positions)), 0) FROM gallery_chunk") != (
                counts[1],
            ):
                raise ValueError("the chunks do not hold the fingers given")
            texts = header.to_texts() | {"voters": str(counts[0]), "fingers": str(counts[1])}
            database.execute_many("INSERT INTO meta VALUES (?, ?)", sorted(texts.items()))
    finally:
        database.close()


def _voter_rows(voters: Iterable[Voter]) -> Iterator[tuple[int | str | bytes, ...]]:
    ids: dict[str, int] = {}
    numbers: dict[int, int] = {}
    pins: dict[str, int] = {}
    for row, voter in enumerate(voters):
        first = ids.setdefault(voter.voter_id, row)
        if first != row:
            raise _duplicate("voter id", first, row)
        first = numbers.setdefault(voter.list_number, row)
        if first != row:
            raise _duplicate("list number", first, row)
        first = pins.setdefault(voter.pin, row)
        if first != row:
            raise _duplicate("PIN", first, row)
        yield (
            row,
            voter.voter_id,
            voter.list_number,
            voter.pin,
            voter.surname,
            voter.given_names,
            voter.sex,
            voter.born.isoformat(),
            voter.address,
            voter.page,
            voter.line,
            voter.portrait,
        )


def _duplicate(what: str, first: int, second: int) -> KnownError:
    # The places are named, the PIN is not: the message may end in a log.
    return KnownError(
        "register_duplicate",
        f"Voters {first + 1} and {second + 1} of the register have the same {what}. "
        "Correct the register, then build the list again.",
    )


def _finger_rows(
    fingers: Iterable[tuple[int, EnrolledFinger]],
) -> Iterator[tuple[int | bytes, ...]]:
    for row, finger in fingers:
        yield (row, int(finger.position), finger.cylinders, finger.quality, finger.minutiae)


def _chunk_rows(
    chunks: Iterable[GalleryChunk], header: ListHeader
) -> Iterator[tuple[int | bytes, ...]]:
    for number, chunk in enumerate(chunks):
        if chunk.engine != header.engine:
            raise ValueError(f"a chunk of {chunk.engine} in a list of {header.engine}")
        if not is_well_formed(chunk):
            raise ValueError("the arrays of a chunk do not fit each other")
        yield (number, chunk.rows, chunk.positions, chunk.counts, chunk.encodings)


def _count(database: Database, table: str) -> int:
    row = database.row(f"SELECT count(*) FROM {table}")  # noqa: S608  (a name from this file)
    assert row is not None
    return int(row[0])
