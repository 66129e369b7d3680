"""Reading a voter list file."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import GalleryChunk
from station_app.domain.voters import Voter, short_name
from station_app.snapshots.header import ListHeader
from station_app.snapshots.names import Sought
from station_app.snapshots.tables import LIST, VOTER_COLUMNS, is_well_formed
from station_app.vault import Database, Row, Secret


@dataclass(frozen=True, slots=True)
class VoterPlace:
    """Where a voter is on a list: row and list number, and the PIN they are looked up by."""

    row: int
    list_number: int
    pin: str


@dataclass(frozen=True, slots=True)
class StoredFinger:
    """An enrolled finger: whose it is, where it is stored, its minutiae record."""

    voter_id: str
    list_number: int
    row: int
    position: FingerPosition
    minutiae: bytes


class VoterList:
    """One open list file, read-only.

    It may be opened on one thread and handed to another, but only one uses it at a time
    (in the station: the matching lane). Rows are 0-based, in list order. Every method
    raises `KnownError` `list_damaged` when the page it needs has changed.
    """

    def __init__(self, database: Database, header: ListHeader, voters: int, fingers: int) -> None:
        self._database = database
        self.header = header
        self.voters = voters
        self.fingers = fingers

    @classmethod
    def open(cls, path: Path, key: Secret) -> "VoterList":
        """Open the list; only its header is read.

        Raises `KnownError`: `list_missing`, `no_read_permission`, `wrong_key`,
        `not_a_list`, `list_version`, `list_damaged`.
        """
        database = Database.open_to_read(path, LIST, key)
        try:
            texts: dict[str, str] = dict(database.rows("SELECT name, value FROM meta"))
            header = ListHeader.from_texts(texts)
            return cls(database, header, int(texts["voters"]), int(texts["fingers"]))
        except (ValueError, KeyError) as error:
            database.close()
            raise LIST.damaged(path) from error
        except BaseException:
            database.close()
            raise

    def chunks(self) -> Iterator[GalleryChunk]:
        """The packed gallery, chunk by chunk."""
        for arrays in self._database.rows(
            "SELECT rows, positions, counts, encodings FROM gallery_chunk ORDER BY number"
        ):
            chunk = GalleryChunk(self.header.engine, *arrays)
            if not is_well_formed(chunk):
                raise LIST.damaged(self._database.path)
            yield chunk

    def voter(self, row: int) -> Voter:
        """The voter of a row. Raises `KeyError` when there is no such row."""
        found = self._database.row(
            f"SELECT {VOTER_COLUMNS} FROM voter WHERE row = ?",  # noqa: S608  (a constant)
            (row,),
        )
        if found is None:
            raise KeyError(row)
        return _voter(found)

    def voter_of(self, voter_id: str) -> Voter | None:
        """The voter of this id, None where the list has none."""
        found = self._database.row(
            f"SELECT {VOTER_COLUMNS} FROM voter WHERE voter_id = ?",  # noqa: S608  (a constant)
            (voter_id,),
        )
        return None if found is None else _voter(found)

    def short_names(self, voter_ids: Collection[str]) -> dict[str, str]:
        """Surname and initials of these ids; those that are not on the list are left out."""
        rows = self._database.rows(
            "SELECT voter_id, surname, given_names FROM voter"
            " WHERE voter_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(voter_ids)),),
        )
        return {voter_id: short_name(*parts) for voter_id, *parts in rows}

    def demographics(self, voter_ids: Collection[str]) -> dict[str, tuple[str, date]]:
        """Sex and date of birth of these ids; those that are not on the list are left out."""
        rows = self._database.rows(
            "SELECT voter_id, sex, born FROM voter"
            " WHERE voter_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(voter_ids)),),
        )
        return {voter_id: (sex, date.fromisoformat(born)) for voter_id, sex, born in rows}

    def places(self, voter_ids: Collection[str]) -> dict[str, VoterPlace]:
        """Where the voters of these ids are; those that are not on the list are left out."""
        rows = self._database.rows(
            "SELECT voter_id, row, list_number, pin FROM voter"
            " WHERE voter_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(voter_ids)),),
        )
        return {voter_id: VoterPlace(*place) for voter_id, *place in rows}

    def ids_of_pins(self, pins: Collection[str]) -> dict[str, str]:
        """The voter ids by these PINs; those that are not on the list are left out."""
        rows = self._database.rows(
            "SELECT pin, voter_id FROM voter WHERE pin IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pins)),),
        )
        return dict(rows)

    def stored_fingers(self) -> Iterator[StoredFinger]:
        """Every finger of the list, in the order of its rows."""
        for voter_id, number, row, position, minutiae in self._database.rows(
            "SELECT voter_id, list_number, finger.row, position, minutiae FROM finger"
            " JOIN voter ON voter.row = finger.row ORDER BY finger.row, position"
        ):
            yield StoredFinger(voter_id, number, row, FingerPosition(position), minutiae)

    def search(self, text: str) -> frozenset[str]:
        """Ids of the voters whom `text` may mean: a PIN of 14 digits, or beginnings of names.

        Each word begins a word of the name, in any order (`snapshots.names`). Reads every
        name of the list, so it is not for a list of a whole country.
        """
        text = text.strip()
        if text.isdigit():
            row = self._database.row("SELECT voter_id FROM voter WHERE pin = ?", (text,))
            return frozenset() if row is None else frozenset(row)
        sought = Sought(text)
        rows = self._database.rows("SELECT voter_id, surname, given_names FROM voter")
        return frozenset(voter_id for voter_id, *names in rows if sought.fits(" ".join(names)))

    def find_by_pin(self, pin: str) -> int | None:
        """The row of the voter with this PIN, None when nobody on the list has it."""
        found = self._database.row("SELECT row FROM voter WHERE pin = ?", (pin,))
        return None if found is None else int(found[0])

    def minutiae(self, keys: Sequence[tuple[int, FingerPosition]]) -> list[bytes]:
        """The minutiae records of (row, position) keys, in their order.

        Raises `KeyError` for a finger that is not enrolled.
        """
        records: list[bytes] = []
        for row, position in keys:
            found = self._database.row(
                "SELECT minutiae FROM finger WHERE row = ? AND position = ?", (row, int(position))
            )
            if found is None:
                raise KeyError((row, position))
            records.append(found[0])
        return records

    def close(self) -> None:
        """Close the file; a second close does nothing."""
        self._database.close()


def _voter(row: Row) -> Voter:
    voter_id, number, pin, surname, given, sex, born, address, page, line, portrait = row
    return Voter(
        voter_id=voter_id,
        list_number=number,
        pin=pin,
        surname=surname,
        given_names=given,
        sex=sex,
        born=date.fromisoformat(born),
        address=address,
        page=page,
        line=line,
        portrait=portrait,
    )
