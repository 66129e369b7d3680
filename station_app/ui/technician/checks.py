"""The checks that need Qt: the loudspeaker, and a number on the second screen."""

from functools import partial
from random import SystemRandom

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from station_app.ui.sounds import Sound, SoundPlayer
from station_app.ui.style import Style, colour
from station_app.ui.technician.self_test import CardState, Check, Finding

_TONES = (Sound.IDENTIFIED, Sound.ALREADY, Sound.NOT_ON_LIST, Sound.TRY_AGAIN)
_BETWEEN_MS = 1200


class SoundCheck(QObject):
    """Plays the four tones of the verdicts, one after the other; None has no loudspeaker."""

    def __init__(self, player: SoundPlayer | None) -> None:
        super().__init__()
        self._player = player

    def check(self) -> Check:
        """Its card's check."""
        return Check(self._run, here=True)

    def _run(self) -> Finding:
        player = self._player
        if player is None or not player.is_audible:
            return Finding(CardState.ATTENTION, "sound_none", {})
        for place, tone in enumerate(_TONES):
            QTimer.singleShot(place * _BETWEEN_MS, self, partial(player.play, tone))
        return Finding(CardState.ASKING, "sound_asked", {})


class DisplayCheck(QObject):
    """Shows a number on the second screen, another one each time."""

    def __init__(self) -> None:
        super().__init__()
        self._window: QWidget | None = None

    def check(self) -> Check:
        """Its card's check."""
        return Check(self._run, here=True, end=self._end)

    def _run(self) -> Finding:
        second = second_screen()
        if second is None:
            return Finding(CardState.ATTENTION, "display_none", {})
        number = f"{SystemRandom().randrange(1000, 10000)}"
        self._window = _NumberWindow(number)
        self._window.setGeometry(second.geometry())
        self._window.showFullScreen()
        return Finding(CardState.ASKING, "display_asked", {"number": number})

    def _end(self) -> None:
        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None


def second_screen() -> QScreen | None:
    """A screen beside the first one, None where there is none."""
    first = QGuiApplication.primaryScreen()
    return next((one for one in QGuiApplication.screens() if one is not first), None)


class _NumberWindow(QWidget):
    """One number, as large as the voter's display allows; it never takes the keyboard."""

    def __init__(self, number: str) -> None:
        super().__init__(
            None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._number = number

    def paintEvent(self, _event: QPaintEvent) -> None:
        style = Style()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(style.colours.primary))
        painter.setPen(colour(style.colours.on_primary))
        painter.setFont(style.display(self.height() / 3, 800))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)
