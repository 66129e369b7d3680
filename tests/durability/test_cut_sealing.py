"""The power is cut at the centre while snapshots are sealed: the old one or the new, whole.

The same replay as in `test_power_cuts.py`.
"""

from pathlib import Path

import pytest

from tests.durability.power_cuts import Run, Start, record
from tests.durability.recording import compiler
from tests.durability.snapshots_after_cut import fill, judge

PROGRAM = "tests.durability.recorded_sealing"

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")


@pytest.mark.parametrize("killed", [None, 1, 4])
def test_a_snapshot_and_the_next_one_over_it(
    work: Path, tmp_path: Path, killed: int | None
) -> None:
    """A start that comes to its end or is killed, and one after it."""
    fill(tmp_path, 2, 3, 4)
    starts = [Start((str(tmp_path), "2", "3"), killed), Start((str(tmp_path), "3", "4"))]
    run = Run(record(work, PROGRAM, starts), judge, work)
    judged = [(state.cut, fault) for state, fault in run.disks()]
    assert [one for one in judged if one[1]] == []
    assert len(judged) > 20
