"""The camera's lane: one face try (ticket) at a time, and its answer.

Beside the scanner's (`scanning`) and of its shape. The camera is opened when a face is asked for
and closed when it is not: nobody is filmed between. Each picture is assessed on the lane, the turns
of the head are followed there, and only the best pictures leave it, for the matcher.

The main thread is shown the newest picture only: one that it has not shown yet is replaced.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from station_app.devices.camera import Camera, CameraFrame
from station_app.devices.finger_scanner import StopToken
from station_app.domain import session_events as events
from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.liveness import Challenge, FaceFailure, FaceStep, HeadTurns, Turn, draw
from station_app.domain.samples import FaceImage, FaceShots
from station_app.domain.session_face import CAMERA
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Notice
from station_app.flow.station_devices import Cable, unknown_cable

MOST_SHOTS: Final = 5
"""Pictures of one try that are compared together, at most."""
_APART_S: Final = 0.15
"""Of pictures closer in time than this only the best is kept: they show the same."""
_REOPEN_EVERY_S: Final = 1.0
_LOOK_EVERY_S: Final = 2.0
_DARK: Final = FaceSeen(None, (), 0.0, 0.0, 0.0, (FaceFlaw.TOO_DARK,), 0)


@dataclass(frozen=True, slots=True)
class FaceParts:
    """What compares faces at a desk; `assembly` chooses it.

    `assess` says what is seen in a picture, `prepare` loads the engines; both are called on the
    camera's lane. `choose(n)` gives a number from 0 to n - 1 that nobody can foresee. `cable` says
    whether the camera is plugged in.
    """

    camera: Camera
    assess: Callable[[FaceImage], FaceSeen]
    prepare: Callable[[], object]
    choose: Callable[[int], int] = secrets.randbelow
    cable: Cable = unknown_cable


@dataclass(frozen=True, slots=True)
class FaceView:
    """One picture of the live view, and what is asked of the person in it.

    `image` is as the camera sees it, not mirrored; `box` (left, top, width, height, in its pixels)
    is where the face is. `flaw` is the one thing to mend first while `step` is LOOK. `turn` is the
    turn asked for, number `made` + 1 of `of`. `progress` is 0.0 to 1.0 of the whole try.
    """

    step: FaceStep
    image: FaceImage | None = None
    box: tuple[int, int, int, int] | None = None
    flaw: FaceFlaw | None = None
    turn: Turn | None = None
    made: int = 0
    of: int = 0
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class CameraNow:
    """What is known of the camera: `fault` is the code of why it gives no pictures, or empty."""

    fault: str = ""
    is_simulated: bool = False


class BestShots:
    """Keeps the best pictures of one try."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, float, FaceImage]] = []

    def add(self, image: FaceImage, quality: int, at: float) -> None:
        """Keep it in place of a worse one; of those close to each other in time the best."""
        close = next((one for one in self._kept if at - one[1] < _APART_S), None)
        if close is not None:
            if quality <= close[0]:
                return
            self._kept.remove(close)
        self._kept.append((quality, at, image))
        if len(self._kept) > MOST_SHOTS:
            self._kept.remove(min(self._kept, key=lambda one: one[0]))

    def pooled(self) -> FaceShots | None:
        """The kept pictures as one sample, None without any."""
        return FaceShots(tuple(image for _, _, image in self._kept)) if self._kept else None


class KeptCamera:
    """The camera, used on its lane only; a fault of a picture closes it and is raised again."""

    def __init__(self, parts: FaceParts) -> None:
        self._camera, self._assess = parts.camera, parts.assess
        self._is_open = False

    def open(self) -> bool:
        """Open the camera; False if it was open already. Raises its `KnownError`."""
        if self._is_open:
            return False
        self._camera.open()
        self._is_open = True
        return True

    def close(self) -> None:
        """Let the camera go."""
        self._is_open = False
        self._camera.close()

    def try_face(
        self, challenge: Challenge, stop: StopToken, show: Callable[[FaceView], None]
    ) -> FaceShots | FaceFailure | None:
        """The best pictures of a living person, or why there are none; None when stopped."""
        turns, best = HeadTurns(challenge), BestShots()
        before: CameraFrame | None = None
        while not turns.is_over:
            frame = self._frame(stop)
            if frame is None:
                return None
            image = FaceImage(frame.pixels, frame.width, frame.height)
            seen = _DARK if frame.is_dark else self._assess(image)
            is_repeated = before is not None and frame.pixels == before.pixels
            turns.see(seen, frame.taken, is_repeated=is_repeated)
            before = frame
            if turns.begins_anew:
                best = BestShots()
            if turns.is_good:
                best.add(image, seen.quality, frame.taken)
            show(_view(turns, image, seen))
        return turns.failure or best.pooled() or FaceFailure.UNCLEAR

    def preview(self, stop: StopToken, show: Callable[[FaceImage], None]) -> None:
        """Show pictures until stopped; nothing is looked for in them."""
        while (frame := self._frame(stop)) is not None:
            show(FaceImage(frame.pixels, frame.width, frame.height))

    def reopen(self, stop: StopToken) -> bool:
        """Try until the camera is open (True) or `stop` (False)."""
        while not stop.wait(_REOPEN_EVERY_S):
            try:
                self.open()
            except KnownError:
                continue
            return True
        return False

    def _frame(self, stop: StopToken) -> CameraFrame | None:
        try:
            return None if stop.stopped else self._camera.frame(stop)
        except KnownError:
            self.close()
            raise


