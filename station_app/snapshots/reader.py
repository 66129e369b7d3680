"""Reading a voter list file."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import GalleryChunk
from station_app.domain.voters import Voter
from station_app.snapshots.header import ListHeader
from station_app.snapshots.tables import LIST, VOTER_COLUMNS, is_well_formed
from station_app.vault import Database, Secret


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
        voter_id, number, pin, surname, given, sex, born, address, page, line, portrait = found
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
