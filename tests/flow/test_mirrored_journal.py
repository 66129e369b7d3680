"""A real journal with its mirror, each on its lane: the day, a pulled stick, an old copy."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station_app.domain.entries import JournalOpened, MirrorLost, MirrorReturned, SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.mirror_medium import refuse_rolled_back
from station_app.flow.mirroring import Behind, Keeping, Mirroring
from station_app.journal import Journal
from station_app.journal.leaves import read_leaf
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
    """A station's journal and mirror, joined as `assembly` joins them."""

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
        refuse_rolled_back(self.open_mirror, self.journal.size, self.root_at)
        self.lane, mirror_lane = (Lane(name, self.bridge, self.bugs.append) for name in "jm")
        self.mirroring = Mirroring(
            self.open_mirror,
            mirror_lane,
            self.records,
            self.lane,
            self.bridge,
            self.append,
            self.journal.size,
            EVERY_S,
        )
        self.journal.listen(self.mirroring.listen)
        self.mirroring.start()

    def records(self, first: int, count: int) -> Sequence[Record]:
        return self.journal.look.records(first, count)

    def root_at(self, size: int) -> bytes:
        return self.journal.look.records(size, 1)[0].root

    def append(self, entry: SessionStarted | MirrorLost | MirrorReturned) -> None:
        self.lane.run(lambda: self.journal.append(entry), lambda _: None, self.bugs.append)

    def sessions(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.append(SessionStarted(number))

    def wait(self, state: type) -> None:
        def is_there() -> bool:
            now = self.mirroring.state
            keeps = isinstance(now, Keeping) and now.upto == self.lane.call(self.size)
            return keeps if state is Keeping else isinstance(now, state)

        assert self.bridge.run(is_there, 10), self.mirroring.state
        assert not self.bugs

    def size(self) -> int:
        return self.journal.size

    def stop(self) -> None:
        self.mirroring.close()
        self.lane.call(self.journal.close)
        self.lane.close()


@pytest.fixture
def station(tmp_path: Path) -> AtWork:
    return AtWork(tmp_path)


def test_a_day_with_a_pulled_stick(station: AtWork) -> None:
    station.start()
    station.sessions(1, 20)
    station.wait(Keeping)
    station.stick.rename(station.stick.with_name("pulled"))
    station.sessions(21, 30)
    station.wait(Behind)
    station.sessions(31, 40)
    station.stick.with_name("pulled").rename(station.stick)
    station.wait(Keeping)
    station.bridge.run(lambda: False, 2 * EVERY_S)
    station.wait(Keeping)
    entries = [
        read_leaf(one.leaf)[0]
        for one in station.lane.call(lambda: station.journal.look.records(1, 1000))
    ]
    assert [one for one in entries if isinstance(one, MirrorLost)] == [MirrorLost("mirror_missing")]
    (returned,) = (one for one in entries if isinstance(one, MirrorReturned))
    assert 10 <= returned.behind <= 21
    assert len(entries) == 1 + 40 + 2
    station.stop()
    with closing(station.open_mirror()) as mirror:
        assert mirror.upto == len(entries)
    station.start()
    station.wait(Keeping)
    station.stop()


def test_an_old_copy_of_journal_and_head_put_back(station: AtWork, tmp_path: Path) -> None:
    """In itself it is sound; the mirror knows more."""
    station.start()
    station.sessions(1, 5)
    station.wait(Keeping)
    station.stop()
    old = tmp_path / "old"
    shutil.copytree(station.path.parent, old)
    station.start()
    station.sessions(6, 9)
    station.wait(Keeping)
    station.stop()
    shutil.rmtree(station.path.parent)
    shutil.copytree(old, station.path.parent)
    for _ in range(2):
        with pytest.raises(KnownError) as noticed:
            station.start()
        assert noticed.value.code == "journal_rolled_back"
        for number in range(6, 15):  # gone on with all the same, and longer than the mirror
            station.journal.append(SessionStarted(station.journal.last_session() + number))
        station.journal.close()
