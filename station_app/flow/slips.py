"""Slips, printed beside the desk's work: a dead printer delays nobody.

There is no second list: the journal says which slips are unprinted, so the queue survives a
crash. A slip is printed first and recorded afterwards: a crash between the two prints it twice
and never loses one, and the second slip says that there may be two.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Final, TypeVar

from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import DayState
from station_app.domain.election import Ballot, titles_due
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    PaperMade,
    SlipFailed,
    SlipPrinted,
)
from station_app.domain.entry_codes import Paper, PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.slips import (
    HeadSlip,
    PrinterState,
    PrinterStatus,
    Printing,
    Slip,
    SlipImage,
    SlipMark,
)
from station_app.domain.voters import Voter, short_name
from station_app.flow.bridge import Bridge
from station_app.flow.day_reading import standing
from station_app.flow.kept_printer import KeptPrinter, ReadyPrinter
from station_app.flow.lane import Lane
from station_app.flow.recorder import Notice, Recorder
from station_app.journal import Clock, JournalReader
from station_app.journal.records import Record

Result = TypeVar("Result")

_DEVICE: Final = "printer"


@dataclass(frozen=True, slots=True)
class SlipJob:
    """The slip of an identification: the `copies`th of it; `head` is the journal's, in short."""

    logged: LoggedOutcome
    copies: int
    head: str

    @property
    def file_name(self) -> str:
        """The name where slips are kept as files; the same slip again takes the same one."""
        copy = f"-copy-{self.copies}" if self.copies > 1 else ""
        return f"slip-{self.logged.number:06d}{copy}"

    def slip(
        self, voter: Voter | None, mark: SlipMark, ballots: Sequence[Ballot], *, is_kept: bool
    ) -> Slip:
        """The slip; without the voter's name where it is kept in a plain file.

        A voter who is not on this station's list has a list number from the journal only.
        """
        logged = self.logged
        assert logged.list_number is not None
        name = short_name(voter.surname, voter.given_names) if voter and not is_kept else ""
        page, line = (voter.page, voter.line) if voter else (0, 0)
        due = titles_due(voter.ballots, ballots) if voter else ()
        return Slip(
            logged.number, logged.at, logged.list_number, page, line, name, self.head, mark, due
        )


@dataclass(frozen=True, slots=True)
class SlipBacklog:
    """The next job, None when there is none, and how many slips are to be printed."""

    job: SlipJob | HeadSlip | None
    waiting: int


def slip_backlog(
    journal: JournalReader, wishes: Sequence[int], *, head: bool, clock: Clock
) -> SlipBacklog:
    """The next slip, read on the journal's lane.

    First the requested ones: the slips of the entries `wishes`, the oldest wish first, and the
    journal's head if `head`; then the day's identifications that are not void and have no slip
    yet, oldest first. Once the day is closed its slips are counted, and only heads are printed.
    """
    look = journal.look
    is_closed = look.day.state is DayState.CLOSED
    printable = {one.number: one for one in (() if is_closed else standing(look))}
    wished = [number for number in wishes if number in printable]
    unprinted = [number for number in printable if not look.slips_of(number)]
    waiting = len({*wished, *unprinted}) + head
    if head and not wished:
        return SlipBacklog(HeadSlip(clock(), journal.head, look.figures().identified), waiting)
    number = next(iter((*wished, *unprinted)), None)
    if number is None:
        return SlipBacklog(None, 0)
    copies = look.slips_of(number) + 1
    return SlipBacklog(SlipJob(printable[number], copies, journal.head.short), waiting)


@dataclass(frozen=True, slots=True)
class SlipParts:
    """The parts of the queue; `assembly` makes them.

    `read_voter` reads the list by a voter's id, on the matching lane; `render` draws a slip
    of so many dots' width, on the printer's lane. `ballots` are those of the day.
    """

    recorder: Recorder
    read_voter: Callable[[str], Voter | None]
    printer: SlipPrinter
    render: Callable[[Slip | HeadSlip, int], SlipImage]
    clock: Clock
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipLanes:
    """The printer's own lane, the list's, and the journal's."""

    printer: Lane
    matching: Lane
    journal: Lane


