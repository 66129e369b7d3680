"""The papers of the day: what they say is read, drawn, and written down as made."""

from collections.abc import Callable

from station_app.domain.day_report import Turnout
from station_app.domain.entry_codes import Paper
from station_app.domain.errors import KnownError
from station_app.flow.day_book import DayBook
from station_app.flow.day_parts import Acted, DayLanes, DayParts, MadePaper, PaperWent
from station_app.flow.day_reading import DayLook, read_day, read_record
from station_app.flow.day_report import DayRecord, Demographics, report_of, turnout_of

Failed = Callable[[KnownError], None]


class DayPapers:
    """Used on the main thread; answers there."""

    def __init__(self, parts: DayParts, lanes: DayLanes, book: DayBook) -> None:
        self._parts, self._lanes, self._book = parts, lanes, book

    def turnout(self, done: Callable[[Turnout], None], failed: Failed) -> None:
        """The figures by hour, sex and age. Fails as `day_refused` before the first opening."""
        self._read(lambda record, voters: done(self._turnout(record, voters)), failed)

    def make(self, paper: Paper, look: DayLook, done: Callable[[Acted], None]) -> None:
        """Make a paper and write down that it was made; `look` is how the day stands so far."""
        parts, lanes = self._parts, self._lanes

        def failed(fault: KnownError) -> None:
            done(Acted(look, fault.code))

        def read(record: DayRecord, voters: Demographics) -> None:
            turnout = self._turnout(record, voters)
            report = report_of(parts.facts, record, turnout, parts.people())
            lanes.papers.run(lambda: parts.make_paper(paper, report), drawn, failed)

        def drawn(made: MadePaper) -> None:
            def write() -> DayLook:
                papers = (made.entry,) if made.beside is None else (made.beside, made.entry)
                for one in papers:
                    self._book.paper(one)
                return read_day(parts.recorder.journal)

            def written(now: DayLook) -> None:
                done(Acted(now, made.fault, PaperWent(paper, parts.now(), made.printer)))

            lanes.journal.run(write, written, failed)

        self._read(read, failed)

    def _read(self, done: Callable[[DayRecord, Demographics], None], failed: Failed) -> None:
        """The journal's side, then the voters it names."""

        def found(record: DayRecord) -> None:
            ids = [one.voter_id for one in record.standing if one.voter_id is not None]
            self._lanes.matching.run(
                lambda: self._parts.demographics(ids),
                lambda voters: done(record, voters),
                failed,
            )

        self._lanes.journal.run(lambda: read_record(self._parts.recorder.journal), found, failed)

    def _turnout(self, record: DayRecord, voters: Demographics) -> Turnout:
        return turnout_of(record, voters, self._parts.now(), self._parts.local)
