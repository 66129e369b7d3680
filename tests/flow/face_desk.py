"""A desk with a camera before which somebody sits: their landmarks, without pixels.

The pictures carry a number, and `assess` gives what is seen of that picture: the head, the turns,
the lanes and the session are the program's own.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np

from station_app.devices.camera import CameraFrame, CameraInfo
from station_app.devices.finger_scanner import StopToken
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_events as ev
from station_app.domain.entries import Entry
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.liveness import FaceStep, Turn
from station_app.domain.matching import Candidate, Examination, Matcher
from station_app.domain.policy import PROVISIONAL, Policy
from station_app.domain.samples import Face, FaceImage, FaceShots, FingerImage, Meters, Sample
from station_app.domain.session_states import AwaitingFace, AwaitingSample, Idle, State
from station_app.domain.voters import Voter
from station_app.flow.approvals import demo_approver
from station_app.flow.bridge import QueueBridge
from station_app.flow.face_capture import CameraNow, FaceParts, FaceView
from station_app.flow.recorder import Recorder
from station_app.flow.runner import DeskLanes, DeskParts, Runner
from station_app.journal import Journal
from tests.domain.turning_heads import Motion, Person, seen
from tests.flow.desk_parts import IMAGE, Book, MemoryList, ScriptedMatcher, a_voter
from tests.flow.whole_desk import Witness

Kind = TypeVar("Kind", bound=Entry)
LIMIT_S = 60.0
NOBODY = FaceSeen(None, (), 0.0, 0.0, 0.0, (FaceFlaw.NO_FACE,), 0)


class PosedCamera:
    """Shows what `motion` does; its own clock runs as fast as pictures are taken.

    `turn` is what the person before it hears, who hears it of every picture: where `runs_ahead` is
    False the next one is taken once the one before was shown. `fault` is raised by every call while
    it is set; `is_black`, `is_frozen` and `sizes` spoil the pictures.
    """

    is_simulated = True

    def __init__(self, motion: Motion, fps: float = 30.0) -> None:
        self.motion, self.fps = motion, fps
        self.turn: Turn | None = None
        self.fault: KnownError | None = None
        self.is_black = self.is_frozen = False
        self.sizes = [(4, 4)]
        self.opened = self.closed = self.number = 0
        self.is_open = False
        self.gate, self.shown = threading.Event(), threading.Event()
        self.gate.set()
        self.runs_ahead = True
        self._rng = np.random.default_rng(1)
        self._seen: dict[int, FaceSeen] = {}

    def open(self) -> CameraInfo:
        self._fail()
        self.opened += 1
        self.is_open = True
        return CameraInfo("posed", 4, 4, (4, 4))

    def frame(self, stop: StopToken) -> CameraFrame | None:
        while not self.gate.wait(0.01):
            if stop.stopped:
                return None
            self._fail()
        if not self.await_shown(stop):
            return None
        self._fail()
        assert self.is_open, "it is opened before it is used"
        self.number += 1
        at = self.number / self.fps
        number = 0 if self.is_frozen else self.number
        self._seen = {number: seen(self.motion(self, at), self._rng)}
        width, height = self.sizes[self.number % len(self.sizes)]
        pixels = number.to_bytes(8, "little").ljust(3 * width * height, b"\0")
        return CameraFrame(pixels, width, height, self.number, at, self.is_black)

    def await_shown(self, stop: StopToken) -> bool:
        """Whether to go on: the picture before was shown, unless told to stop."""
        if self.runs_ahead:
            return not stop.wait(0.001)
        while not stop.stopped and not self.shown.wait(0.005):
            pass
        if stop.stopped:
            return False
        self.shown.clear()
        return True

    def codes(self, stop: StopToken) -> None:
        return None

    def close(self) -> None:
        self.closed += self.is_open
        self.is_open = False

    def assess(self, image: FaceImage) -> FaceSeen:
        return self._seen.get(int.from_bytes(image.pixels[:8], "little"), NOBODY)

    def unplug(self) -> None:
        self.fault = DeviceLostError("The camera was unplugged.", "camera_lost")

    def _fail(self) -> None:
        if self.fault is not None:
            self.is_open = False
            raise self.fault


class FaceMatcher:
    """Answers (row, evidence) pairs in turn, strongest first."""

    engine = "faces/1"

    def __init__(self) -> None:
        self.answers: list[list[tuple[int, float]]] = []
        self.samples: list[FaceShots] = []
        self.quality = 80

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        assert isinstance(sample, FaceShots)
        self.samples.append(sample)
        candidates = tuple(Candidate(row, Face(), e) for row, e in self.answers.pop(0))
        return Examination(self.quality, None, candidates, 3, 1.0, 1.0)


class FaceWitness(Witness):
    """Remembers what the camera showed, and tells the person before it what is asked."""

    def __init__(self, camera: PosedCamera) -> None:
        super().__init__()
        self.camera = camera
        self.views: list[tuple[int, FaceView]] = []
        self.cameras: list[CameraNow] = []

    def show_face(self, ticket: int, view: FaceView) -> None:
        self.views.append((ticket, view))
        self.camera.turn = view.turn
        self.camera.shown.set()

    def camera_changed(self, camera: CameraNow) -> None:
        self.cameras.append(camera)

    @property
    def steps(self) -> list[FaceStep]:
        """The steps shown, each once in a row."""
        shown = [view.step for _, view in self.views]
        return [one for one, before in zip(shown, [None, *shown], strict=False) if one != before]


class ExemptList(MemoryList):
    """The first voter of the list is exempt from fingers."""

    def voter(self, row: int) -> Voter:
        return replace(a_voter(row), finger_exempt=row == 0)


class FaceStation:
    """A whole desk with a camera, in one thread and five lanes."""

    def __init__(
        self,
        motion: Motion | None = None,
        policy: Policy = PROVISIONAL,
        fps: float = 30.0,
        camera: PosedCamera | None = None,
        compares: Matcher | None = None,
    ) -> None:
        self.bridge = QueueBridge()
        self.scanner = SimulatedFingerScanner(frames=3, seconds=0.03)
        self.camera = camera or PosedCamera(motion or Person(), fps)
        self.camera.runs_ahead = False
        self.fingers, self.faces = ScriptedMatcher(), FaceMatcher()
        self.prepared = threading.Event()
        self.may_prepare = threading.Event()
        self.may_prepare.set()
        self.prepare_fault: KnownError | None = None
        self.is_plugged_in: bool | None = True
        self.book = Book()
        self.witness = FaceWitness(self.camera)
        self.lanes = DeskLanes.make(self.bridge, self._report)
        parts = DeskParts(
            scanner=self.scanner,
            assess=lambda _: Meters(5, 5, 5),
            matchers={FingerImage: self.fingers, FaceShots: compares or self.faces},
            voters=ExemptList(),
            recorder=Recorder(cast(Journal, self.book)),
            policy=policy,
            next_session=1,
            approver=demo_approver(),
            face=FaceParts(
                self.camera,
                self.camera.assess,
                self._prepare,
                random.Random(1).randrange,
                lambda: self.is_plugged_in,
            ),
        )
        self.runner = Runner(parts, self.lanes, self.bridge)
        self.runner.observe(self.witness)

    def _prepare(self) -> None:
        self.may_prepare.wait(LIMIT_S)
        self.prepared.set()
        if self.prepare_fault is not None:
            raise self.prepare_fault

    def _report(self, bug: BaseException) -> None:
        self.runner.report_bug(bug)

    @property
    def state(self) -> State:
        return self.runner.state

    @property
    def face(self) -> AwaitingFace:
        assert isinstance(self.state, AwaitingFace)
        return self.state

    def start(self) -> None:
        self.runner.start()
        self.until(Idle)

    def do(self, *presses: ev.Press) -> None:
        for one in presses:
            self.runner.handle(one)

    def until(self, *kinds: type[State]) -> State:
        self.holds(lambda: isinstance(self.state, kinds))
        return self.state

    def holds(self, true: Callable[[], bool]) -> None:
        assert self.bridge.run(true, LIMIT_S), (self.state, self.witness.bugs)

    def place(self) -> None:
        """A finger is laid down."""
        self.scanner.place(lambda: IMAGE)

    def written(self, kind: type[Kind]) -> list[Kind]:
        """The entries of a kind, once those that were asked for are written."""
        self.lanes.journal.call(lambda: None)
        return [one for one in self.book.entries if isinstance(one, kind)]

    def face_of(self, row: int) -> AwaitingFace:
        """The voter of this row gives a PIN, and F4 is pressed."""
        self.do(ev.PinEntered(a_voter(row).pin))
        self.holds(lambda: not isinstance(self.state, Idle) and self.state.ticket > 2)

        if isinstance(self.until(AwaitingSample, AwaitingFace), AwaitingSample):
            self.do(ev.FaceCalled())
        self.holds(lambda: self.face.voter is not None)
        return self.face

    def close(self) -> None:
        self.camera.gate.set()
        self.may_prepare.set()
        self.runner.stop()
