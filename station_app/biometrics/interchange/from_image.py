"""An image file to a record, for other systems."""

from pathlib import Path

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange.conversion import to_record
from station_app.biometrics.interchange.records import Edition, FingerMinutiaeRecord
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition


def record_of_image(
    path: Path,
    ppi: int = 500,
    position: FingerPosition = FingerPosition.UNKNOWN,
    edition: Edition = Edition.E2005,
) -> FingerMinutiaeRecord:
    """The minutiae of an image as a record; coordinates are at the working 500 ppi.

    Raises what `read_finger_image` raises, and `KnownError("not_a_finger")`.
    """
    image = read_finger_image(path, ppi)
    engine = FingerEngine()
    template = engine.extract(image)
    if not len(template.minutiae):
        raise KnownError(
            "not_a_finger", f"No finger was found in {path.name}; give a clearer image of one."
        )
    height, width = at_working_ppi(image, engine.parameters).shape
    return to_record(template.minutiae, (width, height), template.quality, position, edition)
