"""The power is cut while the mirror is begun and written: what it said it has is there.

The same replay as in `test_power_cuts.py`.
"""

from pathlib import Path

import pytest

from tests.durability.mirror_after_cut import judge
from tests.durability.power_cuts import Run, Start, record
from tests.durability.recording import compiler

PROGRAM = "tests.durability.recorded_mirror"

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")


@pytest.mark.parametrize("killed", [None, 1, 2, 3, 4, 5])
def test_a_mirror(work: Path, killed: int | None) -> None:
    """A start that comes to its end or is killed, and two after it, one killed."""
    starts = [Start(("5",), killed), Start(("4",), 4), Start(("4",))]
    run = Run(record(work, PROGRAM, starts), judge, work)
    judged = [(state.cut, fault) for state, fault in run.disks()]
    assert [one for one in judged if one[1]] == []
    assert len(judged) > 25
