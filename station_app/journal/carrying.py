"""The entries of a journal that was taken over, as another journal carries them.

A takeover is entry 2 and what it carries begins at entry 3, so the other journal's entry n
is entry n + 2 here; a takeover of a takeover adds 2 again.
"""

from datetime import datetime
from typing import Final

from station_app.domain.entries import Carried, Entry, JournalOpened, TakenOver
from station_app.journal.leaves import read_leaf
from station_app.journal.tree import Frontier

SHIFT: Final = 2
"""Added to an entry number of the other journal."""


def happening(leaf: bytes) -> tuple[Entry, datetime]:
    """The event in a leaf and its time: the carried entry where there is one, else its own.

    Raises `ValueError` as `read_leaf` does.
    """
    entry, at = read_leaf(leaf)
    while isinstance(entry, Carried):
        entry, at = read_leaf(entry.leaf.encode())
    return entry, at


class CarriedJournal:
    """The other journal's tree so far, and that of a takeover inside it."""

    def __init__(self, taken: TakenOver) -> None:
        self._taken = taken
        self._frontier = Frontier()
        self._inner: CarriedJournal | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything that was seen has been carried."""
        return self._frontier.size == self._taken.size

    def check(self, entry: Carried) -> tuple[Entry, int]:
        """The carried event, and the offset of the entry numbers that it names.

        Raises `ValueError` where it is not the other journal's next entry, or the last one
        does not complete the tree that the takeover names.
        """
        happened, _, offset = self._read(entry)
        return happened, offset

    def take(self, entry: Carried) -> tuple[Entry, datetime, int]:
        """As `check`, with the time at which it happened; the entry is carried from now on."""
        read = self._read(entry)
        leaf = entry.leaf.encode()
        own, _ = read_leaf(leaf)
        self._frontier = self._frontier.with_leaf(leaf)
        if isinstance(own, TakenOver):
            self._inner = CarriedJournal(own)
        elif isinstance(own, Carried):
            assert self._inner is not None
            self._inner.take(own)
        return read

    def _read(self, entry: Carried) -> tuple[Entry, datetime, int]:
        leaf = entry.leaf.encode()
        if entry.number != self._frontier.size + 1:
            raise ValueError("an entry that was taken over is missing")
        own, at = read_leaf(leaf)
        if entry.number == 1:
            names = isinstance(own, JournalOpened) and (own.origin, own.public_key)
            if names != (self._taken.origin, self._taken.public_key):
                raise ValueError("it carries another journal than the takeover names")
        after = self._frontier.with_leaf(leaf)
        if after.size == self._taken.size and after.root().hex() != self._taken.root:
            raise ValueError("what it carries does not give the root that was taken over")
        if not isinstance(own, Carried):
            return own, at, SHIFT
        if self._inner is None:
            raise ValueError("it carries an entry that nothing was taken over for")
        happened, happened_at, offset = self._inner._read(own)
        return happened, happened_at, offset + SHIFT
