"""Qt without a display."""

import os

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Stations and readiness sheets draw papers here without a window."""
