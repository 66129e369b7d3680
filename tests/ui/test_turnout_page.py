"""The turnout: numbers, bars with their values, and the tables of the same numbers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.day_report import DayFigures, HourCount, Turnout
from station_app.domain.errors import KnownError
from station_app.ui.commission import turnout_page
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.turnout_charts import (
    AgePyramid,
    HourBars,
    TurnoutView,
    axis_steps,
    busiest,
    method_lines,
)
from station_app.ui.commission.turnout_page import TurnoutController, TurnoutPage
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.samples.turnout import sample_turnout_views

VIEWS = sample_turnout_views()
TURNOUT = VIEWS["turnout"].turnout
CONTROL = Qt.KeyboardModifier.ControlModifier


def page_of(qtbot: QtBot, view: TurnoutView, language: str = "en") -> TurnoutPage:
    page = TurnoutPage(Texts(language), Style(moving=False), view)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.take_focus()
    QApplication.processEvents()
    return page


def words(page: QWidget) -> list[str]:
    return [block.text() for block in page.findChildren(TextBlock)]


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ("1,131", "of 2,318", "48.8%", "98.1%")),
        ("ru", ("1\u00a0131", "из 2\u00a0318", "48,8\u00a0%", "98,1\u00a0%")),
        ("ky", ("1\u00a0131", "2\u00a0318 ичинен", "48,8\u00a0%", "98,1\u00a0%")),
    ],
)
def test_numbers_are_written_as_the_language_does(
    qtbot: QtBot, language: str, numbers: tuple[str, ...]
) -> None:
    assert set(numbers) <= set(words(page_of(qtbot, VIEWS["turnout"], language)))


def test_the_time_is_said_while_the_day_goes_on(qtbot: QtBot) -> None:
    assert "at closing" in words(page_of(qtbot, VIEWS["turnout"]))
    assert "at 20:04" in words(page_of(qtbot, replace(VIEWS["turnout"], is_closed=False)))


def test_charts_are_read_aloud(qtbot: QtBot) -> None:
    page = page_of(qtbot, VIEWS["turnout"])
    assert "08: 38, 09: 61" in page.findChild(HourBars).accessibleName()
    assert "18–24: Men 62, Women 58" in page.findChild(AgePyramid).accessibleName()
    assert "busiest 12:00–13:00" in words(page)
    assert page.tables is None


def test_the_tables_say_the_same_numbers(qtbot: QtBot) -> None:
    page = page_of(qtbot, VIEWS["turnout-tables"])
    tables = page.tables
    assert tables is not None
    assert tables.hours.hasFocus()
    assert TURNOUT is not None
    assert [tables.hours.item(row, 1).text() for row in range(12)] == [
        str(one.identified) for one in TURNOUT.by_hour
    ]
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert tables.ages.item(5, 2).data(spoken) == "65+, Women: 64"
    assert tables.methods.item(1, 2).data(spoken) == "Commission, Share: 1.9%"
    assert tables.hours.item(0, 0).data(spoken) == "08:00–09:00"


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (4, (0, 1, 2, 3, 4)),
        (5, (0, 2, 4, 6)),
        (131, (0, 50, 100, 150)),
        (200, (0, 50, 100, 150, 200)),
        (2500, (0, 1000, 2000, 3000)),
    ],
)
def test_an_axis_reaches_above_its_bars(highest: int, steps: tuple[int, ...]) -> None:
    assert axis_steps(highest) == steps


def test_nobody_yet_has_no_busiest_hour() -> None:
    assert busiest(()) is None
    assert busiest((HourCount(8, 0),)) is None
    assert busiest((HourCount(8, 3), HourCount(9, 3))) == HourCount(8, 3)
    assert [one.share for one in method_lines(Texts("en"), DayFigures())] == ["0.0%"] * 2
    faces = method_lines(Texts("en"), DayFigures(by_finger=3, by_face=1))
    assert [(one.method, one.share) for one in faces] == [
        ("finger", "75.0%"), ("face", "25.0%"), ("commission", "0.0%"),
    ]  # fmt: skip


def test_an_empty_chart_is_painted(qtbot: QtBot) -> None:
    none = replace(VIEWS["turnout-none"].turnout, by_hour=(), by_age=())
    page_of(qtbot, TurnoutView(none)).grab()


class Reader:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[object, object]] = []

    def __call__(self, done: object, failed: object) -> None:
        self.waiting.append((done, failed))

    def answer(self, turnout: Turnout, which: int = 0) -> None:
        self.waiting[which][0](turnout)  # type: ignore[operator]

    def fail(self, which: int = 0) -> None:
        self.waiting[which][1](KnownError("list_damaged", ""))  # type: ignore[operator]


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def room(qtbot: QtBot, reader: Reader) -> CommissionRoom:
    """The room at its turnout; the first adding up has been asked for."""
    room = CommissionRoom(language="en", moving=False)
    qtbot.addWidget(room)
    TurnoutController(
        room,
        reader,
        lambda: None,
        is_closed=lambda: False,
        local=lambda moment: moment.replace(tzinfo=None),
    )
    room.resize(1366, 768)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    room.go_to(turnout_page.TURNOUT)
    return room


def shown(room: CommissionRoom) -> TurnoutView:
    return room.view_of(turnout_page.TURNOUT)


def test_the_last_answer_counts(room: CommissionRoom, reader: Reader) -> None:
    assert TURNOUT is not None
    aware = replace(TURNOUT, at=datetime(2026, 11, 29, 14, 4, tzinfo=UTC))
    assert "Adding up the day…" in words(room.page)
    QTest.keyClick(room.page, Qt.Key.Key_F5)
    reader.answer(replace(aware, figures=DayFigures()), 0)
    reader.fail(0)
    assert shown(room) == TurnoutView()
    reader.answer(aware, 1)
    assert shown(room).turnout == aware
    assert shown(room).at == datetime(2026, 11, 29, 14, 4)  # noqa: DTZ001
    QTest.keyClick(room.page, Qt.Key.Key_T, CONTROL)
    assert shown(room).as_table
    QTest.keyClick(room.page, Qt.Key.Key_F5)
    reader.answer(aware, 2)
    assert shown(room).as_table
    QTest.keyClick(room.page, Qt.Key.Key_T, CONTROL)
    assert not shown(room).as_table


def test_a_day_that_can_not_be_added_up_is_said(room: CommissionRoom, reader: Reader) -> None:
    reader.fail()
    assert shown(room).fault == "list_damaged"
    assert any("list" in text.lower() for text in words(room.page))


def test_it_is_printed_by_key_and_by_button(qtbot: QtBot) -> None:
    page = page_of(qtbot, VIEWS["turnout"])
    pressed: list[None] = []
    page.print_pressed.connect(lambda: pressed.append(None))
    QTest.keyClick(page, Qt.Key.Key_F8)
    assert len(pressed) == 1
