"""What a disk can hold after the power was cut: the model of the replay.

A recorded history is cut after every operation. What is on the disk then:

- What was written to a file, and its length, up to the last fsync of *that file*: for sure.
- Names (create, rename, link, unlink, mkdir) up to the last fsync of *their folder*: for
  sure. An fsync of a file does not make its name durable, nor one of a folder its files'
  content; most file systems promise more, POSIX does not.
- Of everything later, any part: here every subset while at most `EVERY_SUBSET` operations
  wait; beyond that nothing, all, each prefix, each operation alone, all but one, and one
  file's or folder's operations alone or missing (writes reordered across files).
- The last write may be torn where sectors of 512 bytes meet: its beginning is there and its
  end is not, or the other way round, with all that came before or with nothing of it. Torn
  at the first, middle and last such place, or with `every_sector` at each. A write within
  one sector is torn in its middle all the same.
- Where a later write is there and an earlier one is not, there are zeros between them.

States that hold the same and must hold the same (nothing was said meanwhile) come once.

Not in the model: a disk that lies about a flush or loses what it had, bytes that are neither
old nor new. Found by other means (page HMACs, the signed tree), not by order of writing.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path, PurePosixPath

from tests.durability.recording import Kind, Operation

SECTOR = 512
EVERY_SUBSET = 3
FOLDER = -1
_NAMING = (Kind.CREATE, Kind.RENAME, Kind.LINK, Kind.UNLINK, Kind.MKDIR)

Files = Mapping[str, bytes | None]
"""Content by relative path, None for a folder."""


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on the disk: on the content of `file`, or on the names of `folder`."""

    operation: Operation
    file: int
    folder: str = ""

    @property
    def place(self) -> int | str:
        """What has to be synced for it to be durable."""
        return self.folder or self.file


@dataclass(frozen=True, slots=True)
class State:
    """One disk after a cut behind the first `cut` operations, which had `said` this."""

    cut: int
    said: str
    files: Files

    def write_to(self, folder: Path) -> None:
        """Make this disk in an empty folder, private as a station's files are."""
        for name, content in sorted(self.files.items()):
            path = folder / name
            if content is None:
                path.mkdir(mode=0o700)
            else:
                path.touch(mode=0o600)
                path.write_bytes(content)


@dataclass(slots=True)
class Disk:
    """Contents by number of the file, and numbers (or `FOLDER`) by path."""

    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def after(self, changes: Sequence[Change]) -> "Disk":
        """This disk with some changes to it, in their order."""
        disk = Disk(dict(self.contents), dict(self.names))
        written: dict[int, bytearray] = {}
        for change in changes:
            if change.folder:
                disk._rename(change)
            else:
                if change.file not in written:
                    written[change.file] = bytearray(self.contents.get(change.file, b""))
                _write(written[change.file], change.operation)
        disk.contents |= {file: bytes(content) for file, content in written.items()}
        return disk

    def files(self) -> Files:
        """What can be found by name."""
        return {
            name: None if file == FOLDER else self.contents.get(file, b"")
            for name, file in self.names.items()
            if all(str(above) in self.names for above in list(PurePosixPath(name).parents)[:-1])
        }

    def _rename(self, change: Change) -> None:
        operation = change.operation
        match operation.kind:
            case Kind.CREATE | Kind.MKDIR:
                self.names[operation.path] = change.file
            case Kind.UNLINK:
                self.names.pop(operation.path, None)
            case Kind.LINK:
                self.names[operation.target] = change.file
            case _:
                self.names.pop(operation.path, None)
                self.names[operation.target] = change.file


