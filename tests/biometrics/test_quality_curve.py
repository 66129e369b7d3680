import json
import math
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.evaluation.evaluate import app
from station_app.evaluation.quality_curve import (
    REJECTED,
    Impression,
    error_after_rejecting,
    measure_quality,
    plot_quality,
    rank_correlation,
)

Press = Callable[[int, int], FingerImage]
BLANK = FingerImage(bytes([240]) * 300 * 300, 300, 300, 500)


def test_rejecting_the_worst_first() -> None:
    quality = np.array([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    missed = np.array([True, True, False, False, False, False, False, False, False, True])
    assert error_after_rejecting(quality, missed, 0) == pytest.approx(30)
    assert error_after_rejecting(quality, missed, 10) == pytest.approx(100 * 2 / 9)
    assert error_after_rejecting(quality, missed, 20) == pytest.approx(100 / 8)
    assert error_after_rejecting(quality, missed, 15) == pytest.approx(100 * 1.5 / 8.5)


def test_pairs_of_one_quality_are_rejected_in_equal_parts() -> None:
    level = np.full(8, 50)
    missed = np.array([True, False] * 4)
    for percent in (0, 10, 40):
        assert error_after_rejecting(level, missed, percent) == pytest.approx(50)


def test_rank_correlation_is_spearmans() -> None:
    rising = np.arange(10)
    assert rank_correlation(rising, rising**3) == pytest.approx(1)
    assert rank_correlation(rising, -rising) == pytest.approx(-1)
    # Ties share their mean rank: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    assert rank_correlation(np.array([1, 2, 2, 3]), np.arange(4)) == pytest.approx(0.9487, abs=1e-4)
    assert math.isnan(rank_correlation(np.ones(4), np.arange(4)))


def test_blank_images_are_what_quality_rejects(impression: Press) -> None:
    pressed = [
        Impression(("set", finger), partial(impression, finger, number))
        for finger in (1, 2)
        for number in (1, 2)
    ]
    figures = measure_quality(
        [*pressed, Impression(("set", 1), lambda: BLANK)], 4.0, lambda *_: None
    )
    assert (figures.images, figures.pairs) == (5, 4)
    station = figures.measures[0]
    assert station.fnmr[0] == pytest.approx(50)
    assert station.fnmr == pytest.approx(figures.ideal)
    assert station.worst_fifth == pytest.approx(100)
    assert station.to_evidence > 0.5
    assert len(station.fnmr) == len(REJECTED)
    assert plot_quality(figures).count("<path") > 3


def test_no_pair_is_refused(impression: Press) -> None:
    alone = [Impression(("set", 1), partial(impression, 1, 1))]
    with pytest.raises(KnownError) as caught:
        measure_quality(alone, 4.0, lambda *_: None)
    assert caught.value.code == "folder_too_few"


@pytest.fixture
def two_impressions(monkeypatch: pytest.MonkeyPatch, impression: Press) -> None:
    """What the command invents is one finger pressed twice, so that it is quick."""
    two = [Impression(("set", 1), partial(impression, 1, number)) for number in (1, 2)]
    module = import_module("station_app.evaluation.quality_curve")
    monkeypatch.setattr(module, "_invented", lambda _: two)


@pytest.mark.usefixtures("two_impressions")
def test_the_command_without_a_folder(tmp_path: Path) -> None:
    plot = tmp_path / "curve.svg"
    result = CliRunner().invoke(app, ["quality", "--plot", str(plot), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["images"], figures["pairs"]) == (2, 1)
    assert figures["measures"][0]["name"] == "station quality"
    assert plot.read_text().startswith("<svg")


@pytest.mark.usefixtures("two_impressions")
@pytest.mark.parametrize("arguments", [["no/such/folder:569"], ["--plot", "no/such/folder/a.svg"]])
def test_the_command_refuses(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["quality", *arguments])
    assert result.exit_code == 1
    assert "no/such/folder" in result.stderr
