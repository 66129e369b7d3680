"""Day log and turnout in every state and language: nothing clipped or forbidden."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from test_technician_screens import FORBIDDEN, clipped

from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.commission.log_samples import sample_log_views
from station_app.ui.commission.turnout_page import TurnoutPage
from station_app.ui.commission.turnout_samples import sample_turnout_views
from station_app.ui.screenshots import grab
from station_app.ui.style import Style
from station_app.ui.texts import LANGUAGES, Language, Texts
from station_app.ui.widgets.text_block import TextBlock

SMALLEST = QSize(1280 - 208, 720 - 56)
LARGE = QSize(1920 - 260, 1080 - 70)


def pages(language: Language, style: Style) -> dict[str, QWidget]:
    texts = Texts(language)
    made: dict[str, QWidget] = {
        state: DayLogPage(texts, style, view) for state, view in sample_log_views(language).items()
    }
    return made | {
        state: TurnoutPage(texts, style, view) for state, view in sample_turnout_views().items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_clipped_or_forbidden(qtbot: QtBot, language: Language) -> None:
    faults = {}
    for size, style in ((SMALLEST, Style()), (LARGE, Style(1.25))):
        for state, page in pages(language, style).items():
            qtbot.addWidget(page)
            grab(page, size)
            found = [one for one in clipped(page) if "outside" not in one]
            said = [block.text() for block in page.findChildren(TextBlock)]
            said += [child.accessibleName() for child in page.findChildren(QWidget)]
            found += [text for text in said if FORBIDDEN.search(text)]
            if found:
                faults[state, size.width()] = found
    assert faults == {}
