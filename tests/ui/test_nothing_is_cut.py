"""Every screen on the smallest laptop, in every language: nothing cut, covered, too small, or said
that no screen says.

The demonstration's frame is walked once with the dock open and once with it away, the largest
size in one language; `make walk` walks every size, language and surface; see `screen_walk`.
"""

import pytest
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes
from tests.ui import screen_walk

SMALLEST, LARGEST = screen_walk.SIZES[0], screen_walk.SIZES[-1]


@pytest.mark.parametrize(
    ("language", "surface", "size"),
    [
        *((language, "alone", SMALLEST) for language in language_codes()),
        ("ky", "dock open", SMALLEST),
        ("ru", "dock away", SMALLEST),
        ("ky", "alone", LARGEST),
    ],
)
def test_nothing_is_cut(qtbot: QtBot, language: str, surface: str, size: tuple[int, int]) -> None:
    found = screen_walk.walk([size], [language], [surface])
    assert [str(one) for one in found] == []
