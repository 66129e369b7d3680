"""A whole desk with a real journal and a slip printer, whose devices are pulled and put back."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult
from station_app.devices.finger_scanner import ScannerInfo, StopToken, Tell
from station_app.domain import session_events as ev
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.documents import ReaderStatus
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    Entry,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    StopDecided,
)
from station_app.domain.entry_codes import (
    DocumentSeen,
    ManualReason,
    OutcomeKind,
    StopFinding,
    VoidReason,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import (
    CaptureResult,
    FaceShots,
    FingerImage,
    LiveFrame,
    Meters,
    Stopped,
)
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    DecidingStop,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Resting,
    Reviewing,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from station_app.domain.slips import Printing
from station_app.domain.voters import Voter
from station_app.flow.approvals import demo_approver
from station_app.flow.document_reading import DocumentReading
from station_app.flow.face_capture import CameraNow, FaceParts
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.flow.runner import DeskLanes, DeskParts, Runner
from station_app.journal import Journal
from tests.domain.turning_heads import Person
from tests.flow.desk_parts import IMAGE, MemoryList, ScriptedMatcher, a_voter
from tests.flow.face_desk import PosedCamera
from tests.flow.slip_desk import SlipDesk
from tests.flow.whole_desk import Witness

EntryT = TypeVar("EntryT")

SCANNER_WAIT_S = 1
SIGNED = ("o1", "m1")
LIMIT_S = 60.0


class NodeScanner:
    """A scanner as the kernel shows one: what is open is a node, dead once the cable was out."""

    is_simulated = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._finger: FingerImage | None = None
        self._is_new = False
        self._node, self._open_node = 3, 0
        self._is_in = True
        self.is_faulty = False
        self.opened = 0
        self._silent_opening = -1

    # --- hands ---

    def place(self) -> None:
        with self._lock:
            self._finger, self._is_new = IMAGE, True

    def lift(self) -> None:
        with self._lock:
            self._finger, self._is_new = None, False

    def pull(self) -> None:
        with self._lock:
            self._is_in = False
            self._node += 1  # the kernel numbers anew

    def put_back(self) -> None:
        with self._lock:
            self._is_in = True

    # --- the contract ---

    def fall_silent(self) -> None:
        """What is open is dead, and does not say so."""
        with self._lock:
            self._silent_opening = self.opened

    @property
    def is_out(self) -> bool:
        with self._lock:
            return not self._is_in

    def open(self) -> ScannerInfo:
        with self._lock:
            if not self._is_in:
                raise DeviceLostError("no such node")
            if self.is_faulty:
                raise DeviceFaultError("device_fault", "It says nonsense; plug it in again.")
            self._open_node = self._node
            self.opened += 1
        return ScannerInfo("A node", 500, 16, 16, streams=True)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        while not stop.wait(0.005):
            if self._look() and self._is_new and self.opened != self._silent_opening:
                if stop.stopped:  # this finger is for the capture that was asked for since
                    break
                self._is_new = False
                tell(LiveFrame(IMAGE, 1.0))
                self._look()
                return IMAGE
        return Stopped()

    def wait_finger_off(self, stop: StopToken) -> bool:
        while self._look():
            if stop.wait(0.005):
                return False
        return True

    def is_plugged_in(self) -> bool:
        with self._lock:
            return self._is_in and self._open_node in (0, self._node)

    def close(self) -> None:
        with self._lock:
            self._open_node = 0

    def _look(self) -> bool:
        """Whether a finger lies there; raises what the node says."""
        with self._lock:
            if self._open_node != self._node or not self._is_in:
                raise DeviceLostError("this node is gone")
            if self.is_faulty:
                raise DeviceFaultError("device_fault", "It says nonsense; plug it in again.")
            return self._finger is not None or self.opened == self._silent_opening


class NodeReader:
    """A document reader that nobody shows a document; a fault lasts until it is taken back."""

    is_simulated = True

    def __init__(self) -> None:
        self.fault: KnownError | None = None
        self.opened = 0

    def pull(self) -> None:
        self.fault = DeviceLostError("no such node", Code.DOCUMENT_READER_LOST)

    def break_down(self) -> None:
        self.fault = DeviceFaultError(Code.DOCUMENT_READER_FAULT, "It says nonsense.")

    def repair(self) -> None:
        self.fault = None

    def open(self) -> DocumentReaderInfo:
        self._check()
        self.opened += 1
        return DocumentReaderInfo("A node")

    def read(self, stop: StopToken) -> ReadResult:
        while not stop.wait(0.005):
            self._check()
        return Stopped()

    def close(self) -> None:
        return

    def _check(self) -> None:
        if (fault := self.fault) is not None:
            raise fault.with_traceback(None)


class GatedList(MemoryList):
    """Four voters, whose records can be held back."""

    def __init__(self) -> None:
        self.pins, self.records = threading.Event(), threading.Event()
        self.pins.set()
        self.records.set()

    def voter(self, row: int) -> Voter:
        self.records.wait(LIMIT_S)
        return super().voter(row)

    def find_by_pin(self, pin: str) -> int | None:
        self.pins.wait(LIMIT_S)
        return super().find_by_pin(pin)


class GatedRecorder(Recorder):
    """Holds back the entries that a screen waits for, until `outcomes` is set."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.outcomes = threading.Event()
        self.outcomes.set()

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        if isinstance(entry, Outcome | OutcomeVoided | StopDecided):
            self.outcomes.wait(LIMIT_S)
        return super().append(entry)


