"""The day log on paper: every session's end, without a name."""

from collections.abc import Sequence
from typing import Final

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import DayReport
from station_app.domain.entry_codes import Paper
from station_app.papers import day_blocks as blocks
from station_app.papers.document import INNER, Sheets
from station_app.papers.page import GREY, MARGIN
from station_app.papers.tables import Column, table
from station_app.papers.words import Words, words_of

_COLUMNS: Final = (
    ("entry", 0.8, True),
    ("time", 1.0, False),
    ("list_number", 1.65, True),
    ("method", 1.15, False),
    ("result", 5.25, False),
)


def day_log_sheet(
    report: DayReport, rows: Sequence[tuple[LoggedOutcome, bool]], language: str
) -> bytes:
    """The PDF of the rows as they come, each with whether it was made void; ky, ru or en.

    Raises `KnownError` `fonts_missing`.
    """
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        blocks.head(sheets, Paper.DAY_LOG, report, words)
        blocks.limits(sheets, words)
        pen = sheets.pen
        count = words("paper.rows", number=words.number(len(rows)))
        pen.y += pen.text(count, pen.font(88), MARGIN, pen.y, INNER, colour=GREY) + 40
        columns = [
            Column(words(f"paper.column.{name}"), share, is_number)
            for name, share, is_number in _COLUMNS
        ]
        texts = (_row(logged, is_voided, words) for logged, is_voided in rows)
        table(sheets, columns, texts, wraps=False)
        pen.y += 100
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.DAY_LOG, report, words, write)


def _row(logged: LoggedOutcome, is_voided: bool, words: Words) -> tuple[str, ...]:
    outcome = words(f"paper.outcome.{logged.outcome}")
    return (
        str(logged.number),
        f"{logged.at.astimezone():%H:%M:%S}",
        "–" if logged.list_number is None else f"{logged.list_number:04d}",
        words(f"paper.method.{logged.method}"),
        words("paper.outcome_voided", outcome=outcome) if is_voided else outcome,
    )
