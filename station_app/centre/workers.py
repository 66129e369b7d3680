"""The processes that share the work; none of them ever holds a key.

Each has an engine of its own and one numerics thread. They end with the process that
started them, killed or not.
"""

import os
import pickle
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain, pairwise
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Final, Self

import cv2

from station_app.centre.enrolment import EnrolledVoter, enrol_voters
from station_app.centre.finger_sources import VoterFiles
from station_app.centre.shared_fingers import PrecinctFingers, SharedFinger, SharedSearch
from station_app.domain.errors import KnownError
from station_app.domain.policy import Policy

_VOTERS_A_TASK: Final = 4
_FINGERS_A_TASK: Final = 32
_WORTH_A_PROCESS: Final = 20  # voters; below, starting one takes longer than the work


class Workers:
    """Enrols and searches in `jobs` processes; with one job in this very process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._searches = 0

    @classmethod
    def for_voters(cls, voters: int, jobs: int | None) -> Self:
        """As many as asked for, or else one a core, but not more than `voters` are worth."""
        return cls(jobs or max(1, min(_cores(), voters // _WORTH_A_PROCESS)))

    def __enter__(self) -> Self:
        if self._jobs > 1:
            # Read when a process first loads its numerics; the work is shared already.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            self._pool = ProcessPoolExecutor(
                self._jobs, get_context("spawn"), initializer=_prepare_worker
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            with _undisturbed():
                self._pool.shutdown(cancel_futures=True)

    def enrol(self, files: Sequence[VoterFiles], ppi: int) -> Iterator[EnrolledVoter]:
        """What became of each voter's files, in their order. Raises `KnownError` `worker_lost`."""
        tasks = [
            list(files[start : start + _VOTERS_A_TASK])
            for start in range(0, len(files), _VOTERS_A_TASK)
        ]
        work = partial(enrol_voters, ppi=ppi)
        if self._pool is None:
            yield from chain.from_iterable(map(work, tasks))
            return
        with _told_of_losses():
            with _undisturbed():
                found = self._pool.map(work, tasks)
            yield from chain.from_iterable(found)

    def search(
        self, fingers: PrecinctFingers, policy: Policy
    ) -> Iterator[tuple[int, list[SharedFinger]]]:
        """How many fingers are searched, and what the last of them share.

        Raises `KnownError` `worker_lost`.
        """
        ends = [*range(_FINGERS_A_TASK, len(fingers), _FINGERS_A_TASK), len(fingers)]
        tasks = [range(start, end) for start, end in pairwise([0, *ends])]
        if self._pool is None:
            own = SharedSearch(fingers)
            for task in tasks:
                yield task.stop, own.shared(task, policy)
            return
        self._searches += 1
        with _in_memory(pickle.dumps(fingers)) as file, _told_of_losses():
            with _undisturbed():
                found = self._pool.map(partial(_search, file, self._searches, policy=policy), tasks)
            yield from zip(ends, found, strict=True)


def _search(file: Path, number: int, places: range, policy: Policy) -> list[SharedFinger]:
    return _search_of(file, number).shared(places, policy)


@lru_cache(maxsize=1)
def _search_of(file: Path, number: int) -> SharedSearch:  # noqa: ARG001  (names come again)
    """The search over the fingers in a file, made once a process; `number` tells files apart."""
    with file.open("rb") as packed:
        return SharedSearch(pickle.load(packed))  # noqa: S301  (our own bytes)


@contextmanager
def _in_memory(data: bytes) -> Iterator[Path]:
    """A file that no disk ever sees, for the processes of the pool; it goes with this one."""
    with open(os.memfd_create("fingers"), "wb") as file:  # noqa: PTH123  (of a handle)
        file.write(data)
        file.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")


@contextmanager
def _told_of_losses() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as lost:
        raise KnownError(
            "worker_lost",
            "A process that shared the work was ended, perhaps for want of memory. "
            "Start again with fewer --jobs; what is finished stays.",
        ) from lost


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the end of the block, and processes started in it never feel it.

    The executor does not survive one while it starts its threads and processes. A terminal
    sends Ctrl-C to all processes at once; they inherit the blocked signal.
    """
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _prepare_worker() -> None:
    cv2.setNumThreads(1)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
