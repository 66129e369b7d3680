"""Turnout on paper: by hour with bars, by sex and age."""

from typing import Final

from PySide6.QtCore import QRectF

from station_app.domain.day_report import AgeBand, DayReport, HourCount
from station_app.papers.day_blocks import COLUMN, RIGHT
from station_app.papers.document import Sheets
from station_app.papers.page import GREY, INK, MARGIN
from station_app.papers.tables import Column, table
from station_app.papers.words import Words

_ROW: Final = 150
_BAR: Final = 84
_HOUR: Final = 620
_NUMBER: Final = 330
_BAR_INK: Final = "#7A7A7A"  # grey: solid black would use up a cartridge


def turnout_block(sheets: Sheets, report: DayReport, words: Words) -> None:
    """Both breakdowns, side by side."""
    pen, hours = sheets.pen, report.turnout.by_hour
    sheets.make_room(400 + _ROW * max(len(hours), len(report.turnout.by_age) + 2))
    top = pen.y
    pen.y += pen.heading(words("paper.section.ages"), RIGHT, pen.y, COLUMN)
    _ages(sheets, report, words)
    bottom, pen.y = pen.y, top
    pen.y += pen.heading(words("paper.section.hours"), MARGIN, pen.y, COLUMN)
    if hours:
        _hours(sheets, hours, words)
    else:
        pen.y += pen.text(words("paper.nobody"), pen.font(88), MARGIN, pen.y, COLUMN)
    pen.y = max(pen.y, bottom) + 100


def _hours(sheets: Sheets, hours: tuple[HourCount, ...], words: Words) -> None:
    pen, most = sheets.pen, max(1, *(hour.identified for hour in hours))
    room = COLUMN - _HOUR - _NUMBER
    for hour in hours:
        name = f"{hour.hour:02d}:00–{(hour.hour + 1) % 24:02d}:00"
        pen.text(name, pen.font(88), MARGIN, pen.y, _HOUR)
        bar = QRectF(MARGIN + _HOUR, pen.y + 14, room * hour.identified / most, _BAR)
        pen.box(bar, fill=_BAR_INK)
        number = words.number(hour.identified)
        pen.text(number, pen.font(88, 600), MARGIN, pen.y, COLUMN, colour=INK, right=True)
        pen.y += _ROW


def _ages(sheets: Sheets, report: DayReport, words: Words) -> None:
    bands = report.turnout.by_age
    names = ("age", "men", "women", "total")
    columns = [Column(words(f"paper.column.{name}"), 1, name != "age") for name in names]
    rows = [(_span(band), *_counts(band.men, band.women, words)) for band in bands]
    men, women = sum(band.men for band in bands), sum(band.women for band in bands)
    rows.append((words("paper.row.total"), *_counts(men, women, words)))
    table(sheets, columns, rows, x=RIGHT, width=COLUMN, last_is_sum=True)
    unknown = report.turnout.figures.identified - men - women
    if unknown:
        pen = sheets.pen
        text = words("paper.unknown_age", number=words.number(unknown))
        pen.y += pen.text(text, pen.font(82), RIGHT, pen.y + 20, COLUMN, colour=GREY) + 20


def _span(band: AgeBand) -> str:
    return f"{band.youngest}+" if band.oldest is None else f"{band.youngest}–{band.oldest}"


def _counts(men: int, women: int, words: Words) -> tuple[str, str, str]:
    return words.number(men), words.number(women), words.number(men + women)
