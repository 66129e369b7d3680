"""The zero report: before the first voter, nobody is identified."""

from station_app.domain.day_report import DayReport
from station_app.domain.entry_codes import Paper
from station_app.papers import day_blocks as blocks
from station_app.papers.document import Sheets
from station_app.papers.words import words_of


def zero_report(report: DayReport, language: str) -> bytes:
    """The PDF, in ky, ru or en. Raises `KnownError` `fonts_missing`."""
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        blocks.head(sheets, Paper.ZERO_REPORT, report, words)
        blocks.limits(sheets, words)
        blocks.predecessors(sheets, report, words)
        blocks.beside(
            sheets,
            (words("paper.section.day"), blocks.day_rows(report, words)),
            (words("paper.section.list"), blocks.list_rows(report, words)),
        )
        blocks.beside(
            sheets,
            (words("paper.section.methods"), blocks.method_rows(report, words)),
            (words("paper.section.others"), blocks.other_rows(report, words)),
        )
        blocks.signatures(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.ZERO_REPORT, report, words, write)
