"""The power is cut while small files are made, replaced and appended to: old or new, whole.

The same replay as in `test_power_cuts.py`.
"""

from pathlib import Path

import pytest

from tests.durability.power_cuts import Run, Start, record
from tests.durability.recording import compiler
from tests.durability.small_files_after_cut import judge

PROGRAM = "tests.durability.recorded_small_files"
KILLED = (4, 11, 12, 13, 14, 20, 21)

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")


@pytest.mark.parametrize("killed", [None, *KILLED])
def test_keys_files_and_waiting_events(work: Path, killed: int | None) -> None:
    """A start that comes to its end or is killed, and one after it."""
    run = Run(record(work, PROGRAM, [Start((), killed), Start(())]), judge, work)
    judged = [(state.cut, fault) for state, fault in run.disks()]
    assert [one for one in judged if one[1]] == []
    assert len(judged) > 100
