"""Says verdicts to voters in their languages, without a name, where the settings ask for it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from station_app.languages import language_of
from station_app.ui.public.public_pages import MOST_LANGUAGES
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter
from station_app.ui.sounds import SoundPlayer

AFTER_TONE_MS = 1000
"""The longest tone of a verdict takes 0.86 s."""


class SpokenVerdicts(QObject):
    """Says what is shown to voters; a language without recordings is left out.

    `has_slips`: the voter is told to take the slip.
    """

    def __init__(
        self, player: SoundPlayer, languages: Sequence[str], *, has_slips: bool, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._player, self._languages = player, tuple(languages)[:MOST_LANGUAGES]
        self._has_slips = has_slips
        self._sentence = ""
        self._after_tone = QTimer(self, singleShot=True, interval=AFTER_TONE_MS)
        self._after_tone.timeout.connect(self._say)

    def show_view(self, view: PublicView) -> None:
        """Say what belongs to `view` after the verdict's tone; anything else falls silent."""
        self._after_tone.stop()
        self._player.hush()
        match view:
            case ShownVoter():
                self._sentence = "identified" if self._has_slips else "identified_no_slip"
            case Scene.WAIT:
                self._sentence = "wait"
            case _:
                return
        self._after_tone.start()

    def set_count(self, _identified: int | None) -> None:
        """Counts are not said."""

    def _say(self) -> None:
        recorded = (language_of(one).spoken(self._sentence) for one in self._languages)
        self._player.say([one for one in recorded if one is not None])
