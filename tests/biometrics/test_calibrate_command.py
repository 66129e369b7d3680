import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.samples import FingerImage
from station_app.evaluation import calibration_run
from station_app.evaluation.calibrate import calibrate

APP = typer.Typer()
APP.command()(calibrate)


@pytest.fixture(scope="session")
def sensor(
    tmp_path_factory: pytest.TempPathFactory, impression: Callable[[int, int], FingerImage]
) -> Path:
    """Four invented fingers, two impressions each: 48 comparisons, as if from one sensor."""
    folder = tmp_path_factory.mktemp("sensor")
    for finger in (1, 2, 3, 4):
        for number in (1, 2):
            image = impression(finger, number)
            pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
            assert cv2.imwrite(str(folder / f"{finger}_{number}.png"), pixels)
    return folder


def test_fit_write_and_draw(sensor: Path, tmp_path: Path) -> None:
    plot, out = tmp_path / "fit.svg", tmp_path / "evidence.json"
    result = CliRunner().invoke(
        APP,
        [f"{sensor}:500", "--invented", "16", "--plot", str(plot), "--out", str(out)],
    )
    assert result.exit_code == 0, result.output
    assert "sensor" in result.stdout
    assert "1:N, 5000 fingers" in result.stdout
    assert hashlib.sha256(out.read_bytes()).hexdigest() in result.stdout
    assert plot.read_text().startswith("<svg")
    written = json.loads(out.read_text())
    assert written["engine"] == ENGINE
    told = written["made_from"]
    assert told["command"] == f"station-app calibrate {sensor.name} --invented 16"
    assert str(sensor.parent) not in out.read_text(), "where images lie is nobody's business"
    assert told["sets"][0]["comparisons"] == 48
    assert len(told["invented"]["witnesses"]) == 10 + 10
    assert "invented, small" in result.stdout
    assert "pieces of all these" in result.stdout


def test_json_and_a_set_that_only_checks(sensor: Path, tmp_path: Path) -> None:
    other = shutil.copytree(sensor, tmp_path / "other")
    result = CliRunner().invoke(
        APP,
        [str(sensor), "--check", f"{other}:520", "--invented", "0", "--json"]
        + [f"--same-finger={sensor.name}/{n}=other/{n}" for n in (1, 2, 3, 4)],
    )
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert [check["comparisons"] for check in figures["checks"]] == [48, 48, 48, 2 * 8 * 6]
    across = figures["checks"][-1]
    assert across["name"] == "across sensors"
    assert across["shares"][1:] == [0, 0, 0], "a finger is no impostor of itself"
    assert figures["made_from"]["invented"]["witnesses"] == []
    assert [two["name"] for two in figures["two_fingers"]] == [sensor.name, "other"]
    assert [point["tries"] for point in figures["operating_point"]] == [8, 8]
    assert figures["made_from"]["command"].endswith("--invented 0")


def test_refusals_are_a_sentence(sensor: Path, tmp_path: Path) -> None:
    for arguments in (
        [str(tmp_path / "missing")],
        [str(tmp_path)],
        [str(sensor), str(sensor)],
        [str(sensor), "--invented", "0", "--out", str(tmp_path / "no" / "folder.json")],
    ):
        result = CliRunner().invoke(APP, arguments)
        assert result.exit_code == 1
        assert result.stderr.strip().endswith(".")
        assert "Traceback" not in result.output


def test_too_few_to_say_anything(sensor: Path, tmp_path: Path) -> None:
    for name in ("1_1.png", "1_2.png", "2_1.png", "2_2.png"):
        (tmp_path / name).write_bytes((sensor / name).read_bytes())
    result = CliRunner().invoke(APP, [str(tmp_path), "--invented", "0"])
    assert result.exit_code == 1
    assert "at least 3 fingers" in result.stderr.replace("\n", " ")


def test_wrong_usage(sensor: Path) -> None:
    assert CliRunner().invoke(APP, []).exit_code == 2
    assert CliRunner().invoke(APP, [str(sensor), "--invented", "2"]).exit_code == 2
    for text in ("102", "a/1=b/2", f"{sensor.name}/1={sensor.name}/x"):
        assert CliRunner().invoke(APP, [str(sensor), "--same-finger", text]).exit_code == 2


def test_interrupted(sensor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(calibration_run, "list_finger_files", interrupted)
    result = CliRunner().invoke(APP, [str(sensor)])
    assert result.exit_code == 130
    assert "nothing was fitted" in result.stderr
