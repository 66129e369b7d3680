"""What a screen reader says at once, without being asked."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget


def announce(about: QWidget, words: str) -> None:
    """Let a screen reader say `words` now, whatever it is saying.

    Both events go out: Windows hears the alert; the bridge to AT-SPI drops it and hands on the
    announcement (`make spoken` listens to that).
    """
    QAccessible.updateAccessibility(QAccessibleEvent(about, QAccessible.Event.Alert))
    said = QAccessibleAnnouncementEvent(about, words)
    said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(said)
