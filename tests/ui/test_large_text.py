"""A page of larger text: rows that do not fit are stacked, and nothing lies over anything else."""

from itertools import pairwise

from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from station_app.domain.appearance import Appearance
from station_app.ui.style import Style
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock

WORDS = "A line of words that is much longer than the switch is wide"


def test_a_fixed_part_of_a_stacked_row_bounds_no_other(qtbot: QtBot) -> None:
    """Its width was the most that the whole row was said to take."""
    page = QWidget()
    column = QVBoxLayout(page)
    row = QHBoxLayout()
    words = TextBlock(WORDS, Style().text(40), "#000000", wrap=False)
    row.addWidget(words)
    row.addStretch(1)
    switch = QPushButton("Switch")
    switch.setFixedSize(240, 60)
    switch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    row.addWidget(switch)
    column.addLayout(row)
    body = QWidget()
    buttons = QVBoxLayout(body)
    for name in ("first", "second", "third"):
        buttons.addWidget(QPushButton(name, minimumHeight=112))
    column.addWidget(body, 1)
    area = LargeTextArea(Style(), page)
    qtbot.addWidget(area)
    area.resize(300, 300)
    area.show()
    qtbot.waitUntil(lambda: switch.y() > words.y())
    area.resize(1000, 300)
    qtbot.waitUntil(lambda: words.width() > 800)

    tops = [one.geometry() for one in body.findChildren(QPushButton)]
    assert not any(one.intersects(other) for one, other in pairwise(tops))
    assert words.height() == words.heightForWidth(words.width())
    assert switch.width() == 240


def test_a_row_that_fits_is_not_stacked_before_it_is_seen(qtbot: QtBot) -> None:
    """A hidden page has the size that Qt gives at first."""
    page = QWidget()
    row = QHBoxLayout(page)
    first, second = QPushButton("first", minimumWidth=400), QPushButton("second", minimumWidth=400)
    row.addWidget(first)
    row.addWidget(second)
    area = LargeTextArea(Style(), page)
    qtbot.addWidget(area)
    area.resize(300, 300)
    page.updateGeometry()
    QApplication.processEvents()
    area.resize(1000, 300)
    area.show()
    qtbot.waitUntil(lambda: page.width() > 900)

    assert first.y() == second.y()


def test_a_word_longer_than_its_column_is_broken(qtbot: QtBot) -> None:
    """A person's name may have 80 letters, and an address 300."""
    font, whole = Style().text(20), "A line of our own words"
    block = TextBlock("Щ" * 80, font, "#000000")
    qtbot.addWidget(block)
    assert block.minimumSizeHint().width() == 20 * 20
    high = block.heightForWidth(300)
    assert high > 3 * 14
    block.resize(300, high)
    assert not block.is_clipped()
    block.setText(whole)
    block.resize(40, block.heightForWidth(40))
    assert block.is_clipped(), "a word of ours is never broken, so that no test overlooks it"
    rows = RadioRows(Style(appearance=Appearance(text_percent=200)), ["Щ" * 80])
    qtbot.addWidget(rows)
    assert rows.minimumSizeHint().width() < 1000
