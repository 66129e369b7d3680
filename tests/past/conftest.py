"""Qt without a display; stations, days and a PostgreSQL from other rooms' tests."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))
for room in ("commands", "centre", "journal"):
    sys.path.append(str(Path(__file__).parents[1] / room))