def _view(turns: HeadTurns, image: FaceImage, seen: FaceSeen) -> FaceView:
    return FaceView(
        step=turns.step,
        image=image,
        box=seen.box,
        flaw=turns.flaw,
        turn=turns.turn,
        made=turns.made,
        of=len(turns.challenge.turns),
        progress=turns.progress,
    )


class FaceObserver(Protocol):
    """Told on the main thread; an answer carries the ticket of its request."""

    def handle(self, event: events.Event) -> None:
        """A request's answer."""
        ...

    def show_face(self, ticket: int, view: FaceView) -> None:
        """A picture of the live view."""
        ...

    def camera_changed(self) -> None:
        """`FaceCapture.now` says something else."""
        ...


class CameraLender(Protocol):
    """Another user of the same camera, which a face comes before."""

    def lend(self, lent: Callable[[], None]) -> None:
        """Let the camera go, then call `lent` on the main thread."""
        ...

    def take_back(self) -> None:
        """The camera is free again."""
        ...


class FaceCapture:
    """Called on the main thread; each request stops the one before.

    `write` takes entries about the camera, which nobody waits for.
    """

    def __init__(
        self,
        parts: FaceParts,
        lane: Lane,
        bridge: Bridge,
        observer: FaceObserver,
        write: Callable[[Notice], None],
    ) -> None:
        self._parts, self._camera = parts, KeptCamera(parts)
        self._lane, self._bridge, self._observer = lane, bridge, observer
        self._write = write
        self._stop = StopToken()
        self._stop.stop()  # nothing is asked of it
        self._lender: CameraLender | None = None
        self._is_loaded = self._is_lost = self._is_closed = False
        self._newest: tuple[int, FaceView] | None = None
        self._slot = threading.Lock()
        self.now = CameraNow(is_simulated=parts.camera.is_simulated)
        self.engine_fault = ""

    def start(self) -> None:
        """Load the engines, while the desk is ready for fingers."""

        def loaded(_: object) -> None:
            self._is_loaded = True

        def failed(fault: KnownError) -> None:
            self.engine_fault = fault.code
            self._say(fault.code)

        self._lane.run(self._parts.prepare, loaded, failed)
        self._look_at_cable()

    def share(self, lender: CameraLender) -> None:
        """The camera is also `lender`'s, who has it while no face is asked for."""
        self._lender = lender

    def arm(self, ticket: int, session: int, turns: int) -> None:
        """Begin a face try: a living person's face, with `turns` turns of the head."""
        self._stop.stop()
        stop = self._stop = StopToken()
        step = FaceStep.OPENING if self._is_loaded else FaceStep.LOADING
        self._show_each(ticket, stop)(FaceView(step, of=turns))
        challenge = draw(turns, self._parts.choose)
        request = _Request(ticket, session, challenge, stop)
        if self._lender is None:
            self._look(request)
        else:
            self._lender.lend(lambda: self._look(request))

    def stop(self) -> None:
        """Stop the camera's present work, let it go, and keep none of its pictures."""
        self._stop.stop()
        stopped = self._stop
        with self._slot:
            self._newest = None

        def closed(_: None) -> None:
            if self._stop is not stopped:
                return
            if self.now.fault and not self.engine_fault:
                self._bridge.later(_REOPEN_EVERY_S, lambda: self._look_for_camera(stopped))
            elif self._lender is not None:
                self._lender.take_back()

        self._lane.run(self._camera.close, closed, lambda _: None)

    def _look_at_cable(self) -> None:
        """While nothing is asked of it, tell of a camera that is pulled out or put back."""
        if self._is_closed:
            return

        def looked(is_there: bool | None) -> None:
            is_free = self._stop.stopped and not self._is_lost and not self.engine_fault
            if is_free and is_there is False:
                self._say(Code.CAMERA_LOST)
            elif is_free and is_there and self.now.fault == Code.CAMERA_LOST:
                self._say("")
            self._bridge.later(_LOOK_EVERY_S, self._look_at_cable)

        if self._stop.stopped:
            self._lane.run(self._parts.cable, looked, lambda _: None)
        else:  # whoever looks through it sees it go
            self._bridge.later(_LOOK_EVERY_S, self._look_at_cable)

    def _look_for_camera(self, stopped: StopToken) -> None:
        """Look once for a camera that was lost; no face is asked for meanwhile."""
        if self._stop is not stopped or self._is_closed:
            return

        def is_back(_: object) -> None:
            if self._stop is stopped:
                self._came_back(None)
                self.stop()

        def is_away(_: KnownError) -> None:
            if self._stop is stopped:
                self.stop()

        self._lane.run(self._camera.open, is_back, is_away)

    def close(self) -> None:
        """Stop, and release the device."""
        self._is_closed = True
        self._stop.stop()
        self._lane.call(self._camera.close)

    def _look(self, request: "_Request") -> None:
        def work() -> FaceShots | FaceFailure | None:
            if request.stop.stopped:
                return None
            self._open(request)
            show = self._show_each(request.ticket, request.stop)
            return self._camera.try_face(request.challenge, request.stop, show)

        def done(result: FaceShots | FaceFailure | None) -> None:
            turns = request.challenge.text
            match result:
                case FaceShots():
                    self._preview(request)
                    self._observer.handle(events.FaceLive(request.ticket, result, turns))
                case FaceFailure():
                    self._observer.handle(events.FaceFailed(request.ticket, result, turns))
                case None:
                    pass

        self._lane.run(work, done, self._failed(request))

    def _preview(self, request: "_Request") -> None:
        """Go on showing the person, until the operator has compared them with the photo."""
        made = len(request.challenge.turns)
        done = FaceView(FaceStep.DONE, made=made, of=made, progress=1.0)
        show = self._show_each(request.ticket, request.stop)
        self._lane.run(
            lambda: self._camera.preview(
                request.stop, lambda image: show(replace(done, image=image))
            ),
            lambda _: None,
            self._failed(replace(request, is_live=True)),
        )

    def _open(self, request: "_Request") -> None:
        """Open the camera on its lane; what is known of it is told."""
        if self._camera.open():
            self._bridge.post(lambda: self._came_back(request.session))

    def _came_back(self, session: int | None) -> None:
        self._say("")
        if self._is_lost:
            self._is_lost = False
            self._write(DeviceReturned(session, CAMERA))

    def _failed(self, request: "_Request") -> Callable[[KnownError], None]:
        def failed(fault: KnownError) -> None:
            if request.stop.stopped:
                return
            if isinstance(fault, DeviceLostError) and not self._is_lost:
                self._is_lost = True
                self._write(DeviceLost(request.session, CAMERA))
            self._say(fault.code)
            self._observer.handle(events.CameraLost(request.ticket, fault.code))
            self._lane.run(lambda: self._camera.reopen(request.stop), returned, lambda _: None)

        def returned(is_open: bool) -> None:
            if not is_open:
                return
            self._came_back(request.session)
            if request.is_live:
                self._preview(request)
            self._observer.handle(events.CameraReturned(request.ticket))

        return failed

    def _say(self, fault: str) -> None:
        now = replace(self.now, fault=fault)
        if now != self.now:
            self.now = now
            self._observer.camera_changed()

    # --- the newest picture only ---

    def _show_each(self, ticket: int, stop: StopToken) -> Callable[[FaceView], None]:
        """Shows views, on any thread; never one of a request that was stopped."""

        def show(view: FaceView) -> None:
            with self._slot:
                if stop.stopped:
                    return
                is_posted = self._newest is not None
                self._newest = ticket, view
            if not is_posted:
                self._bridge.post(self._show_newest)

        return show

    def _show_newest(self) -> None:
        with self._slot:
            newest, self._newest = self._newest, None
        if newest is not None:
            self._observer.show_face(*newest)


@dataclass(frozen=True, slots=True)
class _Request:
    """One face try of session `session`; `is_live` once its pictures are taken."""

    ticket: int
    session: int
    challenge: Challenge
    stop: StopToken
    is_live: bool = False
