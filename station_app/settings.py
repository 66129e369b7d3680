"""Where a station keeps its things on this machine, and in which language it starts."""

import os
from pathlib import Path

import platformdirs

FIRST_LANGUAGE = "ky"
"""The language of a first run (DECISIONS 14)."""


def station_home(kind: str) -> Path:
    """The folder of this machine's station; demo and training have their own.

    `kind` is live, training or demo. `STATION_APP_HOME` overrides the place.
    """
    base = os.environ.get("STATION_APP_HOME")
    root = Path(base) if base else Path(platformdirs.user_data_dir("station-app"))
    return root / kind
