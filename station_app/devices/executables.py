"""Programs of others that a station may start: its signed settings name each with its hash."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Executable:
    """A program that the station may start: its path in the station's folder, its hex SHA-256."""

    path: str
    sha256: str
