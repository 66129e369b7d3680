"""Score to evidence for faces: cosines, and means of several engines' cosines, to -log10 FMR.

The mappings are data, `content/models/face-evidence.json`, one for each engine and one for engines
fused, fitted by `station-app calibrate faces`. How: docs/accuracy.md.
"""

import json
from functools import cache
from typing import Final

from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.biometrics.model_files import model_bytes

EVIDENCE: Final = "face-evidence.json"
EVIDENCE_CHECKSUM: Final = "cad8907664f0484b81d344c13939baee776b9fee51e8678aff2bebd79b40e62c"


@cache
def _stored() -> dict[str, Calibration]:
    stored = json.loads(model_bytes(EVIDENCE, EVIDENCE_CHECKSUM))
    return {
        name: Calibration(name, tuple(one["scores"]), tuple(one["evidence"]), one["made_from"])
        for name, one in stored.items()
    }


def calibration_of(engine: str) -> Calibration:
    """The shipped mapping of an engine. Raises `KnownError("model_damaged")`."""
    return _stored()[engine]
