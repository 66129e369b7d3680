"""The desk of a simulated day: the real stations in processes that may be killed.

A process tells (`day_messages`) the ends of visits, what happened between two of them, and that the
station waits for its death or has closed the day. What it has not told is only in its journal.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from typing import Final, TypeVar

from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.biometrics.engines import engine_names
from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.day import DayState
from station_app.domain.day_report import HandCount
from station_app.domain.entries import (
    Admitted,
    CameBack,
    DayReopened,
    Entry,
    IssuedElsewhere,
    SentAway,
    StationLocked,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    LockCause,
    OutcomeKind,
    ReopenReason,
    SentAwayReason,
    StrikeReason,
    UndoReason,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import NEEDED, Operation, Person, Role
from station_app.flow.bridge import Call, QueueBridge
from station_app.flow.day_acts import ActDraft, CheckedNumber
from station_app.flow.day_parts import ActResult
from station_app.flow.day_reading import read_record, standing
from station_app.flow.day_report import report_of, turnout_of
from station_app.flow.open_station import prepare_unlocked
from station_app.flow.opening import UnlockedStation, open_unlocked
from station_app.flow.takeover import take_over
from station_app.flow.takeover_evidence import weigh_evidence
from station_app.journal.journal_view import JournalView
from station_app.languages import language_codes, voter_languages
from station_app.snapshots import loaded_list
from station_app.snapshots.takeover_pack import open_pack
from station_app.synthetic.live_scenes import Sitting
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.training.chair import Chair, Obedience
from station_app.training.day_clock import DayClock, PlannedFaults
from station_app.training.day_messages import DeskState, MilestoneReached, TakeoverGap, tell
from station_app.training.day_plan import (
    CRASH_LASTS,
    DayMilestone,
    PlannedActs,
    PlannedVisit,
    VisitCase,
    acts_of,
    correction_of,
    people_of,
    plan_day,
    taken_over_at,
)
from station_app.training.day_stations import (
    CHAIR,
    CORRECTED,
    ISSUER,
    MEMBER,
    OPERATOR,
    PACKS,
    DayRun,
    corrected_precinct,
    load_list,
    member_signs,
    passphrase_of,
    try_to_be_two,
    unlocking,
)
from station_app.training.lists import DEMO_FINGERS
from station_app.training.player import Player
from station_app.training.script import QueuePerson as Visitor
from station_app.training.script import ScriptFault, VisitEnd
from station_app.vault import People, Proof, StationFolder, Unlocked

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


def play_desk(run: DayRun, first: int) -> None:
    """Let the visits from number `first` on pass at the station whose they are.

    The station that opens the day waits for its death after its last visit; the spare closes
    the day. Raises `KnownError` as `open_unlocked`, `take_over`, `prepare_unlocked` and the acts
    of the day do, and the code of the fault that blocked the desk.
    """
    _Shift(run, plan_day(run.voters, run.seed), first).play()


class _Shift:
    """What one process does: it opens a station's desk, and again when another list has come."""

    def __init__(self, run: DayRun, visits: Sequence[PlannedVisit], first: int) -> None:
        self._run, self._visits, self._first = run, visits, first
        self._clock = DayClock(run.clock, visits[0].at)
        self._precinct = invent_precinct(run.voters, run.seed, DEMO_FINGERS)
        self._acts = acts_of(visits)

    def play(self) -> None:
        """See `play_desk`."""
        first, death = self._first, taken_over_at(self._visits)
        with closing(SimulatedPrinter(self._run.folder / "printer")) as printer:
            if first >= death:
                if not self._run.spare.journal.exists():
                    self._take_over()
                self._work(self._run.spare, printer, self._visits[first:], has_to_close=True)
                tell(DeskState.CLOSED)
                return
            noon = next(
                one.number for one in self._visits if one.before is DayMilestone.LIST_CORRECTED
            )
            if first < noon:
                self._work(self._run.station, printer, self._visits[first:noon])
            self._await_crash(noon)
            self._correct_list()
            self._work(self._run.station, printer, self._visits[max(first, noon) : death])
            tell(DeskState.WAITS)
            time.sleep(_PATIENCE_S)

    def _await_crash(self, number: int) -> None:
        """Be killed before visit `number`, if the plan's time for it is over; what kills may be
        late on a busy machine.
        """
        for visit in self._visits[self._first + 1 : max(0, number - CRASH_LASTS)]:
            if visit.fault is ScriptFault.CRASH:
                time.sleep(_PATIENCE_S)

    def _work(
        self,
        folder: StationFolder,
        printer: SimulatedPrinter,
        visits: Sequence[PlannedVisit],
        *,
        has_to_close: bool = False,
    ) -> None:
        with unlocking(folder) as (_, unlocked):
            opened = open_unlocked(folder, unlocked, self._clock.now)
            known = self._precinct
            if opened.manifest.sequence > 1:
                known = corrected_precinct(known, correction_of(self._visits))
            desk = _Desk(opened, self._clock, printer, known, self._acts, self._await_crash)
            try:
                desk.play(visits)
                if has_to_close:
                    desk.close_day()
            finally:
                desk.close()

    def _correct_list(self) -> None:
        """The technician loads the corrected list; chair and member agree to what it lacks."""
        folder = self._run.station
        loaded = loaded_list(folder, (ISSUER,))
        if loaded.manifest.sequence == 1:
            load_list(self._run, CORRECTED)
        elif loaded.is_proven:
            return  # before the desk was killed
        refused = []
        with unlocking(folder) as (people, unlocked):
            try:
                open_unlocked(folder, unlocked, self._clock.now).close()
            except KnownError as refusal:
                refused.append(refusal.code)
                agreed = _leaders(people, unlocked)
                open_unlocked(folder, unlocked, self._clock.now, agreed=agreed).close()
        tell(MilestoneReached(DayMilestone.LIST_CORRECTED, tuple(refused)))

    def _take_over(self) -> None:
        """Blind: first refused, then accepted by the chair and a member."""
        folder = self._run.spare
        (path,) = (self._run.outbox / PACKS).iterdir()
        found = open_pack(path, (ISSUER,))
        evidence = weigh_evidence(found.pack, None)
        refused = []
        with unlocking(folder) as (people, unlocked):
            for is_accepted in (False, True):
                proofs = _leaders(people, unlocked)
                try:
                    take_over(
                        folder, unlocked, proofs, found, evidence, engine_names(),
                        self._clock.now, accept_missing=is_accepted,
                    )  # fmt: skip
                except KnownError as refusal:
                    if is_accepted:
                        raise
                    refused.append(refusal.code)
        tell(MilestoneReached(DayMilestone.TAKEN_OVER, tuple(refused)))


