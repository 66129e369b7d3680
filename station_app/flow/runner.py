"""The runner holds the session's state, hands effects to the lanes and brings answers back."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from station_app.devices.finger_scanner import FingerScanner
from station_app.domain import session_events as events
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.entries import Outcome
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import engines_of
from station_app.domain.matching import Examination, Matcher
from station_app.domain.policy import Policy
from station_app.domain.samples import FaceShots, FingerImage, LiveFrame, Meters, Sample
from station_app.domain.session import begin, step
from station_app.domain.session_desk import Step
from station_app.domain.session_states import (
    Blocked,
    Idle,
    Recording,
    Resting,
    State,
    WaitingForScanner,
)
from station_app.domain.voters import Voter
from station_app.flow.approvals import Approver, CommissionAct
from station_app.flow.bridge import Bridge
from station_app.flow.day_reading import Tally
from station_app.flow.face_capture import (
    CameraLender,
    CameraNow,
    FaceCapture,
    FaceParts,
    FaceView,
)
from station_app.flow.lane import Lane
from station_app.flow.recorder import Notice, Recorder
from station_app.flow.scanning import ScannerNow, Scanning
from station_app.flow.station_devices import Cable, unknown_cable
from station_app.journal.records import Record


class VoterReader(Protocol):
    """The voter list, used on the matching lane only."""

    def voter(self, row: int) -> Voter:
        """One record."""
        ...

    def find_by_pin(self, pin: str) -> int | None:
        """The row with this PIN."""
        ...

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        """The fingers of this row's voter that one of these engines made, the best first."""
        ...

    def has_face(self, row: int, engines: Collection[str]) -> bool:
        """Whether the list has a face of this row's voter, made by one of these engines."""
        ...


@dataclass(frozen=True, slots=True)
class DeskLanes:
    """One thread a device, one for matching and the list, one for the journal.

    `approval` stretches passphrases: half a second that nobody else should wait for.
    """

    scanner: Lane
    matching: Lane
    journal: Lane
    approval: Lane
    camera: Lane

    @classmethod
    def make(cls, bridge: Bridge, on_bug: Callable[[BaseException], None]) -> "DeskLanes":
        """All of them, each with its own thread."""
        names = ("scanner", "matching", "journal", "approval", "camera")
        return cls(*(Lane(name, bridge, on_bug) for name in names))

    def close(self) -> None:
        """End all of them."""
        for lane in (self.scanner, self.camera, self.matching, self.journal, self.approval):
            lane.close()


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The parts of a desk; `assembly` chooses them.

    `assess` reads the live view's meters from a frame, on the scanner's lane; `matchers` compare
    samples of each kind, on the matching lane; `approver`
    knows who may sign; `day` is the state of the day when the desk is opened; `marked` has the
    voters whom only the commission identifies; `cable` says whether the scanner is plugged in.
    `face` is None where no face is compared: without a camera, or faces in the list.
    """

    scanner: FingerScanner
    assess: Callable[[FingerImage], Meters]
    matchers: Mapping[type[Sample], Matcher]
    voters: VoterReader
    recorder: Recorder
    policy: Policy
    next_session: int
    approver: Approver
    day: DayState = DayState.OPEN
    marked: frozenset[str] = frozenset()
    cable: Cable = unknown_cable
    face: FaceParts | None = None


@dataclass(frozen=True, slots=True)
class PersonTimes:
    """Milliseconds the last person took: extraction and search summed over tries."""

    extract_ms: float = 0.0
    search_ms: float = 0.0
    journal_ms: float = 0.0


class DeskObserver(Protocol):
    """Told on the main thread of changes; a subclass has the methods that it needs."""

    def state_changed(self, state: State) -> None:
        """The session is in another state."""
        return

    def event_taken(self, event: events.Event) -> None:
        """This event has changed the state; told before `state_changed`."""
        return

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """A frame of the live view, of the capture the state waits for."""
        return

    def finger_sensed(self, *, is_on: bool) -> None:
        """The scanner senses a finger laid on its glass, or lifted, in the state's capture."""
        return

    def scanner_changed(self, scanner: ScannerNow) -> None:
        """Something else is known of the scanner beside the session."""
        return

    def show_face(self, ticket: int, view: FaceView) -> None:
        """What the camera sees, of the try that the state waits for."""
        return

    def camera_changed(self, camera: CameraNow) -> None:
        """Something else is known of the camera."""
        return

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """A bug: show the safe screen; the runner does nothing any more."""
        return


