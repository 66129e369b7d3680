"""Sounds of verdicts and of the capture: told apart by rhythm and direction."""

import logging
from contextlib import ExitStack
from enum import StrEnum
from importlib import resources
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
        self._effects: dict[Sound, QSoundEffect] = {}
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
        if self._off is None:
            self._off = not self._has_audio()
        if self._off:
            return
        if sound not in self._effects:
            self._effects[sound] = self._load(sound)
        self._effects[sound].play()

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

    def _load(self, sound: Sound) -> "QSoundEffect":
        from PySide6.QtMultimedia import QSoundEffect  # noqa: PLC0415

        source = resources.files("station_app") / "content" / "sounds" / f"{sound.value}.wav"
        path = self._files.enter_context(resources.as_file(source))
        effect = QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(path)))
        effect.setVolume(self._volume)
        return effect
