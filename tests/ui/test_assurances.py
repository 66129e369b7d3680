"""Assurances are derived: docs/assurances.md names every one, and no screen shows one falsely.

The walk goes through every state of every screen there is a picture of. What a state is comes from
its view, not from the page that draws it: a rule says when a text may be there.
"""

import fnmatch
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import JOURNAL_INTACT_CODES
from station_app.flow.opening_checks import CheckedPart
from station_app.papers.paper_words import catalogue, words_of
from station_app.ui.commission.closing_page import ClosingItem, ClosingView
from station_app.ui.commission.day_log import DayLogView, RowResult
from station_app.ui.commission.day_views import ClosedView, RunningView
from station_app.ui.commission.decisions_page import DecisionResult, DecisionsView
from station_app.ui.commission.opening_page import OpeningView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.notice import (
    BlockedView,
    RestingView,
    ScannerUnpluggedView,
    VoidedView,
)
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView, MismatchView
from station_app.ui.operator.views import DayView, LastOutcome
from station_app.ui.technician.devices_page import DevicesView
from station_app.ui.technician.loading import LoadingView, LoadOutcome
from station_app.ui.technician.readiness_page import ReadinessView
from station_app.ui.technician.self_test import CardState, SelfTestView
from station_app.ui.texts import AUDIENCES, Texts
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.unlock.entry import UnlockStage, UnlockView
from station_app.ui.widgets.step_timeline import StepState
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import finger_source
from tests.ui.pictures import free_gone_widgets
from tests.ui.samples.commission import day_states
from tests.ui.samples.day import (
    sample_closing_views,
    sample_day_views,
    sample_decisions_views,
)
from tests.ui.samples.day_log import sample_log_views
from tests.ui.samples.desk import sample_commission, sample_views, show_sample
from tests.ui.samples.plugged_in import sample_devices_views
from tests.ui.samples.technician import (
    sample_load_views,
    sample_readiness_views,
    sample_test_views,
    sample_unlock_views,
    technician_states,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "assurances.md"
WORDS = re.compile(
    r"\b(ready|intact|genuine|valid|saved|identified|passed|whole|signature|signed|checked"
    r"|verified|agree|printed|written|connected|in place|is right|accepted|exported|works?"
    r"|nothing is lost|safe|loaded|sealed)\b",
    re.IGNORECASE,
)
EN = Texts("en")


# --- the document -------------------------------------------------------------------------


LISTED_ONLY = "## Words of assurance in texts that assure nothing"
ID = re.compile(r"`([a-z_]+\.[a-z_0-9.*]+)`")


@cache
def assured() -> tuple[str, ...]:
    """The texts in the first cells of the tables."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[1] for line in lines if line.startswith("| `")]
    return tuple(ID.findall(" ".join(cells)))


@cache
def named() -> tuple[str, ...]:
    """Those, and the texts that only sound so."""
    rest = DOCUMENT.read_text(encoding="utf-8").partition(LISTED_ONLY)[2]
    return (*assured(), *ID.findall(rest))


def english() -> dict[str, str]:
    texts = {key: text for one in AUDIENCES for key, text in catalogue("en", one).items()}
    for audience in ("papers", "slip"):
        words = words_of("en", audience)
        texts |= {key: words._texts[key] for key in words.keys}
    return texts


def test_every_text_that_may_assure_something_is_in_the_document() -> None:
    missing = [
        key
        for key, text in english().items()
        if WORDS.search(text) and not any(fnmatch.fnmatchcase(key, one) for one in named())
    ]
    assert missing == []


def test_the_document_names_only_texts_there_are() -> None:
    keys = english().keys()
    assert [one for one in named() if not fnmatch.filter(keys, one)] == []


def test_nothing_is_said_to_be_lost_or_safe_as_a_whole() -> None:
    """No check looks at everything."""
    found = [key for key, text in english().items() if re.search(r"othing is lost|is safe", text)]
    assert found == []


# --- the walk -----------------------------------------------------------------------------

View = object
May = Callable[[View], bool]


def _day(view: View) -> DayView | None:
    return getattr(view, "day", None)


def _checked(what: CheckedPart) -> May:
    def may(view: View) -> bool:
        checks = view.checks or () if isinstance(view, OpeningView) else ()
        return any(one.what is what and not one.fault and not one.note for one in checks)

    return may


def _intact(view: View) -> bool:
    integrity = getattr(view, "integrity", None)
    last = integrity.last if integrity is not None else None
    return last is not None and last.sound and not integrity.fault


def _step(place: int) -> May:
    def may(view: View) -> bool:
        return isinstance(view, LoadingView) and view.steps[place].state is StepState.DONE

    return may


def _saved(view: View) -> bool:
    if isinstance(view, ScannerUnpluggedView):
        return True
    return isinstance(view, BlockedView) and view.code in JOURNAL_INTACT_CODES


def _agree(view: View) -> bool:
    if isinstance(view, ClosedView):
        return not view.gaps
    return isinstance(view, ClosingView) and view.is_done(ClosingItem.REASONS)


def _tested(*states: CardState) -> May:
    def may(view: View) -> bool:
        return isinstance(view, SelfTestView) and all(one.state in states for one in view.cards)

    return may


STEPS = ("found", "signed", "for_us", "newer", "copied", "stored", "in_place")
RULES: dict[str, May] = {
    "verdict.identified.announce": lambda view: isinstance(view, IdentifiedView | MismatchView),
    "ready.tag": lambda view: isinstance(view, ReadyView),
    "fault.saved": _saved,
    "fault.saved_count": _saved,
    "outcome.identified": lambda view: any(
        row.outcome is LastOutcome.IDENTIFIED for row in getattr(_day(view), "last", ())
    ),
    "log.integrity.intact": _intact,
    "decide.result.identified": lambda view: (
        isinstance(view, DecisionsView)
        and any(row.result is DecisionResult.IDENTIFIED for row in view.rows or ())
    ),
    "close.all_agree": _agree,
    "day.figure.face": lambda view: (
        isinstance(view, RunningView | ClosedView) and view.figures.by_face > 0
    ),
    "went.printed": lambda view: bool(getattr(getattr(view, "went", None), "printer", "")),
    "export.written": lambda view: (
        isinstance(view, RunningView | ClosedView)
        and view.export is not None
        and view.export.taken is not None
        and view.export.taken.is_new
    ),
    "load.title.done": lambda view: (
        isinstance(view, LoadingView) and view.outcome is LoadOutcome.DONE
    ),
    "test.verdict.ready": _tested(CardState.PASSED),
    "test.verdict.attention": _tested(CardState.PASSED, CardState.ATTENTION),
    "ready_sheet.yes": lambda view: (
        isinstance(view, ReadinessView)
        and view.found is not None
        and view.found.is_ready
        and view.found.is_tried
    ),
    "devices.used": lambda view: isinstance(view, DevicesView) and bool(view.used),
    "unlock.lead.open": lambda view: (
        isinstance(view, UnlockView) and view.stage is UnlockStage.OPEN
    ),
    "log.result.identified": lambda view: (
        isinstance(view, DayLogView)
        and any(row.result is RowResult.IDENTIFIED for row in view.rows.values())
    ),
    **{f"day.check.{what.value}": _checked(what) for what in CheckedPart},
    **{f"load.step.{name}": _step(place) for place, name in enumerate(STEPS)},
    **{f"load.proof.{name}": _step(place) for place, name in enumerate(STEPS)},
}
ELSEWHERE = {"went.printed", "day.figure.face", "log.result.identified"}
"""Shown in no picture: tested with a room (`test_commission_day.py`), or painted in a table."""


SCOPES: dict[str, tuple[type, ...]] = {
    "load.": (LoadingView,),
    "decide.": (DecisionsView,),
    "log.result.": (DayLogView,),
    "outcome.": (ReadyView, BlockedView, ScannerUnpluggedView, RestingView, VoidedView),
}
"""Where a text is looked for whose words stand for other things elsewhere."""


def in_scope(key: str, view: View) -> bool:
    found = [types for prefix, types in SCOPES.items() if key.startswith(prefix)]
    return not found or isinstance(view, found[0])


def pattern(key: str) -> re.Pattern[str]:
    """The text with anything in the place of its facts, as a whole line."""
    parts = [re.escape(part) for part in re.split(r"\{\w+\}", EN(key))]
    return re.compile(".+?".join(parts))


def said(widget: QWidget) -> list[str]:
    free_gone_widgets()
    QApplication.processEvents()
    seen = [one for one in widget.findChildren(QWidget) if one.isVisibleTo(widget)]
    blocks = [one.text() for one in seen if isinstance(one, TextBlock)]
    names = [one.accessibleName() for one in seen]
    return [text for text in (*blocks, *names) if text]


def states() -> Iterator[tuple[str, View, list[str]]]:
    """Every state there is a picture of: its name, its view, everything on the screen."""
    size = QSize(*BASE_SIZE)
    desk = OperatorDesk(language="en", moving=False)
    desk.set_commission(sample_commission())
    desk.set_slips(PrintedTo.PRINTER)
    desk.resize(size)
    for name, view in sample_views("en", finger_source).items():
        show_sample(desk, view, finger_source, "en")
        yield name, view, said(desk)
    desk.deleteLater()
    rooms: dict[str, View] = {
        **sample_unlock_views("en"),
        **sample_load_views("en"),
        **sample_test_views(lambda: finger_source(None)),
        **sample_devices_views(),
        **sample_readiness_views("en"),
        **sample_day_views("en"),
        **sample_closing_views("en"),
        **sample_decisions_views("en"),
        **sample_log_views("en"),
    }
    for name, widget in technician_states("en", lambda: finger_source(None), size):
        if name in rooms:
            yield name, rooms[name], said(widget)
    for name, widget in day_states("en", size):
        if name in rooms:
            yield name, rooms[name], said(widget)


@pytest.fixture(scope="module")
def walked(qapp: QApplication) -> list[tuple[str, View, list[str]]]:
    return list(states())


@pytest.mark.parametrize("key", RULES)
def test_it_is_shown_only_where_its_check_holds(
    walked: list[tuple[str, View, list[str]]], key: str
) -> None:
    text, may = pattern(key), RULES[key]
    shown = {
        name
        for name, view, lines in walked
        if in_scope(key, view) and any(text.fullmatch(line) for line in lines)
    }
    allowed = {name for name, view, _ in walked if may(view)}
    assert shown - allowed == set()
    assert len(allowed) < len(walked), "there is a state in which it would be false"
    assert shown or key in ELSEWHERE, "the walk has seen it where it is true"


def test_every_rule_is_of_a_text_in_the_document(qtbot: QtBot) -> None:
    assert [
        key for key in RULES if not any(fnmatch.fnmatchcase(key, one) for one in assured())
    ] == []
