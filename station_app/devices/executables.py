"""Programs of others that a station may start: its signed settings name each with its hash."""

import re
from dataclasses import dataclass
from typing import Final

PROGRAM_PATH: Final = re.compile(r"(?!\.)[\w.+-]{1,60}(/(?!\.)[\w.+-]{1,60}){0,4}")
"""A path inside the station's folder, such as `readers/acme`: no `..`, nothing hidden."""


@dataclass(frozen=True, slots=True)
class Executable:
    """A program that the station may start: its path in the station's folder, its hex SHA-256."""

    path: str
    sha256: str
