"""Makes the modules beside it importable by each other, and those of three rooms; Qt without a
display.
"""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))
for room in ("assembly", "centre", "journal"):
    sys.path.append(str(Path(__file__).parents[1] / room))


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Stations and readiness sheets draw papers here without a window."""
