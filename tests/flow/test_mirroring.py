"""The mirror beside a journal at work: lost, put back, caught up, refused."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from station_app.domain.entries import Entry, MirrorLost, MirrorReturned, SessionStarted
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.mirroring import (
    CATCHING_UP,
    CHUNK,
    SLOW,
    MirrorBehind,
    Mirroring,
    MirrorOff,
    MirrorState,
    MirrorUpToDate,
)
from station_app.flow.recorder import Recorder
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.leaves import write_leaf
from station_app.journal.mirror import Mirror, MirrorOwner, load_header, read_mirror
from station_app.journal.mirror_file import mirror_key
from station_app.journal.records import Record
from station_app.journal.tree import Frontier
from station_app.vault import AgeIdentity, Secret, Signer

ORIGIN = "station-app/live/9042-1"
OWNER = MirrorOwner(
    "9042-1", ORIGIN, Signer(Secret(b"s" * 32)), Secret(b"k" * 32),
    (AgeIdentity.generate().recipient,),
)  # fmt: skip
AT = datetime(2026, 10, 4, 2, tzinfo=UTC)
EVERY_S = 0.02


class Book:
    """A journal's recorder, its journal and a look at it, with the entries as its rows hold them.

    `written` are those that the mirroring has asked for.
    """

    def __init__(self, bridge: QueueBridge | None = None) -> None:
        self.records_: list[Record] = []
        self.written: list[Entry] = []
        self._frontier = Frontier()
        self._listeners: list[Callable[[Sequence[Record]], None]] = []
        self._bridge = bridge or QueueBridge()
        self.journal = self.look = self

    @property
    def last_entry(self) -> int:
        return len(self.records_)

    def records(self, first: int, count: int) -> Sequence[Record]:
        return self.records_[first - 1 : first - 1 + count]

    def listen(self, heard: Callable[[Sequence[Record]], None]) -> None:
        self._listeners.append(heard)

    def append_late(self, entry: Entry) -> None:
        self.written.append(entry)
        self._bridge.post(lambda: self.append(entry))

    def append(self, entry: Entry) -> None:
        record = self.add(entry)
        for heard in self._listeners:
            heard([record])

    def add(self, entry: Entry) -> Record:
        """An entry of which nobody is told."""
        leaf = write_leaf(entry, AT)
        self._frontier = self._frontier.with_leaf(leaf)
        checkpoint = Checkpoint(ORIGIN, self._frontier.size, self._frontier.root())
        signature = checkpoint.sign(OWNER.signer)
        self.records_.append(Record(checkpoint.size, leaf, checkpoint.root, signature, None))
        return self.records_[-1]


class Kept:
    """A journal with a mirror on a stick, driven by the test's thread."""

    def __init__(self, stick: Path, entries: int = 0) -> None:
        self.stick = stick
        self.bridge = QueueBridge()
        self.book = Book(self.bridge)
        for number in range(entries):
            self.book.add(SessionStarted(number + 1))
        self.bugs: list[BaseException] = []
        self.states: list[MirrorState] = []
        self.open: Callable[[], Mirror] | None = lambda: Mirror.open(stick, OWNER)
        self.lanes: list[Lane] = []
        self.mirroring = self._made()

    @property
    def written(self) -> list[Entry]:
        return self.book.written

    def _made(self, slow_s: float = 10.0) -> Mirroring:
        lane, journal_lane = (Lane(name, self.bridge, self.bugs.append) for name in "mj")
        self.lanes += [lane, journal_lane]
        recorder = cast(Recorder, self.book)
        made = Mirroring(self.open, lane, recorder, journal_lane, self.bridge, EVERY_S, slow_s)
        made.observe(self)
        return made

    def again(self, slow_s: float = 10.0) -> None:
        """The station starts anew."""
        self.mirroring.close()
        self.mirroring = self._made(slow_s)
        self.mirroring.start()

    def mirror_changed(self, state: MirrorState) -> None:
        self.states.append(state)

    def sessions(self, count: int) -> None:
        for number in range(count):
            self.book.append(SessionStarted(10_000 + number))

    def wait(self, code: str | None) -> None:
        """Until it is behind for this reason, or keeps up (None)."""

        def is_there() -> bool:
            state = self.mirroring.state
            if code is None:
                return state == MirrorUpToDate(self.book.last_entry)
            return isinstance(state, MirrorBehind) and state.code == code

        assert self.bridge.run(is_there, 60), self.mirroring.state
        self.lanes[-1].call(lambda: None)  # what the mirroring has asked to be written is
        assert not self.bugs

    def run(self, seconds: float) -> None:
        self.bridge.run(lambda: False, seconds)

    def pull(self) -> None:
        self.stick.rename(self.stick.with_name("pulled"))

    def put_back(self) -> None:
        self.stick.with_name("pulled").rename(self.stick)

    def on_the_stick(self) -> int:
        path = self.stick / OWNER.file_name
        key = mirror_key(OWNER.journal_key, load_header(path).header.salt)
        found = read_mirror(path, key)
        assert [one.leaf for one in found.entries] == [
            one.leaf for one in self.book.records(1, found.size)
        ]
        return found.size


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    stick = tmp_path / "stick"
    stick.mkdir()
    made = Kept(stick, 3)
    yield made
    made.mirroring.close()
    for lane in made.lanes:
        lane.close()
    assert not made.bugs


