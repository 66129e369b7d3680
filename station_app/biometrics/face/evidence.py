"""Score to evidence for faces: cosines, and means of several engines' cosines, to -log10 FMR.

The mappings are data, `content/models/face-evidence.json`, one for each engine and one for engines
fused, fitted by `station-app calibrate faces`. How: docs/accuracy.md.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Final

from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.biometrics.model_files import model_bytes

EVIDENCE: Final = "face-evidence.json"
EVIDENCE_CHECKSUM: Final = "976d7df64157f2e40d12cc285eea17a9e1b6afbe03b3223670aa3ccdf6cba862"


def save_calibrations(calibrations: Mapping[str, Calibration]) -> bytes:
    """The file of mappings by engine; the same ones always give the same bytes."""
    stored = {name: asdict(one) for name, one in calibrations.items()}
    return (json.dumps(stored, indent=1, sort_keys=True) + "\n").encode()


@cache
def read_calibrations() -> Mapping[str, Calibration]:
    """The shipped mappings by engine. Raises `KnownError("model_damaged")`."""
    stored = json.loads(model_bytes(EVIDENCE, EVIDENCE_CHECKSUM))
    return {
        name: Calibration(name, tuple(one["scores"]), tuple(one["evidence"]), one["made_from"])
        for name, one in stored.items()
    }


def calibration_of(engine: str) -> Calibration:
    """The shipped mapping of an engine. Raises `KnownError("model_damaged")`."""
    return read_calibrations()[engine]
