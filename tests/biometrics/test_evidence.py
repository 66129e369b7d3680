from itertools import chain

import numpy as np
import pytest

from station_app.biometrics.fingerprint.calibration import (
    MOST_EVIDENCE,
    Calibration,
    evidence,
    save_calibration,
    shipped_calibration,
)
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.evaluation.calibrate import PRESETS, invented_impressions, small_contacts
from station_app.evaluation.calibration_run import (
    SMALL_WITNESSES,
    WITNESSES,
    compare_invented,
)

AGAIN = "fit the mapping again: station-app calibrate, see docs/accuracy.md"


def test_evidence_rises_with_the_score() -> None:
    scores = np.linspace(0, 1, 1001).astype(np.float32)
    strengths = evidence(scores, np.ones_like(scores))
    assert (np.diff(strengths) >= 0).all()
    assert strengths[0] == 0
    assert strengths[-1] == MOST_EVIDENCE


def test_few_codes_prove_less() -> None:
    score = shipped_calibration().needed(6.0)
    scores = np.full(4, score, np.float32)
    strengths = evidence(scores, np.array([0.25, 0.5, 0.9, 1.0], np.float32))
    assert strengths[3] == pytest.approx(6.0, abs=0.01)
    assert (np.diff(strengths) > 0).all()
    assert strengths[0] == pytest.approx(shipped_calibration().of(scores / 2)[0], abs=0.01)


def test_evidence_between_and_at_the_points() -> None:
    mapping = Calibration("x/1", (1.0, 2.0, 4.0), (0.0, 2.0, 12.0), {})
    scores = np.array([0, 1, 1.5, 2, 3, 9], np.float32)
    np.testing.assert_allclose(mapping.of(scores), [0, 0, 1, 2, 7, 12])
    assert mapping.needed(7.0) == 3


def test_the_shipped_mapping_is_this_engines() -> None:
    shipped = shipped_calibration()
    assert shipped.engine == ENGINE, AGAIN
    assert len(shipped.scores) == len(shipped.evidence)
    assert (np.diff(shipped.scores) > 0).all()
    assert (np.diff(shipped.evidence) > 0).all()
    assert (shipped.evidence[0], shipped.evidence[-1]) == (0, MOST_EVIDENCE)


def test_a_file_is_the_same_bytes_for_the_same_mapping() -> None:
    assert save_calibration(shipped_calibration()) == save_calibration(shipped_calibration())


def test_the_shipped_mapping_knows_where_it_comes_from() -> None:
    made_from = shipped_calibration().made_from
    assert made_from["command"].startswith("station-app calibrate ")
    assert {"sets", "shape", "confidence", "tail_share", "needed"} <= made_from.keys()
    assert made_from["invented"]["presets"] == [str(preset) for preset in PRESETS]


def test_scores_are_still_those_the_mapping_was_fitted_on(engine: FingerEngine) -> None:
    """Any change of extraction or scoring moves a few scores of invented fingers."""
    kept = shipped_calibration().made_from["invented"]["witnesses"]
    images = chain(small_contacts(SMALL_WITNESSES), invented_impressions(WITNESSES))
    scores = compare_invented(engine, images, SMALL_WITNESSES, WITNESSES, lambda *_: None)
    np.testing.assert_allclose(scores.witnesses, kept, atol=2e-4, err_msg=AGAIN)
