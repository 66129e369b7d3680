"""A real journal with its mirror, each on its lane, joined as `assembly` joins them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station_app.domain.entries import JournalOpened, SessionStarted
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.mirroring import Mirroring, MirrorUpToDate, refuse_rolled_back
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.journal.mirror import Mirror, MirrorOwner
from station_app.journal.records import Record
from station_app.vault import AgeIdentity, Secret, Signer

ORIGIN = "station-app/demo/9042-1"
KEY, SIGNER = Secret(b"k" * 32), Signer(Secret(b"s" * 32))
RECIPIENTS = (AgeIdentity.generate().recipient,)
OPENED = JournalOpened(ORIGIN, "ab" * 32, 1, "demo", "cd" * 32, SIGNER.public_key.hex(), "1")
EVERY_S = 0.02


class Clock:
    """A second further at each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 29, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class AtWork:
    """A station's journal and mirror; the medium's folder is `stick`."""

    def __init__(self, folder: Path) -> None:
        self.path, self.stick = folder / "station" / "journal.db", folder / "stick"
        self.stick.mkdir()
        self.owner = MirrorOwner("9042-1", ORIGIN, SIGNER, KEY, RECIPIENTS)
        self.bridge = QueueBridge()
        self.clock = Clock()
        self.bugs: list[BaseException] = []

    def open_mirror(self) -> Mirror:
        return Mirror.open(self.stick, self.owner)

    def open_journal(self) -> Journal:
        if self.path.exists():
            return Journal.open(self.path, KEY, SIGNER, ORIGIN, self.clock)
        return Journal.create(self.path, KEY, SIGNER, OPENED, self.clock)

    def start(self) -> None:
        self.journal = self.open_journal()
        self.recorder = Recorder(self.journal)
        refuse_rolled_back(self.open_mirror, self.journal.size, self.root_at)
        self.lane, mirror_lane = (Lane(name, self.bridge, self.bugs.append) for name in "jm")
        self.mirroring = Mirroring(
            self.open_mirror, mirror_lane, self.recorder, self.lane, self.bridge, EVERY_S
        )
        self.mirroring.start()

    def records(self, first: int, count: int) -> Sequence[Record]:
        return self.journal.look.records(first, count)

    def all_records(self) -> Sequence[Record]:
        return self.records(1, self.journal.size)

    def root_at(self, size: int) -> bytes:
        return self.journal.look.records(size, 1)[0].root

    def append(self, entry: SessionStarted) -> None:
        self.lane.run(lambda: self.recorder.append(entry), lambda _: None, self.bugs.append)

    def sessions(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.append(SessionStarted(number))

    def wait(self, state: type) -> None:
        def is_there() -> bool:
            now = self.mirroring.state
            keeps = isinstance(now, MirrorUpToDate) and now.upto == self.lane.call(self.size)
            return keeps if state is MirrorUpToDate else isinstance(now, state)

        assert self.bridge.run(is_there, 60), self.mirroring.state
        assert not self.bugs

    def size(self) -> int:
        return self.journal.size

    def stop(self) -> None:
        self.mirroring.close()
        self.lane.call(self.journal.close)
        self.lane.close()
