"""Which string is on which picture of `make screenshots`, found by drawing them all.

The words are taken where they are asked for, `Words.__call__`, and looked for in what the widgets
of a state show or tell a screen reader.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from station_app.papers.day_papers import day_log_sheet, protocol, turnout_sheet, zero_report
from station_app.papers.exam_sheet import exam_picture
from station_app.papers.paper_words import Words
from station_app.papers.readiness_sheet import readiness_picture
from station_app.papers.slip import SlipPlace, draw_slip
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.widgets.text_block import TextBlock
from tests.papers.day_samples import CLOSED, OPENED, outcomes
from tests.papers.exam_samples import LEFT, RIGHT, WRONG
from tests.papers.sheet_samples import READY
from tests.papers.test_drawn_slips import HEAD_SLIP, SLIP
from tests.ui.desk_samples import finger_source
from tests.ui.pictures import StatesOf, grab
from tests.ui.samples.commission import day_states
from tests.ui.samples.desk import desk_states
from tests.ui.samples.lessons import lesson_states
from tests.ui.samples.public import public_states
from tests.ui.samples.technician import technician_states

_LANGUAGE: Final = "en"
_PLACE: Final = SlipPlace("9042", "9042-1", "live", (_LANGUAGE,))
_SURE_LENGTH: Final = 8
"""Characters from which a text counts as shown within a longer one too."""

_SCREENS: Final[tuple[StatesOf, ...]] = (
    partial(desk_states, finger=finger_source),
    partial(technician_states, finger=lambda: finger_source(None)),
    day_states,
    public_states,
    partial(lesson_states, finger=finger_source),
)
_PAPERS: Final[dict[str, Callable[[], object]]] = {
    "zero report": lambda: zero_report(OPENED, _LANGUAGE),
    "protocol": lambda: protocol(CLOSED, _LANGUAGE),
    "turnout sheet": lambda: turnout_sheet(CLOSED, _LANGUAGE),
    "day log sheet": lambda: day_log_sheet(CLOSED, outcomes(90), _LANGUAGE),
    "readiness sheet": lambda: readiness_picture(READY, _LANGUAGE, 800),
    "exam sheet": lambda: [exam_picture(one, _LANGUAGE, 800) for one in (WRONG, RIGHT, LEFT)],
    "slip": lambda: draw_slip(SLIP, 576, _PLACE),
    "head slip": lambda: draw_slip(HEAD_SLIP, 384, _PLACE),
}
_ALIKE: Final = {
    "exam-left": (
        "exam.failed", "exam.not_kept", "exam.not_kept.medium_exchanged",
        "exam.not_kept.medium_full", "exam.not_kept.medium_lost",
        "exam.not_kept.medium_read_only", "exam.not_printed", "exam.no_printer", "exam.printed",
    ),
    "exam-voter": (
        "exam.says.no_document", "exam.says.no_hands", "exam.says.rough", "exam.says.stiff",
        "exam.person.m",
    ),
    "exam-start": ("exam.keep.title",),
}  # fmt: skip
"""Texts that come where a picture has another of their kind; they are shown on no other."""
Asked = dict[str, set[str]]
"""Keys to the texts that were made of them."""


def screens_of_keys() -> dict[str, list[str]]:
    """Every key that was asked for, to the pictures and papers that show it, in their order.

    A key whose text no widget holds, being painted or spoken, has the first picture it was asked
    for.
    """
    app = QApplication.instance() or QApplication([])
    found: dict[str, list[str]] = defaultdict(list)
    size = QSize(*BASE_SIZE)
    for screen in _SCREENS:
        first: dict[str, str] = {}
        with _asked() as asked:
            for state, widget in screen(_LANGUAGE, size=size):
                grab(widget, size)
                for key in asked:
                    first.setdefault(key, state)
                for key in _shown(asked, {*_words_on(widget)}):
                    found[key].append(state)
        for key, state in first.items():
            if key not in found:
                found[key].append(state)
    for paper, draw in _PAPERS.items():
        with _asked() as asked:
            draw()
        for key in asked:
            found[key].append(paper)
    for state, keys in _ALIKE.items():
        for key in keys:
            found[key] = found[key] or [state]
    del app
    return dict(found)


@contextmanager
def _asked() -> Iterator[Asked]:
    """Within, every key that any `Words` is asked for is remembered."""
    asked: Asked = defaultdict(set)
    plain = Words.__call__

    def remembered(self: Words, key: str, **values: str | int) -> str:
        text = plain(self, key, **values)
        asked[key].add(text)
        return text

    setattr(Words, "__call__", remembered)  # noqa: B010
    try:
        yield asked
    finally:
        setattr(Words, "__call__", plain)  # noqa: B010


def _shown(asked: Asked, said: set[str]) -> Iterable[str]:
    whole = "\n".join(said)
    for key, texts in asked.items():
        if any(text in said or (len(text) >= _SURE_LENGTH and text in whole) for text in texts):
            yield key


def _words_on(widget: QWidget) -> Iterator[str]:
    """What the visible widgets show, and their names for a screen reader."""
    for one in (widget, *widget.findChildren(QWidget)):
        if not one.isVisibleTo(widget):
            continue
        if isinstance(one, TextBlock | QLabel | QAbstractButton):
            yield one.text()
        yield one.accessibleName()
