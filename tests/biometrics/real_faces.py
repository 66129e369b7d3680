"""Photographs of real people for measuring, never copied: the folder that STATION_REAL_FACES names.

Named as in Labeled Faces in the Wild, `<Name>/<Name>_0001.jpg`.
"""

import os
from pathlib import Path

import pytest


def real_faces() -> Path:
    """The folder; skips the test without it."""
    named = os.environ.get("STATION_REAL_FACES", "")
    if not named or not Path(named).is_dir():
        pytest.skip("STATION_REAL_FACES names no folder of photographs")
    return Path(named)
