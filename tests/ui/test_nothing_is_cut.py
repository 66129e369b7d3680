"""The screens on the smallest laptop, in every language: nothing cut, covered, too small, or said
that no screen says.

All of them in Kyrgyz, whose words are the longest; of the others every second or third, another
part each: in Russian and English, in the demonstration's frame with the dock open and away, in the
lessons' window, and at the largest size. `make walk` looks at every size, language and surface; see
`screen_walk`.
"""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import screen_walk

SMALLEST, LARGEST = screen_walk.SIZES[0], screen_walk.SIZES[-1]


@pytest.mark.parametrize(
    ("language", "surface", "size", "part"),
    [
        ("ky", "alone", SMALLEST, (0, 1)),
        ("ru", "alone", SMALLEST, (0, 2)),
        ("en", "alone", SMALLEST, (1, 2)),
        ("ky", "dock open", SMALLEST, (0, 3)),
        ("ru", "dock away", SMALLEST, (1, 3)),
        ("ky", "alone", LARGEST, (2, 3)),
        ("ky", "lesson", SMALLEST, (0, 1)),
        ("ru", "lesson", LARGEST, (0, 2)),
    ],
)
def test_nothing_is_cut(
    qtbot: QtBot, language: str, surface: str, size: tuple[int, int], part: tuple[int, int]
) -> None:
    found = screen_walk.walk([size], [language], [surface], part=part)
    assert [str(one) for one in found] == []
