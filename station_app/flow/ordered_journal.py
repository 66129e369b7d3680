"""The journal as the runner writes it: in order, and not past a fault."""

import time
from collections.abc import Sequence

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import Entry
from station_app.domain.errors import KnownError
from station_app.flow.parts import JournalWriter


class OrderedJournal:
    """Belongs to the journal's lane.

    After a fault of `append` nothing more is written, so that nothing comes out of order,
    before a person has mended it (`resume`).
    """

    def __init__(self, journal: JournalWriter) -> None:
        self._journal = journal
        self._fault: KnownError | None = None

    def append(self, entry: Entry) -> tuple[Appended | AlreadyAccepted, float]:
        """See `JournalWriter.append`; with the milliseconds that it took."""
        self._refuse_after_fault()
        begun = time.perf_counter()
        try:
            answer = self._journal.append(entry)
        except KnownError as fault:
            self._fault = fault
            raise
        return answer, (time.perf_counter() - begun) * 1000

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        """See `JournalWriter.append_all`; who asked for it hears of a fault and asks again."""
        self._refuse_after_fault()
        return self._journal.append_all(entries)

    def resume(self) -> None:
        """A person has mended the fault."""
        self._fault = None

    def _refuse_after_fault(self) -> None:
        if self._fault is not None:
            raise self._fault
