"""What a journal must be after a power cut, whatever part of the unsynced writes is there."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from station_app.journal.records import JOURNAL, read_records
from station_app.vault import Database
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, now, open_or_create

NAME = "station/journal.db"
BEFORE_THE_FIRST = frozenset({"journal_missing", "wrong_key", "no_write_permission"})
"""How `verify_journal` may refuse before anything was acknowledged: nothing is there, or the
switch of the new file to WAL is half done, which only the next start may finish."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the recorded run wrote: the leaf of each entry, and the sizes at which a journal
    would hold a part of entries that were written together."""

    leaves: tuple[bytes, ...]
    halves: frozenset[int]

    @classmethod
    def by_run(cls, journal: Path, said: str) -> "Written":
        """Of a run that came to its end, and said this."""
        halves: set[int] = set()
        for words in _lines(said):
            if words[0] == "together":
                halves |= set(range(int(words[1]), int(words[2])))
        with closing(Database.open_to_read(journal, JOURNAL, KEY)) as database:
            return cls(tuple(_leaves(database)), frozenset(halves))

    def judge(self, folder: Path, said: str) -> str:
        """What is wrong with the journal in `folder` after this was said, "" for nothing.

        It is verified as it lies there, opened as a restart does, goes on for an entry, is
        closed, and every page and entry of it is read again.
        """
        journal, least = folder / NAME, acknowledged(said)
        try:
            return self._examine(journal, least) or self._restart(journal, least)
        except KnownError as error:
            return f"{error.code}: {least} acknowledged"

    def _examine(self, journal: Path, least: int) -> str:
        try:
            report = verify_journal(journal, KEY, SIGNER.public_key)
        except KnownError as error:
            if least == 0 and error.code in BEFORE_THE_FIRST:
                return ""
            raise
        with closing(Database.open_to_read(journal, JOURNAL, KEY)) as database:
            fault = self._compare(_leaves(database), least)
        return fault if report.sound or fault else f"not sound: {report.reason}"

    def _compare(self, found: list[bytes], least: int) -> str:
        if len(found) < least:
            return f"lost: {least} acknowledged, {len(found)} there"
        if len(found) in self.halves:
            return f"half: {len(found)} there"
        if found != list(self.leaves[: len(found)]):
            return "changed: an entry is not the one that was written"
        return ""

    def _restart(self, journal: Path, least: int) -> str:
        if least:
            opened = Journal.open(journal, KEY, SIGNER, ORIGIN, now)
        else:
            opened = open_or_create(journal)
        with closing(opened):
            size = opened.size
            opened.append(SessionStarted(opened.last_session() + 1))
        with closing(Database.open_to_read(journal, JOURNAL, KEY)) as database:
            faults, found = database.faults(), _leaves(database)
        if faults or len(found) != size + 1:
            return f"damaged by the restart: {faults}, {len(found)} entries of {size + 1}"
        if least == 0 and size == 1:
            return ""  # made anew, if it was not there
        return self._compare(found[:size], least)


def acknowledged(said: str) -> int:
    """The number of the last entry that was acknowledged, 0 before the first."""
    numbers = [int(words[-1]) for words in _lines(said) if words[0] in ("appended", "together")]
    return max(numbers, default=0)


def _lines(said: str) -> list[list[str]]:
    return [line.split() for line in said.splitlines()]


def _leaves(database: Database) -> list[bytes]:
    return [record.leaf for record in read_records(database)]
