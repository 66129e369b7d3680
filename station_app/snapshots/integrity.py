"""Checks of a whole list file."""

import hashlib
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.snapshots.tables import LIST
from station_app.vault import Database, Secret, open_regular

_LARGEST: Final = 1 << 40


def list_faults(path: Path, key: Secret) -> list[str]:
    """What is wrong with the file, every byte of it authenticated; empty when sound.

    Raises `KnownError` as `VoterList.open` does when the file cannot be opened at all.
    """
    database = Database.open_closed(path, LIST, key)
    try:
        return database.faults()
    finally:
        database.close()


def list_hash(path: Path) -> str:
    """Hex SHA-256 of the file. Raises `KnownError` `list_missing`, `no_read_permission`."""
    try:
        with open_regular(path, _LARGEST) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise LIST.missing(path) from error
    except (OSError, KnownError) as error:
        raise LIST.unreadable(path) from error