def _leaders(people: People, unlocked: Unlocked) -> tuple[Proof, ...]:
    return tuple(people.prove(unlocked, one.id, passphrase_of(one.id)) for one in (CHAIR, MEMBER))


class _Desk:
    """An open station with everybody who works at it.

    `precinct` are the people as the list in use knows them, `acts` what is written beside the desk;
    `await_crash` is called before each visit.
    """

    def __init__(
        self,
        opened: UnlockedStation,
        clock: DayClock,
        printer: SimulatedPrinter,
        precinct: Precinct,
        acts: PlannedActs,
        await_crash: Callable[[int], None],
    ) -> None:
        self._folder, self._clock, self._printer = opened.folder, clock, printer
        self._precinct, self._acts, self._await_crash = precinct, acts, await_crash
        self._surroundings = PlannedFaults(clock, printer)
        self._bridge = HastyBridge()
        self._scanner = SimulatedFingerScanner(frames=2, seconds=_CAPTURE_S)
        camera = SimulatedCamera()
        self._chair = Chair(camera)
        self._station = prepare_unlocked(opened, self._scanner, camera).station(self._bridge)
        self._station.runner.observe(Obedience(self._chair, in_haste=True))
        self._write(*opened.by)
        equipment = StationEquipment(
            printer=EscposRasterPrinter(EscposSettings(place=str(printer.port))),
            voter_languages=voter_languages(),
            now=clock.now,
            local=lambda at: at,
            language=lambda: language_codes()[0],
            valid_from=opened.manifest.valid_from,
            valid_to=opened.manifest.valid_to,
            battery=lambda: None,
        )
        self._services = DeskServices(
            self._station, opened.folder, equipment, self._bridge, lambda _: None
        )

    def play(self, visits: Sequence[PlannedVisit]) -> None:
        """Open the day if nobody has, and let the visits pass; every slip is printed then."""
        self._station.runner.start()
        self._services.start()
        if self._state() is DayState.BEFORE:
            self._open_day()
            self._tell_gap()
        if visits:
            known = self._look(lambda look: self._known(look, visits[0]))
            if known is not None:
                tell(known)
                visits = visits[1:]
        for group in _groups(visits):
            self._await_crash(group[0].number)
            self._reach(group[0].before)
            self._let_pass(group)
        self._print_all()

    def close_day(self) -> None:
        """Hands and journal count the same: nobody has miscounted."""
        if self._state() is DayState.OPEN:
            self._close_day()
            self._tell_gap()

    def close(self) -> None:
        """Close the station."""
        self._services.close(lambda: self._write(StationLocked(LockCause.LEFT)))
        self._station.close()

    def _state(self) -> DayState:
        return self._look(lambda look: look.day.state)

    def _write(self, *entries: Entry) -> None:
        under = self._station.opened
        under.lanes.journal.call(lambda: under.recorder.append_all(entries))

    # --- between two visits ------------------------------------------------------------------

    def _reach(self, milestone: DayMilestone | None) -> None:
        match milestone:
            case DayMilestone.TWO_IN_ONE:
                under = self._station.opened
                name = under.recorder.journal.opened.origin.rpartition("/")[2]
                refused = try_to_be_two(self._folder, name, under.approver)
                tell(MilestoneReached(milestone, refused))
            case DayMilestone.ACTS:
                self._write_acts()
            case DayMilestone.CLOSED_EARLY:
                self._close_early()
            case _:
                pass  # the others happen while no desk is open

    def _write_acts(self) -> None:
        if self._look(lambda look: look.entries((CameBack,))):
            return
        number = {row: self._precinct.voters[row].list_number for row in self._acts.elsewhere}
        at_home = IssuedElsewhere("", 0, BallotPlace.HOME, "", "")
        self._sign_act(at_home, *number.values())
        struck = self._precinct.voters[self._acts.struck_off].list_number
        self._sign_act(StruckOff("", 0, StrikeReason.DECEASED, "", ""), struck)
        for basis in AdmissionBasis:
            self._sign_act(Admitted(0, basis, DocumentSeen.PASSPORT, "", ""))
        undone = number[self._acts.undone]
        found = self._look(lambda look: {one.list_number: one.number for one in look.day_acts()})
        signers = self._signers(Operation.DAY_ACT)
        desk = self._services.desk
        self._act(partial(desk.undo, signers, found[undone], UndoReason.WRONG_VOTER))
        operator = (OPERATOR,)
        away = SentAway(SentAwayReason.NO_DOCUMENT, "")
        for draft in (away, away, CameBack("")):
            self._act(partial(desk.act, operator, draft, ()))
        refused = []
        try:
            self._sign_act(at_home, self._look(_somebody_identified))
        except KnownError as refusal:
            refused.append(refusal.code)
        tell(MilestoneReached(DayMilestone.ACTS, tuple(refused)))

    def _sign_act(self, draft: ActDraft, *numbers: int) -> None:
        found: list[tuple[CheckedNumber, ...] | KnownError] = []
        self._services.desk.check_numbers(numbers, found.append, found.append)
        self._bridge.run(lambda: bool(found), _PATIENCE_S)
        (checked,) = found
        if isinstance(checked, KnownError):
            raise checked
        signers = self._signers(Operation.DAY_ACT)
        self._act(partial(self._services.desk.act, signers, draft, checked))

    def _close_early(self) -> None:
        if self._look(lambda look: look.entries((DayReopened,))):
            return
        if self._state() is DayState.OPEN:
            self._print_all()
            self._close_day()
        signers = self._signers(Operation.REOPEN_DAY)
        self._act(partial(self._services.desk.reopen, signers, ReopenReason.CLOSED_EARLY))
        tell(MilestoneReached(DayMilestone.CLOSED_EARLY, ()))

    def _tell_gap(self) -> None:
        """What the papers of the moment say of the stations that were taken over."""
        services, under = self._services, self._station.opened
        if not services.facts.predecessors:
            return
        record = under.lanes.journal.call(lambda: read_record(under.recorder.journal))
        ids = [one.voter_id for one in record.standing if one.voter_id is not None]
        voters = under.lanes.matching.call(lambda: under.voters.demographics(ids))
        turnout = turnout_of(record, voters, self._clock.now(), lambda at: at)
        report = report_of(services.facts, record, turnout, under.approver.people)
        (one,) = report.predecessors
        kinds = tuple(incident.kind for incident in report.incidents)
        tell(TakeoverGap(one.station, one.entries, one.needs_paper_list, kinds))

    def _let_pass(self, visits: Sequence[PlannedVisit]) -> None:
        def begin(person: Visitor) -> None:
            self._await_crash(person.number)
            self._surroundings.begin(by_number[person.number])
            if person.face is not None:
                Sitting(person.face).prepared()  # drawn late, a turn would seem a jump

        by_number = {visit.number: visit for visit in visits}
        player = Player(
            self._station.runner,
            self._scanner,
            self._bridge,
            people_of(visits, self._precinct, member_signs()),
            lambda result: tell(result.end),
            begin=begin,
            chair=self._chair,
        )
        player.start()
        left = 0
        while not self._bridge.run(lambda: player.is_over, _PATIENCE_S):
            if player.left == left:
                raise KnownError(
                    Code.VISIT_STUCK, f"The desk does not go on; {left} visits are left."
                )
            left = player.left
        if player.blocked_by:
            raise KnownError(player.blocked_by, f"The desk was blocked by {player.blocked_by}.")

    def _open_day(self) -> None:
        signers = self._signers(Operation.OPEN_DAY)
        now = self._clock.now()
        self._act(partial(self._services.desk.open_day, signers, now, is_confirmed=False))

    def _print_all(self) -> None:
        self._printer.load_paper()
        ends = time.monotonic() + _PATIENCE_S
        while self._look(_unprinted):
            if time.monotonic() > ends:
                raise KnownError(
                    Code.SLIPS_STUCK, "Slips stay unprinted: the printer does not go on."
                )
            self._bridge.run(lambda: False, _LOOK_EVERY_S)

    def _close_day(self) -> None:
        signers = self._signers(Operation.CLOSE_DAY)
        seen = self._look(lambda look: look.figures())
        counted = HandCount(ballots=seen.issued, signatures=seen.issued)
        self._act(partial(self._services.desk.close_day, signers, seen, counted, {}))

    def _act(self, begin: Callable[..., None]) -> None:
        answers: list[ActResult | KnownError] = []
        begin(done=answers.append, failed=answers.append)
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

    def _look(self, ask: Callable[[JournalView], Seen]) -> Seen:
        opened = self._station.opened
        return opened.lanes.journal.call(lambda: ask(opened.recorder.journal.look))

    def _known(self, look: JournalView, visit: PlannedVisit) -> VisitEnd | None:
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
        if visit.case is VisitCase.AFTER_VOID:
            found = found[1:]
        if not found:
            return None
        number = found[-1].number
        is_void = look.void_of(number) is not None
        if visit.case is VisitCase.PHOTO_MISMATCH and not is_void:
            return None
        return VisitEnd(
            visit.number, OutcomeKind.IDENTIFIED, number, voter_id, is_void, after_crash=True
        )


def _groups(visits: Sequence[PlannedVisit]) -> list[Sequence[PlannedVisit]]:
    """The visits in a row between which nothing happens to the station."""
    starts = [place for place, one in enumerate(visits) if one.before is not None or not place]
    return [visits[start:end] for start, end in pairwise([*starts, len(visits)])]


def _somebody_identified(look: JournalView) -> int:
    """The list number of somebody who was identified."""
    return next(one.list_number for one in standing(look) if one.list_number is not None)


def _unprinted(look: JournalView) -> bool:
    return any(
        one.outcome is OutcomeKind.IDENTIFIED
        and look.void_of(one.number) is None
        and not look.slips_of(one.number)
        for one in look.day_outcomes()
    )
