"""The chair before a simulated camera: who sits on it, and what they do there."""

from station_app.devices.simulated.simulated_camera import SimulatedCamera, empty_chair
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat, Sitting, cheating


class Chair:
    """Beside a simulated camera as `DockQueue` is beside a simulated scanner."""

    def __init__(self, camera: SimulatedCamera) -> None:
        self.camera = camera
        self._sitting: Sitting | None = None

    def sit(self, face: InventedFace, cheat: Cheat | None = None) -> None:
        """Somebody sits down and looks straight; with `cheat`, it is not they who are seen."""
        self._sitting = Sitting(face) if cheat is None else None
        self.camera.show(self._sitting or cheating(cheat or Cheat.STILL_PHOTO, face))

    def turn_to(self, yaw: float, pitch: float = 0.0) -> None:
        """The head turns to these degrees, see `Sitting.turn_to`; a photo obeys nobody."""
        if self._sitting is not None:
            self._sitting.turn_to(yaw, pitch)

    def leave(self) -> None:
        """Nobody sits there."""
        self._sitting = None
        self.camera.show(empty_chair)
