"""Templates as other systems write them: ISO/IEC 19794-2 finger minutiae records."""

from station_app.biometrics.interchange.files import read_record, record_bytes, record_from
from station_app.biometrics.interchange.records import (
    Edition,
    FingerMinutiaeRecord,
    RecordMinutia,
    Representation,
)

__all__ = [
    "Edition",
    "FingerMinutiaeRecord",
    "RecordMinutia",
    "Representation",
    "read_record",
    "record_bytes",
    "record_from",
]
