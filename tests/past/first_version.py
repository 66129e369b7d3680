"""A copy of what version a9a29b6 has left behind, to be opened by the version that is tested."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.flow.bridge import QueueBridge
from station_app.flow.runner import Runner
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.training.demonstration import InventedHand
from station_app.training.player import Player
from station_app.training.script import Act, FingerTouch, GivePin, QueuePerson, VisitResult
from station_app.vault import StationFolder
from tests.commands.days import Day
from tests.commands.stations import Table
from tests.commands.typed_words import answer, secret_file

KEPT = Path(__file__).parents[1] / "fixtures" / "first_version"
COMMISSION_WORDS = "мөөр басуучу төрт сөз"
MIRROR = "/tmp/station-app-first-version/MIRROR"
"""What the settings of that time name; each copy has its own."""
ENTRIES_OF_STATION_1 = 55
"""When it was exported; the export is written down after that."""


def people() -> Precinct:
    """The twelve invented voters of the list, in its order."""
    return invent_precinct(12, 1964, (FingerPosition.RIGHT_INDEX,))


class KeptTable(Table):
    """The commission's files, and one of the stations, as `Day` and the commands take them."""

    def __init__(self, folder: Path, station: str) -> None:
        self.folder = folder / "commission"
        self.secrets = folder / "passphrases"
        self.words = folder / "commission-words"
        self.config = folder / f"{station}.toml"
        self.station = StationFolder(folder / station)


class FirstVersion:
    """The copy in `folder`. Git keeps no modes: the copy has those that the program gave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(KEPT, folder, dirs_exist_ok=True)
        for path in folder.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if path.suffix == ".toml":
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace(MIRROR, str(folder / "MIRROR")), encoding="utf-8")
        self.words = secret_file(folder / "commission-words", COMMISSION_WORDS)
        self.snapshot = folder / "9042-1.vsnap"
        self.pack = folder / "9042-2-by-9042-S1.takeover"
        self.mirror = folder / "MIRROR" / "9042-2.journal-mirror"
        (self.bundle,) = (folder / "bundles").iterdir()
        self.recipient_key = folder / "commission" / "БШК.recipient-key.json"

    def table(self, station: str) -> KeptTable:
        return KeptTable(self.folder, station)

    def sign(self, station: str) -> None:
        """The one command that brings a station of that time to this version."""
        plan = "spare" if station.startswith("spare") else station
        answer(
            "settings", "apply", self.folder / f"{plan}.toml", "--station", self.folder / station,
            "--member", "c1", "--passphrase-dir", self.folder / "passphrases",
        )  # fmt: skip

    @contextmanager
    def unlocked(self, station: str) -> Iterator["WorkingDay"]:
        """Two persons unlock a station; it is locked again at the end.

        Its settings were signed by nobody: two persons sign its plan's first.
        """
        self.sign(station)
        scanner = SimulatedFingerScanner(frames=2, seconds=0.1)
        day = Day(self.table(station), scanner)
        try:
            yield WorkingDay(day, scanner)
        finally:
            day.close()


class Desk:
    """A station's desk, and voters who come to it."""

    def __init__(self, runner: Runner, bridge: QueueBridge, glass: SimulatedFingerScanner) -> None:
        self._runner, self._bridge, self._glass = runner, bridge, glass
        self._people = people()

    def comes(self, row: int, *, with_document: bool = False) -> OutcomeKind:
        """How it ends for the voter in this row of the list, who lays a finger down."""
        acts: list[Act] = [FingerTouch(InventedHand(self._people, row).finger(number=3))]
        if with_document:
            acts.insert(0, GivePin(self._people.voters[row].pin))
        found: list[VisitResult] = []
        ended: list[bool] = []
        Player(
            self._runner,
            self._glass,
            self._bridge,
            [QueuePerson("voter", tuple(acts), (OutcomeKind.IDENTIFIED,))],
            found.append,
            lambda: ended.append(True),
        ).start()
        assert self._bridge.run(lambda: bool(ended), 60)
        (one,) = found
        assert one.end.voter_id == self._people.voters[row].voter_id
        assert one.end.outcome is not None
        return one.end.outcome


class WorkingDay(Desk):
    """An unlocked station with the day's works around its desk."""

    def __init__(self, day: Day, glass: SimulatedFingerScanner) -> None:
        super().__init__(day.runner, day.bridge, glass)
        self.day = day
