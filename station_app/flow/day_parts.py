"""Parts and results of the day's acts, and its papers: read, drawn and recorded."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from station_app.domain.day import DayState
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayReport, Turnout
from station_app.domain.entries import PaperMade
from station_app.domain.entry_codes import Paper
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.flow.day_book import DayBook
from station_app.flow.day_reading import DayLook, read_day, read_record
from station_app.flow.day_report import DayRecord, Demographics, StationFacts, report_of, turnout_of
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder

Failed = Callable[[KnownError], None]


@dataclass(frozen=True, slots=True)
class DayLanes:
    """The list's lane, the journal's, and one for drawing papers."""

    matching: Lane
    journal: Lane
    papers: Lane


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A paper that is in the folder; `fault` is the code of why it was not printed too.

    `beside` is the readiness sheet that was made with a zero report; `printer` names the
    printer that has taken the paper, empty where it is only in the folder.
    """

    entry: PaperMade
    fault: str = ""
    beside: PaperMade | None = None
    printer: str = ""


@dataclass(frozen=True, slots=True)
class DayParts:
    """The parts that the acts use; `assembly` makes them.

    `people` are those who may sign, for their names. `demographics` reads the list, on the
    matching lane; `make_paper` draws, saves and prints, on the papers' lane, and may raise
    `KnownError`; `print_head` asks for the journal's head on a slip. `local` gives the
    station's time. `may_rest` says whether no session is under way, `tell` pauses the desk
    or lets it continue, `mend` is `Runner.mend`. `integrity` is the result of the last full
    check of the journal, None before the first.
    """

    facts: StationFacts
    recorder: Recorder
    people: Callable[[], Sequence[Person]]
    demographics: Callable[[Collection[str]], Demographics]
    make_paper: Callable[[Paper, DayReport], MadePaper]
    print_head: Callable[[], None]
    now: Callable[[], datetime]
    local: Callable[[datetime], datetime]
    may_rest: Callable[[], bool]
    tell: Callable[[DayState], None]
    mend: Callable[[Callable[[], None]], None]
    integrity: Callable[[], Integrity | None]


@dataclass(frozen=True, slots=True)
class PaperDestination:
    """A paper was made at `at` (UTC): the printer of this name has taken it.

    Without a printer it is in the station's folder of papers only.
    """

    paper: Paper
    at: datetime
    printer: str = ""


@dataclass(frozen=True, slots=True)
class ActResult:
    """An act is in the journal; `paper_fault` is the code of why its paper was not made.

    Or of why it was made, but is only in the folder (`page_printer_fault`). `went` tells
    where a paper that was made is.
    """

    look: DayLook
    paper_fault: str = ""
    went: PaperDestination | None = None


class DayPapers:
    """Used on the main thread; answers there."""

    def __init__(self, parts: DayParts, lanes: DayLanes, book: DayBook) -> None:
        self._parts, self._lanes, self._book = parts, lanes, book

    def turnout(self, done: Callable[[Turnout], None], failed: Failed) -> None:
        """The figures by hour, sex and age. Fails as `day_refused` before the first opening."""
        self._read(lambda record, voters: done(self._turnout(record, voters)), failed)

    def make(self, paper: Paper, look: DayLook, done: Callable[[ActResult], None]) -> None:
        """Make a paper and write down that it was made; `look` is the state of the day so far."""
        parts, lanes = self._parts, self._lanes

        def failed(fault: KnownError) -> None:
            done(ActResult(look, fault.code))

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
                done(ActResult(now, made.fault, PaperDestination(paper, parts.now(), made.printer)))

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
