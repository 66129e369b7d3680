"""Qt's bindings must not drop references to None (PySide6 6.12.0 does on Python 3.11)."""

import sys

from PySide6.QtGui import QPainterPath


def test_calls_that_return_nothing_keep_none_alive() -> None:
    path = QPainterPath()
    path.moveTo(0, 0)
    before = sys.getrefcount(None)
    for _ in range(1000):
        path.lineTo(1, 1)
    assert abs(sys.getrefcount(None) - before) < 500
