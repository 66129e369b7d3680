"""Heads as slips and papers print them, `1204 9f3a 71c4`, held against a journal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station_app.journal.tree import Frontier

_FORM: Final = re.compile(r"([1-9][0-9]{0,8}) +([0-9a-f]{4}) ?([0-9a-f]{4})")


class Holding(StrEnum):
    """What a journal says to a head from outside."""

    CONTAINED = "contained"
    SHORTER = "shorter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShortHead:
    """A tree's size and the first 8 hex digits of its root: 32 bits.

    Enough to convict a journal that was rewritten or put back after the head was printed
    (one in 4 billion passes by chance); too little against somebody who may choose entries
    until the digits fit, who needs about that many tries.
    """

    size: int
    digits: str

    @classmethod
    def parse(cls, text: str) -> "ShortHead":
        """A head as people type it. Raises `ValueError`."""
        match = _FORM.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError("a head has a number and two groups of four digits: 1204 9f3a 71c4")
        return cls(int(match[1]), match[2] + match[3])

    def is_of(self, size: int, root: bytes) -> bool:
        """Whether it is that of the tree of this size and root (32 bytes)."""
        return self.size == size and root.hex().startswith(self.digits)

    def held_against(self, leaves: Iterable[bytes]) -> Holding:
        """Whether these leaves, first to last, begin with the tree of this head."""
        frontier = Frontier()
        for leaf in leaves:
            frontier = frontier.with_leaf(leaf)
            if frontier.size == self.size:
                return (
                    Holding.CONTAINED if self.is_of(self.size, frontier.root()) else Holding.OTHER
                )
        return Holding.SHORTER

    def __str__(self) -> str:
        return f"{self.size} {self.digits[:4]} {self.digits[4:]}"
