"""The commission's acts of the day: open, pause, void, close, open again; those beside the desk.

Every act has the same steps: two persons agree, the desk pauses where it must, one
entry (or several that belong together) is written, a paper is made and written down. A
paper that cannot be made changes nothing of the act: it is made later.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from station_app.devices.finger_scanner import StopToken
from station_app.devices.printers.page_printer import PageProgress, PrintWatch
from station_app.domain.day import DayState
from station_app.domain.day_report import DayFigures, HandCount, Turnout, gaps_of, unexplained
from station_app.domain.entry_codes import (
    Count,
    Paper,
    PauseReason,
    ReopenReason,
    UndoReason,
    VoidReason,
)
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.bridge import Bridge
from station_app.flow.day_acts import (
    ActDraft,
    ActLine,
    CheckedNumber,
    checked,
    needs_two,
    read_acts,
)
from station_app.flow.day_book import (
    DayBook,
    clock_wrong,
    journal_damaged,
    not_these_persons,
    outside_validity,
    reason_missing,
    session_under_way,
)
from station_app.flow.day_parts import (
    ActResult,
    DayLanes,
    DayParts,
    Failed,
    MadePaper,
    PaperDestination,
)
from station_app.flow.day_reading import (
    DayLook,
    DecisionLine,
    last_head_slip,
    read_day,
    read_decisions,
    read_record,
)
from station_app.flow.day_report import (
    DayRecord,
    Demographics,
    StationFacts,
    report_of,
    turnout_of,
)

Signers = tuple[Person, ...]
"""Those who agree, in the order of `roles.NEEDED`."""

_MINUTE_S: Final = 60


class HeadTimer:
    """`ask` is called on the main thread, `minutes` after the last head slip; 0: never."""

    def __init__(
        self, bridge: Bridge, minutes: int, now: Callable[[], datetime], ask: Callable[[], None]
    ) -> None:
        self._bridge, self._minutes, self._now, self._ask = bridge, minutes, now, ask
        self._turn = 0

    def run(self, last: datetime) -> None:
        """Count from `last`, when the head was printed or the day opened; ask now if late."""
        self.stop()
        if self._minutes:
            passed = max(0.0, (self._now() - last).total_seconds())
            self._wait(max(0.0, self._minutes * _MINUTE_S - passed))

    def stop(self) -> None:
        """Ask no more."""
        self._turn += 1

    def _wait(self, seconds: float) -> None:
        turn = self._turn

        def due() -> None:
            if turn == self._turn:
                self._wait(self._minutes * _MINUTE_S)
                self._ask()

        self._bridge.later(seconds, due)


class DayDesk:
    """Made and used on the main thread; one act at a time: a second one is ignored.

    `signers` are those whom `Approver.approve` has named for that act. `failed` gets
    `journal_damaged`, `session_under_way`, `not_allowed` (these persons are not those), what
    `DayBook` raises, and what each act names.
    """

    def __init__(self, parts: DayParts, lanes: DayLanes, bridge: Bridge) -> None:
        self._parts, self._lanes, self._bridge = parts, lanes, bridge
        self._book = DayBook(parts.recorder, parts.facts)
        self._timer = HeadTimer(bridge, parts.facts.head_slip_minutes, parts.now, self._print_head)
        self._state = DayState.BEFORE
        self._head_at: datetime | None = None
        self._is_acting = False
        self._papers_under_way = 0
        self._followers: list[Callable[[PaperDestination], None]] = []
        self._stops: list[StopToken] = []
        self._at_printer: tuple[Paper, StopToken] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an act or a paper is under way, which keeps the station from being locked."""
        return self._is_acting or self._papers_under_way > 0

    @property
    def is_acting(self) -> bool:
        """Whether an act is being written, which keeps others from being begun."""
        return self._is_acting

    def follow(self, told: Callable[[PaperDestination], None]) -> None:
        """Be told, on the main thread, how a paper does at its printer."""
        self._followers.append(told)

    def cancel_printing(self, paper: Paper) -> bool:
        """Take this paper back from the printer; False where it is not there."""
        if self._at_printer is None or self._at_printer[0] is not paper:
            return False
        self._at_printer[1].stop()
        return True

    @property
    def facts(self) -> StationFacts:
        """The facts that do not change while the station is unlocked."""
        return self._parts.facts

    def start(self, done: Callable[[DayLook], None], failed: Failed) -> None:
        """Read the state of the day, tell the desk, and begin to print heads."""

        def read() -> tuple[DayLook, datetime | None]:
            return read_day(self._parts.recorder.journal), last_head_slip(
                self._parts.recorder.journal.look
            )

        def found(answer: tuple[DayLook, datetime | None]) -> None:
            look, self._head_at = answer
            self._follow(look)
            done(look)

        self._lanes.journal.run(read, found, failed)

    def stop(self) -> None:
        """The station is locked: no head is printed any more, and no paper."""
        self._timer.stop()
        for stop in self._stops:
            stop.stop()

    # --- looking --------------------------------------------------------------------------

    def look(self, done: Callable[[DayLook], None], failed: Failed) -> None:
        """Read the state of the day."""
        self._lanes.journal.run(lambda: read_day(self._parts.recorder.journal), done, failed)

    def decisions(self, done: Callable[[tuple[DecisionLine, ...]], None], failed: Failed) -> None:
        """Read the commission's decisions."""
        self._lanes.journal.run(
            lambda: read_decisions(self._parts.recorder.journal.look), done, failed
        )

    def acts(self, done: Callable[[tuple[ActLine, ...]], None], failed: Failed) -> None:
        """Read the day's acts beside the desk, newest first."""
        self._lanes.journal.run(lambda: read_acts(self._parts.recorder.journal.look), done, failed)

    def check_numbers(
        self,
        numbers: Sequence[int],
        done: Callable[[tuple[CheckedNumber, ...]], None],
        failed: Failed,
    ) -> None:
        """Whom these list numbers mean, and what keeps a ballot from each."""

        def named(found: Mapping[int, tuple[str, str]]) -> None:
            ids = [voter_id for voter_id, _ in found.values()]
            self._lanes.journal.run(
                lambda: self._parts.recorder.journal.look.settled(ids),
                lambda settled: done(checked(numbers, found, settled)),
                failed,
            )

        self._lanes.matching.run(lambda: self._parts.find_voters(numbers), named, failed)

    def turnout(self, done: Callable[[Turnout], None], failed: Failed) -> None:
        """The figures by hour, sex and age. Fails as `day_refused` before the first opening."""
        self._read_record(lambda record, voters: done(self._turnout(record, voters)), failed)

    # --- acts -----------------------------------------------------------------------------

    def clock_ahead(self, phone_time: datetime | None) -> timedelta:
        """By how much the station's clock is ahead of the phone's."""
        return self._parts.now() - phone_time if phone_time is not None else timedelta()

    def open_day(
        self,
        signers: Signers,
        phone_time: datetime | None,
        *,
        is_confirmed: bool,
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Open the day and make the zero report.

        `is_confirmed`: the chair has seen that the clocks differ, and continues. Otherwise
        fails as `clock_wrong`; outside the list's validity as `vsnap_not_yet_valid`,
        `vsnap_expired`.
        """
        ahead = self.clock_ahead(phone_time)
        fault = outside_validity(self._parts.facts, self._parts.now())
        if fault is None and not is_confirmed:
            fault = clock_wrong(ahead)
        if fault is not None:
            failed(fault)
            return
        seconds = round(ahead.total_seconds())
        self._act(
            lambda: self._book.open(signers, phone_time, seconds),
            done,
            failed,
            agreed=(Operation.OPEN_DAY, signers),
            paper=Paper.ZERO_REPORT,
            needs_rest=True,
        )

    def pause(
        self, by: Person, reason: PauseReason, done: Callable[[ActResult], None], failed: Failed
    ) -> None:
        """Pause identification; one person who is present is enough."""
        self._act(
            lambda: self._book.pause(by, reason),
            done,
            failed,
            rest=DayState.PAUSED,
            needs_rest=True,
            even_damaged=True,
        )

    def resume(self, by: Person, done: Callable[[ActResult], None], failed: Failed) -> None:
        """End the pause."""
        self._act(lambda: self._book.resume(by), done, failed)

    def void(
        self,
        signers: Signers,
        number: int,
        reason: VoidReason,
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Make the identification of entry `number` void; see `DayBook.void`."""
        self._act(
            lambda: self._book.void(number, reason, signers),
            done,
            failed,
            agreed=(Operation.VOID, signers),
        )

    def act(
        self,
        signers: Signers,
        draft: ActDraft,
        voters: Sequence[CheckedNumber],
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Write an act beside the desk; see `DayBook.act`. One person who is present is enough
        for what changes no count.
        """
        self._act(
            lambda: self._book.act(draft, voters, signers),
            done,
            failed,
            agreed=(Operation.DAY_ACT, signers) if needs_two(draft) else None,
        )

    def undo(
        self,
        signers: Signers,
        number: int,
        reason: UndoReason,
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Undo the act of entry `number`; see `DayBook.undo`."""
        self._act(
            lambda: self._book.undo(number, reason, signers),
            done,
            failed,
            agreed=(Operation.DAY_ACT, signers),
        )

    def close_day(
        self,
        signers: Signers,
        seen: DayFigures,
        counted: HandCount,
        reasons: Mapping[Count, str],
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Close the day with the figures the commission has `seen`, and make the protocol.

        Fails as `reason_missing` where a count differs without a written reason, and as
        `counts_changed`.
        """
        if unexplained(gaps_of(seen, counted), reasons):
            failed(reason_missing())
            return
        written = dict(reasons)
        self._act(
            lambda: self._book.close(seen, counted, written, signers),
            done,
            failed,
            agreed=(Operation.CLOSE_DAY, signers),
            paper=Paper.PROTOCOL,
            rest=DayState.CLOSED,
            needs_rest=True,
        )

    def reopen(
        self,
        signers: Signers,
        reason: ReopenReason,
        done: Callable[[ActResult], None],
        failed: Failed,
    ) -> None:
        """Open a closed day again."""
        self._act(
            lambda: self._book.reopen(reason, signers),
            done,
            failed,
            agreed=(Operation.REOPEN_DAY, signers),
        )

    def print_paper(self, paper: Paper, done: Callable[[ActResult], None], failed: Failed) -> None:
        """Make a paper of the day, for the first time or again."""
        self._papers_under_way += 1

        def looked(look: DayLook) -> None:
            self._papers_under_way -= 1
            self._make(paper, look, done)

        def not_looked(fault: KnownError) -> None:
            self._papers_under_way -= 1
            failed(fault)

        self._parts.mend(lambda: self.look(looked, not_looked))

    def _print_head(self) -> None:
        self._head_at = self._parts.now()
        self._parts.print_head()

    # --- the way of an act ------------------------------------------------------------------

    def _act(
        self,
        write: Callable[[], None],
        done: Callable[[ActResult], None],
        failed: Failed,
        *,
        agreed: tuple[Operation, Signers] | None = None,
        paper: Paper | None = None,
        rest: DayState | None = None,
        needs_rest: bool = False,
        even_damaged: bool = False,
    ) -> None:
        def begin() -> None:
            if self._is_acting:
                return
            fault = None if even_damaged else journal_damaged(self._parts.integrity())
            if fault is None and needs_rest and not self._parts.may_rest():
                fault = session_under_way()
            if fault is None and agreed is not None:
                fault = not_these_persons(*agreed)
            if fault is not None:
                failed(fault)
                return
            self._is_acting = True
            if rest is not None:
                # Before anything is written: from here on nobody's finger begins a session.
                self._parts.tell(rest)

            def refused(fault: KnownError) -> None:
                self._is_acting = False
                if rest is not None:
                    self._parts.tell(self._state)
                failed(fault)

            def written(look: DayLook) -> None:
                self._follow(look)
                # The act is done: no printer keeps the commission from the next one.
                self._is_acting = False
                if paper is None:
                    done(ActResult(look))
                else:
                    self._make(paper, look, done)

            def write_and_look() -> DayLook:
                write()
                try:
                    return read_day(self._parts.recorder.journal)
                except KnownError as fault:
                    # Written, and not to be told as refused: the safe screen, and a restart.
                    raise RuntimeError("an act that was written cannot be read") from fault

            self._lanes.journal.run(write_and_look, written, refused)

        self._parts.mend(begin)

    def _follow(self, look: DayLook) -> None:
        was, self._state = self._state, look.day.state
        self._parts.tell(self._state)
        if self._state is not DayState.OPEN:
            self._timer.stop()
        elif was is not DayState.OPEN and look.opened_at is not None:
            self._timer.run(max(look.opened_at, self._head_at or look.opened_at))

    # --- papers -----------------------------------------------------------------------------

    def _make(self, paper: Paper, look: DayLook, done: Callable[[ActResult], None]) -> None:
        """Make a paper and write down that it was made; `look` is the state of the day so far."""
        parts, lanes = self._parts, self._lanes
        stop = StopToken()
        self._papers_under_way += 1
        self._stops.append(stop)

        def end(acted: ActResult) -> None:
            self._papers_under_way -= 1
            done(acted)

        def not_made(fault: KnownError) -> None:
            self._forget_printing(stop)
            failed(fault)

        def failed(fault: KnownError) -> None:
            end(ActResult(look, fault.code))

        def tell(progress: PageProgress) -> None:
            self._bridge.post(lambda: self._say_printing(paper, stop, progress))

        def read(record: DayRecord, voters: Demographics) -> None:
            turnout = self._turnout(record, voters)
            report = report_of(parts.facts, record, turnout, parts.people())
            watch = PrintWatch(stop, tell)
            lanes.papers.run(lambda: parts.make_paper(paper, report, watch), drawn, not_made)

        def drawn(made: MadePaper) -> None:
            self._forget_printing(stop)

            def write() -> DayLook:
                papers = (made.entry,) if made.beside is None else (made.beside, made.entry)
                for one in papers:
                    self._book.paper(one)
                return read_day(parts.recorder.journal)

            def written(now: DayLook) -> None:
                end(ActResult(now, made.fault, PaperDestination(paper, parts.now(), made.printer)))

            lanes.journal.run(write, written, failed)

        self._read_record(read, not_made)

    def _say_printing(self, paper: Paper, stop: StopToken, progress: PageProgress) -> None:
        self._at_printer = paper, stop
        went = PaperDestination(
            paper,
            self._parts.now(),
            progress.printer,
            is_printing=True,
            waits_for=progress.waits_for,
        )
        for told in self._followers:
            told(went)

    def _forget_printing(self, stop: StopToken) -> None:
        self._stops.remove(stop)
        if self._at_printer is not None and self._at_printer[1] is stop:
            self._at_printer = None

    def _read_record(self, done: Callable[[DayRecord, Demographics], None], failed: Failed) -> None:
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
