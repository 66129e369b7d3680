"""The demonstration without a window, from its command to its pictures and its journal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from station_app.ui.tokens import BASE_SIZE
from tests.assembly.command_runs import Run, run_program

PEOPLE = 22


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(out: Path) -> Run:
    return run_program("demo", "--headless", "--out", out)


def test_every_verdict_is_the_expected_one(demo: Run) -> None:
    assert demo.code == 0, demo.said
    lines = [line for line in demo.out.splitlines() if re.match(r"\d+ {2,}", line)]
    assert len(lines) == PEOPLE
    assert not [line for line in lines if "not as expected" in line]
    assert f"{PEOPLE} of {PEOPLE} as expected." in demo.out


def test_the_queue_meets_everything_the_issue_names(demo: Run) -> None:
    for who in (
        "recognised at once",
        "second try, other finger",
        "dry finger, moistened",
        "already identified",
        "stranger",
        "cancelled",
        "scanner unplugged",
        "worn fingers, confirmed",
        "unlike the photo, refused",
        "another photo, made void",
        "identified after the void",
        "worn fingers, by face",
        "another's document and face",
        "no document, proposed by face",
    ):
        assert who in demo.out


def test_its_journal_is_sound(demo: Run, out: Path) -> None:
    told = re.search(r"Journal of (\d+) entries in (\d+) sessions: sound\.", demo.out)
    assert told is not None, demo.out
    assert int(told[2]) == PEOPLE
    again = run_program("journal", "verify", out / "station" / "journal.db")
    assert again.code == 0, again.said
    assert f"{told[1]} good entries" in again.out


def test_a_picture_of_every_verdict(demo: Run, out: Path) -> None:
    pictures = sorted(path.name for path in out.glob("*.png"))
    people_with_a_picture = {int(name[:2]) for name in pictures}
    assert people_with_a_picture == set(range(1, PEOPLE + 1)) - {7}, "only number 7 cancels"
    kinds = {name[3:-4] for name in pictures if "try_again" not in name}
    assert kinds == {
        "identified", "already_identified", "not_on_list", "refused", "unreadable", "manual",
        "made_void", "face",
    }  # fmt: skip
    drawn = [(out / name).read_bytes() for name in pictures if "try_again" not in name]
    assert len(set(drawn)) == len(drawn), "the desk is in each, not its frame alone"
    for name in pictures:
        picture = cv2.imread(str(out / name))
        assert picture is not None
        height, width = picture.shape[:2]
        assert width >= BASE_SIZE[0] > 1300
        assert height >= BASE_SIZE[1]


def test_secrets_and_people_stay_out_of_what_it_says(demo: Run, out: Path) -> None:
    assert not re.search(r"\d{14}|V-[0-9A-F]{8}", demo.said), "a PIN or a voter id"
    keys = out / "station" / "keys"
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}


def test_a_second_run_starts_a_new_journal(demo: Run, out: Path, finger_folder: Path) -> None:
    other = out / "again"
    runs = [
        run_program("demo", "--headless", "--fingers", finger_folder, "--out", other)
        for _ in range(2)
    ]
    for run in runs:
        assert run.code == 0, run.said
        assert re.search(r"Journal of \d+ entries in 6 sessions: sound\.", run.out)
    assert summary(runs[0]) == summary(runs[1])
    assert summary(runs[0]) == {
        "people": 6,
        "identified": 6,
        "at once": 6,
        "tried again": 0,
        "not on list": 0,
        "unreadable": 0,
        "wrong person": 0,
        "not enrolled": 0,
        "no image": 0,
    }


BUGGY = """
import sys
from station_app.assembly.command_line import run
from station_app.assembly.program_log import keep_log
from station_app.biometrics.fingerprint.search import Searcher
def broken(*_): raise ZeroDivisionError("Asanova")
Searcher.examine = broken
keep_log()
sys.exit(run(sys.argv[1:]))
"""


def test_a_bug_ends_it_with_code_70(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUGGY, "demo", "--headless", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"STATION_APP_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == 70
    assert "Traceback" not in done.stdout + done.stderr
    (log,) = (tmp_path / "home" / "log").iterdir()
    assert str(log) in done.stderr
    written = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["what"] for one in written] == ["started", "desk_broke", "ended_by_bug"]
    (raised,) = written[1]["raised"]
    assert (raised["type"], raised["frames"][0]) == ("ZeroDivisionError", "__main__:6 broken")
    assert "Asanova" not in log.read_text()
    assert (tmp_path / "out" / "01-broken.png").exists()


def summary(run: Run) -> dict[str, int]:
    """The counts a run on real images ends with."""
    lines = re.findall(r"^ *([a-z]+(?: [a-z]+)*) +(\d+)$", run.out, re.MULTILINE)
    return {name: int(count) for name, count in lines}
