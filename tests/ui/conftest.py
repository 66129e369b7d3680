"""A desk to press keys on."""

import pytest
from pytestqt.qtbot import QtBot

from station_app.ui.operator.desk import OperatorDesk
from tests.ui.desk_samples import HeardSounds, ManualClock


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
