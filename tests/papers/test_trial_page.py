"""The page that tests a printer: one page of A4, with a bar of the length that it names."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from station_app.languages import language_codes
from station_app.papers.trial_page import BAR_CM, trial_page

pytestmark = pytest.mark.usefixtures("qapp")
DOTS_A_CM = 20


def picture(pdf: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(pdf)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    assert document.pageCount() == 1
    size = document.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    shown = document.render(0, (size / 72 * 2.54 * DOTS_A_CM).toSize())
    document.close()
    return shown


def longest_black(image: QImage) -> int:
    """Black dots in a row."""
    best = 0
    for y in range(image.height()):
        run = 0
        for x in range(image.width()):
            colour = image.pixelColor(x, y)
            run = run + 1 if colour.alpha() > 128 and colour.lightness() < 64 else 0
            best = max(best, run)
    return best


@pytest.mark.parametrize("language", language_codes())
def test_the_bar_is_as_long_as_it_says(language: str) -> None:
    drawn = picture(trial_page("9042-1", datetime(2026, 11, 29, tzinfo=UTC), language))
    inside = drawn.copy(drawn.rect().adjusted(44, 44, -44, -44))  # without the frame
    assert abs(longest_black(inside) - BAR_CM * DOTS_A_CM) <= 2