class SlipQueue:
    """Used on the main thread; `tell` hears there of every change of its status.

    One step at a time is under way on the lanes. A step finds the next slip in the journal, asks
    the printer whether it can print, prints, records that, and is followed by the next step while
    there are slips. An identification, a wish and a timer (`look_every` seconds) start a step.
    """

    def __init__(
        self,
        parts: SlipParts,
        lanes: SlipLanes,
        bridge: Bridge,
        tell: Callable[[PrinterStatus], None],
        look_every: float = 2.0,
    ) -> None:
        self._parts, self._lanes, self._bridge, self._tell = parts, lanes, bridge, tell
        self._look_every = look_every
        self._printer = KeptPrinter(parts.printer)
        self._status = PrinterStatus(Printing.UNKNOWN)
        self._is_busy = self._is_woken = self._is_stopped = self._is_old = False
        self._wishes: list[int] = []
        self._is_head_wanted = False
        self._jobs = SlipBacklog(None, 0)
        self._wish = self._printed = 0
        # Identifications before the start (None: not started), and those whose printing has
        # begun, may have a slip that the journal does not know.
        self._doubtful_up_to: int | None = None
        self._doubtful: set[int] = set()
        self._told_failed: set[int] = set()
        self._is_lost = False
        self._unwritten: SlipPrinted | PaperMade | None = None
        self._came_out: SlipPrinted | PaperMade | None = None  # set on the printer's lane

    @property
    def status(self) -> PrinterStatus:
        """The printer's present status."""
        return self._status

    def start(self) -> None:
        """Begin to print unprinted slips, to follow the journal and to poll the printer."""

        def heard(records: Sequence[Record]) -> None:
            if any(record.ended_session is not None for record in records):
                self._bridge.post(self.wake)

        def listen() -> int:
            self._parts.recorder.listen(heard)
            return self._parts.recorder.last_entry

        def listening(size: int) -> None:
            self._doubtful_up_to = size
            self._tick()

        self._run(self._lanes.journal, listen, listening, self._rest)

    def wake(self) -> None:
        """Take a step now, not only after `look_every` seconds."""
        if self._is_busy:
            self._is_woken = True
        else:
            self._step()

    def renew(self) -> None:
        """Open the printer again before it is used: the computer was asleep."""
        self._is_old = True
        self.wake()

    def reprint(self, entry: int) -> None:
        """Print the slip of this identification again, marked as a copy, before the others.

        Nothing is printed for a void entry, or on a closed day.
        """
        if entry not in self._wishes:
            self._wishes.append(entry)
        self.wake()

    def print_head(self) -> None:
        """Print the journal's head, to be signed."""
        self._is_head_wanted = True
        self.wake()

    def stop(self) -> None:
        """Do nothing more; returns when a slip under way has come out and is written down.

        To be called before the lanes are closed.
        """
        if self._is_stopped:
            return
        self._is_stopped = True
        self._lanes.printer.call(self._printer.close)
        self._lanes.journal.call(self._write_last)

    # --- a step ---

    def _tick(self) -> None:
        if not self._is_stopped:
            self._bridge.later(self._look_every, self._tick)
            if not self._is_busy:
                self._step()

    def _step(self) -> None:
        if self._doubtful_up_to is None or self._is_stopped:
            return
        self._is_busy, self._is_woken = True, False
        if self._unwritten is not None:
            self._write_printed(self._unwritten)
            return
        wishes, head = tuple(self._wishes), self._is_head_wanted
        journal, clock = self._parts.recorder.journal, self._parts.clock

        self._run(
            self._lanes.journal,
            lambda: slip_backlog(journal, wishes, head=head, clock=clock),
            partial(self._looked, wishes),
            self._rest,
        )

    def _looked(self, wishes: Sequence[int], found: SlipBacklog) -> None:
        self._jobs, job, self._wish = found, found.job, 0
        if isinstance(job, SlipJob) and job.logged.number in wishes:
            self._wish = job.logged.number
        else:  # All of these are void: a valid wish comes first.
            self._wishes = self._wishes[len(wishes) :]
        check, self._is_old = partial(self._printer.check, anew=self._is_old), False
        self._run(self._lanes.printer, check, self._checked, self._failed)

    def _checked(self, checked: ReadyPrinter) -> None:
        returned = [DeviceReturned(None, _DEVICE)] if self._is_lost else []
        self._is_lost = False
        self._tell_journal(returned, partial(self._begin, checked))

    def _begin(self, checked: ReadyPrinter) -> None:
        job, low = self._jobs.job, checked.is_paper_low
        if job is None:
            self._say(PrinterStatus(Printing.READY, is_paper_low=low))
            self._end_step()
            return
        entry = job.logged.number if isinstance(job, SlipJob) else 0
        self._say(PrinterStatus(Printing.PRINTING, self._jobs.waiting, entry, "", low))
        if isinstance(job, HeadSlip):
            self._render(checked, job, f"head-{job.head.size:06d}", job)
            return
        assert job.logged.voter_id is not None
        self._run(
            self._lanes.matching,
            partial(self._parts.read_voter, job.logged.voter_id),
            partial(self._have_voter, checked, job),
            self._failed,
        )

    def _have_voter(self, checked: ReadyPrinter, job: SlipJob, voter: Voter | None) -> None:
        is_kept = checked.info.to is PrintedTo.FOLDER
        slip = job.slip(voter, self._mark(job), self._parts.ballots, is_kept=is_kept)
        self._render(checked, job, job.file_name, slip)

    def _mark(self, job: SlipJob) -> SlipMark:
        number = job.logged.number
        assert self._doubtful_up_to is not None
        if job.copies > 1:
            return SlipMark.COPY
        if number <= self._doubtful_up_to or number in self._doubtful:
            return SlipMark.AFTER_FAULT
        return SlipMark.NONE

    def _render(
        self, checked: ReadyPrinter, job: SlipJob | HeadSlip, name: str, slip: Slip | HeadSlip
    ) -> None:
        info = checked.info

        def print_it(image: SlipImage) -> SlipPrinted | PaperMade:
            self._printer.print_slip(image, name)
            self._came_out = _printed(job, image, info.to)
            return self._came_out

        def rendered(image: SlipImage) -> None:
            if isinstance(job, SlipJob):
                self._doubtful.add(job.logged.number)
            self._run(
                self._lanes.printer, partial(print_it, image), self._write_printed, self._failed
            )

        self._run(
            self._lanes.printer,
            lambda: self._parts.render(slip, info.width),
            rendered,
            self._failed,
        )

    def _write_printed(self, entry: SlipPrinted | PaperMade) -> None:
        self._unwritten = entry
        self._told_failed.clear()
        recorder = self._parts.recorder
        self._run(
            self._lanes.journal,
            lambda: recorder.append(entry),
            lambda _: self._written(entry),
            self._rest,
        )

    def _written(self, entry: SlipPrinted | PaperMade) -> None:
        self._unwritten = None
        if isinstance(entry, PaperMade):
            self._is_head_wanted = False
        else:
            self._doubtful.discard(entry.entry)
            self._printed = entry.entry
            if self._wish:
                self._wishes.remove(self._wish)
        self._is_woken = True
        self._end_step()

    # --- faults ---

    def _failed(self, fault: KnownError) -> None:
        """Printer or list unavailable: the slip stays queued and the desk says so."""
        code, job, entries = fault.code, self._jobs.job, list[Notice]()
        if code == PrinterState.LOST.code and not self._is_lost:
            self._is_lost = True
            entries.append(DeviceLost(None, _DEVICE))
        if isinstance(job, SlipJob) and job.logged.number not in self._told_failed:
            self._told_failed.add(job.logged.number)
            entries.append(SlipFailed(job.logged.number, code))
        self._wait(code)
        self._tell_journal(entries, self._end_step)

    def _rest(self, fault: KnownError) -> None:
        """The journal refuses the entry; the desk is blocked by then."""
        self._wait(fault.code)
        self._is_woken = False
        self._end_step()

    def _tell_journal(self, entries: Sequence[Notice], then: Callable[[], None]) -> None:
        if not entries:
            then()
            return
        recorder = self._parts.recorder
        self._run(
            self._lanes.journal,
            lambda: recorder.append_late(*entries),
            lambda _: then(),
            self._rest,
        )

    def _write_last(self) -> None:
        """Record the last slip; on the journal's lane, after every other write."""
        entry, recorder = self._came_out, self._parts.recorder
        look = recorder.journal.look
        # Where the disk is full the slip is printed again, and says that there may be two.
        with suppress(KnownError):
            if isinstance(entry, SlipPrinted):
                is_written = look.slips_of(entry.entry) >= entry.copies
            else:
                is_written = entry in (None, *(one.entry for one in look.entries({PaperMade})))
            if entry is not None and not is_written:
                recorder.append(entry)

    def _wait(self, code: str) -> None:
        self._say(PrinterStatus(Printing.WAITING, self._jobs.waiting, 0, code))

    def _say(self, status: PrinterStatus) -> None:
        status = replace(status, printed=self._printed)
        if status != self._status:
            self._status = status
            self._tell(status)

    def _end_step(self) -> None:
        self._is_busy = False
        if self._is_woken:
            self._step()

    def _run(
        self,
        lane: Lane,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """On a lane, unless all was stopped: the lanes may be closed by then."""
        if not self._is_stopped:
            lane.run(work, done, failed)


def _printed(job: SlipJob | HeadSlip, image: SlipImage, to: PrintedTo) -> SlipPrinted | PaperMade:
    if isinstance(job, SlipJob):
        return SlipPrinted(job.logged.number, job.copies, to)
    return PaperMade(Paper.HEAD_SLIP, sha256(image.pixels).hexdigest(), to)
