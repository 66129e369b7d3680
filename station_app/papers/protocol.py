"""The protocol of a closed day: its numbers, what differs and why, and who signs for it."""

from station_app.domain.day_report import DayReport
from station_app.domain.entry_codes import Count, Paper
from station_app.papers import day_blocks as blocks
from station_app.papers.document import INNER, Sheets
from station_app.papers.page import MARGIN
from station_app.papers.tables import Column, table
from station_app.papers.turnout_blocks import turnout_block
from station_app.papers.words import Words, words_of


def protocol(report: DayReport, language: str) -> bytes:
    """The PDF, in ky, ru or en. Raises `KnownError` `fonts_missing`."""
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        blocks.head(sheets, Paper.PROTOCOL, report, words)
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
        _reconciliation(sheets, report, words)
        # Whoever signs sees the numbers on the same page; the head is at the foot of each.
        blocks.signatures(sheets, report, words)
        turnout_block(sheets, report, words)
        _incidents(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.PROTOCOL, report, words, write)


def _reconciliation(sheets: Sheets, report: DayReport, words: Words) -> None:
    """Each count beside the number identified, with the written reason for a difference."""
    figures, pen = report.turnout.figures, sheets.pen
    counts = {
        Count.SLIPS: figures.slips,
        Count.BALLOTS: report.ballots,
        Count.SIGNATURES: report.signatures,
    }
    reasons = {one.what: one.reason for one in report.differences}
    rows = []
    for what, counted in counts.items():
        told, difference = words("paper.not_counted"), ""
        if counted is not None:
            told = words.number(counted)
            difference = f"{counted - figures.identified:+d}".replace("-", "−")
        if counted == figures.identified:
            difference = words("paper.none")
        expected = words.number(figures.identified)
        rows.append(
            (words(f"paper.count.{what}"), expected, told, difference, reasons.get(what, ""))
        )
    blocks.section(sheets, words("paper.section.reconciliation"), 900)
    columns = [
        Column(words("paper.column.what"), 2.6),
        Column(words("paper.column.expected"), 1.3, is_number=True),
        Column(words("paper.column.counted"), 1.3, is_number=True),
        Column(words("paper.column.difference"), 1.1, is_number=True),
        Column(words("paper.column.reason"), 3.7),
    ]
    table(sheets, columns, rows)
    copies = f"{words('paper.row.reprints')}: {words.number(figures.reprints)}"
    pen.y += pen.text(copies, pen.font(88), MARGIN, pen.y + 30, INNER) + 120


def _incidents(sheets: Sheets, report: DayReport, words: Words) -> None:
    blocks.section(sheets, words("paper.section.incidents"), 400)
    pen = sheets.pen
    if not report.incidents:
        pen.y += pen.text(words("paper.none"), pen.font(88), MARGIN, pen.y, INNER) + 100
        return
    columns = [
        Column(words("paper.column.time"), 1.8),
        Column(words("paper.column.entry"), 0.8, is_number=True),
        Column(words("paper.column.event"), 4),
        Column(words("paper.column.detail"), 3),
    ]
    rows = [
        (
            words.moment(one.at),
            words.number(one.number),
            _said(words, "incident", one.kind),
            _said(words, "detail", one.detail),
        )
        for one in report.incidents
    ]
    table(sheets, columns, rows)
    pen.y += 100


def _said(words: Words, what: str, code: str) -> str:
    """A code in words; numbers, and codes of machines, stay as they are."""
    key = f"paper.{what}.{code}"
    return words(key) if key in words else code
