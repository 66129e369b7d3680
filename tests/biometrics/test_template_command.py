"""`station-app template`: sentences and exit codes, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from station_app.assembly.command_line import run
from station_app.biometrics.interchange import Edition, read_record
from station_app.commands.template import app
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage


@pytest.fixture
def image(impression: Callable[[int, int], FingerImage], tmp_path: Path) -> Path:
    made = impression(1, 1)
    pixels = np.frombuffer(made.pixels, np.uint8).reshape(made.height, made.width)
    path = tmp_path / "1_1.png"
    assert cv2.imwrite(str(path), pixels)
    return path


def _run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_write_and_inspect(image: Path, tmp_path: Path) -> None:
    out = tmp_path / "1.fmr"
    code, said, _ = _run("write", image, "--out", out, "--position", "right_index")
    record = read_record(out)
    (finger,) = record.representations
    count = len(finger.minutiae)
    assert (code, said) == (0, f"{count} minutiae written to {out}, ISO/IEC 19794-2:2005.\n")
    assert (record.edition, finger.position) == (Edition.E2005, FingerPosition.RIGHT_INDEX)
    code, said, _ = _run("inspect", out)
    assert code == 0
    assert f"minutiae: {count} (0 ending, 0 bifurcation, {count} other)" in said
    assert "Warning" not in said
    code, said, _ = _run("inspect", out, "--json")
    facts = json.loads(said)
    assert facts["standard"] == "ISO/IEC 19794-2:2005"
    assert len(facts["fingers"][0]["minutiae"]) == count
    assert facts["fingers"][0]["usable_minutiae"] > 20


def test_the_newer_edition_at_another_resolution(image: Path, tmp_path: Path) -> None:
    out = tmp_path / "1.fmr"
    assert _run("write", image, "--out", out, "--format", "2011", "--dpi", "569")[0] == 0
    (finger,) = read_record(out).representations
    assert (finger.width, finger.resolution_x) == (281, 197)
    assert "position is not stated" in _run("inspect", out)[1]


def test_refusals(image: Path, tmp_path: Path) -> None:
    out = tmp_path / "1.fmr"
    blank = tmp_path / "2_1.png"
    assert cv2.imwrite(str(blank), np.full((300, 300), 255, np.uint8))
    for words, says in (
        (("write", blank, "--out", out), "No finger was found in 2_1.png"),
        (("write", image, "--out", image), "is there already"),
        (("write", image, "--out", tmp_path / "gone" / "1.fmr"), "cannot be written"),
        (("write", image, "--out", out, "--dpi", "5"), "resolution of 5 ppi"),
        (("inspect", image), "not a sound ISO/IEC 19794-2 record"),
    ):
        code, _, told = _run(*words)
        assert code == 1
        assert says in told
    assert not out.exists()


def test_usage(image: Path, tmp_path: Path) -> None:
    words = ["template", "write", str(image), "--out", str(tmp_path / "1.fmr")]
    assert run([*words, "--position", "thumb"]) == 2
    assert run([*words, "--format", "1999"]) == 2