def test_no_mirror(kept: Kept) -> None:
    kept.open = None
    kept.again()
    kept.sessions(2)
    kept.run(3 * EVERY_S)
    assert (kept.mirroring.state, kept.written) == (MirrorOff(), [])


def test_entries_arrive_as_they_come(kept: Kept) -> None:
    assert kept.mirroring.state == MirrorBehind(0, CATCHING_UP, 3)
    kept.mirroring.start()
    kept.wait(None)
    kept.sessions(1)
    kept.wait(None)
    kept.sessions(20)
    kept.wait(None)
    assert (kept.on_the_stick(), kept.written) == (24, [])
    assert kept.states[-1] == MirrorUpToDate(24)


def test_a_long_way_behind_is_caught_up_in_pieces(kept: Kept) -> None:
    for number in range(3 * CHUNK):
        kept.book.add(SessionStarted(10 + number))
    kept.again()
    kept.wait(None)
    assert kept.on_the_stick() == 3 * CHUNK + 3
    told = [state for state in kept.states if isinstance(state, MirrorBehind)]
    assert [state.upto for state in told] == [CHUNK, 2 * CHUNK, 3 * CHUNK, 3 * CHUNK + 3]
    assert {(state.code, state.of) for state in told} == {(CATCHING_UP, 3 * CHUNK + 3)}


def test_a_catch_up_can_be_stopped(kept: Kept) -> None:
    for number in range(3 * CHUNK):
        kept.book.add(SessionStarted(10 + number))
    kept.again()
    kept.bridge.run(lambda: bool(kept.states), 10)
    kept.mirroring.close()
    upto = kept.on_the_stick()
    assert CHUNK <= upto <= 2 * CHUNK
    kept.run(5 * EVERY_S)
    assert kept.on_the_stick() == upto
    kept.again()
    kept.wait(None)
    assert (kept.on_the_stick(), kept.written) == (3 * CHUNK + 3, [])


def test_pulled_out_and_put_back(kept: Kept) -> None:
    kept.mirroring.start()
    kept.wait(None)
    kept.pull()
    kept.sessions(4)
    kept.wait("mirror_missing")
    assert kept.mirroring.state.upto == 3  # type: ignore[union-attr]
    kept.sessions(2)
    kept.run(4 * EVERY_S)
    assert kept.written == [MirrorLost("mirror_missing")]
    kept.put_back()
    kept.wait(None)
    assert kept.written == [MirrorLost("mirror_missing"), MirrorReturned(7)]
    kept.run(EVERY_S)
    kept.wait(None)
    assert kept.on_the_stick() == 3 + 4 + 2 + 2


def test_pulled_out_in_a_quiet_hour(kept: Kept) -> None:
    kept.mirroring.start()
    kept.wait(None)
    kept.pull()
    kept.wait("mirror_missing")
    kept.run(3 * EVERY_S)
    kept.put_back()
    kept.wait(None)
    assert kept.written == [MirrorLost("mirror_missing"), MirrorReturned(1)]


