import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from station_app.biometrics.finger_folder import list_finger_files
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.evaluation.evaluate import app

KEYS = {
    "images", "fingers", "eer_fvc", "eer_all_pairs", "fmr100", "fmr1000", "rank1",
    "fnir_at_fpir_1pct", "extract_ms_p50", "compare_us", "failed_to_extract",
}  # fmt: skip


@pytest.fixture(scope="session")
def small_set(
    tmp_path_factory: pytest.TempPathFactory, impression: Callable[[int, int], FingerImage]
) -> Path:
    """Two invented fingers, two impressions each, one blank image."""
    folder = tmp_path_factory.mktemp("set")
    for finger in (1, 2):
        for number in (1, 2):
            image = impression(finger, number)
            pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
            assert cv2.imwrite(str(folder / f"{finger}_{number}.png"), pixels)
    assert cv2.imwrite(str(folder / "2_3.png"), np.full((300, 300), 240, np.uint8))
    return folder


def test_json_has_the_promised_keys(small_set: Path) -> None:
    result = CliRunner().invoke(app, ["fingerprints", str(small_set), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert set(figures) == KEYS
    assert (figures["images"], figures["fingers"]) == (5, 2)
    assert figures["failed_to_extract"] == 20
    assert figures["rank1"] == pytest.approx(200 / 3)


def test_table_and_trace(small_set: Path, tmp_path: Path) -> None:
    for name in ("1_1.png", "1_2.png", "2_1.png"):
        shutil.copy(small_set / name, tmp_path)
    trace = tmp_path / "stages"
    result = CliRunner().invoke(app, ["fingerprints", str(tmp_path), "--trace", str(trace)])
    assert result.exit_code == 0, result.output
    assert "EER, FVC protocol" in result.stdout
    names = sorted(path.name for path in (trace / "1_1").iterdir())
    assert names == [
        "01-crop.png", "02-confidence.png", "03-foreground.png",
        "04-minutiae.png", "05-template.json", "06-cylinders.npz",
    ]  # fmt: skip
    numbers = json.loads((trace / "1_1" / "05-template.json").read_text())
    assert len(numbers["minutiae"]) >= numbers["cylinders"] > 15
    with np.load(trace / "1_1" / "06-cylinders.npz") as arrays:
        assert arrays["encoding"].shape == (numbers["cylinders"], 64)


def test_scores_for_det_curves(small_set: Path, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    result = CliRunner().invoke(app, ["fingerprints", str(small_set), "--scores", str(path)])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(rows) == 5 * 4
    assert sum(row["mated"] == "1" for row in rows) == 2 * 1 + 3 * 2
    of = {(row["probe"], row["enrolled"]): float(row["score"]) for row in rows}
    assert of["1_1.png", "1_2.png"] > of["1_1.png", "2_1.png"]
    assert of["2_3.png", "2_1.png"] == 0, "an image without a template scores 0"


def test_nothing_but_blank_images_is_a_result_too(small_set: Path, tmp_path: Path) -> None:
    for name in ("1_1.png", "1_2.png", "2_1.png"):
        shutil.copy(small_set / "2_3.png", tmp_path / name)
    result = CliRunner().invoke(app, ["fingerprints", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["failed_to_extract"] == 100


def folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "folder_empty"),
        (["readme.txt"], "folder_empty"),
        (["left-thumb.png"], "folder_misnamed"),
        (["1_1.png", "1_1_copy.png"], "folder_misnamed"),
        (["1_1.png", "01_1.tif"], "folder_misnamed"),
    ],
)
def test_wrong_folders(tmp_path: Path, names: list[str], code: str) -> None:
    with pytest.raises(KnownError) as caught:
        list_finger_files(folder_with(tmp_path, *names))
    assert caught.value.code == code


@pytest.mark.parametrize("names", [[], ["x.png"], ["1_1.png", "2_1.png"], ["1_1.png", "1_2.png"]])
def test_refusals_are_a_sentence_and_code_one(tmp_path: Path, names: list[str]) -> None:
    result = CliRunner().invoke(app, ["fingerprints", str(folder_with(tmp_path, *names))])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stderr.strip().endswith((".", "again.", ".png."))


def test_missing_folder_and_wrong_usage(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["fingerprints", str(tmp_path / "no")]).exit_code == 1
    assert CliRunner().invoke(app, ["fingerprints"]).exit_code == 2
    assert CliRunner().invoke(app, ["fingerprints", str(tmp_path), "--dpi", "x"]).exit_code == 2


def test_an_unreadable_image_names_itself(small_set: Path, tmp_path: Path) -> None:
    shutil.copytree(small_set, tmp_path, dirs_exist_ok=True)
    (tmp_path / "1_2.png").write_bytes(b"nothing")
    result = CliRunner().invoke(app, ["fingerprints", str(tmp_path)])
    assert result.exit_code == 1
    assert "1_2.png" in result.stderr


def test_files_are_sorted_by_number(tmp_path: Path) -> None:
    files = list_finger_files(folder_with(tmp_path, "10_1.png", "9_2.bmp", "9_1.TIF", "note.txt"))
    assert [(f.finger, f.impression) for f in files] == [(9, 1), (9, 2), (10, 1)]
