"""The ballots of an election day: what a voter can be due, where several elections share a day."""

import re
from dataclasses import dataclass
from typing import Final

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot paper: its id in lists and entries, its title for people.

    Raises `ValueError` for an id (1 to 64 of A-Z, a-z, 0-9, . and -) or a title (one line)
    that no ballot can have.
    """

    id: str
    title: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("a ballot's id has 1 to 64 letters, digits, dots and hyphens")
        shown = self.title.replace("\u00a0", " ")
        if not self.title.strip() or not shown.isprintable() or len(self.title) > _LONGEST:
            raise ValueError(f"a ballot's title is one line of at most {_LONGEST} characters")
