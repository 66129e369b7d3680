"""The exam's sheet on a page of A4, and the same as lines of text."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from station_app.domain.exam_sheet import ExamLine, ExamSheet
from station_app.papers.document import load_paper_fonts
from station_app.papers.paper_words import Words, words_of
from station_app.papers.pen import GREY, INK, LINE, MARGIN, WIDTH, Pen, pdf_of, picture

_INNER: Final = WIDTH - 2 * MARGIN
_GUTTER: Final = 260
_COLUMN: Final = (_INNER - _GUTTER) / 2
_RIGHT: Final = MARGIN + _COLUMN + _GUTTER
_LABEL: Final = 1500
_GAP: Final = 90
_WHITE: Final = "#FFFFFF"
_WIDTHS: Final = (("number", 0.5), ("case", 4.2), ("seconds", 1.0), ("errors", 4.8))
_NUMBERS: Final = ("number", "seconds")
_INDENT: Final = "    "


def exam_page(sheet: ExamSheet, language: str) -> bytes:
    """The page as a PDF, in ky, ru or en. Raises `KnownError` `fonts_missing`."""
    words = words_of(language, "exam")
    load_paper_fonts()
    return pdf_of(words("exam.sheet.title"), partial(_write, sheet, words))


def exam_picture(sheet: ExamSheet, language: str, width: int) -> QImage:
    """The same page as an image of `width` pixels, for a preview. Needs an application."""
    return picture(width, partial(_write, sheet, words_of(language, "exam")))


def exam_text(sheet: ExamSheet, language: str) -> str:
    """The sheet as lines of plain text."""
    words = words_of(language, "exam")
    return "\n".join((*_lines(sheet, words), ""))


def _lines(sheet: ExamSheet, words: Words) -> Iterator[str]:
    yield f"{words('exam.sheet.training')}. {words('exam.sheet.title')}"
    yield words("exam.sheet.invented")
    yield ""
    for name, value in _facts(sheet, words):
        yield f"{name}: {value}"
    yield ""
    yield f"{words('exam.sheet.errors')}:"
    for name, value in _errors(sheet, words):
        yield f"{_INDENT}{name}: {value}" if value else f"{_INDENT}{name}"
    yield ""
    yield f"{words('exam.sheet.voters')}:"
    for line in sheet.lines:
        number, case, seconds, wrong = _cells(line, words)
        said = f"{number}. {case}. {words('exam.column.seconds')}: {seconds}"
        yield f"{_INDENT}{said}. {wrong}" if wrong else f"{_INDENT}{said}"


# --- what both say -----------------------------------------------------------------------------


def _right(sheet: ExamSheet, words: Words) -> str:
    return words("exam.sheet.of", right=sheet.right, number=sheet.voters)


def _facts(sheet: ExamSheet, words: Words) -> list[tuple[str, str]]:
    facts = [
        (words("exam.sheet.begun"), words.moment(sheet.begun)),
        (words("exam.sheet.draw"), str(sheet.seed)),
        (words("exam.sheet.right"), _right(sheet, words)),
        (words("exam.sheet.median"), _seconds(sheet.median_s, words)),
        (words("exam.sheet.longest"), _seconds(sheet.longest_s, words)),
    ]
    if not sheet.is_whole:
        left = words("exam.sheet.left", number=len(sheet.lines), of=sheet.voters)
        facts.append((words("exam.title"), left))
    return facts


def _errors(sheet: ExamSheet, words: Words) -> list[tuple[str, str]]:
    found = [(words(f"exam.error.{kind}"), str(count)) for kind, count in sheet.errors.items()]
    return found or [(words("exam.sheet.no_errors"), "")]


def _cells(line: ExamLine, words: Words) -> tuple[str, str, str, str]:
    case = words(f"exam.case.{line.case}")
    if line.fault is not None:
        case = f"{case}, {words(f'exam.fault.{line.fault}')}"
    wrong = ". ".join(words(f"exam.error.{error}") for error in line.errors)
    return str(line.number), case, _seconds(line.seconds, words), wrong


def _seconds(seconds: float, words: Words) -> str:
    return f"{seconds:.1f}".replace(".", words.record.decimal)


# --- the page ----------------------------------------------------------------------------------


def _write(sheet: ExamSheet, words: Words, pen: Pen) -> None:
    _head(sheet, words, pen)
    top = pen.y
    y = top + pen.heading(words("exam.title"), MARGIN, top, _COLUMN)
    facts = [one for one in _facts(sheet, words) if one[0] != words("exam.sheet.right")]
    y += pen.rows(facts, MARGIN, y, _COLUMN, _LABEL)
    other = top + pen.heading(words("exam.sheet.errors"), _RIGHT, top, _COLUMN)
    other += pen.rows(_errors(sheet, words), _RIGHT, other, _COLUMN, _COLUMN - 300)
    pen.y = max(y, other) + pen.length(80)
    pen.y += pen.heading(words("exam.sheet.voters"), MARGIN, pen.y, _INNER)
    _row([words(f"exam.column.{name}") for name, _ in _WIDTHS], pen, is_head=True)
    for line in sheet.lines:
        _row(_cells(line, words), pen)


def _head(sheet: ExamSheet, words: Words, pen: Pen) -> None:
    """What it is no paper of, in white on black; the title, and the count in large print."""
    training, invented = words("exam.sheet.training"), words("exam.sheet.invented")
    big, small, inside = pen.font(170, 700, display=True), pen.font(100, 600), _INNER - 160
    height = pen.height(training, big, inside) + pen.height(invented, small, inside)
    pen.box(QRectF(MARGIN, pen.y, _INNER, height + pen.length(70)), fill=INK)
    y = pen.y + pen.length(30)
    y += pen.text(training, big, MARGIN + 80, y, inside, colour=_WHITE)
    y += pen.text(invented, small, MARGIN + 80, y, inside, colour=_WHITE)
    pen.y = y + pen.length(120)
    title = words("exam.sheet.title")
    y = pen.y + pen.text(title, pen.font(240, 700, display=True), MARGIN, pen.y, _COLUMN)
    count = _right(sheet, words)
    box = QRectF(_RIGHT, pen.y, _COLUMN, pen.length(520))
    pen.box(box, fill=None, edge=INK)
    x, width, inner = box.x() + 100, box.width() - 200, box.y() + pen.length(50)
    inner += pen.text(words("exam.sheet.right"), pen.font(110, 600), x, inner, width)
    pen.text(count, pen.font(240, 700, display=True), x, inner, width)
    pen.y = max(y, box.bottom()) + pen.length(110)


def _row(cells: list[str] | tuple[str, ...], pen: Pen, *, is_head: bool = False) -> None:
    font = pen.font(76, 600) if is_head else pen.font(84)
    whole, padding = sum(share for _, share in _WIDTHS), pen.length(20)
    widths = [_INNER * share / whole - _GAP for _, share in _WIDTHS]
    height = max(pen.height(text, font, width) for text, width in zip(cells, widths, strict=True))
    x = float(MARGIN)
    for text, width, (name, _) in zip(cells, widths, _WIDTHS, strict=True):
        colour = GREY if is_head else INK
        right = name in _NUMBERS
        pen.text(text, font, x, pen.y + padding, width, colour=colour, right=right)
        x += width + _GAP
    pen.y += height + 2 * padding
    pen.line(MARGIN, pen.y, _INNER, colour=INK if is_head else LINE)
