"""A template: the extractor's result for one image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.comparable import Comparables, comparables
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.samples import RetryReason


@dataclass(frozen=True, slots=True)
class Template:
    """One finger, ready to compare.

    `encoding` is int8 (codes, 64); its i-th row belongs to the i-th of the `minutiae`.
    `quality` is 0..100 and `hint` what to tell the person, None when all is well.
    `extract_ms` is the wall-clock time the extraction took.
    """

    minutiae: Minutiae
    encoding: NDArray[np.int8]
    quality: int
    hint: RetryReason | None
    extract_ms: float

    @property
    def comparable(self) -> bool:
        """True when there is anything to compare."""
        return len(self.encoding) > 0

    def alone(self, p: Parameters = STANDARD) -> Comparables:
        """The finger as a set of one."""
        return comparables([(self.minutiae, self.encoding)], p)
