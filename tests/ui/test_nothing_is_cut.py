"""Every screen on the smallest laptop, in every language: nothing cut, covered or too small.

The other sizes are walked by `make walk`; see `screen_walk`.
"""

import pytest
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes
from tests.ui import screen_walk


@pytest.mark.parametrize("surface", screen_walk.SURFACES)
@pytest.mark.parametrize("language", language_codes())
def test_nothing_is_cut(qtbot: QtBot, language: str, surface: str) -> None:
    found = screen_walk.walk(screen_walk.SIZES[:1], [language], [surface])
    assert [str(one) for one in found] == []
