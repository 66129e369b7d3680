"""A desk that works until it is killed: says on its output what its screen would say.

`test_desk_killed.py` starts `python -m tests.durability.desk_until_killed FOLDER LIST IMAGES`.
"""

import itertools
import pickle
import sys
from functools import partial
from pathlib import Path

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.domain.session_states import State, Verdict
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import open_station
from station_app.flow.runner import DeskObserver
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.player import Player
from station_app.training.script import FingerTouch, QueuePerson
from station_app.vault import StationFolder

VOTERS = 12
SEED = 77
FINGERS = (FingerPosition.RIGHT_INDEX,)


class Screen(DeskObserver):
    """Prints a line the moment a verdict may be shown."""

    def state_changed(self, state: State) -> None:
        if isinstance(state, Verdict):
            print(state.entry, state.outcome.outcome, state.outcome.list_number, flush=True)

    def broke(self, bug: BaseException, last_entry: int) -> None:
        raise SystemExit(f"a bug: {bug!r}") from bug


def draw(precinct: Precinct, images: Path) -> None:
    """Another impression of everybody's finger: drawn once for all starts."""
    drawn = [
        precinct.impression(row, FINGERS[0], 1, Preset.GOOD) for row in range(len(precinct.voters))
    ]
    images.write_bytes(pickle.dumps(drawn))


def main(folder: Path, list_path: Path, drawn: Path) -> None:
    images: list[FingerImage] = pickle.loads(drawn.read_bytes())
    bridge = QueueBridge()
    scanner = SimulatedFingerScanner(frames=2, seconds=0.01)
    station = open_station(StationFolder(folder), list_path, PUBLIC_DEMO_LIST_KEY, scanner, bridge)
    station.runner.observe(Screen())
    people = [
        QueuePerson(
            f"{row}", (FingerTouch(partial(images.__getitem__, row)),), (OutcomeKind.IDENTIFIED,)
        )
        for row in itertools.chain.from_iterable(itertools.repeat(range(VOTERS), 50))
    ]
    player = Player(station.runner, scanner, bridge, people, lambda _: None)
    print("ready", flush=True)
    station.runner.start()
    player.start()
    bridge.run(lambda: False, 60)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
