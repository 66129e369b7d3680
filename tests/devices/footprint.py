"""What a process and its children hold: memory, threads, descriptors (Linux's /proc).

Children of somebody else are left out: a test of another room may have started a database
server in this process, which opens and closes files whenever it likes.
"""

import gc
import os
import re
import time
from collections import Counter
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_SETTLES_S = 10.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """`kilobytes` are resident; all with those of the children, and theirs.

    `held` says what the descriptors are, for the message of a test that fails; `besides` are the
    children left out, and theirs.
    """

    threads: int
    descriptors: int
    kilobytes: int
    processes: int
    held: Counter[str] = field(default_factory=Counter, compare=False)
    besides: AbstractSet[int] = frozenset()

    def more_than(self, before: "Footprint") -> str:
        """What is held that was not held before, empty where there is no more of anything."""
        if (
            self.threads <= before.threads
            and self.descriptors <= before.descriptors
            and self.processes <= before.processes
        ):
            return ""
        counts = (self.threads - before.threads, self.processes - before.processes)
        return f"{counts} more threads and processes, and {dict(self.held - before.held)}"


def children() -> AbstractSet[int]:
    """The children of this process now."""
    return frozenset(_children(os.getpid()))


def footprint(besides: AbstractSet[int] = frozenset()) -> Footprint:
    """What this process and its children hold now, garbage collected before.

    `besides` are children that are somebody else's (see `children`).
    """
    gc.collect()
    found = [_of(pid) for pid in _with_children(os.getpid(), besides)]
    return Footprint(
        threads=sum(one.threads for one in found),
        descriptors=sum(one.descriptors for one in found),
        kilobytes=sum(one.kilobytes for one in found),
        processes=sum(one.processes for one in found),
        held=sum((one.held for one in found), Counter()),
        besides=besides,
    )


def settled(before: Footprint) -> Footprint:
    """What it holds once what was closed has ended: threads of an emulated device need a moment."""
    until = time.monotonic() + _SETTLES_S
    while (now := footprint(before.besides)).more_than(before) and time.monotonic() < until:
        time.sleep(0.05)
    return now


def _of(pid: int) -> Footprint:
    folder = _PROC / str(pid)
    try:
        threads = len(list((folder / "task").iterdir()))
        name = (folder / "comm").read_text().strip()
        held = Counter(f"{name}: {_target(one)}" for one in (folder / "fd").iterdir())
        pages = int((folder / "statm").read_text().split()[1])
    except OSError:  # it has ended meanwhile
        return Footprint(0, 0, 0, 0)
    size = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return Footprint(threads, held.total(), size, 1, held)


def _target(descriptor: Path) -> str:
    try:
        return re.sub(r"\d+", "N", str(descriptor.readlink()))
    except OSError:  # closed meanwhile
        return "closed"


def _with_children(pid: int, besides: AbstractSet[int]) -> list[int]:
    found = [pid]
    for child in _children(pid):
        if child not in besides:
            found += _with_children(child, besides)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        tasks = list((_PROC / str(pid) / "task").iterdir())
    except OSError:  # it has ended meanwhile
        return found
    for task in tasks:
        with suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found