class Runner:
    """Runs one desk. Made and used on the main thread; lanes never touch it."""

    def __init__(self, parts: DeskParts, lanes: DeskLanes, bridge: Bridge) -> None:
        self._main = threading.get_ident()
        self._parts = parts
        self._lanes = lanes
        self._bridge = bridge
        self._observers: list[DeskObserver] = []
        self._scanning = Scanning(
            parts.scanner, parts.cable, parts.assess, lanes.scanner, bridge, self
        )
        self._faces: FaceCapture | None = None
        if parts.face is not None:
            self._faces = FaceCapture(parts.face, lanes.camera, bridge, self, self._write_late)
        self._recorder = parts.recorder
        self._recorder.listen(self._written)
        self._recorder.watch(lambda: bridge.post(self._journal_failed))
        self._waiting: list[Callable[[], None]] = []  # for the journal to be tried again
        self._broken = False
        self._refusals: list[str] = []
        self.commission = CommissionAct(lanes.approval, parts.approver)
        self.tally = Tally.of(parts.recorder.journal.look)
        self.times = PersonTimes()
        self.last_image: FingerImage | None = None
        self.last_outcome = 0  # the entry of the last session's end
        self.state, self._first_effects = begin(parts.next_session, parts.policy, parts.day)

    @property
    def policy(self) -> Policy:
        """The rules this desk runs by."""
        return self._parts.policy

    @property
    def scanner(self) -> ScannerNow:
        """What is known of the scanner beside the session."""
        return self._scanning.now

    @property
    def can_face(self) -> bool:
        """Whether the desk has a camera and engines for it, and the list faces."""
        return self._faces is not None and not self._faces.engine_fault

    @property
    def camera(self) -> CameraNow | None:
        """What is known of the camera; None where no face is compared here."""
        return None if self._faces is None else self._faces.now

    @property
    def may_rest(self) -> bool:
        """Whether nobody's session is under way and the day may be changed.

        Also where the journal's fault alone has blocked the desk: an act tries it again. And where
        the battery has: the day is paused, or closed, before it is empty.
        """
        state = self.state
        if isinstance(state, Blocked):
            may_act = self._recorder.fault is not None or state.code == Code.BATTERY_EMPTY
            return state.pending is None and may_act
        return isinstance(state, Resting) or _is_free(state)

    @property
    def may_lock(self) -> bool:
        """Whether locking cuts nobody off: a desk that is blocked may be, if it owes no entry."""
        state = self.state
        if isinstance(state, Blocked):
            return state.pending is None and not state.unwritten
        return self.may_rest

    def observe(self, observer: DeskObserver) -> None:
        """Tell `observer` of every change from now on."""
        self._observers.append(observer)

    def start(self) -> None:
        """Be ready for the first person."""
        self._tell_state()
        for effect in self._first_effects:
            self._start(effect)
        self._scanning.start()
        if self._faces is not None:
            self._faces.start()

    def share_camera(self, lender: CameraLender) -> None:
        """The camera for faces is also `lender`'s, who has it while no face is asked for."""
        if self._faces is not None:
            self._faces.share(lender)

    def woke_up(self) -> None:
        """The computer was asleep: the scanner is opened anew, and asked again what it was."""
        if not self._broken:
            self._scanning.renew()

    def stop(self) -> None:
        """Stop the scanner and wait for the lanes; pending entries are written."""
        self._broken = True
        self.last_image = None  # a timer may keep this runner for some minutes
        self._scanning.close()
        if self._faces is not None:
            self._faces.close()
        self._lanes.close()

    def handle(self, event: events.Event) -> None:
        """Take one event, move on, and start what follows."""
        assert threading.get_ident() == self._main, "the main thread owns the state"
        if self._broken or (isinstance(event, events.FaceCalled) and not self.can_face):
            return
        if isinstance(event, events.Captured) and event.ticket == self.state.ticket:
            self.last_image = event.sample if isinstance(event.sample, FingerImage) else None
        before = self.state
        self.state, effects = self._step(before, event)
        for effect in effects:
            self._start(effect)
        if self.state is not before:
            for observer in self._observers:
                observer.event_taken(event)
            self._tell_state()

    def scanner_fault(self) -> str:
        """The code of why the scanner cannot be used, empty where it can; not on its lane.

        While the day is paused it is opened to find out; otherwise it is armed, or awaited.
        """
        match self.state:
            case Resting():
                return self._scanning.fault()
            case WaitingForScanner():
                return "scanner_unplugged"
            case _:
                return ""

    def refuse_sessions(self, code: str) -> None:
        """Begin no session from now on: block the desk with `code` once nobody is at it.

        Trying again blocks it again, until `allow_sessions` of the same code.
        """
        if code not in self._refusals:
            self._refusals.append(code)
        if _is_free(self.state):
            self.handle(events.PartFailed(self.state.ticket, code))

    def allow_sessions(self, code: str) -> None:
        """The cause given to `refuse_sessions` is gone; a blocked desk may be tried again."""
        if code in self._refusals:
            self._refusals.remove(code)

    def mend(self, then: Callable[[], None]) -> None:
        """Call `then`; where a fault of the journal blocks the desk, after a person's next try.

        Entries that the desk still has to write are written before `then`.
        """
        if self._recorder.fault is None or not isinstance(self.state, Blocked) or self._broken:
            then()
        else:
            self._waiting.append(then)
            self.handle(events.RetryPressed())

    def report_bug(self, bug: BaseException) -> None:
        """A bug: stop for good, and write nothing more."""
        if self._broken:
            return
        self._broken = True
        self._scanning.stop()
        if self._faces is not None:
            self._faces.stop()
        last_entry = self._recorder.stop()
        for observer in self._observers:
            observer.broke(bug, last_entry)

    def _step(self, state: State, event: events.Event) -> Step:
        after, effects = step(state, event, self._parts.policy)
        code = self._hindrance(after)
        if not code:
            return after, effects
        failed = events.PartFailed(after.ticket, code)
        blocked, more = step(after, failed, self._parts.policy)
        return blocked, (*effects, *more)

    def _hindrance(self, state: State) -> str:
        """The code of the reason why no session may begin now, empty without one."""
        if self._refusals and _is_free(state):
            return self._refusals[0]
        fault = self._recorder.fault
        return fault.code if fault and (_is_free(state) or isinstance(state, Resting)) else ""

    def _tell_state(self) -> None:
        for observer in self._observers:
            observer.state_changed(self.state)

    def _start(self, effect: events.Effect) -> None:  # noqa: PLR0912  (a branch an effect)
        match effect:
            case events.ArmScanner():
                self._scanning.arm(effect.ticket)
            case events.StopScanner():
                self._scanning.stop()
            case events.AwaitFingerOff():
                self._scanning.await_finger_off(effect.ticket)
            case events.ReopenScanner():
                self._scanning.reopen(effect.ticket)
            case events.ArmCamera():
                assert self._faces is not None, "a face is asked for where there is a camera"
                self._faces.arm(effect.ticket, effect.session, effect.turns)
            case events.StopCamera():
                assert self._faces is not None, "a face was asked for"
                self._faces.stop()
            case events.LookUpPin():
                self._look_up(effect)
            case events.Examine():
                self._examine(effect)
            case events.ReadVoter():
                self._read_voter(effect)
            case events.Append():
                self._append(effect)
            case events.ResumeJournal():
                ticket = effect.ticket
                self._lanes.journal.run(
                    self._recorder.resume, lambda _: self._resumed(ticket), self.report_bug
                )
            case events.StartTimer():
                over = events.TimeOver(effect.ticket)
                self._bridge.later(effect.seconds, lambda: self.handle(over))
            case _:
                assert_never(effect)

    # --- what the scanner's lane shows (`ScanningObserver`) ---

    def show_frame(self, ticket: int, frame: LiveFrame, meters: Meters) -> None:
        """A frame of the live view: a finger lies on the glass."""
        if ticket != self.state.ticket or self._broken:
            return
        self.handle(events.FingerTouched(ticket))
        for observer in self._observers:
            observer.frame_came(frame, meters)

    def show_touch(self, ticket: int, *, is_on: bool) -> None:
        """A finger was laid on the glass, or lifted."""
        if ticket != self.state.ticket or self._broken:
            return
        if is_on:
            self.handle(events.FingerTouched(ticket))
        for observer in self._observers:
            observer.finger_sensed(is_on=is_on)

    def scanner_changed(self) -> None:
        """Something else is known of the scanner."""
        if not self._broken:
            for observer in self._observers:
                observer.scanner_changed(self._scanning.now)

    # --- what the camera's lane shows ---

    def show_face(self, ticket: int, view: FaceView) -> None:
        """What the camera sees of the person."""
        if ticket == self.state.ticket and not self._broken:
            for observer in self._observers:
                observer.show_face(ticket, view)

    def camera_changed(self) -> None:
        """Something else is known of the camera."""
        camera = self.camera
        if camera is not None and not self._broken:
            for observer in self._observers:
                observer.camera_changed(camera)

    # --- the matching lane ---

    def _look_up(self, effect: events.LookUpPin) -> None:
        voters, matchers = self._parts.voters, self._parts.matchers
        faces = engines_of(matchers[FaceShots].engine) if self.can_face else ()
        fingers = engines_of(matchers[FingerImage].engine)

        def find() -> events.PinFound | events.PinUnknown:
            row = voters.find_by_pin(effect.pin)
            if row is None:
                return events.PinUnknown(effect.ticket)
            return events.PinFound(
                effect.ticket,
                row,
                has_face=bool(faces) and voters.has_face(row, faces),
                is_exempt=voters.voter(row).finger_exempt,
                fingers=voters.fingers_of(row, fingers),
            )

        self._lanes.matching.run(find, self.handle, self._part_failed(effect.ticket))

    def _examine(self, effect: events.Examine) -> None:
        matcher = self._parts.matchers[type(effect.sample)]

        def done(seen: Examination) -> None:
            self.times = replace(
                self.times,
                extract_ms=self.times.extract_ms + seen.extract_ms,
                search_ms=self.times.search_ms + seen.search_ms,
            )
            self.handle(events.Matched(effect.ticket, seen, matcher.engine))

        self._lanes.matching.run(
            lambda: matcher.examine(effect.sample, effect.named_row),
            done,
            self._part_failed(effect.ticket),
        )

    def _read_voter(self, effect: events.ReadVoter) -> None:
        voters = self._parts.voters

        def done(voter: Voter) -> None:
            is_marked = voter.voter_id in self._parts.marked
            self.handle(events.VoterRead(effect.ticket, voter, is_marked))

        self._lanes.matching.run(
            lambda: voters.voter(effect.row), done, self._part_failed(effect.ticket)
        )

    def _part_failed(self, ticket: int) -> Callable[[KnownError], None]:
        def failed(fault: KnownError) -> None:
            self.handle(events.PartFailed(ticket, fault.code))

        return failed

    # --- the journal's lane ---

    def _append(self, effect: events.Append) -> None:
        entry = effect.entry

        def write() -> tuple[Appended | AlreadyAccepted, float]:
            begun = time.perf_counter()
            answer = self._recorder.append(entry)
            return answer, (time.perf_counter() - begun) * 1000

        self._lanes.journal.run(
            write,
            lambda answer: self._appended(effect, *answer),
            lambda fault: self.handle(events.AppendFailed(entry, fault.code)),
        )

    def _write_late(self, entry: Notice) -> None:
        """Write an entry that no state waits for."""
        recorder = self._recorder
        self._lanes.journal.run(lambda: recorder.append_late(entry), lambda _: None, lambda _: None)

    def _appended(
        self, effect: events.Append, answer: Appended | AlreadyAccepted, took_ms: float
    ) -> None:
        if isinstance(effect.entry, Outcome):
            self.times = replace(self.times, journal_ms=took_ms)
        if isinstance(effect.entry, Outcome) and isinstance(answer, Appended):
            self.last_outcome = answer.number
        if isinstance(answer, AlreadyAccepted):
            assert effect.ticket is not None, "only an outcome is refused, and a state waits for it"
            self.handle(events.EntryRefused(effect.ticket, answer))
        elif effect.ticket is not None:
            self.handle(events.EntryWritten(effect.ticket, answer))

    def _resumed(self, ticket: int) -> None:
        is_answered = ticket == self.state.ticket  # else a later try will be
        self.handle(events.JournalResumed(ticket))
        if is_answered:
            waiting, self._waiting = self._waiting, []
            for then in waiting:
                then()

    def _journal_failed(self) -> None:
        """A write failed, wherever it came from: block the desk until a person tries again."""
        code = self._hindrance(self.state)
        if code:
            self.handle(events.PartFailed(self.state.ticket, code))

    def _written(self, _: Sequence[Record]) -> None:
        """On the journal's lane, before whoever asked for the entries is answered."""
        tally = Tally.of(self._recorder.journal.look)
        self._bridge.post(lambda: self._show_tally(tally))

    def _show_tally(self, tally: Tally) -> None:
        if tally == self.tally:
            return
        self.tally = tally
        # The end of a session is shown next, with the answer it waits for.
        if not self._broken and not isinstance(self.state, Recording):
            self._tell_state()


def _is_free(state: State) -> bool:
    """Whether the next person may come, or only the scanner is missing."""
    if isinstance(state, WaitingForScanner):
        return state.session is None
    return isinstance(state, Idle)
