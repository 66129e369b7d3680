"""A state of the session is its class and its page: a toy of both, and nothing else changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.policy import PROVISIONAL
from station_app.flow.day_reading import Tally
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.operator.notice import NoticeScreen
from station_app.ui.operator.page import StageView, StateContext, StatePage
from station_app.ui.operator.pages import PAGES, Presenter
from station_app.ui.operator.views import DayView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey


@dataclass(frozen=True, slots=True)
class Sleeping:
    """The toy: the desk sleeps since `since`."""

    ticket: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SleepingView(StageView):
    """Its page."""

    since: str
    day: DayView
    help_page: ClassVar = "resting_paused"
    fixed_keys: ClassVar = (DeskKey.HELP, DeskKey.RETRY)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return NoticeScreen(
            texts,
            style,
            icon="ph.moon",
            ink=style.colours.ink3,
            title=f"Asleep since {self.since}",
            line="Press Enter.",
            day=self.day,
        )


def sleeping(state: Sleeping, now: StateContext) -> SleepingView:
    return SleepingView(now.clock(state.since), now.day)


def test_a_state_and_its_page_are_all(
    desk: OperatorDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAGES, Sleeping, StatePage(Sleeping, sleeping))
    presenter = Presenter(PROVISIONAL, 300, lambda at: at)
    state = Sleeping(1, datetime(2026, 11, 29, 12, 5, tzinfo=UTC))
    desk.show_view(presenter.view(state, Tally(7), None))  # type: ignore[arg-type]
    assert desk.page is not None
    assert desk.page.findChild(NoticeScreen).accessibleName() == "Asleep since 12:05. Press Enter."
    QApplication.processEvents()
    with qtbot.waitSignal(desk.retry_pressed):
        qtbot.keyClick(desk, Qt.Key.Key_Return)
    qtbot.keyClick(desk, Qt.Key.Key_F1)
    help_ = desk.findChild(HelpOverlay)
    assert help_ is not None
    assert help_.isVisible()
