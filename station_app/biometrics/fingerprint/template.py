"""What the extractor makes of one image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.cylinders import Cylinders
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.domain.captures import RetryReason


@dataclass(frozen=True, slots=True)
class Template:
    """One finger, ready to compare.

    `cylinders` holds exactly one finger; `encoding` is int8 (cylinders, 64);
    `quality` is 0..100 and `hint` what to tell the person, None when all is well.
    `extract_ms` is the wall-clock time the extraction took.
    """

    minutiae: Minutiae
    cylinders: Cylinders
    encoding: NDArray[np.int8]
    quality: int
    hint: RetryReason | None
    extract_ms: float

    @property
    def comparable(self) -> bool:
        """True when there is anything to compare."""
        return len(self.encoding) > 0