def test_back_after_a_long_time(kept: Kept) -> None:
    kept.mirroring.start()
    kept.wait(None)
    kept.pull()
    kept.wait("mirror_missing")
    kept.sessions(CHUNK + 10)
    kept.put_back()
    kept.wait(None)
    assert kept.written == [MirrorLost("mirror_missing"), MirrorReturned(CHUNK + 11)]
    kept.run(EVERY_S)
    kept.wait(None)
    assert kept.on_the_stick() == 3 + CHUNK + 12


def test_never_there_since_the_start(kept: Kept) -> None:
    kept.pull()
    kept.mirroring.start()
    kept.wait("mirror_missing")
    kept.put_back()
    kept.wait(None)
    assert kept.written == [MirrorLost("mirror_missing"), MirrorReturned(4)]


def test_another_stick_in_its_place(kept: Kept) -> None:
    """An empty one is filled from the beginning; the first one catches up when it is back."""
    kept.mirroring.start()
    kept.wait(None)
    kept.pull()
    kept.wait("mirror_missing")
    kept.stick.mkdir()
    kept.wait(None)
    assert kept.on_the_stick() == kept.book.last_entry


def test_a_strangers_stick(kept: Kept) -> None:
    kept.stick.rename(kept.stick.with_name("pulled"))
    kept.stick.mkdir()
    stranger = MirrorOwner("9042-2", ORIGIN, OWNER.signer, OWNER.journal_key, OWNER.recipients)
    Mirror.open(kept.stick, stranger).close()
    before = (kept.stick / stranger.file_name).read_bytes()
    kept.mirroring.start()
    kept.wait("mirror_foreign")
    kept.run(3 * EVERY_S)
    assert kept.written == [MirrorLost("mirror_foreign")]
    assert [one.read_bytes() for one in kept.stick.iterdir()] == [before]
    kept.stick.rename(kept.stick.with_name("strangers"))
    kept.put_back()
    kept.wait(None)


def test_a_damaged_mirror(kept: Kept) -> None:
    with closing(Mirror.open(kept.stick, OWNER)) as mirror:
        for one in kept.book.records_:
            mirror.append([one])
    content = bytearray(mirror.path.read_bytes())
    content[-300] ^= 1
    mirror.path.write_bytes(content)
    kept.mirroring.start()
    kept.wait("mirror_damaged")
    assert mirror.path.read_bytes() == content


@pytest.mark.parametrize("ahead", [True, False])
def test_an_old_or_another_journal(kept: Kept, ahead: bool) -> None:
    with closing(Mirror.open(kept.stick, OWNER)) as mirror:
        mirror.append(kept.book.records_)
    kept.book = Book(kept.bridge)
    for number in range(2 if ahead else 4):
        kept.book.add(SessionStarted(number + 1 if ahead else number + 50))
    kept.again()
    kept.wait("journal_rolled_back")
    kept.run(3 * EVERY_S)
    assert kept.written == [MirrorLost("journal_rolled_back")]


def test_a_medium_that_does_not_answer(kept: Kept) -> None:
    gate = threading.Event()

    def open_late() -> Mirror:
        gate.wait(60)
        return Mirror.open(kept.stick, OWNER)

    kept.open = open_late
    kept.again(slow_s=2 * EVERY_S)
    kept.wait(SLOW)
    kept.run(3 * EVERY_S)
    assert kept.written == [MirrorLost(SLOW)]
    gate.set()
    kept.wait(None)
    assert kept.written == [MirrorLost(SLOW), MirrorReturned(4)]


def test_what_is_at_hand_is_written_at_the_end(kept: Kept) -> None:
    kept.mirroring.start()
    kept.wait(None)
    kept.sessions(30)
    kept.mirroring.close()
    assert kept.on_the_stick() == 33
    kept.sessions(2)  # too late for this time
    kept.run(2 * EVERY_S)
    assert kept.on_the_stick() == 33
    kept.again()
    kept.wait(None)
    assert (kept.on_the_stick(), kept.written) == (35, [])


def test_an_end_without_the_stick(kept: Kept) -> None:
    kept.mirroring.start()
    kept.wait(None)
    kept.sessions(5)
    kept.pull()
    kept.mirroring.close()
    kept.put_back()
    kept.again()
    kept.wait(None)
    assert kept.on_the_stick() == 8
