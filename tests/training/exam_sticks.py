"""Keeps an exam's sheet on real small disks: full, read-only, and with room.

python -m tests.training.exam_sticks FOLDER      (where it may mount; prints what was told)
"""

import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from station_app.domain.errors import KnownError
from station_app.flow.sticks import StickFinder
from station_app.training.exam_keeping import keep_sheet
from tests.devices.folder_medium import folder_as_medium
from tests.papers.exam_samples import WRONG

HOW = {"full": "size=12k", "read_only": "size=4m,ro", "roomy": "size=4m"}
"""12 kB: room for the JSON, not for the page."""


def main(folder: Path) -> None:
    app = QGuiApplication([])
    told: dict[str, object] = {}
    for name, options in HOW.items():
        place = folder / name
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=True)
        stick = folder_as_medium(place)
        try:
            kept: object = len(keep_sheet(StickFinder([], lambda: [stick]), stick, WRONG))  # noqa: B023
        except KnownError as fault:
            kept = fault.code
        told[name] = [kept, len(list(place.iterdir()))]
    del app
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
