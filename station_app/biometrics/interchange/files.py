"""Finger minutiae records from bytes and files, and to them."""

from pathlib import Path

from station_app.biometrics.interchange import iso19794_2005, iso19794_2011
from station_app.biometrics.interchange.records import (
    Edition,
    FingerMinutiaeRecord,
    RecordFault,
)
from station_app.biometrics.interchange.rules import MAX_BYTES, check_record
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import read_regular

_FORMAT = b"FMR\0"


def record_from(data: bytes, name: str = "The template") -> FingerMinutiaeRecord:
    """The record in `data`, every field checked; memory and time are bounded by its size.

    Raises `KnownError`: "template_unreadable" with what is wrong, "template_too_large".
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    try:
        record = _parse(data)
        check_record(record)
    except RecordFault as fault:
        raise KnownError(
            Code.TEMPLATE_UNREADABLE,
            f"{name} is not a sound ISO/IEC 19794-2 record ({fault}); ask its supplier for a "
            "sound one, or enrol this finger again.",
        ) from fault
    return record


def _parse(data: bytes) -> FingerMinutiaeRecord:
    if data.startswith(iso19794_2005.MAGIC):
        return iso19794_2005.parse_2005(data)
    if data.startswith(iso19794_2011.MAGIC):
        return iso19794_2011.parse_2011(data)
    if data.startswith(_FORMAT):
        raise RecordFault(f"version {data[4:8]!r}, where editions 2005 and 2011 can be read")
    raise RecordFault('"FMR" is not at its beginning')


def read_record(path: Path) -> FingerMinutiaeRecord:
    """The record in a file. Raises what `record_from` raises."""
    try:
        data = read_regular(path, MAX_BYTES)
    except KnownError as fault:
        if fault.code == Code.FILE_TOO_LARGE:
            raise _too_large(path.name) from fault
        raise _unreadable(path, "is no plain file") from fault
    except OSError as fault:
        raise _unreadable(path, f"cannot be opened ({fault.strerror})") from fault
    return record_from(data, path.name)


def _unreadable(path: Path, what: str) -> KnownError:
    return KnownError(Code.TEMPLATE_UNREADABLE, f"{path.name} {what}; check its name and rights.")


def _too_large(name: str) -> KnownError:
    return KnownError(
        Code.TEMPLATE_TOO_LARGE,
        f"{name} has more than {MAX_BYTES} bytes; give a finger minutiae record.",
    )


def record_bytes(record: FingerMinutiaeRecord) -> bytes:
    """The reverse of `record_from`. Raises `RecordFault` when the edition cannot hold it."""
    check_record(record)
    if record.edition is Edition.E2005:
        return iso19794_2005.compose_2005(record)
    return iso19794_2011.compose_2011(record)
