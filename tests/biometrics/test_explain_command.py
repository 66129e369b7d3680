import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.assembly.command_line import run
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.interchange import record_bytes
from station_app.biometrics.interchange.conversion import to_record
from station_app.domain.samples import FingerImage
from station_app.evaluation.prints import shortened, typeface, wrapped

Impression = Callable[[int, int], FingerImage]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, impression: Impression) -> Path:
    """Two impressions of finger 1, one of finger 2, a picture of no finger."""
    folder = tmp_path_factory.mktemp("explain")
    for finger, number in ((1, 1), (1, 2), (2, 1)):
        image = impression(finger, number)
        pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
        assert cv2.imwrite(str(folder / f"{finger}_{number}.png"), pixels)
    assert cv2.imwrite(str(folder / "wall.png"), np.full((300, 300), 240, np.uint8))
    return folder


def explained(
    capsys: pytest.CaptureFixture[str], probe: Path, enrolled: Path, out: Path
) -> dict[str, object]:
    code = run(["explain", str(probe), str(enrolled), "--out", str(out), "--json"])
    assert code == 0
    return dict(json.loads(capsys.readouterr().out))


def test_one_finger(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "why.png"
    numbers = explained(capsys, files / "1_2.png", files / "1_1.png", out)
    assert numbers["above_threshold"] is True
    assert numbers["limits"] == []
    probe = numbers["probe"]
    assert isinstance(probe, dict)
    assert probe["sha256"] == hashlib.sha256((files / "1_2.png").read_bytes()).hexdigest()
    picture = cv2.imread(str(out))
    assert picture is not None
    assert picture.shape[1] == 1600
    # Nothing runs out of the sheet, and both prints are on it.
    assert (picture[:, :20] == 255).all()
    assert (picture[:, -20:] == 255).all()
    assert (picture[300:900, 60:760] < 200).any()
    assert (picture[300:900, 840:1540] < 200).any()


def test_a_record_without_an_image(
    files: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extracted: Callable[[int, int], Template],
) -> None:
    template = extracted(1, 1)
    record = tmp_path / "finger.fmr"
    record.write_bytes(record_bytes(to_record(template.minutiae, (320, 384), template.quality)))
    numbers = explained(capsys, files / "1_2.png", record, tmp_path / "why.png")
    enrolled = numbers["enrolled"]
    assert isinstance(enrolled, dict)
    assert enrolled["has_image"] is False
    assert numbers["above_threshold"] is True


def test_words_for_two_fingers(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "why.png")
    assert run(["explain", str(files / "2_1.png"), str(files / "1_1.png"), "--out", out]) == 0
    said = capsys.readouterr().out
    assert "below the 1:1 threshold" in said
    assert "different fingers" in said


@pytest.mark.parametrize(
    ("probe", "enrolled", "out", "said"),
    [
        ("wall.png", "1_1.png", "why.png", "wall.png does not show a finger"),
        ("1_1.png", "wall.png", "why.png", "wall.png does not show a finger"),
        ("missing.png", "1_1.png", "why.png", "missing.png"),
        ("1_1.png", "1_2.png", "no/such/folder/why.png", "cannot be written"),
    ],
)
def test_refusals(
    files: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    probe: str,
    enrolled: str,
    out: str,
    said: str,
) -> None:
    code = run(["explain", str(files / probe), str(files / enrolled), "--out", str(tmp_path / out)])
    assert code == 1
    assert said in capsys.readouterr().err


def test_long_words_are_kept_within_their_width() -> None:
    long = "a_very_long_name_of_a_file_" * 8
    assert typeface(20).getlength(shortened(long, 300, 20)) <= 300
    assert shortened("short.png", 300, 20) == "short.png"
    lines = wrapped("many words that do not fit into one line " * 3, 200, 20)
    assert len(lines) > 3
    assert all(typeface(20).getlength(line) <= 200 for line in lines)
