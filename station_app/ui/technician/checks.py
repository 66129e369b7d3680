"""The check that needs Qt: the loudspeaker."""

from functools import partial

from PySide6.QtCore import QObject, QTimer

from station_app.ui.sounds import Sound, SoundPlayer
from station_app.ui.technician.self_test import CardCheck, CardFinding, CardState

_TONES = (Sound.IDENTIFIED, Sound.ALREADY, Sound.NOT_ON_LIST, Sound.TRY_AGAIN)
_BETWEEN_MS = 1200


class SoundCheck(QObject):
    """Plays the four tones of the verdicts, one after the other; None has no loudspeaker."""

    def __init__(self, player: SoundPlayer | None) -> None:
        super().__init__()
        self._player = player

    def check(self) -> CardCheck:
        """Its card's check."""
        return CardCheck(self._run, here=True)

    def _run(self) -> CardFinding:
        player = self._player
        if player is None or not player.is_audible:
            return CardFinding(CardState.ATTENTION, "sound_none", {})
        for place, tone in enumerate(_TONES):
            QTimer.singleShot(place * _BETWEEN_MS, self, partial(player.play, tone))
        return CardFinding(CardState.ASKING, "sound_asked", {})
