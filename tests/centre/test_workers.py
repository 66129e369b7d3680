"""The processes that share the work."""

import os

import pytest

from station_app.centre.finger_sources import VoterFiles
from station_app.centre.workers import Workers
from station_app.domain.errors import KnownError


class Deadly(VoterFiles):
    """Ends the process that unpacks it, as a lack of memory would."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_a_lost_process_is_told() -> None:
    with Workers(2) as workers, pytest.raises(KnownError) as caught:
        list(workers.enrol([Deadly(0, (), None)], 500))
    assert caught.value.code == "worker_lost"


def test_processes_are_started_for_many_voters_only() -> None:
    assert Workers.for_voters(5, None)._jobs == 1
    assert Workers.for_voters(5, 3)._jobs == 3
    assert Workers.for_voters(10**6, None)._jobs == len(os.sched_getaffinity(0))
