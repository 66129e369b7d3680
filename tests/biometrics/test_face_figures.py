"""Error rates, fits and lists of pairs of faces, on embeddings that belong to nobody."""

from pathlib import Path

import numpy as np
import pytest

from station_app.biometrics.face.dlib_network import DLIB_ENGINE
from station_app.biometrics.face.embedders import SFACE_ENGINE
from station_app.biometrics.face.evidence import calibration_of
from station_app.biometrics.face.fusion import fused_name
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw
from station_app.evaluation.face_calibration import fit_faces, impostors_of
from station_app.evaluation.face_folder import (
    FaceFile,
    FacePair,
    list_face_files,
    read_groups,
    read_pairs,
)
from station_app.evaluation.face_scores import EmbeddingStore, FaceTable, wilson
from station_app.evaluation.faces import figures_of
from station_app.evaluation.joined import joined_evidence, measure_joined

SFACE, DLIB = SFACE_ENGINE.name, DLIB_ENGINE.name


def table(people: int, noise: float, seed: int = 1, each: int = 2) -> FaceTable:
    """`each` photographs of so many people: a direction of their own, and noise."""
    rng = np.random.default_rng(seed)
    own = np.repeat(rng.normal(size=(people, 128)), each, axis=0)
    made = {}
    for name in (SFACE, DLIB):
        faces = own + noise * rng.normal(size=own.shape)
        made[name] = (faces / np.linalg.norm(faces, axis=1, keepdims=True)).astype(np.float32)
    files = tuple(FaceFile(f"P{who:04d}", n + 1) for who in range(people) for n in range(each))
    owners = np.repeat(np.arange(people), each)
    found = np.ones(len(files), np.bool_)
    flaws = dict.fromkeys(FaceFlaw, 0)
    return FaceTable(files, owners, found, made, flaws, 5.0, {SFACE: 27.0, DLIB: 70.0})


def pairs_of(made: FaceTable, folds: int = 2) -> list[FacePair]:
    people = [made.files[at : at + 2] for at in range(0, len(made.files), 2)]
    mated = [FacePair(at % folds, *both) for at, both in enumerate(people)]
    others = [
        FacePair(at % folds, both[0], people[(at + 1) % len(people)][1])
        for at, both in enumerate(people)
    ]
    return mated + others


