"""Several engines' cosines of one comparison as one score.

The mean of cosines, each in units of its engine's impostors: equal weights, nothing learnt from
mated pairs (Jain, Nandakumar and Ross, "Score normalization in multimodal biometric systems",
Pattern Recognition 38, 2005: z-score normalisation and the sum rule).
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.face.dlib_network import DLIB_ENGINE
from station_app.biometrics.face.embedders import SFACE_ENGINE
from station_app.domain.gallery import FUSED_BY

IMPOSTORS: Final[Mapping[str, tuple[float, float]]] = {
    SFACE_ENGINE.name: (0.0864, 0.0889),
    DLIB_ENGINE.name: (0.8353, 0.0347),
}
"""Mean and standard deviation of the cosines of different people of LFW, by engine; of others
`calibrate faces` puts them into its file."""


def fused_name(engines: Iterable[str]) -> str:
    """How the matcher of these engines together is called; one alone keeps its name."""
    return FUSED_BY.join(engines)


def fused_score(cosines: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """One score of each comparison from cosines by engine, arrays of one shape.

    Of one engine its cosine; of several the mean of (cosine - mean) / deviation.
    """
    if len(cosines) == 1:
        (only,) = cosines.values()
        return np.array(only)
    return np.asarray(
        np.mean(
            [(one - IMPOSTORS[name][0]) / IMPOSTORS[name][1] for name, one in cosines.items()],
            axis=0,
        ),
        np.float32,
    )
