"""docs/technician-card.md names commands, options and codes that there are."""

import re
from pathlib import Path

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QTextDocument

from station_app.papers.document import load_paper_fonts
from station_app.papers.fonts import TEXT_FAMILY
from tests.commands.typed_words import run

ROOT = Path(__file__).parents[2]
CARD = (ROOT / "docs" / "technician-card.md").read_text(encoding="utf-8")
SOURCE = "\n".join(path.read_text("utf-8") for path in (ROOT / "station_app").rglob("*.py"))


def test_every_code_is_one() -> None:
    codes = set(re.findall(r"`([a-z]+_[a-z_]+)`", CARD))
    assert len(codes) > 15
    assert {code for code in codes if f'"{code}"' not in SOURCE} == set()


def test_every_command_is_one() -> None:
    commands = re.findall(r"`station-app ([a-z]+(?: [a-z]+)?) ([^`]*)`", CARD)
    assert len(commands) >= 5
    for command, rest in commands:
        said = re.sub(r"\x1b\[[0-9;]*m", "", run(*command.split(), "--help").stdout)
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in said, option


def test_it_is_one_sheet_of_paper() -> None:
    """A4 in 9 points, margins of 1 cm, two sides."""
    load_paper_fonts()
    font = QFont(TEXT_FAMILY)
    font.setPixelSize(9)  # of a page that is measured in points
    text = QTextDocument()
    text.setDefaultFont(font)
    text.setDocumentMargin(0)
    text.setMarkdown(CARD)
    text.setPageSize(QSizeF(595 - 57, 842 - 57))
    assert text.pageCount() <= 2
