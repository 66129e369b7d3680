"""The lessons in a process of their own, so that nothing of them meets a station's memory."""

import logging
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QProcess, Signal

_COMMAND: Final = ("lesson", "run")
_END_MS: Final = 2000
_log = logging.getLogger(__name__)


class LessonProcess(QObject):
    """Starts `station-app lesson run`, one at a time; `program` are the words that start it.

    `changed` follows each start and end. `has_failed`: the last one did not open, or ended with a
    fault.
    """

    changed = Signal()

    def __init__(self, program: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = (*program, *_COMMAND)
        self.has_failed = self._is_ending = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._failed)

    @property
    def is_running(self) -> bool:
        """Whether the lessons are open."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self, language: str, *options: str) -> None:
        """Open the lessons in this language; nothing where they are open.

        `options` are more of the command's.
        """
        if self.is_running:
            return
        self.has_failed = self._is_ending = False
        first, *others = self._words
        self._process.start(first, [*others, "--language", language, *options])
        self.changed.emit()

    def end(self) -> None:
        """Let the lessons end soon: somebody is at work now."""
        self._is_ending = True
        self._process.terminate()

    def close(self) -> None:
        """End the lessons, which keep nothing, with the window that has opened them."""
        self._process.blockSignals(True)
        if self.is_running:
            self._process.terminate()
            if not self._process.waitForFinished(_END_MS):
                self._process.kill()
                self._process.waitForFinished(_END_MS)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        is_good = code == 0 and status is QProcess.ExitStatus.NormalExit
        self.has_failed = not (is_good or self._is_ending)
        if self.has_failed:
            _log.info("lessons_failed")
        self.changed.emit()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.has_failed = True
            _log.info("lessons_not_started")
            self.changed.emit()
