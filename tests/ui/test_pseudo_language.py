"""A language is a folder: every screen, sheet and slip runs in one that only the tests have."""

from collections.abc import Callable, Iterable, Iterator
from string import Formatter

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes, language_of
from station_app.papers.day_papers import day_log_sheet, protocol, turnout_sheet, zero_report
from station_app.papers.exam_sheet import exam_picture
from station_app.papers.paper_words import catalogue
from station_app.papers.readiness_sheet import readiness_picture
from station_app.papers.slip import SlipPlace, draw_slip
from station_app.ui.texts import AUDIENCES
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.widgets.text_block import TextBlock
from tests.papers.day_samples import CLOSED, OPENED, outcomes
from tests.papers.exam_samples import WRONG
from tests.papers.sheet_samples import READY
from tests.papers.test_drawn_slips import HEAD_SLIP, SLIP
from tests.pseudo_language import CATALOGUES, CODE, LONGER, pseudo_language
from tests.ui.desk_samples import finger_source
from tests.ui.pictures import StatesOf, free_gone_widgets
from tests.ui.samples.commission import day_states
from tests.ui.samples.desk import desk_states
from tests.ui.samples.lessons import lesson_states
from tests.ui.samples.public import public_states
from tests.ui.samples.technician import technician_states

SCREENS: dict[str, StatesOf] = {
    "desk": lambda language, size: desk_states(language, finger_source, size),
    "before the desk": lambda language, size: technician_states(
        language, lambda: finger_source(None), size
    ),
    "commission": day_states,
    "display": public_states,
    "lessons": lambda language, size: lesson_states(language, finger_source, size),
}
FEW = {"display": 5, "lessons": 15}
"""Screens with fewer states than the others have."""
PAPERS: dict[str, Callable[[], object]] = {
    "zero_report": lambda: zero_report(OPENED, CODE),
    "protocol": lambda: protocol(CLOSED, CODE),
    "turnout": lambda: turnout_sheet(CLOSED, CODE),
    "day_log": lambda: day_log_sheet(CLOSED, outcomes(90), CODE),
    "readiness": lambda: readiness_picture(READY, CODE, 800),
    "exam": lambda: exam_picture(WRONG, CODE, 800),
    "slip": lambda: draw_slip(SLIP, 576, SlipPlace("9042", "9042-1", "live", (CODE, "ky"))),
    "head slip": lambda: draw_slip(HEAD_SLIP, 384, SlipPlace("9042", "9042-1", "live", (CODE,))),
}


@pytest.fixture(autouse=True)
def language() -> Iterator[str]:
    with pseudo_language() as code:
        yield code
    assert CODE not in language_codes()


def bare(text: str) -> tuple[int, set[str]]:
    """How long a text is without its placeholders, and which they are."""
    parts = [(words, name) for words, name, _, _ in Formatter().parse(text)]
    return sum(len(words) for words, _ in parts), {name for _, name in parts if name}


def test_it_says_the_same_and_needs_more_room(language: str) -> None:
    assert language_of(language).help_pages == language_of("en").help_pages
    for audience in CATALOGUES:
        english, other = catalogue("en", audience), catalogue(language, audience)
        assert english.keys() == other.keys()
        for key, text in english.items():
            (length, names), (longer, same) = bare(text), bare(other[key])
            assert same == names, key
            assert text == other[key] or longer >= LONGER * length, key


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_runs_in_it(qtbot: QtBot, language: str, screen: str) -> None:
    """Made, not drawn: `make walk ARGS=--pseudo` draws and measures them."""
    size = QSize(*BASE_SIZE)
    english = {
        text
        for audience in (*AUDIENCES, "display")
        for key, text in catalogue("en", audience).items()
        if text != catalogue(language, audience)[key]
    }
    shown, spoken = 0, {}
    for state, widget in SCREENS[screen](language, size):
        free_gone_widgets()
        said = {*words_on(widget)}
        assert any(text.startswith("[") for text in said), state
        if found := said & english:
            spoken[state] = found
        shown += 1
    assert shown > FEW.get(screen, 50)
    assert spoken == {}, "words that come from no catalogue"


def words_on(widget: QWidget) -> Iterable[str]:
    for block in widget.findChildren(TextBlock):
        yield block.text()
    for label in widget.findChildren(QLabel):
        yield label.text()
    for button in widget.findChildren(QAbstractButton):
        yield button.text()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_is_written_in_it(qtbot: QtBot, paper: str) -> None:
    assert PAPERS[paper]()