def test_people_told_apart_have_no_errors() -> None:
    made = table(40, 0.3)
    figures = figures_of(made.of(SFACE), pairs_of(made), {})
    assert (figures.accuracy, figures.eer, figures.fnmr_at_fmr_1e3) == (100.0, 0.0, 0.0)
    assert (figures.rank1, figures.rank3, figures.enrolled, figures.probes) == (100, 100, 40, 40)
    assert (figures.mated, figures.impostors) == (40, 80 * 78 // 2)
    assert (figures.embed_ms_p50, figures.engine) == (27.0, SFACE)


def test_a_photograph_without_a_face_is_a_miss() -> None:
    made = table(40, 0.3)
    made.found[0] = False
    figures = figures_of(made.of(SFACE), pairs_of(made), {})
    assert figures.failed_to_detect == pytest.approx(100 / 80)
    assert figures.fnmr_at_fmr_1e3 == pytest.approx(100 / 40)
    low, high = figures.fnmr_at_fmr_1e3_interval
    assert low < 100 / 40 < high


def test_groups_are_judged_at_the_thresholds_of_all() -> None:
    made = table(60, 0.3)
    made.found[:4] = False
    groups = {file.stem: "a" if at < 40 else "b" for at, file in enumerate(made.files)}
    figures = figures_of(made.of(SFACE), pairs_of(made), groups)
    assert set(figures.groups) == {"a", "b"}
    assert figures.groups["a"].fnmr_1e3 == pytest.approx(10.0)
    assert figures.groups["b"].fnmr_1e3 == 0.0
    assert (figures.groups["a"].images, figures.groups["a"].mated) == (40, 20)


def test_fusing_two_engines_is_better_than_either() -> None:
    made = table(300, 1.6)
    pairs = pairs_of(made)
    alone = [figures_of(made.of(name), pairs, {}).eer for name in (SFACE, DLIB)]
    assert figures_of(made, pairs, {}).eer < min(alone)
    assert figures_of(made, pairs, {}).engine == fused_name((SFACE, DLIB))


def test_a_fit_says_what_is_counted() -> None:
    made = table(260, 0.5).of(SFACE)
    fit = fit_faces(made, {"command": "x"}, lambda *_: None, resamples=20)
    scores = impostors_of(made).scores
    for level, share in zip((1.0, 2.0, 3.0), fit.counted, strict=False):
        assert share <= 1.1 * 10**-level
        needed = fit.calibration.needed(level)
        assert np.mean(scores >= needed) == pytest.approx(share, rel=0.2)
    assert (fit.high >= fit.fitted).all()
    assert (fit.low <= fit.fitted).all()
    assert list(fit.calibration.scores) == sorted(fit.calibration.scores)
    again = fit_faces(made, {"command": "x"}, lambda *_: None, resamples=20)
    assert again.calibration == fit.calibration


def test_a_fit_wants_people() -> None:
    with pytest.raises(KnownError) as caught:
        fit_faces(table(30, 0.5).of(SFACE), {}, lambda *_: None, resamples=5)
    assert caught.value.code == "folder_too_few"


@pytest.mark.parametrize("engine", [SFACE, DLIB, fused_name((SFACE, DLIB))])
def test_shipped_mappings_rise_to_twelve(engine: str) -> None:
    shipped = calibration_of(engine)
    assert list(shipped.scores) == sorted(set(shipped.scores))
    assert (shipped.evidence[0], shipped.evidence[-1]) == (0.0, 12.0)


def test_pairs_in_the_format_of_lfw(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("2\t1\nA B\t1\t2\nA B\t1\tC\t3\nC\t1\t3\nC\t1\tA B\t2\n")
    pairs = read_pairs(path)
    assert [(pair.fold, pair.is_mated) for pair in pairs] == [
        (0, True), (0, False), (1, True), (1, False),
    ]  # fmt: skip
    assert pairs[1].other.stem == "C_0003"


@pytest.mark.parametrize(
    "text", ["", "2 1\n", "x y\n", "1 1\nA 1 2\nA 1 A 2\n", "1 1\nA 1 2\nA 1\n", "0 0\n"]
)
def test_other_texts_are_no_pairs(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text(text)
    with pytest.raises(KnownError) as caught:
        read_pairs(path)
    assert caught.value.code == "pairs_unreadable"


def test_groups_are_a_line_an_image(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text("image,group\nA_0001.jpg,x\nB_0002,y\n")
    assert read_groups(path) == {"A_0001": "x", "B_0002": "y"}
    path.write_text("A_0001.jpg\n")
    with pytest.raises(KnownError):
        read_groups(path)


def test_folders_that_hold_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        list_face_files(tmp_path / "missing")
    assert caught.value.code == "folder_missing"
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "B_0001.jpg").write_bytes(b"")
    with pytest.raises(KnownError) as caught:
        list_face_files(tmp_path)
    assert caught.value.code == "folder_empty"


def test_embeddings_of_other_photographs_are_refused(tmp_path: Path) -> None:
    kept = EmbeddingStore(tmp_path / "kept.npz")
    kept.path.write_bytes(b"nothing")
    with pytest.raises(KnownError) as caught:
        kept.embed({FaceFile("A", 1): tmp_path}, [SFACE_ENGINE], lambda *_: None)
    assert caught.value.code == "embeddings_unreadable"


def test_the_interval_of_a_share() -> None:
    assert wilson(0, 0) == (0.0, 100.0)
    low, high = wilson(5, 100)
    assert low == pytest.approx(2.15, abs=0.01)
    assert high == pytest.approx(11.18, abs=0.01)


def test_a_finger_and_a_face_below_their_lines_can_be_enough_together() -> None:
    assert joined_evidence(3.5, 3.5) > 4
    assert joined_evidence(0.0, 4.4) < 4 < joined_evidence(0.0, 4.6)
    assert joined_evidence(3.9, 0.0) < 4


def test_strangers_reach_joined_evidence_no_more_often_than_it_says() -> None:
    rng = np.random.default_rng(2)
    chance = -np.log10(rng.uniform(size=100_000))
    voters = np.array([3.0, 3.5, 8.0])
    found = measure_joined("made", voters, chance, voters, chance, drawn=20_000)
    for level, share in zip((1.0, 2.0, 3.0), found.strangers, strict=False):
        assert share <= 1.5 * 10**-level
    assert found.missed_finger == pytest.approx(66.7, abs=2)
    assert found.missed_joined < found.missed_finger
    assert found.rescued_by_joining > 0
