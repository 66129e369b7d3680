"""The power is cut while lists are loaded, proven and put back: one is loaded, and whole.

The same replay as in `test_power_cuts.py`.
"""

from pathlib import Path

import pytest

from tests.durability.lists_after_cut import Judge, fill
from tests.durability.power_cuts import Run, Start, record
from tests.durability.recording import compiler

PROGRAM = "tests.durability.recorded_loads"

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")


@pytest.mark.parametrize(
    "starts",
    [
        [(None, "2", "3", "prove")],
        [(None, "2", "prove", "3", "back")],
        [(8, "2"), (None, "2", "3")],
        [(10, "2"), (None, "2", "3")],
        [(None, "2"), (14, "3", "prove"), (None, "3", "prove")],
    ],
    ids=["proven", "put back", "cut early", "cut late", "cut again"],
)
def test_the_lists_of_a_station(
    work: Path, tmp_path: Path, starts: list[tuple[int | None, *tuple[str, ...]]]
) -> None:
    fill(tmp_path)
    begun = [Start((str(tmp_path), *acts), killed) for killed, *acts in starts]
    run = Run(record(work, PROGRAM, begun), Judge(tmp_path).judge, work)
    judged = [(state.cut, fault) for state, fault in run.disks()]
    assert [one for one in judged if one[1]] == []
    assert len(judged) > 60
