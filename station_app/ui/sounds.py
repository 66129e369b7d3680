"""Sounds of verdicts and of the capture: told apart by rhythm and direction."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

_log = logging.getLogger(__name__)

DEFAULT_VOLUME = 0.8


class Sound(StrEnum):
    """One sound; the value is its file's name in `content/sounds` without the ending."""

    IDENTIFIED = "identified"
    ALREADY = "already"
    NOT_ON_LIST = "not_on_list"
    TRY_AGAIN = "try_again"
    COMMISSION = "commission"
    CAPTURE_DONE = "capture_done"


class SoundPlayer(QObject):
    """Plays sounds; silent, after one line in the log, where there is no audio device.

    QtMultimedia is imported at the first sound: it is the slowest part of Qt to load, and
    a machine without the system's audio library must still identify voters.
    """

    def __init__(self, parent: QObject | None = None, volume: float = DEFAULT_VOLUME) -> None:
        super().__init__(parent)
        self._volume = volume
        self._effects: dict[Traversable, QSoundEffect] = {}
        self._speaking: QSoundEffect | None = None
        self._to_say: list[Traversable] = []
        self._off: bool | None = None
        self._files = ExitStack()

    @property
    def is_audible(self) -> bool:
        """Whether there is an audio device; looked for anew while there is none."""
        if self._off is None or self._off:
            self._off = not self._has_audio()
        return not self._off

    def play(self, sound: Sound) -> None:
        """Start `sound` now; returns at once."""
        if self._can_play():
            folder = resources.files("station_app") / "content" / "sounds"
            self._effect(folder / f"{sound.value}.wav").play()

    def say(self, files: Sequence[Traversable]) -> None:
        """Play recorded speech, one file after the other; what was being said ends."""
        self.hush()
        if self._can_play():
            self._to_say = list(files)
            self._say_next()

    def hush(self) -> None:
        """End what is being said."""
        self._to_say = []
        speaking, self._speaking = self._speaking, None
        if speaking is not None:
            speaking.stop()

    def _say_next(self) -> None:
        if self._to_say:
            self._speaking = self._effect(self._to_say.pop(0))
            self._speaking.play()

    def _follow(self, effect: "QSoundEffect") -> None:
        if effect is self._speaking and not effect.isPlaying():
            self._speaking = None
            self._say_next()

    def _can_play(self) -> bool:
        if self._off is None:
            self._off = not self._has_audio()
        return not self._off

    def _has_audio(self) -> bool:
        try:
            from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415
        except ImportError:
            _log.info("sounds_off", extra={"code": "audio_library_missing"})
            return False
        if QMediaDevices.defaultAudioOutput().isNull():
            _log.info("sounds_off", extra={"code": "no_audio_device"})
            return False
        return True

    def _effect(self, source: Traversable) -> "QSoundEffect":
        if source in self._effects:
            return self._effects[source]
        from PySide6.QtMultimedia import QSoundEffect  # noqa: PLC0415

        path = self._files.enter_context(resources.as_file(source))
        effect = self._effects[source] = QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(path)))
        effect.setVolume(self._volume)
        effect.playingChanged.connect(lambda: self._follow(effect))
        return effect
