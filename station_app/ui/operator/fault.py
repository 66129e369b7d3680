"""Faults: what happened, what to do, and what is known to be saved."""

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.errors import JOURNAL_INTACT_CODES
from station_app.ui.operator.day_column import day_column
from station_app.ui.operator.ready import stage_row
from station_app.ui.operator.views import (
    BlockedView,
    BrokenView,
    DayView,
    FaultView,
    ScannerUnpluggedView,
)
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Panel, Step, card
from station_app.ui.widgets.icons import UNPLUGGED, IconView
from station_app.ui.widgets.text_block import TextBlock


class FaultScreen(QWidget):
    """The stage while something has to be repaired: a red-edged card takes the left."""

    def __init__(self, texts: Texts, style: Style, view: FaultView) -> None:
        super().__init__()
        row = stage_row(self, style)
        match view:
            case ScannerUnpluggedView():
                icon, title, line = UNPLUGGED, "fault.scanner.title", texts("fault.scanner.line")
                steps: tuple[str, ...] = (
                    "fault.scanner.step1",
                    "fault.scanner.step2",
                    "fault.scanner.step3",
                )
                saved = _saved(texts, view.last_saved, view.day)
                day: DayView | None = view.day
            case BlockedView():
                icon, title = _blocked_head(view.code)
                line = texts("fault.line")
                steps = _blocked_steps(view.code)
                saved = _blocked_saved(texts, view)
                day = view.day
            case BrokenView():
                icon, title = "ph.warning-octagon-fill", "fault.broken.title"
                line = texts("fault.broken.line", code=view.code)
                steps = (
                    "fault.call_technician",
                    "fault.broken.read_code",
                    "fault.broken.restart",
                )
                saved = texts("fault.broken.entry", entry=texts.number(view.last_entry))
                day = None
            case _:
                assert_never(view)
        panel = notice_card(style, icon, texts(title), line, style.colours.stop)
        column = panel.layout()
        assert isinstance(column, QVBoxLayout)
        add_steps(column, texts, style, steps)
        column.addStretch(1)
        column.addWidget(_saved_strip(style, saved))
        self.setAccessibleName(f"{texts(title)}. {line}")
        row.addWidget(panel, 1)
        if day is not None:
            row.addWidget(day_column(texts, style, day, None))


def _blocked_head(code: str) -> tuple[str, str]:
    if code == "disk_full":
        return "ph.hard-drives-fill", "fault.disk_full.title"
    if code == "journal_rolled_back":
        return "ph.warning-octagon-fill", "fault.rolled_back.title"
    if code in ("journal_damaged", "wrong_key"):
        return "ph.warning-octagon-fill", "fault.damaged.title"
    if code.startswith("journal") or code in ("disk_fault", "no_write_permission"):
        return "ph.warning-octagon-fill", "fault.journal.title"
    return "ph.warning-octagon-fill", "fault.other.title"


def _blocked_steps(code: str) -> tuple[str, ...]:
    middle = "fault.disk_full.step2" if code == "disk_full" else "fault.stay_on"
    return ("fault.call_technician", middle, "fault.press_enter")


def _saved(texts: Texts, last: int | None, day: DayView) -> str:
    """Whose record is durable: the journal's answer to an append, remembered by the tally."""
    if last is None:
        return texts("fault.saved_count", number=texts.number(day.identified_today))
    return texts("fault.saved", number=texts.list_number(last))


def _blocked_saved(texts: Texts, view: BlockedView) -> str:
    """What is saved while the desk is blocked; nothing is claimed of a journal in doubt."""
    if view.code not in JOURNAL_INTACT_CODES:
        return texts("fault.unknown_saved")
    saved = _saved(texts, view.last_saved, view.day)
    return f"{saved} {texts('fault.unwritten')}" if view.has_unwritten else saved


def notice_card(style: Style, icon: str, title: str, line: str, ink: str) -> Panel:
    """A card over the whole stage: a sign in the colour `ink`, a headline, a line below."""
    colours = style.colours
    panel = card(style, border=ink, border_width=3)
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(44), style.px(34), style.px(44), style.px(34))
    column.setSpacing(0)
    head = QHBoxLayout()
    head.setSpacing(style.px(24))
    head.addWidget(IconView(icon, style.px(72), ink))
    words = QVBoxLayout()
    words.setSpacing(style.px(6))
    words.addWidget(
        TextBlock(
            title,
            style.display(42, 700),
            colours.ink,
            line_height=1.15,
            smallest_px=style.px(32),
        )
    )
    words.addWidget(
        TextBlock(line, style.text(21), colours.ink2, line_height=1.35, smallest_px=style.px(17))
    )
    head.addLayout(words, 1)
    column.addLayout(head)
    column.addSpacing(style.px(38))
    return panel


def add_steps(column: QVBoxLayout, texts: Texts, style: Style, steps: tuple[str, ...]) -> None:
    """Numbered things to do, by their text keys."""
    for number, key in enumerate(steps, start=1):
        sign = Badge(
            style, side=60, fill=style.colours.sunken, ink=style.colours.ink, text=str(number)
        )
        words = TextBlock(texts(key), style.text(25, 500), style.colours.ink, line_height=1.25)
        column.addWidget(Step(sign, words, style.px(24)))
        if number < len(steps):
            column.addSpacing(style.px(24))


def _saved_strip(style: Style, words: str) -> Panel:
    panel = Panel(style.colours.sunken, radius=style.px(14))
    row = QHBoxLayout(panel)
    row.setContentsMargins(style.px(20), style.px(14), style.px(20), style.px(14))
    row.setSpacing(style.px(12))
    row.addWidget(IconView("ph.clock-counter-clockwise", style.px(26), style.colours.ink))
    text = TextBlock(words, style.text(17, 500), style.colours.ink, line_height=1.3)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    return panel
