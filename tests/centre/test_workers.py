"""The processes that share the work."""

import os
import signal

import pytest

from station_app.biometrics.fingerprint.engine import pack
from station_app.centre.finger_sources import VoterFiles
from station_app.centre.processes import undisturbed
from station_app.centre.shared_fingers import PrecinctFingers, strongest
from station_app.centre.workers import EnrolmentWorkers
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL
from tests.centre.commission import engine, enrolment


class Deadly(VoterFiles):
    """Ends the process that unpacks it, as a lack of memory would."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_processes_do_what_one_does_until_one_is_lost() -> None:
    files = [VoterFiles(row, (), None, (("finger_twice", "a.png"),)) for row in range(9)]
    position = FingerPosition.RIGHT_INDEX
    pairs = [
        (row, engine().enrol(enrolment(0, position, number), position))
        for row, number in ((3, 0), (5, 2))
    ]
    fingers = PrecinctFingers(tuple(pack(pairs)), tuple(one.content for _, one in pairs))
    with EnrolmentWorkers(1) as alone, EnrolmentWorkers(2) as workers:
        assert list(workers.enrol(files, 500, invented=False)) == list(
            alone.enrol(files, 500, invented=False)
        )
        found = list(workers.search(fingers, PROVISIONAL))
        assert found == list(alone.search(fingers, PROVISIONAL))
        ((done, parts),) = found
        assert (done, {(one.row, one.other_row) for one in parts}) == (2, {(3, 5)})
        (pair,) = strongest(parts)
        assert pair.evidence == max(one.evidence for one in parts)
        with pytest.raises(KnownError) as caught:
            list(workers.enrol([Deadly(0, (), None)], 500, invented=False))
    assert caught.value.code == "worker_lost"


def test_processes_are_started_for_many_voters_only() -> None:
    assert EnrolmentWorkers.for_voters(5, None)._jobs == 1
    assert EnrolmentWorkers.for_voters(5, 3)._jobs == 3
    assert EnrolmentWorkers.for_voters(10**6, None)._jobs == len(os.sched_getaffinity(0))


def test_ctrl_c_waits_for_the_end_of_a_block() -> None:
    before = signal.getsignal(signal.SIGINT)
    done: list[bool] = []

    def disturbed() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(True)

    with pytest.raises(KeyboardInterrupt):
        disturbed()
    assert done
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with undisturbed():
        pass
