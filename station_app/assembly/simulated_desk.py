"""The desk of a simulated day: the real stations in processes that may be killed.

A process says on its output, a JSON line each, what it has told: the ends of visits, what
happened between two of them, and that the station waits for its death or has closed the day.
What it has not told is only in its journal.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import typer

from station_app.assembly.day_works import Around, DayWorks
from station_app.assembly.lists import DEMO_FINGERS
from station_app.assembly.simulated_attack import try_to_be_two
from station_app.assembly.simulated_station import (
    CHAIR,
    CORRECTED,
    ISSUER,
    MEMBER,
    PACKS,
    DayRun,
    corrected_precinct,
    load_list,
    passphrase_of,
    unlock,
)
from station_app.assembly.station import prepare_unlocked
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.printers.escpos_raster import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.devices.simulated.printer import SimulatedPrinter
from station_app.domain.day import DayState
from station_app.domain.entries import DayReopened, Entry, StationLocked, StationUnlocked
from station_app.domain.entry_codes import LockCause, OutcomeKind, ReopenReason
from station_app.domain.errors import KnownError
from station_app.domain.reconciliation import HandCount
from station_app.domain.roles import NEEDED, Operation, Person, Role
from station_app.domain.slips import PrinterStatus
from station_app.flow.bridge import Call, QueueBridge
from station_app.flow.day_check import ToldEnd, ToldGap, ToldMilestone
from station_app.flow.day_parts import Acted
from station_app.flow.day_plan import (
    Case,
    Fault,
    Milestone,
    Visit,
    correction_of,
    plan_day,
    taken_over_at,
)
from station_app.flow.day_reading import read_record
from station_app.flow.day_report import report_of, turnout_of
from station_app.flow.opening import finish_load
from station_app.flow.simulated_visits import SimulatedVisits, VisitEnd
from station_app.flow.takeover import take_over
from station_app.flow.takeover_evidence import weigh
from station_app.journal.look import Look
from station_app.languages import language_codes, voter_languages
from station_app.snapshots import loaded_list
from station_app.snapshots.takeover_file import open_pack
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.vault import People, Proof, StationFolder, Unlocked

LIST: Final = "day.vlist"
CLOCK: Final = "clock"
CLOSED: Final = "closed"
WAITS: Final = "waits"
MILESTONE: Final = "milestone"
GAP: Final = "gap"
_CAPTURE_S: Final = 0.02
_PACE: Final = 0.02
_PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.1

Seen = TypeVar("Seen")


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
    """Let the visits from number `first` on pass at the station whose they are.

    The station that opens the day waits for its death after its last visit; the spare closes
    the day. Raises `KnownError` as `finish_load`, `take_over`, `prepare_unlocked` and the acts
    of the day do, and the code of the fault that blocked the desk.
    """
    _Shift(run, plan_day(run.voters, run.seed)).play(first)


class _Shift:
    """What one process does: it opens a station's desk, and again when another list has come."""

    def __init__(self, run: DayRun, visits: Sequence[Visit]) -> None:
        self._run, self._visits = run, visits
        self._clock = DayClock(run.folder / CLOCK, visits[0].at)
        self._precinct = invent_precinct(run.voters, run.seed, DEMO_FINGERS)

    def play(self, first: int) -> None:
        """See `play_desk`."""
        death = taken_over_at(self._visits)
        with closing(SimulatedPrinter(self._run.folder / "printer")) as printer:
            if first >= death:
                if not self._run.spare.journal.exists():
                    self._take_over()
                self._work(self._run.spare, printer, self._visits[first:], has_to_close=True)
                tell({CLOSED: True})
                return
            noon = next(
                one.number for one in self._visits if one.before is Milestone.LIST_CORRECTED
            )
            if first < noon:
                self._work(self._run.station, printer, self._visits[first:noon])
            self._correct_list()
            self._work(self._run.station, printer, self._visits[max(first, noon) : death])
            tell({WAITS: True})
            time.sleep(_PATIENCE_S)

    def _work(
        self,
        folder: StationFolder,
        printer: SimulatedPrinter,
        visits: Sequence[Visit],
        *,
        has_to_close: bool = False,
    ) -> None:
        _, unlocked = unlock(folder)
        try:
            finish_load(folder, unlocked, self._clock.now)
            known = self._precinct
            if loaded_list(folder, (ISSUER,)).manifest.sequence > 1:
                known = corrected_precinct(known, correction_of(self._visits))
            desk = _Desk(folder, unlocked, self._clock, printer, self._precinct, known)
            try:
                desk.play(visits)
                if has_to_close:
                    desk.close_day()
            finally:
                desk.close()
        finally:
            unlocked.lock()

    def _correct_list(self) -> None:
        """The technician loads the corrected list; chair and member agree to what it lacks."""
        folder = self._run.station
        loaded = loaded_list(folder, (ISSUER,))
        if loaded.manifest.sequence == 1:
            load_list(self._run, CORRECTED)
        elif loaded.is_proven:
            return  # before the desk was killed
        people, unlocked = unlock(folder)
        refused = []
        try:
            try:
                finish_load(folder, unlocked, self._clock.now)
            except KnownError as refusal:
                refused.append(refusal.code)
                agreed = _leaders(people, unlocked)
                finish_load(folder, unlocked, self._clock.now, agreed=agreed)
        finally:
            unlocked.lock()
        tell_milestone(Milestone.LIST_CORRECTED, refused)

    def _take_over(self) -> None:
        """Blind: first refused, then accepted by the chair and a member."""
        folder = self._run.spare
        (path,) = (self._run.outbox / PACKS).iterdir()
        found = open_pack(path, (ISSUER,))
        people, unlocked = unlock(folder)
        evidence = weigh(found.pack, None)
        refused = []
        try:
            for is_accepted in (False, True):
                proofs = _leaders(people, unlocked)
                try:
                    take_over(
                        folder, unlocked, proofs, found, evidence, (ENGINE,),
                        self._clock.now, accept_missing=is_accepted,
                    )  # fmt: skip
                except KnownError as refusal:
                    if is_accepted:
                        raise
                    refused.append(refusal.code)
        finally:
            unlocked.lock()
        tell_milestone(Milestone.TAKEN_OVER, refused)


