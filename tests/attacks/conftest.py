"""Lets the attacks use the stations that other rooms' tests make; Qt without a display."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

for room in ("flow", "snapshots", "journal", "commands", "centre"):
    sys.path.append(str(Path(__file__).parents[1] / room))
