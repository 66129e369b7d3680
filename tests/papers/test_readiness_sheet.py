"""The readiness sheet: one page, every word of it there, in each language."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtPdf import QPdfDocument
from pytestqt.qtbot import QtBot

from station_app.devices.drivers import DeviceFamily
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Readiness
from station_app.flow import readiness as looking
from station_app.languages import language_codes, language_of
from station_app.papers.paper_words import NO_BREAK_SPACE, words_of
from station_app.papers.readiness_sheet import readiness_picture, write_readiness_pdf
from tests.papers.sheet_samples import BARE, FACTS, NOW, READY, not_ready

MANY = sorted(
    key.removeprefix("reason.")
    for key in words_of("en").keys - {"reason.other"}
    if key.startswith("reason.")
)


def page_text(path: Path) -> str:
    """The text of a PDF of one page, its lines joined."""
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    assert document.pageCount() == 1
    size = document.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    return " ".join(document.getAllText(0).text().replace(NO_BREAK_SPACE, " ").split())


def is_dark(colour: QColor) -> bool:
    """A PDF's page is transparent where nothing is on it."""
    return colour.lightness() < 128 < colour.alpha()


def sheet(tmp_path: Path, readiness: Readiness, language: str) -> str:
    path = tmp_path / "sheet.pdf"
    write_readiness_pdf(path, readiness, language)
    return page_text(path)


@pytest.mark.parametrize("language", language_codes())
def test_everything_is_on_the_page(tmp_path: Path, qtbot: QtBot, language: str) -> None:
    text, words = sheet(tmp_path, READY, language), words_of(language)
    for part in (
        words("sheet.ready"),
        "9042-1",
        "№ 5 мектеп, «Ынтымак»",
        "Президенттик шайлоо 2026",
        "97850 74868 75906 41198",
        "00412 00412 00412 00412",
        "9042-3.vsnap",
        "leader-mcc/2.ea070a",
        "fap20 /dev/ttyUSB0",
        "/media/mirror-9042",
        "БШК жыйынтыктар",
        words.moment(NOW).replace(NO_BREAK_SPACE, " "),
        words.number(2318).replace(NO_BREAK_SPACE, " "),
        words("signed.technician"),
    ):
        assert part in text, part
    for spoken in ("whip wing tape armed tonight when", "cousin noble orphan silver lunch broom"):
        assert (spoken in text) is language_of(language).reads_english, "as its record says"
    assert words("section.mend") not in text
    assert words("sheet.training") not in text


@pytest.mark.parametrize("language", language_codes())
def test_every_reason_there_is_fits_one_page(tmp_path: Path, qtbot: QtBot, language: str) -> None:
    text, words = sheet(tmp_path, not_ready(*MANY), language), words_of(language)
    assert words("sheet.not_ready") in text
    assert words("sheet.to_mend", number=(len(MANY) + 1) // 2) in text
    for code in MANY:
        assert code in text
    assert words.reason("clock_behind", FACTS)[:30] in text
    assert words("signed.when") in text
    written = readiness_picture(not_ready(*MANY), language, 595)
    margin = range(841 - 30, 841)
    assert not any(is_dark(written.pixelColor(x, y)) for x in range(595) for y in margin)


@pytest.mark.parametrize("language", language_codes())
def test_a_bare_machine(tmp_path: Path, qtbot: QtBot, language: str) -> None:
    assert words_of(language)("sheet.no_place") in sheet(tmp_path, BARE, language)


def test_the_preview_is_the_page(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "sheet.pdf"
    write_readiness_pdf(path, READY, "ky")
    preview = readiness_picture(READY, "ky", 1190)
    document = QPdfDocument()
    document.load(str(path))
    printed = document.render(0, QSize(preview.width(), preview.height()))
    dark = [
        sum(is_dark(image.pixelColor(x, y)) for x in range(0, 1190, 3) for y in range(0, 1683, 3))
        for image in (preview, printed)
    ]
    assert dark[0] == pytest.approx(dark[1], rel=0.35)
    assert dark[0] > 500


def test_a_folder_that_is_not_there(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(KnownError):
        write_readiness_pdf(tmp_path / "none" / "sheet.pdf", READY, "en")


@pytest.mark.parametrize("language", language_codes())
def test_the_catalogues_are_whole(language: str) -> None:
    words, english = words_of(language), words_of("en")
    assert words.keys == english.keys
    for key in words.keys:
        fields = [
            {name for _, name, _, _ in Formatter().parse(one._texts[key]) if name}
            for one in (words, english)
        ]
        assert fields[0] == fields[1], key
        assert words._texts[key].strip()


def test_every_reason_and_device_has_words() -> None:
    source = ast.parse(Path(str(looking.__file__)).read_text(encoding="utf-8"))
    codes = {
        node.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("block", "mention")
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(codes) > 15
    other = {
        language: words_of(language)("reason.other", code="x") for language in language_codes()
    }
    for code in codes:
        for language in language_codes():
            text = words_of(language).reason(code, FACTS)
            assert text.endswith((".", "live")), text
            assert text != other[language].replace(" x", f" {code}"), code
    assert {f"device.{family}" for family in DeviceFamily} <= words_of("en").keys


@pytest.mark.parametrize("language", language_codes())
def test_refusals_are_said_by_their_help_page(language: str) -> None:
    said = words_of(language).reason("vsnap_expired", {})
    assert re.fullmatch(r"[^.]+\. .+\.", said)
    assert "vsnap" not in said
    assert "unheard_of" not in words_of(language).reason("unheard_of", {})
