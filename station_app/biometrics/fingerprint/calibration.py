"""Raw score to evidence: the one place where a score becomes -log10 FMR.

The mapping is data: a rising line through the points of `content/models/evidence.json`,
fitted by `station-app calibrate`, which writes into the file on what and how. It belongs
to one engine and one way of scoring; the file keeps a few scores of invented fingers by which
a test knows that both are still the same. How it is fitted: docs/accuracy.md.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.model_files import model_bytes

EVIDENCE = "evidence.json"
EVIDENCE_CHECKSUM = "406cbc3e96fae5e0b9a8bdd16079bdf87e1d6525d85a835bfde15dc9cace2c40"

MOST_EVIDENCE = 12.0
"""Beyond 10^-12 the extrapolation means nothing, and no policy asks for it."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points (weighed score, evidence) of the mapping, both rising, from evidence 0 to 12.

    `engine` is the engine whose scores they are; `made_from` says on what, how and by which
    command they were fitted.
    """

    engine: str
    scores: tuple[float, ...]
    evidence: tuple[float, ...]
    made_from: dict[str, Any]

    def of(self, weighed: NDArray[np.float32]) -> NDArray[np.float64]:
        """-log10 FMR of `weighed_scores`, rising, 0 to 12, in the same shape."""
        return np.asarray(np.interp(weighed, self.scores, self.evidence))

    def needed(self, evidence: float) -> float:
        """The weighed score that has this evidence; the score itself with enough codes."""
        return float(np.interp(evidence, self.evidence, self.scores))


def save_calibration(calibration: Calibration) -> bytes:
    """The file of a calibration; the same calibration always gives the same bytes."""
    return (json.dumps(asdict(calibration), indent=1, sort_keys=True) + "\n").encode()


@lru_cache
def shipped_calibration() -> Calibration:
    """The calibration in `content/models`. Raises `KnownError("model_damaged")`."""
    stored = json.loads(model_bytes(EVIDENCE, EVIDENCE_CHECKSUM))
    return Calibration(
        stored["engine"],
        tuple(stored["scores"]),
        tuple(stored["evidence"]),
        stored["made_from"],
    )


def weighed_scores(
    scores: NDArray[np.float32], support: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Scores with the root of their `support` (`CloseLook.support`, 0..1): what evidence is of.

    Few codes reach a high score by chance more often than the bulk of their scores tells: so do
    small pieces of real prints, and invented small contacts (docs/accuracy.md).
    """
    return np.asarray(scores * np.sqrt(support), np.float32)


def evidence(scores: NDArray[np.float32], support: NDArray[np.float32]) -> NDArray[np.float64]:
    """-log10 FMR of final scores and their support by the shipped calibration.

    Raises `KnownError("model_damaged")`.
    """
    return shipped_calibration().of(weighed_scores(scores, support))
