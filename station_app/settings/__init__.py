"""Machine settings: what differs from computer to computer, and is not secret.

`read_machine` reads those of a station that is set up, `read_plan` those to set one up
with. All faults of a file are reported at once.
"""

import os
from pathlib import Path

import platformdirs

from station_app.settings.batch import Batch, BatchLine, read_batch
from station_app.settings.machine import (
    Device,
    KeptAppearance,
    LinkRule,
    Machine,
    StationKind,
    Trusted,
    machine_from,
    read_appearance,
    read_machine,
)
from station_app.settings.plan import Plan, PlanLine, read_plan
from station_app.settings.plan_files import missing_files, write_files
from station_app.settings.toml_tables import settings_bytes

__all__ = [
    "Batch",
    "BatchLine",
    "Device",
    "KeptAppearance",
    "LinkRule",
    "Machine",
    "Plan",
    "PlanLine",
    "StationKind",
    "Trusted",
    "machine_from",
    "missing_files",
    "read_appearance",
    "read_batch",
    "read_machine",
    "read_plan",
    "settings_bytes",
    "station_home",
    "write_files",
]


def station_home(kind: str) -> Path:
    """The folder of this machine's station; demo, training and lessons have their own.

    `kind` is live, training, demo or lessons. `STATION_APP_HOME` overrides the place.
    """
    base = os.environ.get("STATION_APP_HOME")
    root = Path(base) if base else Path(platformdirs.user_data_dir("station-app"))
    return root / kind
