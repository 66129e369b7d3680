import numpy as np
import pytest

from station_app.biometrics.fingerprint.calibration import (
    EVIDENCE_AT_START,
    MOST_EVIDENCE,
    TAIL_DECADE,
    TAIL_START,
    evidence,
)
from station_app.biometrics.fingerprint.search import final_scores


def test_evidence_rises_with_the_score() -> None:
    strengths = evidence(np.linspace(0, 1, 1001).astype(np.float32))
    assert (np.diff(strengths) >= 0).all()
    assert strengths[0] == 0
    assert strengths[-1] == MOST_EVIDENCE


def test_one_decade_is_one_unit() -> None:
    start, above = evidence(np.array([TAIL_START, TAIL_START + TAIL_DECADE], np.float32))
    assert start == pytest.approx(EVIDENCE_AT_START, abs=1e-4)
    assert above == pytest.approx(EVIDENCE_AT_START + 1, abs=1e-4)


def test_final_score_by_hand() -> None:
    close, prefilter = np.array([0.2, 0.0, 0.2], np.float32), np.full(3, 0.01, np.float32)
    scores = final_scores(close, prefilter, np.array([30, 30, 6]))
    np.testing.assert_allclose(scores, [0.22, 0, 0.11], rtol=1e-5)
