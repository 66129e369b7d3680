"""The queue beside a simulated scanner: its people, and the hand that lays fingers down."""

from collections.abc import Callable, Collection, Sequence

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.fingers import FingerPosition
from station_app.flow.bridge import Bridge
from station_app.flow.runner import Runner
from station_app.synthetic.live_scenes import Cheat
from station_app.synthetic.presets import Preset
from station_app.training.chair import Chair, Obedience
from station_app.training.player import Player
from station_app.training.script import QueuePerson, VisitResult

_DWELL_S = 3.0


class DockQueue:
    """`people` are played by hand, or all of them in turn, once.

    They sit down on the `chair`, where there is a simulated camera. `unusable` are files of
    theirs that are no images: it may grow.

    `done` has the numbers of those who have been at the desk; `changed` is called when the
    player adds one.
    """

    def __init__(
        self,
        glass: SimulatedFingerScanner,
        people: Sequence[QueuePerson],
        chair: Chair | None = None,
        unusable: Collection[object] = (),
    ) -> None:
        self.glass, self.people, self.chair = glass, people, chair
        self.unusable = unusable
        self.done: set[int] = set()
        self.changed: Callable[[], None] = lambda: None
        self._placed = 0
        self._player: Player | None = None

    def join(self, runner: Runner, bridge: Bridge) -> None:
        """Let the queue pass at this desk, when it is asked for."""
        if self.chair is not None:
            runner.observe(Obedience(self.chair))
        self._player = Player(
            runner, self.glass, bridge, self.people, self._passed,
            dwell_s=_DWELL_S, chair=self.chair,
        )  # fmt: skip

    def place(self, person: QueuePerson, finger: FingerPosition, manner: Preset) -> None:
        """Lay the finger down; every time is another impression of it. Raises as `Hand`."""
        assert person.hand is not None, "who stands beside a scanner has fingers"
        self._placed += 1
        self.glass.place(person.hand.finger(finger, manner, self._placed))

    def sit(self, person: QueuePerson, cheat: Cheat | None = None) -> bool:
        """Let the person sit down before the camera, or hold something there; False where there is
        no camera, or no face of theirs.
        """
        if self.chair is None or person.face is None:
            return False
        self.chair.sit(person.face, cheat)
        return True

    def run(self) -> None:
        """Let the queue pass; once."""
        player, self._player = self._player, None
        if player is not None:
            player.start()

    def _passed(self, result: VisitResult) -> None:
        self.done.add(result.person.number)
        self.changed()
