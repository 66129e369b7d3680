"""A learner before the lessons' window, who has keys, the bar and the panel's buttons."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from station_app.assembly.lesson_app import LessonApp
from station_app.assembly.lesson_play import LessonPlay
from station_app.training.coach import LessonView
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import Shown
from station_app.ui.training.hands import press
from station_app.ui.training.lesson_panel import LessonPanel

PATIENCE_MS = 120_000


class Learner:
    """At a lesson whose devices take no time."""

    def __init__(self, qtbot: QtBot, app: LessonApp, lesson: Lesson) -> None:
        self.qtbot, self.app = qtbot, app
        self.play: LessonPlay = app.begin(lesson)
        self.has_keyboard()

    @property
    def panel(self) -> LessonPanel:
        return next(one for one in self.app.window.findChildren(LessonPanel) if one.isVisible())

    @property
    def view(self) -> LessonView:
        return self.play.coach.view

    def waits(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def sees(self, shown: Shown) -> None:
        coach = self.play.coach
        self.waits(lambda: coach.page is not None and coach.page.shown is shown)

    def is_at(self, number: int) -> None:
        """Wait until this step is asked of the learner."""
        self.waits(lambda: self.view.number == number and not self.view.is_busy)

    def has_keyboard(self) -> None:
        """Also where a window of a test before is only now gone."""
        self.app.window.activateWindow()
        self.waits(self.app.window.isActiveWindow)

    def presses(self, key: Qt.Key) -> None:
        self.has_keyboard()
        press(self.app.window, key)

    def clicks(self, name: str) -> None:
        buttons = self.panel.findChildren(QPushButton, name)
        (button,) = (one for one in buttons if one.isVisible())
        assert button.isEnabled()
        button.click()