class PulledDesk:
    """The desk, its devices, and somebody who goes on whatever the screen asks for."""

    def __init__(self, folder: Path) -> None:
        self.slips = SlipDesk(folder, recorder=GatedRecorder)
        self.slips.open_day()
        self.bridge, self.printer = self.slips.bridge, self.slips.machine
        self.scanner, self.matcher, self.voters = NodeScanner(), ScriptedMatcher(), GatedList()
        self.camera = PosedCamera(Person())
        self.slips.queue.start()
        self.witness = Witness()
        self._released: list[threading.Event] = []
        self._next_row = 0
        lanes = [
            Lane(name, self.bridge, self.slips.bugs.append) for name in ("s", "m", "a", "d", "c")
        ]
        self._lanes = lanes
        self.reader = NodeReader()
        self.documents = DocumentReading(
            self.reader,
            lanes[3],
            self.slips.journal_lane,
            self.slips.recorder,
            self.bridge,
            lambda _: None,
            lambda _: None,
        )
        self.documents.start()
        self.runner = Runner(
            DeskParts(
                scanner=self.scanner,
                assess=lambda _: Meters(5, 5, 5),
                matchers={FingerImage: self.matcher, FaceShots: self.matcher},
                voters=self.voters,
                recorder=self.slips.recorder,
                policy=replace(PROVISIONAL, scanner_wait_s=SCANNER_WAIT_S),
                next_session=1,
                approver=demo_approver(),
                face=FaceParts(self.camera, self.camera.assess, lambda: None),
            ),
            DeskLanes(lanes[0], lanes[1], self.slips.journal_lane, lanes[2], lanes[4]),
            self.bridge,
        )
        self.runner.observe(self.witness)
        self.runner.start()
        self.until(Idle)

    @property
    def state(self) -> State:
        return self.runner.state

    def until(self, *kinds: type[State]) -> State:
        self.holds(lambda: isinstance(self.state, kinds))
        return self.state

    def holds(self, true: Callable[[], bool]) -> None:
        assert self.bridge.run(true, LIMIT_S), (self.state, self.slips.bugs)

    def end(self) -> None:
        self.release()
        self.documents.stop()
        self._lanes[3].close()
        self.slips.end(stop_runner=self.runner.stop)

    # --- the way into each state ---

    def into(self, kind: type[State]) -> None:
        """Bring the desk into this state, and hold it there."""
        WAYS[kind](self)
        self.until(kind)

    def hold(self, gate: threading.Event) -> None:
        gate.clear()
        self._released.append(gate)

    def hold_outcomes(self) -> None:
        recorder = self.slips.recorder
        assert isinstance(recorder, GatedRecorder)
        self.hold(recorder.outcomes)

    def release(self) -> None:
        """What was held back goes on."""
        for gate in self._released:
            gate.set()
        self._released.clear()

    def place(self) -> None:
        """The finger of the next voter of the list."""
        if not self.matcher.answers:
            self.matcher.answers.append((self._next_row, 12.0))
            self._next_row += 1
        self.scanner.place()

    # --- whoever works at the desk ---

    def go_on(self) -> None:
        """Do what each screen asks for until the next person may come."""
        self.go_on_until(lambda state: isinstance(state, Idle))

    def go_on_until_it_shows(self) -> None:
        """Do what each screen asks for until the desk itself has met what is wrong."""
        if self.scanner.is_out:
            self.go_on_until(lambda at: isinstance(at, WaitingForScanner) and at.session is None)
        elif self.scanner.is_faulty:
            self.go_on_until(lambda at: isinstance(at, Blocked))

    def go_on_until(self, is_reached: Callable[[State], bool]) -> None:
        self.release()
        acted: State | None = None

        def acts() -> bool:
            nonlocal acted
            state = self.state
            if is_reached(state):
                return True
            is_pressed = isinstance(state, Blocked) and isinstance(acted, Blocked)
            if state is not acted and not is_pressed:  # each press asks the journal anew
                acted = state
                self._act(state)
            return False

        self.holds(acts)

    def _act(self, state: State) -> None:
        handle, ticket = self.runner.handle, state.ticket
        match state:
            case Resting():
                handle(ev.DayChanged(DayState.OPEN))
            case AwaitingSample(touched=False):
                self.scanner.lift()
                self.place()
            case AwaitingFace():
                handle(ev.Cancelled())
            case AwaitingCommission():
                worn = ManualReason.WORN, DocumentSeen.PASSPORT
                handle(ev.CommissionRefused(ticket, *worn, *SIGNED))
            case Verdict() | Voided():
                self.scanner.lift()
                handle(ev.Cancelled())
                handle(ev.NextPressed())
            case Blocked():
                self.scanner.is_faulty = False
                handle(ev.RetryPressed())
            case _:
                pass  # waits, and the screen says for what

    def identify_the_next(self) -> None:
        """The desk works: somebody comes and is identified."""
        self.until(Idle)
        self.scanner.lift()
        self.place()
        shown = self.until(Verdict)
        assert isinstance(shown, Verdict)
        assert shown.outcome.outcome is OutcomeKind.IDENTIFIED
        self.go_on()

    def check_entries(self) -> None:
        """Every session that was begun has one end, in order; every slip came out, once."""
        begun = [one.session for one in self._read(SessionStarted)]
        ended = [one.session for one in self._read(Outcome)]
        assert ended == begun == list(range(1, len(begun) + 1))

        def slips() -> list[int]:
            look = self.slips.journal.look  # as of now
            return [look.slips_of(number) for number in look.acceptances().values()]

        def printed() -> list[int]:
            return self.slips.on_lane(slips)

        self.holds(lambda: all(printed()))
        assert set(printed()) == {1}
        self.holds(lambda: self.slips.queue.status.printing is Printing.READY)
        self.holds(lambda: self.documents.status == ReaderStatus())
        self.holds(lambda: self.runner.camera == CameraNow(is_simulated=True))
        self.slips.on_lane(lambda: None)
        lost = sorted(one.device for one in self._read(DeviceLost))
        back = sorted(one.device for one in self._read(DeviceReturned))
        assert lost == back, "each loss that is written has its return"

    def _read(self, kind: type[EntryT]) -> list[EntryT]:
        return [one for one in self.slips.entries(Entry) if isinstance(one, kind)]


