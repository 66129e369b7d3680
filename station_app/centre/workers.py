"""The processes that share the work; none of them ever holds a key.

Each has an engine of its own and one numerics thread. They end with the process that
started them, killed or not.
"""

import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Final, Self

import cv2

from station_app.centre.enrolment import EnrolledVoter, enrol_voters
from station_app.centre.finger_sources import VoterFiles
from station_app.centre.processes import cores, end_with_parent, told_of_losses, undisturbed
from station_app.centre.shared_fingers import PrecinctFingers, SharedFinger, SharedSearch
from station_app.domain.policy import Policy

_VOTERS_A_TASK: Final = 4
_FINGERS_A_TASK: Final = 32
_WORTH_A_PROCESS: Final = 20  # voters; below, starting one takes longer than the work


class EnrolmentWorkers:
    """Enrols and searches in `jobs` processes; with one job in this very process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._searches = 0

    @classmethod
    def for_voters(cls, voters: int, jobs: int | None) -> Self:
        """As many as asked for, or else one a core, but not more than `voters` are worth."""
        return cls(jobs or max(1, min(cores(), voters // _WORTH_A_PROCESS)))

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
            with undisturbed():
                self._pool.shutdown(cancel_futures=True)

    def enrol(
        self, files: Sequence[VoterFiles], ppi: int, *, invented: bool
    ) -> Iterator[EnrolledVoter]:
        """The result for each voter's files, in their order; `invented` portraits were drawn.

        Raises `KnownError` `worker_lost`, `model_damaged`.
        """
        tasks = [
            list(files[start : start + _VOTERS_A_TASK])
            for start in range(0, len(files), _VOTERS_A_TASK)
        ]
        work = partial(enrol_voters, ppi=ppi, invented=invented)
        if self._pool is None:
            yield from chain.from_iterable(map(work, tasks))
            return
        with told_of_losses():
            with undisturbed():
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
        with _in_memory(pickle.dumps(fingers)) as file, told_of_losses():
            with undisturbed():
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


def _prepare_worker() -> None:
    cv2.setNumThreads(1)
    end_with_parent()
