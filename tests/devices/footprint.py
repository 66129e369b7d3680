"""What a process and its children hold: memory, threads, descriptors (Linux's /proc)."""

import gc
import os
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_SETTLES_S = 10.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """`kilobytes` are resident; all four with those of the children, and theirs."""

    threads: int
    descriptors: int
    kilobytes: int
    processes: int


def footprint() -> Footprint:
    """What this process and its children hold now, garbage collected before."""
    gc.collect()
    found = [_of(pid) for pid in _with_children(os.getpid())]
    return Footprint(
        threads=sum(one.threads for one in found),
        descriptors=sum(one.descriptors for one in found),
        kilobytes=sum(one.kilobytes for one in found),
        processes=sum(one.processes for one in found),
    )


def settled(before: Footprint) -> Footprint:
    """What it holds once what was closed has ended: threads of an emulated device need a moment."""
    until = time.monotonic() + _SETTLES_S
    while True:
        now = footprint()
        has_more = (
            now.threads > before.threads
            or now.descriptors > before.descriptors
            or now.processes > before.processes
        )
        if not has_more or time.monotonic() > until:
            return now
        time.sleep(0.05)


def _of(pid: int) -> Footprint:
    folder = _PROC / str(pid)
    try:
        threads = len(list((folder / "task").iterdir()))
        descriptors = len(list((folder / "fd").iterdir()))
        pages = int((folder / "statm").read_text().split()[1])
    except OSError:  # it has ended meanwhile
        return Footprint(0, 0, 0, 0)
    return Footprint(threads, descriptors, pages * os.sysconf("SC_PAGE_SIZE") // 1024, 1)


def _with_children(pid: int) -> list[int]:
    found = [pid]
    try:
        tasks = list((_PROC / str(pid) / "task").iterdir())
    except OSError:
        return found
    for task in tasks:
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += _with_children(int(child))
    return found
