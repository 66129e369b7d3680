"""The engines on invented portraits: found, judged, turned, told apart by their own engine."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from station_app.biometrics.engines import Enrollers, packed, usable
from station_app.biometrics.face.assessment import assess_face
from station_app.biometrics.face.embedders import INVENTED_ENGINE
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FaceImage, FaceShots
from station_app.evaluation.calibrate import app as calibrate
from station_app.evaluation.evaluate import app as evaluate
from station_app.evaluation.explain import app as explain
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, View, portrait
from station_app.synthetic.precinct import invent_precinct

PEOPLE = 2
Drawn = Callable[[int, View], FaceImage]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """`drawn(person, view)`: a picture, drawn once."""
    precinct = invent_precinct(PEOPLE, 78, (FingerPosition.RIGHT_INDEX,))

    @lru_cache
    def picture(row: int, view: View) -> FaceImage:
        return FaceImage(portrait(precinct.face(row), view).tobytes(), view.width, view.height)

    return picture


class Store:
    def __init__(self, pairs: Sequence[tuple[int, EnrolledTemplate]]) -> None:
        self._pairs, self._chunks = dict(pairs), list(packed(pairs))

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        yield from (one for one in self._chunks if one.engine == engine)

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        return [self._pairs[row].content for row, _ in keys]


def test_an_engine_of_their_own_tells_them_apart(drawn: Drawn) -> None:
    enrollers = Enrollers(invented=True)
    pairs = []
    for row in range(PEOPLE):
        shots = FaceShots((drawn(row, ENROLMENT),))
        (template,) = enrollers.enrol(shots, FingerPosition.UNKNOWN)
        assert (template.engine, template.position) == (INVENTED_ENGINE.name, 20)
        assert template.quality >= 35
        pairs.append((row, template))
    matcher = usable((INVENTED_ENGINE.name,))[FaceShots].matcher(Store(pairs))
    assert matcher.finds_its_own()
    for row in range(PEOPLE):
        seen = matcher.examine(FaceShots((drawn(row, WEBCAM),)), None)
        first, second, *_ = seen.candidates
        assert first.row == row
        assert first.evidence > second.evidence + 1
        assert seen.fingers_compared == PEOPLE


def test_a_head_is_measured_turned_to_the_right_side(drawn: Drawn) -> None:
    straight = assess_face(drawn(0, WEBCAM))
    left = assess_face(drawn(0, replace(WEBCAM, yaw=30)))
    assert abs(straight.yaw) < 10
    assert 20 < left.yaw < 45
    assert FaceFlaw.TURNED in left.flaws
    assert FaceFlaw.TURNED not in straight.flaws


def test_spoiled_frames_have_their_flaw(drawn: Drawn) -> None:
    image = drawn(1, WEBCAM)
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)

    def flaws(pixels: np.ndarray) -> tuple[FaceFlaw, ...]:
        height, width = pixels.shape[:2]
        return assess_face(FaceImage(pixels.astype(np.uint8).tobytes(), width, height)).flaws

    assert flaws(rgb) == ()
    assert FaceFlaw.TOO_DARK in flaws(rgb * 0.2)
    assert FaceFlaw.SEVERAL_FACES in flaws(np.concatenate([rgb, rgb], axis=1))
    assert FaceFlaw.TOO_SMALL in flaws(rgb[::5, ::5])
    _, top, _, height = assess_face(image).box or (0, 0, 0, 0)
    assert FaceFlaw.AT_THE_EDGE in flaws(rgb[: top + height * 3 // 4])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, drawn: Drawn) -> Path:
    """Two pictures each, named as LFW names them, and their pairs."""
    root = tmp_path_factory.mktemp("faces")
    for row in range(PEOPLE):
        (root / f"P{row}").mkdir()
        for number, view in enumerate((ENROLMENT, WEBCAM), start=1):
            image = drawn(row, view)
            picture = Image.frombytes("RGB", (image.width, image.height), image.pixels)
            picture.save(root / f"P{row}" / f"P{row}_{number:04d}.jpg", quality=95)
    (root / "pairs.txt").write_text("1\t2\nP0\t1\t2\nP1\t1\t2\nP0\t1\tP1\t2\nP1\t1\tP0\t2\n")
    (root / "groups.csv").write_text("image,group\nP0_0001.jpg,a\nP0_0002.jpg,a\n")
    return root


def test_evaluating_by_group_and_from_kept_embeddings(folder: Path, tmp_path: Path) -> None:
    words = ["faces", str(folder), "--pairs", str(folder / "pairs.txt"), "--json"]
    words += ["--by", str(folder / "groups.csv"), "--embeddings", str(tmp_path / "kept.npz")]
    first, again = (CliRunner().invoke(evaluate, words) for _ in range(2))
    assert first.exit_code == 0, first.output
    figures = json.loads(first.stdout)
    assert figures == json.loads(again.stdout)
    assert (figures["images"], figures["people"], figures["failed_to_detect"]) == (4, 2, 0.0)
    assert figures["accuracy"] == 100.0
    assert figures["groups"]["a"]["images"] == 2
    wanted = {"eer", "fnmr_at_fmr_1e3", "fnmr_at_fmr_1e4", "embed_ms_p50", "detect_ms_p50"}
    assert wanted <= figures.keys()


def test_refusals_are_a_sentence(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "pairs.txt"
    other.write_text("1\t1\nP0\t1\t9\nP0\t1\tP1\t2\n")
    words = ["faces", str(folder), "--pairs", str(other)]
    result = CliRunner().invoke(evaluate, words)
    assert result.exit_code == 1
    assert "P0_0009" in result.stderr
    assert CliRunner().invoke(calibrate, ["faces", str(tmp_path)]).exit_code == 1


def test_explaining_two_pictures(folder: Path, tmp_path: Path) -> None:
    probe, enrolled = (folder / "P0" / f"P0_000{number}.jpg" for number in (2, 1))
    out = tmp_path / "why.png"
    words = ["faces", str(probe), str(enrolled), "--out", str(out), "--engine", "sface"]
    result = CliRunner().invoke(explain, [*words, "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["above_threshold"] is (told["evidence"] >= told["threshold"])
    assert told["probe"]["file"] == "P0_0002.jpg"
    with Image.open(out) as picture:
        assert picture.width == 1600
    Image.new("RGB", (80, 80), "grey").save(tmp_path / "grey.png")
    refused = CliRunner().invoke(explain, ["faces", str(probe), str(tmp_path / "grey.png")])
    assert refused.exit_code == 1
    assert "no face" in refused.stderr
