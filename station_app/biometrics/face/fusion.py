"""Several engines' cosines of one comparison as one score.

The mean of cosines, each in units of its engine's impostors: equal weights, nothing learnt from
mated pairs (Jain, Nandakumar and Ross, "Score normalization in multimodal biometric systems",
Pattern Recognition 38, 2005: z-score normalisation and the sum rule).
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from station_app.domain.gallery import FUSED_BY


def fused_name(engines: Iterable[str]) -> str:
    """How the matcher of these engines together is called; one alone keeps its name."""
    return FUSED_BY.join(engines)


def fused_score(cosines: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """One score of each comparison from cosines by engine, arrays of one shape."""
    (only,) = cosines.values()
    return only
