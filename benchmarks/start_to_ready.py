"""One start of a desk, lap by lap: `python start_to_ready.py BEGUN LIST FOLDER`.

BEGUN is the monotonic time at which the process was asked for. Prints milliseconds as
JSON. Modules are imported where their loading is measured.
"""

import gc
import json
import sys
import time
from importlib import import_module
from pathlib import Path

LOADED = (
    ("Python", ()),
    ("import numerics", ("numpy", "cv2", "onnxruntime")),
    ("import Qt", ("PySide6.QtWidgets",)),
    ("import the program", ("station_app.assembly.screen_commands", "shown_desk")),
)


def main(begun: float, list_path: Path, folder: Path) -> None:
    """Load, open and show; print where the time went."""
    gc.disable()  # as `station-app demo` does
    laps: dict[str, float] = {}
    last = begun
    for name, modules in LOADED:
        for module in modules:
            import_module(module)
        now = time.monotonic()
        laps[name], last = (now - last) * 1000, now
    with import_module("shown_desk").opened_and_shown(list_path, folder) as opening:
        laps |= opening
        laps["start to Ready"] = (time.monotonic() - begun) * 1000
    print(json.dumps(laps))


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
