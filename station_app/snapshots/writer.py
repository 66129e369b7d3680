"""Writing a voter list file."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate, GalleryChunk
from station_app.domain.voters import Voter
from station_app.snapshots.header import ListHeader
from station_app.snapshots.voter_list import LIST
from station_app.vault import (
    OTHERS_MAY_LOOK,
    Database,
    Secret,
    draft_path,
    make_folder,
    write_fault,
)

_STORED: Final = "SELECT engine, count(*) FROM template GROUP BY engine ORDER BY engine"
_PACKED: Final = (
    "SELECT engine, sum(length(rows)) / 4 FROM gallery_chunk GROUP BY engine ORDER BY engine"
)
_FINGERS: Final = (
    "SELECT count(*) FROM (SELECT DISTINCT row, position FROM template WHERE position <= 10)"
)
_FACES: Final = f"SELECT count(DISTINCT row) FROM template WHERE position = {FACE_POSITION:d}"  # noqa: S608


def write_list(
    path: Path,
    key: Secret,
    header: ListHeader,
    *,
    voters: Iterable[Voter],
    templates: Iterable[tuple[int, EnrolledTemplate]],
    chunks: Iterable[GalleryChunk],
) -> None:
    """Write the list file at `path`, replacing an older one; whole or not at all.

    `voters` are in list order: the first is row 0. `templates` are (row, template)
    pairs, `chunks` hold the same ones packed, engine by engine. The same input gives the
    same rows (the file's bytes differ: SQLCipher salts every file). Raises `KnownError`
    `register_duplicate` for a voter id, list number or PIN that stands twice, and `disk_full`,
    `no_write_permission`, `disk_fault`; `ValueError` for a header without an election
    day, voters due ballots it lacks, engines it does not name, or chunks that do not hold
    the templates.
    """
    if header.election_day is None:
        raise ValueError("a list is written for an election day")
    try:
        make_folder(path.parent, OTHERS_MAY_LOOK)
        with (
            draft_path(path) as draft,
            closing(Database.build(draft, LIST, key)) as database,
            database.transaction(),
        ):
            database.execute_many(
                "INSERT INTO voter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _voter_rows(voters, header),
            )
            database.execute_many(
                "INSERT INTO template VALUES (?, ?, ?, ?, ?)", _template_rows(templates, header)
            )
            database.execute_many(
                "INSERT INTO gallery_chunk VALUES (?, ?, ?, ?)", _chunk_rows(chunks, header)
            )
            if list(database.rows(_PACKED)) != list(database.rows(_STORED)):
                raise ValueError("the chunks do not hold the templates given")
            texts = header.to_texts() | {
                "voters": _count(database, "SELECT count(*) FROM voter"),
                "fingers": _count(database, _FINGERS),
                "faces": _count(database, _FACES),
            }
            database.execute_many("INSERT INTO meta VALUES (?, ?)", sorted(texts.items()))
    except OSError as error:
        raise write_fault(error, path) from error


def _voter_rows(
    voters: Iterable[Voter], header: ListHeader
) -> Iterator[tuple[int | str | bytes, ...]]:
    ballots = {ballot.id for ballot in header.ballots}
    known: dict[tuple[str, int | str], int] = {}
    for row, voter in enumerate(voters):
        own: dict[str, int | str] = {
            "voter id": voter.voter_id,
            "list number": voter.list_number,
            "PIN": voter.pin,
        }
        for what, value in own.items():
            if (first := known.setdefault((what, value), row)) != row:
                raise _duplicate(what, first, row)
        if not ballots.issuperset(voter.ballots):
            raise ValueError(f"the voter in row {row} is due a ballot that the header lacks")
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
            " ".join(voter.ballots),
            int(voter.finger_exempt),
            voter.portrait,
        )


def _duplicate(what: str, first: int, second: int) -> KnownError:
    # The places are named, the PIN is not: the message may end in a log.
    return KnownError(
        Code.REGISTER_DUPLICATE,
        f"Voters {first + 1} and {second + 1} of the register have the same {what}. "
        "Correct the register, then build the list again.",
    )


def _template_rows(
    templates: Iterable[tuple[int, EnrolledTemplate]], header: ListHeader
) -> Iterator[tuple[int | str | bytes, ...]]:
    for row, one in templates:
        _check_engine(one.engine, header)
        yield (row, one.engine, int(one.position), one.quality, one.content)


def _chunk_rows(
    chunks: Iterable[GalleryChunk], header: ListHeader
) -> Iterator[tuple[int | str | bytes, ...]]:
    for number, chunk in enumerate(chunks):
        _check_engine(chunk.engine, header)
        if len(chunk.rows) % 4:
            raise ValueError("the rows of a chunk are not whole numbers")
        yield (number, chunk.engine, chunk.rows, chunk.content)


def _check_engine(engine: str, header: ListHeader) -> None:
    if engine not in header.engines:
        raise ValueError(f"a template of {engine} in a list of {', '.join(header.engines)}")


def _count(database: Database, query: str) -> str:
    row = database.row(query)
    assert row is not None
    return str(row[0])
