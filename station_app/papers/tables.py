"""Tables that go on over pages, their heads with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from station_app.papers.document import INNER, Sheets
from station_app.papers.page import GREY, INK, LINE, MARGIN

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
