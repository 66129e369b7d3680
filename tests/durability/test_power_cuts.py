"""The power is cut after every file operation: no acknowledged entry is lost, none is half.

A run of a station's journal over several starts is recorded (`recording`), and every disk
that a cut could leave behind (`disk_states`) is judged with the real code
(`journal_after_cut`). `power_cut_figures.py` prints how many there are, and tears each write
at every sector.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.durability.power_cuts import FULL_RUN, SHORT_RUN, Run, killed_at_birth, record_journal
from tests.durability.recording import Kind, Operation, compiler

FOLD = ("--fold", "12")  # pages, so that the log is folded every few entries

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")


def count_sound_disks(run: Run) -> int:
    judged = [(state.cut, fault) for state, fault in run.disks()]
    assert [one for one in judged if one[1]] == []
    return len(judged)


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(work: Path) -> None:
    run = record_journal(work, FULL_RUN, *FOLD)
    assert folds(run.history.operations) > 3
    assert starts_with_unsynced_frames(run.history.operations) > 1
    assert count_sound_disks(run) > 1500


def test_a_log_that_is_folded_only_when_it_is_closed(work: Path) -> None:
    """As on a quiet day; the product folds it at 256 pages."""
    assert count_sound_disks(record_journal(work, SHORT_RUN)) > 500


@pytest.mark.parametrize("sync", [1, 3, 8])
def test_a_journal_whose_making_was_cut_off(work: Path, sync: int) -> None:
    """Killed while it is made, made by the next start, and the power is cut in either.

    `power_cut_figures.py` kills it before every fsync.
    """
    assert count_sound_disks(record_journal(work, killed_at_birth(sync), *FOLD)) > 100


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("NORMAL", "lost: "),
        ("OFF", "lost: "),
        ("head", "not sound: "),
        ("folder", "journal_missing: "),
    ],
)
def test_the_harness_finds_what_is_not_durable(work: Path, way: str, fault: str) -> None:
    """Without syncing the log at each commit, the head before its rename, or folders."""
    run = record_journal(work, SHORT_RUN, *FOLD, "--weak", way)
    assert any(found.startswith(fault) for _, found in run.disks())


def folds(operations: Sequence[Operation]) -> int:
    """How often the log began at its header: a new one, or the old one after a fold."""
    return sum(_is_log(one, Kind.WRITE) and one.offset == 0 for one in operations)


def starts_with_unsynced_frames(operations: Sequence[Operation]) -> int:
    """How many starts found frames in the log that had been written but never synced."""
    found, waits = 0, False
    for one in operations:
        if _is_log(one, Kind.WRITE):
            waits = True
        elif _is_log(one, Kind.SYNC):
            waits = False
        elif one.data == b"start\n":
            found += waits
    return found


def _is_log(operation: Operation, kind: Kind) -> bool:
    return operation.kind is kind and operation.path.endswith("-wal")