def _idle(_: PulledDesk) -> None:
    return


def _resting(desk: PulledDesk) -> None:
    desk.runner.handle(ev.DayChanged(DayState.PAUSED))


def _looking_up(desk: PulledDesk) -> None:
    desk.hold(desk.voters.pins)
    desk.runner.handle(ev.PinEntered(a_voter(3).pin))


def _awaiting(desk: PulledDesk) -> None:
    desk.matcher.answers.append((3, 12.0))
    desk.runner.handle(ev.PinEntered(a_voter(3).pin))


def _matching(desk: PulledDesk) -> None:
    desk.hold(desk.matcher.gate)
    desk.place()


def _reviewing(desk: PulledDesk) -> None:
    desk.hold(desk.voters.records)
    desk.place()


def _commission(desk: PulledDesk) -> None:
    desk.runner.handle(ev.CommissionCalled())


def _face(desk: PulledDesk) -> None:
    desk.hold(desk.camera.gate)
    desk.runner.handle(ev.FaceCalled())


def _recording(desk: PulledDesk) -> None:
    desk.hold_outcomes()
    desk.place()


def _verdict(desk: PulledDesk) -> None:
    desk.place()


def _voiding(desk: PulledDesk) -> None:
    desk.place()
    desk.until(Verdict)
    desk.hold_outcomes()
    _make_void(desk)


def _voided(desk: PulledDesk) -> None:
    desk.place()
    desk.until(Verdict)
    _make_void(desk)


def _make_void(desk: PulledDesk) -> None:
    desk.runner.handle(ev.CommissionCalled())
    void = ev.VoidConfirmed(desk.state.ticket, VoidReason.PHOTO_MISMATCH, *SIGNED)
    desk.runner.handle(void)


def _deciding_stop(desk: PulledDesk) -> None:
    desk.matcher.answers += [(3, 12.0)] * 2
    desk.place()
    desk.until(Verdict)
    desk.go_on()
    desk.place()
    desk.until(Verdict)
    desk.hold_outcomes()
    desk.runner.handle(ev.CommissionCalled())
    desk.runner.handle(ev.StopAgreed(desk.state.ticket, StopFinding.SAME_PERSON, *SIGNED))


def _waiting(desk: PulledDesk) -> None:
    _awaiting(desk)
    desk.until(AwaitingSample)
    desk.scanner.pull()


def _blocked(desk: PulledDesk) -> None:
    _awaiting(desk)
    desk.until(AwaitingSample)
    desk.scanner.is_faulty = True


WAYS: dict[type[State], Callable[[PulledDesk], None]] = {
    Idle: _idle,
    Resting: _resting,
    LookingUp: _looking_up,
    AwaitingSample: _awaiting,
    Matching: _matching,
    Reviewing: _reviewing,
    AwaitingFace: _face,
    AwaitingCommission: _commission,
    Recording: _recording,
    Verdict: _verdict,
    Voiding: _voiding,
    Voided: _voided,
    DecidingStop: _deciding_stop,
    WaitingForScanner: _waiting,
    Blocked: _blocked,
}
"""How a desk gets into each state of a session."""
