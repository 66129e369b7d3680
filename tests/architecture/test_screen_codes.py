"""What the rooms may raise at a desk at work is a code that has a help page."""

import errno
import os
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.domain.errors import SCREEN_CODES, KnownError
from station_app.journal.records import JOURNAL
from station_app.snapshots.voter_list import LIST
from station_app.vault import FileKind
from station_app.vault.database import database_fault
from station_app.vault.disk import write_fault

SQLITE_CODES = range(1, 29)


@pytest.mark.parametrize("kind", [LIST, JOURNAL], ids=lambda kind: kind.code)
def test_database_faults(kind: FileKind) -> None:
    faults = [database_fault(code, Path("station/file"), kind) for code in SQLITE_CODES]
    codes = {fault.code for fault in faults if fault is not None}
    assert f"{kind.code}_damaged" in codes
    assert codes - set(SCREEN_CODES) == set()


def test_disk_faults() -> None:
    faults = [
        write_fault(OSError(number, os.strerror(number)), Path()) for number in errno.errorcode
    ]
    assert {fault.code for fault in faults} <= set(SCREEN_CODES)


def test_a_damaged_finger() -> None:
    with pytest.raises(KnownError) as caught:
        unpack_minutiae(b"")
    assert caught.value.code in SCREEN_CODES
