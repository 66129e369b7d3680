"""The chair before a simulated camera: who sits on it, and what they do there."""

import threading
import time
from collections.abc import Callable
from typing import Final

from station_app.devices.simulated.simulated_camera import SimulatedCamera, empty_chair
from station_app.domain.liveness import Turn
from station_app.domain.session_states import AwaitingFace, State
from station_app.flow.face_capture import FaceView
from station_app.flow.runner import DeskObserver
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat, Sitting, cheating


def in_background(work: Callable[[], object]) -> None:
    """Do `work` on a thread that nobody waits for."""
    threading.Thread(target=work, name="drawing a person", daemon=True).start()


class Chair:
    """Beside a simulated camera as `DockQueue` is beside a simulated scanner; `yaw` is how far the
    head is asked to turn.

    `sit`, `turn_to` and `leave` are called on one thread. Who sits down is seen once their pictures
    are drawn, which `draw` does: two seconds on one core, too long for a camera that is watched.
    """

    def __init__(
        self,
        camera: SimulatedCamera,
        draw: Callable[[Callable[[], object]], None] = in_background,
    ) -> None:
        self.camera, self._draw = camera, draw
        self._sitting: Sitting | None = None
        self._visit = 0
        self.yaw = 0.0

    def sit(self, face: InventedFace, cheat: Cheat | None = None) -> None:
        """Somebody sits down and looks straight; with `cheat`, it is not they who are seen."""
        self.leave()
        visit = self._visit
        sitting = self._sitting = Sitting(face) if cheat is None else None

        def drawn() -> None:
            scene = sitting.prepared() if sitting is not None else None
            if visit == self._visit:
                self.camera.show(scene or cheating(cheat or Cheat.STILL_PHOTO, face))

        self._draw(drawn)

    def turn_to(self, yaw: float, pitch: float = 0.0) -> None:
        """The head turns to these degrees, see `Sitting.turn_to`; a photo obeys nobody."""
        self.yaw = yaw
        if self._sitting is not None:
            self._sitting.turn_to(yaw, pitch)

    def leave(self) -> None:
        """Nobody sits there."""
        self._visit += 1
        self._sitting, self.yaw = None, 0.0
        self.camera.show(empty_chair)


_YAW: Final = {Turn.LEFT: 26.0, Turn.RIGHT: -26.0}
_REACTS_S, _HASTY_S = 0.4, 0.2
"""From the order on the screen to the head that turns: somebody has to say it."""
_TURNS_A_SECOND, _HASTY_TURNS = 36.0, 70.0
"""Degrees: slowly, as the screen asks; in haste as fast as a `Sitting` turns."""
_LONGEST_S: Final = 0.2
"""A picture that was long in coming turns the head no further."""


class Obedience(DeskObserver):
    """Whoever sits on the chair turns the head as the desk asks, and leaves when it does no more.

    An observer of the runner, on the main thread; `clock` gives monotonic seconds. `in_haste` is
    for runs that nobody watches.
    """

    def __init__(
        self, chair: Chair, clock: Callable[[], float] = time.monotonic, *, in_haste: bool = False
    ) -> None:
        self._chair, self._clock = chair, clock
        self.set_haste(is_hasty=in_haste)
        self._is_asked = False
        self._asked: tuple[Turn | None, float] = None, 0.0
        self._shown_at = 0.0

    def set_haste(self, *, is_hasty: bool) -> None:
        """Let the head turn at once and fast from now on, or as people do."""
        self._reacts_s = _HASTY_S if is_hasty else _REACTS_S
        self._turns_a_second = _HASTY_TURNS if is_hasty else _TURNS_A_SECOND

    def state_changed(self, state: State) -> None:
        """Nobody stays before the camera after their session."""
        was_asked, self._is_asked = self._is_asked, isinstance(state, AwaitingFace)
        if was_asked and not self._is_asked:
            self._chair.leave()

    def show_face(self, ticket: int, view: FaceView) -> None:
        """Turn the head as it is asked for: slowly, and after a moment."""
        now = self._clock()
        if view.turn is not self._asked[0]:
            self._asked = view.turn, now
        turn, since = self._asked
        gone = min(now - max(self._shown_at, since + self._reacts_s), _LONGEST_S)
        self._shown_at = now
        if gone > 0:
            aim, most = _YAW[turn] if turn is not None else 0.0, self._turns_a_second * gone
            yaw = self._chair.yaw
            self._chair.turn_to(yaw + max(-most, min(most, aim - yaw)))
