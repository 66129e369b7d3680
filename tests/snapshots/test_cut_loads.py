"""kill -9 during a load, at every file operation and at random: one list is loaded, whole.

Afterwards the same load succeeds and leaves nothing behind. The same for the steps that
follow a load, `prove_list` and `put_list_back`.
"""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from station_app.snapshots import loaded_list, prove_list, put_list_back, read_pending
from station_app.vault import StationFolder
from tests.snapshots.snapshot_samples import (
    ISSUER,
    count_voters,
    load_here,
    names_left,
    write_snapshot,
)

ROOT = Path(__file__).parents[2]
CHILD = "tests.snapshots.loads_until_cut"
KILLS = 25
LONGEST_RUN_S = 0.12
MANY = 300  # voters: some MB, so that a load takes a while

Do = Callable[..., bool]


@pytest.fixture(scope="module")
def cut() -> Iterator[Do]:
    """Does a task in a process of its own; answers whether it was cut off."""
    with subprocess.Popen(
        [sys.executable, "-m", CHILD],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"

        def do(**task: Any) -> bool:
            print(json.dumps(task, default=str), file=child.stdin, flush=True)
            return bool(json.loads(child.stdout.readline())["cut"])

        yield do
        child.stdin.close()


def _sequence(root: Path) -> int:
    return loaded_list(StationFolder(root), (ISSUER,)).manifest.sequence


def _lists(root: Path) -> int:
    return sum(name.endswith(".vlist") for name in names_left(root))


def test_a_load_cut_before_each_of_its_file_operations(
    shelf: Path, tmp_path: Path, cut: Do
) -> None:
    """The old list is proven, the new one another; whichever is loaded opens."""
    old = tmp_path / "old"
    load_here(shelf / "2.vsnap", old)
    prove_list(StationFolder(old))
    ended_with, operation = set(), 0
    while True:
        root = tmp_path / "station"
        shutil.copytree(old, root)
        was_cut = cut(do="load", root=root, path=shelf / "3.vsnap", before=operation)
        ended_with.add(_sequence(root))
        assert count_voters(root) == _sequence(root)
        load_here(shelf / "3.vsnap", root)
        assert count_voters(root) == 3
        assert _lists(root) == 2
        assert not [name for name in names_left(root) if name.endswith(".new")]
        shutil.rmtree(root)
        if not was_cut:
            break
        operation += 1
    assert operation > 20
    assert ended_with == {2, 3}


def test_no_list_was_loaded_that_is_not_written_down(shelf: Path, tmp_path: Path, cut: Do) -> None:
    """The first load of all, cut off before each of its file operations."""
    ended_with, operation = set(), 0
    while True:
        root = tmp_path / "station"
        was_cut = cut(do="load", root=root, path=shelf / "3.vsnap", before=operation)
        is_loaded = (root / "lists" / "loaded.head").exists()
        ended_with.add(is_loaded)
        if is_loaded:
            events = read_pending(StationFolder(root).pending_events).events
            head = loaded_list(StationFolder(root), (ISSUER,)).head_sha256
            assert events[-1].facts["head_sha256"] == head
            assert count_voters(root) == 3
        shutil.rmtree(root, ignore_errors=True)
        if not was_cut:
            break
        operation += 1
    assert ended_with == {False, True}


@pytest.mark.parametrize("step", ["prove", "put_back"])
def test_what_follows_a_load_cut_before_each_of_its_file_operations(
    shelf: Path, tmp_path: Path, cut: Do, step: str
) -> None:
    loaded = tmp_path / "loaded"
    load_here(shelf / "2.vsnap", loaded)
    prove_list(StationFolder(loaded))
    load_here(shelf / "3.vsnap", loaded)
    wanted = {"prove": 3, "put_back": 2}[step]
    operation = 0
    while True:
        root = tmp_path / "station"
        shutil.copytree(loaded, root)
        was_cut = cut(do=step, root=root, before=operation)
        folder = StationFolder(root)
        assert count_voters(root) == _sequence(root)
        # Done again where it was not done yet, as the next unlock does.
        if step == "prove":
            prove_list(folder)
        elif _sequence(root) == 3:
            put_list_back(folder, (ISSUER,))
        assert count_voters(root) == _sequence(root) == wanted
        assert loaded_list(folder, (ISSUER,)).is_proven
        if not was_cut:
            assert _lists(root) == 1
        shutil.rmtree(root)
        if not was_cut:
            break
        operation += 1
    assert operation > 5


def test_killed_at_random_moments(tmp_path: Path, cut: Do) -> None:
    """Lists of some MB, each newer than the last; killed before it ends or not."""
    moments, root = random.Random(4), tmp_path / "station"
    write_snapshot(tmp_path / "1.vsnap", sequence=1, voters=MANY)
    load_here(tmp_path / "1.vsnap", root)
    write_snapshot(tmp_path / "2.vsnap", sequence=2, voters=MANY + 1)
    kept = 0
    for _ in range(KILLS):
        seconds = moments.uniform(0, LONGEST_RUN_S)
        cut(do="load", root=root, path=tmp_path / "2.vsnap", seconds=seconds)
        assert count_voters(root) == MANY - 1 + _sequence(root)
        kept += _sequence(root) == 1
        if _sequence(root) == 2:
            assert put_list_back(StationFolder(root), (ISSUER,))
    assert kept, "no kill came before a load's end: the moments are badly chosen"
    load_here(tmp_path / "2.vsnap", root)
    assert count_voters(root) == MANY + 1
