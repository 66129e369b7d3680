"""Lists and snapshots of format 1, written as a9a29b6 wrote them."""

import dataclasses
from contextlib import closing
from pathlib import Path

from station_app.snapshots import Manifest, ManifestFields, write_container
from station_app.vault import Database, FileKind, Secret
from tests.snapshots.list_samples import HEADER, fingers, voter
from tests.snapshots.snapshot_samples import FROM, ISSUER, LIST_KEY, OWN, SIGNER, UNTIL

FIRST = FileKind(
    application_id=0x53414C31,
    version=1,
    code="list",
    noun="voter list",
    remedy="",
    schema=(
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE voter (row INTEGER PRIMARY KEY, voter_id TEXT NOT NULL UNIQUE,"
        " list_number INTEGER NOT NULL UNIQUE, pin TEXT NOT NULL UNIQUE, surname TEXT NOT NULL,"
        " given_names TEXT NOT NULL, sex TEXT NOT NULL, born TEXT NOT NULL,"
        " address TEXT NOT NULL,"
        " page INTEGER NOT NULL, line INTEGER NOT NULL, portrait BLOB NOT NULL) STRICT",
        "CREATE TABLE finger (row INTEGER NOT NULL, position INTEGER NOT NULL,"
        " cylinders INTEGER NOT NULL, quality INTEGER NOT NULL, minutiae BLOB NOT NULL,"
        " PRIMARY KEY (row, position)) STRICT, WITHOUT ROWID",
        "CREATE TABLE gallery_chunk (number INTEGER PRIMARY KEY, rows BLOB NOT NULL,"
        " positions BLOB NOT NULL, counts BLOB NOT NULL, encodings BLOB NOT NULL) STRICT",
    ),
)
OLD_HEADER = dataclasses.replace(HEADER, election_day=None, ballots=(), kits=())


def write_first_list(
    path: Path, key: Secret, voters: int = 5, *, sequence: int = OLD_HEADER.sequence
) -> Path:
    header = dataclasses.replace(OLD_HEADER, sequence=sequence)
    pairs = fingers(voters)
    counts = {"voters": str(voters), "fingers": str(len(pairs))}
    people = [voter(row) for row in range(voters)]
    with closing(Database.build(path, FIRST, key)) as database, database.transaction():
        database.execute_many(
            "INSERT INTO voter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row, one.voter_id, one.list_number, one.pin, one.surname, one.given_names,
                    one.sex, one.born.isoformat(), one.address, one.page, one.line, one.portrait,
                )
                for row, one in enumerate(people)
            ],
        )  # fmt: skip
        database.execute_many(
            "INSERT INTO finger VALUES (?, ?, ?, ?, ?)",
            [
                (row, int(one.position), len(one.encoding) // 64, one.quality, one.content)
                for row, one in pairs
            ],
        )
        database.execute(
            "INSERT INTO gallery_chunk VALUES (0, ?, ?, ?, ?)",
            (
                b"".join(row.to_bytes(4, "little") for row, _ in pairs),
                bytes(one.position for _, one in pairs),
                bytes(len(one.encoding) // 64 for _, one in pairs),
                b"".join(one.encoding for _, one in pairs),
            ),
        )
        texts = header.to_texts() | counts
        database.execute_many("INSERT INTO meta VALUES (?, ?)", sorted(texts.items()))
    return path


def write_first_snapshot(out: Path, *, sequence: int = OLD_HEADER.sequence) -> Manifest:
    plain = write_first_list(out.with_suffix(".vlist"), LIST_KEY, sequence=sequence)
    fields = ManifestFields(
        list_key=LIST_KEY,
        recipients=(OWN,),
        issuer=ISSUER.name,
        valid_from=FROM,
        valid_to=UNTIL,
        counts={"portraits": 4, "bad_rows": 0},
    )
    return write_container(plain, fields, SIGNER, out)