class History:
    """The recorded operations with their files told apart (inode numbers are used again)."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        self.said = b"".join(one.data for one in operations if one.kind is Kind.SAID).decode()
        self._by_inode: dict[int, int] = {}
        self._files = 0
        self._now = Disk()
        self._steps = [(operation, self._change(operation)) for operation in operations]

    def at_the_end(self) -> Files:
        """What the replay of everything comes to, to be compared with the real files."""
        return self._now.files()

    def states(self, *, every_sector: bool = False) -> Iterator[State]:
        """Every disk of the model, cut by cut."""
        seen: set[bytes] = set()
        durable, waiting, said = Disk(), list[Change](), ""
        for cut, (operation, change) in enumerate(self._steps, 1):
            if operation.kind is Kind.SAID:
                said += operation.data.decode()
            elif operation.kind is Kind.SYNC:
                place = self._synced(operation)
                durable = durable.after([one for one in waiting if one.place == place])
                waiting = [one for one in waiting if one.place != place]
            elif change is not None:
                waiting.append(change)
            for chosen in _choices(waiting, every_sector):
                state = State(cut, said, durable.after(chosen).files())
                digest = _digest(state)
                if digest not in seen:
                    seen.add(digest)
                    yield state

    def _change(self, operation: Operation) -> Change | None:
        if operation.kind in (Kind.SAID, Kind.SYNC):
            return None
        if operation.kind in _NAMING:
            change = self._naming(operation)
        else:
            change = Change(operation, self._by_inode[operation.inode])
        self._now = self._now.after([change])
        return change

    def _naming(self, operation: Operation) -> Change:
        folder = str(PurePosixPath(operation.path).parent)
        if operation.kind is Kind.CREATE:
            self._files += 1
            file = self._by_inode[operation.inode] = self._files
        elif operation.kind is Kind.MKDIR:
            file = FOLDER
        else:
            file = self._now.names[operation.path]
        across = operation.target and str(PurePosixPath(operation.target).parent) != folder
        assert not across, "names that move from folder to folder are not in the model"
        return Change(operation, file, folder)

    def _synced(self, operation: Operation) -> int | str:
        """The number of the file that was synced, or the path of the folder."""
        if operation.path == "." or self._now.names.get(operation.path) == FOLDER:
            return operation.path
        return self._by_inode[operation.inode]


def _choices(waiting: Sequence[Change], every_sector: bool) -> Iterator[Sequence[Change]]:
    """Which of the changes that wait have reached the disk."""
    count = len(waiting)
    if count <= EVERY_SUBSET:
        for size in range(count + 1):
            yield from combinations(waiting, size)
    else:
        for one in range(count):
            yield waiting[:one]
            yield waiting[one : one + 1]
            yield [*waiting[:one], *waiting[one + 1 :]]
        yield waiting
        for place in {change.place for change in waiting}:
            yield [change for change in waiting if change.place == place]
            yield [change for change in waiting if change.place != place]
    if waiting and waiting[-1].operation.kind is Kind.WRITE:
        for torn in _torn(waiting[-1], every_sector):
            yield [torn]
            yield [*waiting[:-1], torn]


def _torn(change: Change, every_sector: bool) -> Iterator[Change]:
    """The beginnings and the ends of a write."""
    start, data = change.operation.offset, change.operation.data
    first = SECTOR - start % SECTOR
    edges = list(range(first, len(data), SECTOR)) or [len(data) // 2]
    if not every_sector:
        edges = sorted({edges[0], edges[len(edges) // 2], edges[-1]})
    for edge in edges:
        for offset, part in ((start, data[:edge]), (start + edge, data[edge:])):
            operation = Operation(
                Kind.WRITE, change.operation.path, change.operation.inode, offset, part
            )
            yield Change(operation, change.file)


def _write(content: bytearray, operation: Operation) -> None:
    missing = operation.offset - len(content)
    content.extend(b"\0" * max(missing, 0))
    if operation.kind is Kind.TRUNCATE:
        del content[operation.offset :]
    else:
        content[operation.offset : operation.offset + len(operation.data)] = operation.data


def _digest(state: State) -> bytes:
    found = hashlib.blake2b(state.said.encode(), digest_size=16)
    for name, content in sorted(state.files.items()):
        found.update(f"\n{name} {-1 if content is None else len(content)}\n".encode())
        found.update(content or b"")
    return found.digest()
