"""Parts and results of the day's acts and papers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from station_app.devices.printers.page_printer import PrintWatch
from station_app.domain.day import DayState
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayReport
from station_app.domain.entries import PaperMade
from station_app.domain.entry_codes import Paper
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.flow.day_acts import FindVoters
from station_app.flow.day_reading import DayLook
from station_app.flow.day_report import Demographics, StationFacts
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

    `beside` is the readiness sheet that was made with a zero report; `printer` names the printer
    on which it was printed, as the print service reports, empty where it is only in the folder.
    """

    entry: PaperMade
    fault: str = ""
    beside: PaperMade | None = None
    printer: str = ""


@dataclass(frozen=True, slots=True)
class DayParts:
    """The parts that the acts use; `assembly` makes them.

    `people` are those who may sign, for their names. `demographics` and `find_voters` read the
    list, on the matching lane; `make_paper` draws, saves and prints, on the papers' lane, tells its
    `PrintWatch`, and may raise `KnownError`; `print_head` asks for the journal's head on a slip.
    `local` gives the station's time. `may_rest` says whether no session is under way, `tell`
    pauses the desk or lets it continue, `mend` is `Runner.mend`. `integrity` is the result of the
    last full check of the journal, None before the first.
    """

    facts: StationFacts
    recorder: Recorder
    people: Callable[[], Sequence[Person]]
    demographics: Callable[[Collection[str]], Demographics]
    find_voters: FindVoters
    make_paper: Callable[[Paper, DayReport, PrintWatch], MadePaper]
    print_head: Callable[[], None]
    now: Callable[[], datetime]
    local: Callable[[datetime], datetime]
    may_rest: Callable[[], bool]
    tell: Callable[[DayState], None]
    mend: Callable[[Callable[[], None]], None]
    integrity: Callable[[], Integrity | None]


@dataclass(frozen=True, slots=True)
class PaperDestination:
    """A paper was made at `at` (UTC): the print service reports it printed on this printer.

    Without a printer it is in the station's folder of papers only. While `is_printing`, the
    service has it, and the printer waits for what the code `waits_for` names, if any.
    """

    paper: Paper
    at: datetime
    printer: str = ""
    is_printing: bool = False
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class ActResult:
    """An act is in the journal; `paper_fault` is the code of why its paper was not made.

    Or of why it was made, but is only in the folder (`page_printer_…`). `went` tells
    where a paper that was made is.
    """

    look: DayLook
    paper_fault: str = ""
    went: PaperDestination | None = None