def _leaders(people: People, unlocked: Unlocked) -> tuple[Proof, ...]:
    return tuple(people.prove(unlocked, one.id, passphrase_of(one.id)) for one in (CHAIR, MEMBER))


class _Desk:
    """An open station with everybody who works at it.

    `precinct` are the people as they are, `known` as the list in use knows them.
    """

    def __init__(
        self,
        folder: StationFolder,
        unlocked: Unlocked,
        clock: DayClock,
        printer: SimulatedPrinter,
        precinct: Precinct,
        known: Precinct,
    ) -> None:
        self._folder, self._clock, self._printer = folder, clock, printer
        self._precinct, self._listed = precinct, known
        self._bridge = HastyBridge()
        self._scanner = SimulatedFingerScanner(frames=2, seconds=_CAPTURE_S)
        loaded = loaded_list(folder, (ISSUER,))
        self._station = prepare_unlocked(
            folder, unlocked, loaded, self._scanner, self._bridge, clock.now
        ).station(self._bridge)
        operator, member = unlocked.proofs
        self._write(StationUnlocked(operator.person_id, member.person_id, unlocked.marks.settings))
        around = Around(
            printer=EscposRasterPrinter(EscposSettings(path=str(printer.port))),
            voter_languages=voter_languages(),
            now=clock.now,
            local=lambda at: at,
            language=lambda: language_codes()[0],
            valid_from=loaded.manifest.valid_from,
            valid_to=loaded.manifest.valid_to,
        )
        self._works = DayWorks(self._station, folder, around, self._bridge, _ignore)

    def play(self, visits: Sequence[Visit]) -> None:
        """Open the day if nobody has, and let the visits pass; every slip is printed then."""
        self._station.runner.start()
        self._works.start()
        if self._state() is DayState.BEFORE:
            self._open_day()
            self._tell_gap()
        if visits:
            known = self._look(lambda look: self._known(look, visits[0]))
            if known is not None:
                tell(asdict(known))
                visits = visits[1:]
        for group in _groups(visits):
            self._reach(group[0].before)
            if group[0].ends:
                self._let_pass(group)
            else:
                self._clock.reach(group[0].at)
                tell(asdict(_sent_away(group[0])))
        self._print_all()

    def close_day(self) -> None:
        """Hands and journal count the same: nobody has miscounted."""
        if self._state() is DayState.OPEN:
            self._close_day()
            self._tell_gap()

    def close(self) -> None:
        """Close the station."""
        self._works.close(lambda: self._write(StationLocked(LockCause.LEFT)))
        self._station.close()

    def _state(self) -> DayState:
        return self._look(lambda look: look.day.state)

    def _write(self, entry: Entry) -> None:
        under = self._station.opened
        under.lanes.journal.call(lambda: under.journal.append(entry))

    # --- between two visits ------------------------------------------------------------------

    def _reach(self, milestone: Milestone | None) -> None:
        match milestone:
            case Milestone.TWO_IN_ONE:
                under = self._station.opened
                name = under.journal.opened.origin.rpartition("/")[2]
                tell_milestone(milestone, try_to_be_two(self._folder, name, under.approver))
            case Milestone.CLOSED_EARLY:
                self._close_early()
            case _:
                pass  # the others happen while no desk is open

    def _close_early(self) -> None:
        if self._look(lambda look: look.entries((DayReopened,))):
            return
        if self._state() is DayState.OPEN:
            self._print_all()
            self._close_day()
        signers = self._signers(Operation.REOPEN_DAY)
        self._act(
            lambda done, failed: self._works.desk.reopen(
                signers, ReopenReason.CLOSED_EARLY, done, failed
            )
        )
        tell_milestone(Milestone.CLOSED_EARLY, [])

    def _tell_gap(self) -> None:
        """What the papers of the moment say of the stations that were taken over."""
        works, under = self._works, self._station.opened
        if not works.facts.predecessors:
            return
        record = under.lanes.journal.call(lambda: read_record(under.journal))
        ids = [one.voter_id for one in record.standing if one.voter_id is not None]
        voters = under.lanes.matching.call(lambda: under.voters.demographics(ids))
        turnout = turnout_of(record, voters, self._clock.now(), lambda at: at)
        report = report_of(works.facts, record, turnout, under.approver.people)
        (one,) = report.predecessors
        gap = ToldGap(
            one.station,
            one.entries,
            one.needs_paper_list,
            tuple(incident.kind for incident in report.incidents),
        )
        tell({GAP: asdict(gap)})

    def _let_pass(self, visits: Sequence[Visit]) -> None:
        people = SimulatedVisits(
            self._station.runner,
            self._scanner,
            self._bridge,
            self._listed,
            visits,
            Surroundings(self._clock, self._printer),
            self._sign,
            lambda end: tell(asdict(_told(end))),
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
        """Those whom it needs type their passphrases; an operator agrees by being there."""
        approver = self._station.opened.approver
        agreed: set[str] = set()
        for roles in NEEDED[operation]:
            signer = next(
                one for one in approver.people if one.role in roles and one.id not in agreed
            )
            if not (operation.counts_presence and signer.role is Role.OPERATOR):
                approver.prove(signer.id, passphrase_of(signer.id))
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
        voter_id = self._precinct.voters[row].voter_id
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
            visit=visit.number,
            outcome=OutcomeKind.IDENTIFIED,
            entry=number,
            voter_id=voter_id,
            voided=is_void,
            sessions=0,
            tries=0,
            extract_ms=0,
            search_ms=0,
            journal_ms=0,
            after_crash=True,
        )


