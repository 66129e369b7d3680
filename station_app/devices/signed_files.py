"""Files in the station's folder that its signed settings name with their hashes: others' programs,
and root certificates of readers.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.vault import read_regular

INSIDE_PATH: Final = re.compile(r"(?!\.)[\w.+-]{1,60}(/(?!\.)[\w.+-]{1,60}){0,4}")
"""A path inside the station's folder, such as `readers/acme`: no `..`, nothing hidden."""
_MOST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that the settings name: its path in the station's folder, its hex SHA-256."""

    path: str
    sha256: str


def signed_bytes(folder: Path, signed: SignedFile) -> bytes:
    """The content of a small file, as it was signed. Raises `ValueError` with what is wrong."""
    if not INSIDE_PATH.fullmatch(signed.path):
        raise ValueError("is no path inside the station's folder")
    try:
        data = read_regular(folder / signed.path, _MOST_BYTES)
    except (OSError, KnownError) as error:
        raise ValueError("cannot be read") from error
    if hashlib.sha256(data).hexdigest() != signed.sha256:
        raise ValueError("is not the file that was signed")
    return data
