"""Raw score to evidence: the one place with the constants of -log10 FMR. Provisional."""

import numpy as np
from numpy.typing import NDArray

TAIL_START = 0.03
TAIL_DECADE = 0.01
EVIDENCE_AT_START = 2.0
MOST_EVIDENCE = 12.0


def evidence(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """-log10 FMR of raw scores."""
    return np.clip(EVIDENCE_AT_START + (scores - TAIL_START) / TAIL_DECADE, 0, MOST_EVIDENCE)
