"""A desk to press keys on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from station_app.ui.operator.desk import OperatorDesk
from tests.ui.desk_samples import HeardSounds, ManualClock
from tests.ui.pictures import free_gone_widgets


@pytest.fixture(autouse=True)
def _gone_widgets_are_freed() -> Iterator[None]:
    yield
    if QCoreApplication.instance() is not None:
        free_gone_widgets()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sounds(qtbot: QtBot) -> HeardSounds:
    return HeardSounds()


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock, sounds: HeardSounds) -> OperatorDesk:
    """An English desk of the base size, shown and active."""
    desk = OperatorDesk(language="en", sounds=sounds, clock=clock, moving=False)
    qtbot.addWidget(desk)
    desk.resize(1366, 768)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    return desk