def tell(said: dict[str, object]) -> None:
    """Say it on the process's output, now."""
    typer.echo(json.dumps(said))
    sys.stdout.flush()


def tell_milestone(milestone: Milestone, refused: Iterable[str]) -> None:
    """Say what has happened between two visits, and what was refused on the way."""
    tell({MILESTONE: asdict(ToldMilestone(milestone, tuple(refused)))})


def _groups(visits: Sequence[Visit]) -> list[list[Visit]]:
    """The visits in a row between which nothing happens; who is not sent to the desk, alone."""
    groups: list[list[Visit]] = []
    for visit in visits:
        is_alone = visit.before is not None or not visit.ends
        if not groups or is_alone or not groups[-1][0].ends:
            groups.append([])
        groups[-1].append(visit)
    return groups


def _sent_away(visit: Visit) -> ToldEnd:
    return ToldEnd(
        visit=visit.number,
        outcome=None,
        entry=0,
        voter_id=None,
        voided=False,
        sessions=0,
        tries=0,
        extract_ms=0,
        search_ms=0,
        journal_ms=0,
    )


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
        is_marked=end.is_marked,
    )


def _unprinted(look: Look) -> bool:
    return any(
        one.outcome is OutcomeKind.IDENTIFIED
        and look.void_of(one.number) is None
        and not look.slips_of(one.number)
        for one in look.day_outcomes()
    )
