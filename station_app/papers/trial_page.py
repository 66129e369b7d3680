"""The page with which a printer for pages is tested: its frame and its bar show what is wrong."""

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF

from station_app.papers.document import load_paper_fonts
from station_app.papers.paper_words import Words, words_of
from station_app.papers.pen import HEIGHT, INK, MARGIN, UNITS_PER_INCH, WIDTH, Pen, pdf_of

BAR_CM: Final = 10
_BAR: Final = BAR_CM / 2.54 * UNITS_PER_INCH
_PAD: Final = 260
_GREYS: Final = ("#000000", "#4A4A4A", "#9A9A9A", "#D0D0D0", "#EFEFEF")
_PATCH: Final = _BAR / len(_GREYS)


def trial_page(station: str, at: datetime, language: str) -> bytes:
    """A page of A4 as PDF; `station` names who printed it, at the local time `at`.

    Raises `KnownError` `fonts_missing`.
    """
    words = words_of(language)
    load_paper_fonts()
    return pdf_of(words("test_page.title"), partial(_write, station, at, words))


def _write(station: str, at: datetime, words: Words, pen: Pen) -> None:
    inner = WIDTH - 2 * MARGIN
    pen.box(QRectF(MARGIN, MARGIN, inner, HEIGHT - 2 * MARGIN), fill=None, edge=INK)
    left, y, width = MARGIN + _PAD, float(MARGIN + _PAD), inner - 2 * _PAD
    y += pen.text(words("test_page.title"), pen.font(300, 700, display=True), left, y, width)
    y += pen.text(f"{station}   {words.moment(at)}", pen.font(120), left, y + 60, width) + 200
    for key in ("test_page.frame", "test_page.bar", "test_page.greys"):
        y += pen.text(words(key, length=BAR_CM), pen.font(130), left, y, width) + 80
    y += 120
    pen.box(QRectF(left, y, _BAR, 120), fill=INK)
    y += 300
    for place, grey in enumerate(_GREYS):
        pen.box(QRectF(left + place * _PATCH, y, _PATCH, 400), fill=grey)
