"""The desk of a simulated day: the real station in a process that may be killed.

It says on its output, a JSON line each, what it has told: the ends of visits, and that the
day is closed. What it has not told is only in its journal.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import typer

from station_app.assembly.day_works import Around, DayWorks
from station_app.assembly.lists import DEMO_FINGERS
from station_app.assembly.station import Station, open_station
from station_app.devices.printers.escpos_raster import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.devices.simulated.printer import SimulatedPrinter
from station_app.domain.day import DayState
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.reconciliation import HandCount
from station_app.domain.roles import NEEDED, Operation, Person
from station_app.domain.slips import PrinterStatus
from station_app.flow.bridge import Call, QueueBridge
from station_app.flow.day_check import ToldEnd
from station_app.flow.day_parts import Acted
from station_app.flow.day_plan import Case, Fault, Visit, plan_day
from station_app.flow.demo_queue import DEMO_PASSPHRASE
from station_app.flow.simulated_visits import SimulatedVisits, VisitEnd
from station_app.journal.look import Look
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.synthetic.precinct import invent_precinct
from station_app.vault import Passphrase, StationFolder

LIST: Final = "day.vlist"
CLOCK: Final = "clock"
CLOSED: Final = "closed"
_CAPTURE_S: Final = 0.02
_PACE: Final = 0.02
_PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.1

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class DayRun:
    """Which day is simulated, and the folder of its list and its station."""

    voters: int
    seed: int
    folder: Path

    @property
    def station(self) -> StationFolder:
        """Where the station lives."""
        return StationFolder(self.folder / "station")


class HastyBridge(QueueBridge):
    """What waits for people's hands and eyes waits for a fiftieth of the time."""

    def later(self, seconds: float, call: Call) -> None:
        """Run `call` after a fraction of `seconds`."""
        super().later(seconds * _PACE, call)


class DayClock:
    """The machine's clock: the plan sets it at each visit, and between it goes on, also while
    the desk is dead. `path` is where it goes on from after a crash.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        """`at` is the time where the clock was never set."""
        self._path = path
        try:
            at_text, since = json.loads(path.read_text())
        except FileNotFoundError:
            self.set(at)
        else:
            self._at, self._since = datetime.fromisoformat(at_text), since

    def set(self, at: datetime) -> None:
        """It is this time now."""
        self._at, self._since = at, time.monotonic()
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps([at.isoformat(), self._since]))
        draft.replace(self._path)

    def reach(self, at: datetime) -> None:
        """It is this time at least: what took longer than planned moves nobody back."""
        if at > self.now():
            self.set(at)

    def now(self) -> datetime:
        """The time it shows."""
        return self._at + timedelta(seconds=time.monotonic() - self._since)


class Surroundings:
    """Sets the clock and lets the printer run out of paper, as the plan says."""

    def __init__(self, clock: DayClock, printer: SimulatedPrinter) -> None:
        self._clock, self._printer = clock, printer

    def begin(self, visit: Visit) -> None:
        """See `simulated_visits.Surroundings`."""
        if visit.fault is Fault.CLOCK_BACK:
            self._clock.set(visit.at)
        else:
            self._clock.reach(visit.at)
        if visit.fault is Fault.PAPER_OUT:
            self._printer.run_out_of_paper()
        else:
            self._printer.load_paper()

    def mend(self, visit: Visit) -> None:
        """See `simulated_visits.Surroundings`: paper comes with the next visit."""


def _ignore(_: PrinterStatus) -> None:
    """Nobody looks at the printer's status here."""


def play_desk(run: DayRun, first: int) -> None:
    """Open the station, let the visits from number `first` on pass, and close the day.

    Raises `KnownError` as `open_station` and the acts of the day do, and the code of the
    fault that blocked the desk.
    """
    visits = plan_day(run.voters, run.seed)
    clock = DayClock(run.folder / CLOCK, visits[0].at)
    bridge = HastyBridge()
    scanner = SimulatedFingerScanner(frames=2, seconds=_CAPTURE_S)
    printer = SimulatedPrinter(run.folder / "printer")
    try:
        station = open_station(
            run.station,
            run.folder / LIST,
            PUBLIC_DEMO_LIST_KEY,
            scanner,
            bridge,
            clock.now,
            is_day_open=False,
        )
        desk = _Desk(run, station, clock, bridge, scanner, printer)
        try:
            desk.play(visits, first)
        finally:
            desk.close()
    finally:
        printer.close()


