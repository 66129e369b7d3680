"""Keys of a page, which hold while it is enabled and visible; Enter on a button; keys held too."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget


def add_key(page: QWidget, key: QKeySequence, act: Callable[[], None]) -> None:
    """Let `key` do `act`. Held down, it does it once."""
    action = QAction(page)
    action.setShortcut(key)
    action.setAutoRepeat(False)
    action.triggered.connect(lambda _checked=False: act())
    page.addAction(action)


def is_modified(event: QKeyEvent) -> bool:
    """Whether Ctrl, Alt, Shift or the like is held; a key of the number pad is as any other."""
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)


def press_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Click `button` where `event` is Enter, once however long it is held; False for other keys.

    With Ctrl, Alt or Shift it clicks nothing: Ctrl+Enter confirms a whole act, and reaches the
    button while that is still dead.
    """
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if is_modified(event):
        event.ignore()
    elif not event.isAutoRepeat():
        button.click()
    return True
