"""What holds for the tests of every room."""

import signal
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> Iterator[None]:
    """Also where whoever started the tests ignores it (`nohup`, a job in the background), which
    every program started by a test would inherit.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _no_application_without_widgets() -> Iterator[None]:
    """A `QGuiApplication` that a test leaves behind crashes the next one that shows a widget.

    Whoever draws papers without a window asks for pytest-qt's `qapp` first.
    """
    yield
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtCore import QCoreApplication
        from PySide6.QtWidgets import QApplication

        made = QCoreApplication.instance()
        assert made is None or isinstance(made, QApplication), "ask for `qapp` in this test"
