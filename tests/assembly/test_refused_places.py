"""Places that cannot be written and a disk that is full, under the whole demonstration."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.assembly.command_runs import PROGRAM, Run, assert_refused, run_here, run_program
from tests.private_mounts import run_with_mounts

ROOT = Path(__file__).parents[2]
CRAMPED = "tests.assembly.cramped_demo"


def test_a_path_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    refused = run_program("demo", "--headless", "--out", tmp_path / "file" / "below")
    assert_refused(refused, "may not be written")
    assert_refused(run_here("demo", "--headless", "--out", tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """`--out` holds a folder `station` and pictures that no demonstration has made."""
    (tmp_path / "station").mkdir()
    (tmp_path / "station" / "thesis.txt").write_text("kept")
    (tmp_path / "02-holiday.png").write_text("kept")
    refused = run_here("demo", "--headless", "--out", tmp_path)
    assert_refused(refused, "thesis.txt")
    assert (tmp_path / "station" / "thesis.txt").read_text() == "kept"
    assert (tmp_path / "02-holiday.png").read_text() == "kept"


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    out = tmp_path / "closed"
    out.mkdir(mode=0o555)
    done = subprocess.run(
        [*bound_by_modes(), *PROGRAM, "demo", "--headless", "--out", str(out / "demo")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert_refused(Run(done.returncode, done.stdout, done.stderr), "may not be written")
    assert list(out.iterdir()) == []


def bound_by_modes() -> list[str]:
    """The command before another that takes from root what makes file modes not bind it."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("file modes do not bind root, and there is no setpriv to change that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize(
    ("size", "real"),
    [("40k", False), ("1m", False), ("500k", True)],
    ids=["from the start", "at a picture", "at the journal"],
)
def test_a_full_disk(size: str, real: bool, tmp_path: Path, finger_folder: Path) -> None:
    fingers = [finger_folder] if real else []
    told = run_with_mounts(CRAMPED, tmp_path, size, *fingers)
    run = Run(told["code"], told["out"], told["err"])
    assert "Traceback" not in run.said, run.said
    assert_refused(run)
    assert "full" in run.err or "space" in run.err
    if told["journal"] is not None:
        assert told["journal"] == 0, "what was written is sound"
