"""Qt without a display, and a desk to press keys on."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The day log's page is tried over the journal and list of `logged_day`.
sys.path.append(str(Path(__file__).parents[1] / "flow"))

import pytest
from desk_samples import HeardSounds, ManualClock
from pytestqt.qtbot import QtBot

from station_app.ui.operator.desk import OperatorDesk


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
