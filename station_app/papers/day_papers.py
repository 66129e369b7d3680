"""The day's papers: zero report, turnout sheet, protocol of the closed day, day log."""

from collections.abc import Sequence
from typing import Final

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_report import DayReport
from station_app.domain.entry_codes import Count, Paper
from station_app.papers import day_blocks as blocks
from station_app.papers.document import INNER, Column, Sheets, table
from station_app.papers.paper_words import Words, words_of
from station_app.papers.pen import GREY, MARGIN

_COLUMNS: Final = (
    ("entry", 0.8, True),
    ("time", 1.0, False),
    ("list_number", 1.65, True),
    ("method", 1.15, False),
    ("result", 5.25, False),
)


def _whole_day(sheets: Sheets, paper: Paper, report: DayReport, words: Words) -> None:
    blocks.head(sheets, paper, report, words)
    blocks.limits(sheets, words)
    blocks.predecessors(sheets, report, words)
    blocks.beside(
        sheets,
        (words("paper.section.day"), blocks.day_rows(report, words)),
        (words("paper.section.list"), blocks.list_rows(report, words)),
    )
    _figures(sheets, report, words)


def _figures(sheets: Sheets, report: DayReport, words: Words) -> None:
    blocks.beside(
        sheets,
        (words("paper.section.methods"), blocks.method_rows(report, words)),
        (words("paper.section.others"), blocks.other_rows(report, words)),
    )
    if not report.turnout.figures.has_acts:
        return  # a day without them keeps its numbers and signatures on one page
    blocks.beside(
        sheets,
        (words("paper.section.ballots"), blocks.ballot_rows(report, words)),
        (words("paper.section.acts"), blocks.act_rows(report, words)),
    )


def zero_report(report: DayReport, language: str) -> bytes:
    """The zero report: before the first voter, nobody is identified.

    A PDF in ky, ru or en. Raises `KnownError` `fonts_missing`.
    """
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        _whole_day(sheets, Paper.ZERO_REPORT, report, words)
        blocks.signatures(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.ZERO_REPORT, report, words, write)


def turnout_sheet(report: DayReport, language: str) -> bytes:
    """How many are identified so far, by hour, sex and age.

    A PDF in ky, ru or en. Raises `KnownError` `fonts_missing`.
    """
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        blocks.head(sheets, Paper.TURNOUT, report, words)
        blocks.limits(sheets, words)
        _figures(sheets, report, words)
        blocks.turnout_block(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.TURNOUT, report, words, write)


def protocol(report: DayReport, language: str) -> bytes:
    """The protocol of a closed day: its numbers, what differs and why, and who signs.

    A PDF in ky, ru or en. Raises `KnownError` `fonts_missing`.
    """
    words = words_of(language)

    def write(sheets: Sheets) -> None:
        _whole_day(sheets, Paper.PROTOCOL, report, words)
        _reconciliation(sheets, report, words)
        # Whoever signs sees the numbers on the same page; the head is at the foot of each.
        blocks.signatures(sheets, report, words)
        blocks.turnout_block(sheets, report, words)
        _incidents(sheets, report, words)
        blocks.journal_block(sheets, report, words)

    return blocks.day_document(Paper.PROTOCOL, report, words, write)


def _reconciliation(sheets: Sheets, report: DayReport, words: Words) -> None:
    """Each count beside the journal's number, with the written reason for a difference."""
    figures, pen = report.turnout.figures, sheets.pen
    counts = {
        Count.SLIPS: figures.slips,
        Count.BALLOTS: report.ballots,
        Count.SIGNATURES: report.signatures,
    }
    reasons = {one.what: one.reason for one in report.differences}
    rows = []
    for what, counted in counts.items():
        told, difference, expected = words("paper.not_counted"), "", figures.expected(what)
        if counted is not None:
            told = words.number(counted)
            difference = f"{counted - expected:+d}".replace("-", "−")
        if counted == expected:
            difference = words("paper.none")
        name, of_journal = words(f"paper.count.{what}"), words.number(expected)
        rows.append((name, of_journal, told, difference, reasons.get(what, "")))
    # Whoever signs sees the counts on the same page, whatever stood before them.
    room = 900 + (blocks.signatures_height(report) if figures.has_acts else 0)
    blocks.section(sheets, words("paper.section.reconciliation"), room)
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


def day_log_sheet(
    report: DayReport, rows: Sequence[tuple[LoggedOutcome | LoggedAct, bool]], language: str
) -> bytes:
    """Every session's end and every act without a name, each with whether it was made void.

    A PDF of the rows as they come, in ky, ru or en. Raises `KnownError`
    `fonts_missing`.
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


def _row(logged: LoggedOutcome | LoggedAct, is_voided: bool, words: Words) -> tuple[str, ...]:
    if isinstance(logged, LoggedAct):
        method, outcome = "–", words(f"paper.incident.{logged.entry.kind}")
    else:
        method = words(f"paper.method.{logged.method}")
        outcome = words(f"paper.outcome.{logged.outcome}")
    return (
        str(logged.number),
        f"{logged.at.astimezone():%H:%M:%S}",
        "–" if logged.list_number is None else f"{logged.list_number:04d}",
        method,
        words("paper.outcome_voided", outcome=outcome) if is_voided else outcome,
    )
