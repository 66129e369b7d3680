"""The lessons' own process: started with the program's words, watched, ended with its window."""

import os
import signal
import sys

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from station_app.assembly.endings import interrupt_closes
from station_app.assembly.lesson_process import LessonProcess

PATIENCE_MS = 20_000


def python(code: str) -> tuple[str, ...]:
    """The words of a program that gets the command as its arguments."""
    return sys.executable, "-I", "-S", "-c", code


def test_it_runs_once_until_its_window_is_closed(qtbot: QtBot) -> None:
    code = "import sys; assert sys.argv[1:] == ['lesson', 'run', '--language', 'ky']; input()"
    lessons = LessonProcess(python(code))
    changed = QSignalSpy(lessons.changed)
    lessons.start("ky")
    lessons.start("ky")
    assert lessons.is_running
    lessons.close()
    assert not lessons.is_running
    assert not lessons.has_failed
    assert changed.count() == 1


def test_one_that_was_left_has_not_failed(qtbot: QtBot) -> None:
    lessons = LessonProcess(python(""))
    lessons.start("en")
    qtbot.waitUntil(lambda: not lessons.is_running, timeout=PATIENCE_MS)
    assert not lessons.has_failed


def test_it_ends_when_a_station_is_unlocked(qtbot: QtBot) -> None:
    lessons = LessonProcess(python("input()"))
    lessons.end()
    lessons.start("en")
    lessons.end()
    qtbot.waitUntil(lambda: not lessons.is_running, timeout=PATIENCE_MS)
    assert not lessons.has_failed


def test_one_that_does_not_open_is_told(qtbot: QtBot) -> None:
    for words in (python("raise SystemExit(1)"), ("/nowhere/station-app",)):
        lessons = LessonProcess(words)
        told: list[bool] = []
        lessons.changed.connect(lambda one=lessons, told=told: told.append(one.has_failed))
        lessons.start("en")
        qtbot.waitUntil(lambda told=told: True in told, timeout=PATIENCE_MS)
        assert not lessons.is_running


def test_lessons_that_are_ended_tidy_up(qtbot: QtBot) -> None:
    """`LessonProcess.close` sends this signal, which would leave the attempt's folder."""
    closed = list[bool]()

    def ended() -> None:
        with interrupt_closes(lambda: closed.append(True), signal.SIGTERM):
            os.kill(os.getpid(), signal.SIGTERM)
            qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE_MS)

    with pytest.raises(KeyboardInterrupt):
        ended()
