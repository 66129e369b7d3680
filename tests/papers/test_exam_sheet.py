"""The exam's sheet: one page, everything on it in each language, and it adds up."""

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument
from pytestqt.qtbot import QtBot

from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault, ExamSheet
from station_app.languages import language_codes
from station_app.papers.exam_sheet import exam_page, exam_picture, exam_text
from station_app.papers.paper_words import NO_BREAK_SPACE, words_of
from tests.papers.exam_samples import BEGUN, LEFT, NOBODY, RIGHT, WRONG


def page_text(sheet: ExamSheet, language: str) -> str:
    buffer = QBuffer()
    buffer.setData(QByteArray(exam_page(sheet, language)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    assert document.pageCount() == 1
    size = document.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    return joined(document.getAllText(0).text())


def joined(text: str) -> str:
    return " ".join(text.replace(NO_BREAK_SPACE, " ").split())


@pytest.mark.parametrize("language", language_codes())
def test_everything_is_on_page_and_in_text(qtbot: QtBot, language: str) -> None:
    words = words_of(language, "exam")
    for said in (page_text(WRONG, language), joined(exam_text(WRONG, language))):
        assert words("exam.sheet.training") in said
        assert joined(words.moment(BEGUN)) in said
        assert words("exam.sheet.of", right=0, number=20) in said
        for error in ExamError:
            assert words(f"exam.error.{error}") in said
        for case in ExamCase:
            assert words(f"exam.case.{case}") in said
        for fault in ExamFault:
            assert words(f"exam.fault.{fault}") in said
        assert f"199{words.record.decimal}9" in said


@pytest.mark.parametrize("language", language_codes())
def test_the_longest_one_ends_above_the_margin(qtbot: QtBot, language: str) -> None:
    drawn = exam_picture(WRONG, language, 595)
    below = range(842 - 30, drawn.height())
    assert all(drawn.pixelColor(x, y).lightness() > 250 for x in range(0, 595, 2) for y in below), (
        "cut at the foot"
    )


def test_no_errors_are_said_too(qtbot: QtBot) -> None:
    said = exam_text(RIGHT, "en")
    assert "Right decisions: 20 of 20" in said
    assert "Errors by kind:\n    None\n" in said
    assert "Left after" not in said


def test_one_that_was_left_says_so(qtbot: QtBot) -> None:
    said = exam_text(LEFT, "en")
    assert "Left after 3 of 20 voters" in said
    assert "Right decisions: 2 of 20" in said
    assert "Left after 0 of 20 voters" in exam_text(NOBODY, "en")
    assert page_text(NOBODY, "en")


def test_the_sheet_adds_up() -> None:
    for sheet in (RIGHT, WRONG, LEFT, NOBODY):
        with_errors = sum(not line.is_right for line in sheet.lines)
        assert sheet.right + with_errors == len(sheet.lines)
        assert sum(sheet.errors.values()) == sum(len(line.errors) for line in sheet.lines)
    assert list(WRONG.errors) == list(ExamError), "the gravest first"
    assert (RIGHT.median_s, RIGHT.longest_s) == (18.5, 28.0)
    assert (NOBODY.median_s, NOBODY.longest_s) == (0.0, 0.0)
    assert RIGHT.is_whole
    assert not LEFT.is_whole