class _Desk:
    """The open station with everybody who works at it."""

    def __init__(
        self,
        run: DayRun,
        station: Station,
        clock: DayClock,
        bridge: HastyBridge,
        scanner: SimulatedFingerScanner,
        printer: SimulatedPrinter,
    ) -> None:
        self._run, self._station, self._bridge = run, station, bridge
        self._clock, self._scanner, self._printer = clock, scanner, printer
        around = Around(
            printer=EscposRasterPrinter(EscposSettings(path=str(printer.port))),
            voter_languages=("ky", "ru"),
            now=clock.now,
            local=lambda at: at,
            language=lambda: "ru",
        )
        self._works = DayWorks(station, run.station, around, bridge, _ignore)

    def play(self, visits: Sequence[Visit], first: int) -> None:
        """See `play_desk`."""
        self._station.runner.start()
        self._works.start()
        if first == 0 and self._look(lambda look: look.day.state) is DayState.BEFORE:
            self._open_day()
        if first < len(visits):
            known = self._look(lambda look: self._known(look, visits[first]))
            if known is not None:
                tell(known)
                first += 1
        self._let_pass(visits[first:])
        if self._look(lambda look: look.day.state) is DayState.OPEN:
            self._print_all()
            self._close_day()
        typer.echo(json.dumps({CLOSED: True}))

    def close(self) -> None:
        """Close the station."""
        self._works.close()
        self._station.close()

    def _let_pass(self, visits: Sequence[Visit]) -> None:
        run = self._run
        people = SimulatedVisits(
            self._station.runner,
            self._scanner,
            self._bridge,
            invent_precinct(run.voters, run.seed, DEMO_FINGERS),
            visits,
            Surroundings(self._clock, self._printer),
            self._sign,
            lambda end: tell(_told(end)),
        )
        people.start()
        while not people.is_over:
            self._let_one_pass(people)
        if people.blocked_by:
            raise KnownError(people.blocked_by, f"The desk was blocked by {people.blocked_by}.")

    def _let_one_pass(self, people: SimulatedVisits) -> None:
        left = people.left
        if not self._bridge.run(lambda: people.is_over or people.left < left, _PATIENCE_S):
            raise KnownError("visit_stuck", f"The desk does not go on; {left} visits are left.")

    def _open_day(self) -> None:
        signers = self._signers(Operation.OPEN_DAY)
        self._act(
            lambda done, failed: self._works.desk.open_day(
                signers, self._clock.now(), is_confirmed=False, done=done, failed=failed
            )
        )

    def _print_all(self) -> None:
        self._printer.load_paper()
        ends = time.monotonic() + _PATIENCE_S
        while self._look(_unprinted):
            if time.monotonic() > ends:
                raise KnownError("slips_stuck", "Slips stay unprinted: the printer does not go on.")
            self._bridge.run(lambda: False, _LOOK_EVERY_S)

    def _close_day(self) -> None:
        """Hands and journal count the same: nobody has miscounted."""
        signers = self._signers(Operation.CLOSE_DAY)
        seen = self._look(lambda look: look.figures())
        counted = HandCount(ballots=seen.identified, signatures=seen.identified)
        self._act(
            lambda done, failed: self._works.desk.close_day(
                signers, seen, counted, {}, done, failed
            )
        )

    def _act(
        self, begin: Callable[[Callable[[Acted], None], Callable[[KnownError], None]], None]
    ) -> None:
        answers: list[Acted | KnownError] = []
        begin(answers.append, answers.append)
        self._bridge.run(lambda: bool(answers), _PATIENCE_S)
        (answer,) = answers
        if isinstance(answer, KnownError):
            raise answer
        if answer.paper_fault:
            raise KnownError(answer.paper_fault, f"A paper was not made: {answer.paper_fault}.")

    def _signers(self, operation: Operation) -> tuple[Person, ...]:
        """Those whom it needs type the passphrase that everybody knows."""
        approver = self._station.opened.approver
        here = {person.id for person in approver.present}
        agreed: set[str] = set()
        for roles in NEEDED[operation]:
            able = [one for one in approver.people if one.role in roles and one.id not in agreed]
            signer = next((one for one in able if one.id in here), able[0])
            if signer.id not in here:
                approver.prove(signer.id, Passphrase(DEMO_PASSPHRASE))
            agreed.add(signer.id)
        return approver.approve(operation)

    def _sign(self, operation: Operation) -> tuple[str, str]:
        one, other = self._signers(operation)
        return one.id, other.id

    def _look(self, ask: Callable[[Look], Seen]) -> Seen:
        opened = self._station.opened
        return opened.lanes.journal.call(lambda: ask(opened.journal.look))

    def _known(self, look: Look, visit: Visit) -> ToldEnd | None:
        """How the visit ended, if its end was durable when the desk was killed."""
        row = visit.row
        if row is None or OutcomeKind.IDENTIFIED not in visit.ends:
            return None
        voters = self._station.opened.voters
        voter_id = self._station.opened.lanes.matching.call(lambda: voters.voter(row).voter_id)
        found = [
            one
            for one in look.day_outcomes()
            if one.outcome is OutcomeKind.IDENTIFIED and one.voter_id == voter_id
        ]
        if visit.case is Case.AFTER_VOID:
            found = found[1:]
        if not found:
            return None
        number = found[-1].number
        is_void = look.void_of(number) is not None
        if visit.case is Case.PHOTO_MISMATCH and not is_void:
            return None
        return ToldEnd(
            visit.number, OutcomeKind.IDENTIFIED, number, voter_id, is_void, 0, 0, 0, 0, 0, True
        )


def tell(end: ToldEnd) -> None:
    """Say it on the process's output, now."""
    typer.echo(json.dumps(asdict(end)))
    sys.stdout.flush()


def _told(end: VisitEnd) -> ToldEnd:
    return ToldEnd(
        visit=end.visit.number,
        outcome=end.outcome.outcome,
        entry=end.entry,
        voter_id=end.outcome.voter_id,
        voided=end.voided,
        sessions=end.sessions,
        tries=end.tries,
        extract_ms=round(end.times.extract_ms, 3),
        search_ms=round(end.times.search_ms, 3),
        journal_ms=round(end.times.journal_ms, 3),
    )


def _unprinted(look: Look) -> bool:
    return any(
        one.outcome is OutcomeKind.IDENTIFIED
        and look.void_of(one.number) is None
        and not look.slips_of(one.number)
        for one in look.day_outcomes()
    )
