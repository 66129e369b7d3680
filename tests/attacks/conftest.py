"""Lets the attacks use the stations that other rooms' tests make."""

import sys
from pathlib import Path

for room in ("flow", "snapshots", "journal", "commands", "centre"):
    sys.path.append(str(Path(__file__).parents[1] / room))
