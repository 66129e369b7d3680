"""Raw score to evidence: the one place with the constants of -log10 FMR. Provisional.

Fitted on all impostor pairs of same-sensor images of FVC2002 DB1_B-DB4_B, FVC2004 DB1_B and
DB3_B (2,880 pairs each), one set at a time, by

    python scripts/fit_calibration.py fvc2002_db1 fvc2002_db2:569 fvc2002_db3 fvc2002_db4 \\
        fvc2004_db1 fvc2004_db3:512

The strongest 1 % of a set's impostor scores lie above `TAIL_START`; the excesses over it are
taken as exponential (a generalised Pareto tail of shape 0), and `TAIL_DECADE`, the score a
tenfold rarer impostor needs, is the upper edge of its 95 % band. The constants are those of
the set that asks for the highest score (FVC2002 DB4_B); the other five ask for two thirds
of the decade or less. 2,880 pairs of 10 fingers cannot show a tail of 10^-7: what lies beyond
10^-3 is extrapolated, and a fit on 10^6 pairs of a station's own sensor replaces this one.
"""

import numpy as np
from numpy.typing import NDArray

TAIL_START = 0.0266
TAIL_DECADE = 0.0140
EVIDENCE_AT_START = 2.0
MOST_EVIDENCE = 12.0
"""Beyond 10^-12 the extrapolation means nothing, and no policy asks for it."""


def evidence(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """-log10 FMR of raw final scores, rising, 0 for a score of 0, at most 12.

    Below the tail the line through the origin is used: no decision is made there.
    """
    within = EVIDENCE_AT_START / TAIL_START * scores.astype(np.float64)
    tail = EVIDENCE_AT_START + (scores.astype(np.float64) - TAIL_START) / TAIL_DECADE
    return np.asarray(np.where(scores < TAIL_START, within, tail).clip(0, MOST_EVIDENCE))
