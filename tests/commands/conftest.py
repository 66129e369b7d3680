"""An application for the papers that stations draw."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Stations and readiness sheets draw papers here without a window."""
