"""The turnout sheet: how many are identified so far, by hour, sex and age."""

from station_app.domain.day_report import DayReport
from station_app.domain.entry_codes import Paper
from station_app.papers import day_blocks as blocks
from station_app.papers.document import Sheets
from station_app.papers.turnout_blocks import turnout_block
from station_app.papers.words import words_of


def turnout_sheet(report: DayReport, language: str) -> bytes:
    """The PDF, in ky, ru or en. Raises `KnownError` `fonts_missing`."""
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        blocks.head(sheets, Paper.TURNOUT, report, words)
        blocks.limits(sheets, words)
        blocks.beside(
            sheets,
            (words("paper.section.methods"), blocks.method_rows(report, words)),
            (words("paper.section.others"), blocks.other_rows(report, words)),
        )
        turnout_block(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.TURNOUT, report, words, write)
