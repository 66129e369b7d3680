"""Papers of several pages of A4, and tables that continue over pages.

The same input gives the same bytes, for a hash in an entry.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QBuffer, QHashSeed, QIODevice, QMarginsF, QUuid
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from station_app.papers.fonts import load_fonts
from station_app.papers.pen import (
    GREY,
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    UNITS_PER_INCH,
    WIDTH,
    Pen,
    painting,
)

INNER: Final = WIDTH - 2 * MARGIN
_DPI: Final = 600
_FOOT: Final = 200
_BOTTOM: Final = HEIGHT - MARGIN - _FOOT
_NAMES: Final = QUuid("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}")  # RFC 9562, the DNS's
_INFO_DATE: Final = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_XMP_DATE: Final = re.compile(rb'(xmp:(?:Create|Modify|Metadata)Date=")[-\d]{10}T[:\d]{8}')
_ONE_SEED: Final = threading.Lock()


class Sheets:
    """A pen that goes down one page after the other."""

    def __init__(
        self, painter: QPainter, turn: Callable[[], object], foot: str, pages: int
    ) -> None:
        """`turn` gives the painter its next page; `pages` is what `foot` says there are."""
        self.pen = Pen(painter)
        self._turn, self._foot, self._pages = turn, foot, pages
        self.page = 1
        self._write_foot()

    def fits(self, height: float) -> bool:
        """Whether a block of that height has room on this page."""
        return self.pen.y + height <= _BOTTOM

    def make_room(self, height: float) -> None:
        """Go to the next page where a block of that height does not fit this one."""
        if not self.fits(height):
            self.turn()

    def turn(self) -> None:
        """Go to the next page."""
        self._turn()
        self.page += 1
        self.pen.y = float(MARGIN)
        self._write_foot()

    def _write_foot(self) -> None:
        pen, y = self.pen, float(HEIGHT - MARGIN - 90)
        pen.line(MARGIN, y - 30, INNER)
        pen.text(self._foot, pen.font(76), MARGIN, y, INNER - 600, colour=GREY)
        number = f"{self.page} / {self._pages}"
        pen.text(number, pen.font(76), MARGIN, y, INNER, colour=GREY, right=True)


Write = Callable[[Sheets], None]


def document(title: str, foot: str, made: datetime, write: Write) -> bytes:
    """The PDF of what `write` writes, `foot` and the number under every page.

    `made` (aware) is the creation time written into the file. May be called on any thread. Raises
    `KnownError` `fonts_missing`.
    """
    load_paper_fonts()
    pages = _count(write)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("station-app")
    writer.setResolution(_DPI)
    name = f"{title} {foot} {made.isoformat()}"
    writer.setDocumentId(QUuid.createUuidV5(_NAMES, name.encode()))
    portrait = QPageLayout.Orientation.Portrait
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, portrait, QMarginsF()))
    with _fonts_in_order(), painting(writer) as painter:
        painter.scale(_DPI / UNITS_PER_INCH, _DPI / UNITS_PER_INCH)
        write(Sheets(painter, writer.newPage, foot, pages))
    return _dated(bytes(buffer.data().data()), made)


def make_application() -> None:
    """Make the process's Qt application unless there is one: without it Qt has no fonts.

    To be called on the main thread before a paper is drawn on another one. It stays until the
    process ends, which PySide sees to; one made on a lane would end with a crash.
    """
    if QGuiApplication.instance() is None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("make_application has to be called on the main thread first")
        QGuiApplication(sys.argv[:1])


def load_paper_fonts() -> None:
    """Register the bundled fonts; on another thread than the main one, `make_application` was
    called before. Raises `KnownError` `fonts_missing`.
    """
    make_application()
    load_fonts()


@contextmanager
def _fonts_in_order() -> Iterator[None]:
    """Qt writes a PDF's fonts in the order of a hash table, whose seed is random."""
    with _ONE_SEED:
        QHashSeed.setDeterministicGlobalSeed()
        try:
            yield
        finally:
            QHashSeed.resetRandomGlobalSeed()


def _count(write: Write) -> int:
    with painting(QImage(1, 1, QImage.Format.Format_RGB32)) as painter:
        sheets = Sheets(painter, lambda: None, "", 0)
        write(sheets)
    return sheets.page


def _dated(pdf: bytes, made: datetime) -> bytes:
    """Qt writes the time of writing; the paper's own has as many digits."""
    local = made.astimezone()
    pdf = _INFO_DATE.sub(rb"\g<1>" + f"{local:%Y%m%d%H%M%S}".encode(), pdf)
    return _XMP_DATE.sub(rb"\g<1>" + f"{local:%Y-%m-%dT%H:%M:%S}".encode(), pdf)


_GAP: Final = 90
_PADDING: Final = 28


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, its share of the width, and whether it has numbers (to the right)."""

    title: str
    share: float
    is_number: bool = False


def table(
    sheets: Sheets,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    x: float = MARGIN,
    width: float = INNER,
    wraps: bool = True,
    last_is_sum: bool = False,
) -> None:
    """Write the rows from the pen's place down.

    Without `wraps` every row is one line, which is quick: its texts have to fit.
    """
    pen, whole = sheets.pen, sum(column.share for column in columns)
    widths = [width * column.share / whole for column in columns]
    places = [x + sum(widths[:place]) for place in range(len(widths))]
    value, strong, small = pen.font(88), pen.font(88, 700), pen.font(78, 600)
    line = pen.height("x", value, width)

    def write(texts: Sequence[str], is_head: bool, is_sum: bool) -> None:
        font = small if is_head else strong if is_sum else value
        cells = [width - _GAP for width in widths]
        fits = zip(texts, cells, strict=True)
        height = max(pen.height(text, font, cell) for text, cell in fits) if wraps else line
        if not is_head and not sheets.fits(height + 2 * _PADDING):
            sheets.turn()
            head()
        for text, column, place, cell in zip(texts, columns, places, cells, strict=True):
            colour = GREY if is_head else INK
            put = pen.text if wraps else pen.line_of_text
            put(text, font, place, pen.y + _PADDING, cell, colour=colour, right=column.is_number)
        pen.y += height + 2 * _PADDING
        pen.line(x, pen.y, width, colour=INK if is_head else LINE)

    def head() -> None:
        write([column.title for column in columns], is_head=True, is_sum=False)

    sheets.make_room(4 * line)
    head()
    before: Sequence[str] | None = None
    for row in rows:
        if before is not None:
            write(before, is_head=False, is_sum=False)
        before = row
    if before is not None:
        write(before, is_head=False, is_sum=last_is_sum)
