"""The mapping that made impostors decide."""

from xml.etree import ElementTree

import numpy as np
import pytest

from station_app.evaluation.calibration_run import (
    CHECKED_AT,
    LEVELS,
    CalibrationRun,
    calibrate,
    decisions,
    plot_calibration,
)
from tests.biometrics.made_scores import made_set

MILD, STRICT = made_set("mild", 10, 8, 0.01, 1), made_set("strict", 10, 8, 0.02, 2)


@pytest.fixture(scope="module")
def run() -> CalibrationRun:
    heavier = made_set("heavier", 10, 8, 0.05, 3)
    invented = np.random.default_rng(3).exponential(0.015, 100_000).astype(np.float32)
    return calibrate(
        "x/1", [MILD, STRICT], [heavier], {"invented": invented}, {"command": "x"}, resamples=60
    )


def test_the_mapping_rises_from_nothing_to_the_most(run: CalibrationRun) -> None:
    mapping = run.calibration
    assert (np.diff(mapping.scores) > 0).all()
    assert (np.diff(mapping.evidence) > 0).all()
    assert (mapping.evidence[0], mapping.evidence[-1]) == (0, 12)
    assert mapping.of(np.array([0, 1e9], np.float32)).tolist() == [0, 12]


def test_of_two_sets_the_upper_edge_of_the_stricter_decides(run: CalibrationRun) -> None:
    assert list(run.calibration.made_from["needed"]) == ["2", "4", "6.75"]
    for level, fitted, high in zip(
        LEVELS[1:], *(e[1, 1:] for e in (run.band.fitted, run.band.high)), strict=True
    ):
        needed = run.calibration.needed(float(level))
        assert needed == pytest.approx(high, abs=1e-4)
        assert needed >= fitted


def test_a_claim_holds_where_scores_were_counted(run: CalibrationRun) -> None:
    checked = {check.name: check for check in run.checks}
    assert [checked[name].held for name in ("mild", "strict", "invented", "heavier")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert checked["strict"].comparisons == 10 * 8 * 72
    for check in checked.values():
        for share, (low, high) in zip(check.shares, check.intervals, strict=True):
            assert low <= share <= high
    assert checked["strict"].intervals[-1] == (0, 6 / 5760), "none counted: the rule of three"
    for level, share in zip(CHECKED_AT, checked["invented"].shares, strict=True):
        assert share < 10**-level


def test_the_same_impostors_give_the_same_mapping(run: CalibrationRun) -> None:
    again = calibrate("x/1", [MILD, STRICT], [], {}, {"command": "x"}, resamples=60)
    assert again.calibration == run.calibration


def test_the_picture_names_every_set_and_both_thresholds(run: CalibrationRun) -> None:
    drawn = ElementTree.fromstring(plot_calibration(run))
    texts = {node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")}
    wanted = {f"{name}, counted" for name in ("mild", "strict", "invented", "heavier")}
    assert wanted | {"fit to strict", "what decides", "its 95% band"} <= texts
    assert set(decisions()) <= texts
