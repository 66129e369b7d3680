"""The examples for makers keep to the protocol, as the conformance run judges them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from station_app.devices.hosted.conformance import Outcome, conformance

EXAMPLES = Path(__file__).parents[2] / "examples" / "readers"


def passes(program: Path) -> None:
    asked: list[str] = []
    report = conformance(program, 1, asked.append)
    assert [one for one in report.checks if one.outcome is not Outcome.PASSED] == []
    assert report.passed
    assert len(asked) == 1


def test_the_example_in_python(tmp_path: Path) -> None:
    """By the Python of these tests: a system may have none at the example's first line."""
    text = (EXAMPLES / "pattern_reader.py").read_text("utf-8")
    assert text.startswith("#!/usr/bin/python3 -IS\n")
    program = tmp_path / "pattern_reader"
    program.write_text(text.replace("/usr/bin/python3", sys.executable, 1), "utf-8")
    passes(program)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc) on this machine")
def test_the_example_in_c(tmp_path: Path) -> None:
    program, source = tmp_path / "pattern_reader", EXAMPLES / "pattern_reader.c"
    flags = ["-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *flags, "-o", program, source, "-lm"], check=True, timeout=120)
    passes(program)


def test_what_keeps_to_nothing_fails_with_a_reason() -> None:
    report = conformance(Path("/bin/cat"), 0, print)
    assert not report.passed
    (check,) = report.checks
    assert check.said == "`is` is no text"


def test_the_command_ends_with_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "station_app", "devices", "conformance", "/bin/cat", "--json"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, text=True)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["passed"] is False
    assert told["checks"][0]["outcome"] == "failed"
    gone = subprocess.run(
        [*command[:-2], str(tmp_path / "none"), "--json"],
        capture_output=True, check=False, timeout=120, text=True,
    )  # fmt: skip
    assert gone.returncode == 1
    assert json.loads(gone.stdout)["code"] == "no_read_permission"
