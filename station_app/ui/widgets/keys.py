"""Keys of a page: they hold in the whole window while the page is enabled and visible."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def add_key(page: QWidget, key: QKeySequence, act: Callable[[], None]) -> None:
    """Let `key` do `act`. Held down, it does it once."""
    action = QAction(page)
    action.setShortcut(key)
    action.setAutoRepeat(False)
    action.triggered.connect(lambda _checked=False: act())
    page.addAction(action)
