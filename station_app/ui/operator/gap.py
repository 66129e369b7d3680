"""Entries that a takeover left out: what is said of them until closing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout

from station_app.domain.day_report import Predecessor
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import SCREEN_MARGIN
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class GapView:
    """The `station` that was taken over without all its entries; `time` is local clock text of
    the last one that is here, empty for none.
    """

    station: str
    time: str = ""


def gap_view(
    predecessors: Sequence[Predecessor], clock: Callable[[datetime], str]
) -> GapView | None:
    """The newest station taken over whose entries are not all here; `clock` writes a time."""
    found = next((one for one in predecessors if one.needs_paper_list), None)
    if found is None:
        return None
    return GapView(found.station, "" if found.seen_until is None else clock(found.seen_until))


def gap_words(texts: Texts, gap: GapView) -> str:
    """What is missing: This station went on for 9042-1 without its entries after 10:42."""
    if gap.time:
        return texts("gap.after", station=gap.station, time=gap.time)
    return texts("gap.all", station=gap.station)


def gap_strip(texts: Texts, style: Style, gap: GapView) -> Panel:
    """What is missing, and what to look at before each slip, in one amber line."""
    colours = style.colours
    strip = Panel(colours.warn_soft, radius=0)
    row = QHBoxLayout(strip)
    row.setContentsMargins(*[style.px(side) for side in (SCREEN_MARGIN, 5, SCREEN_MARGIN, 5)])
    row.setSpacing(style.px(14))
    ink = colours.on_warn_soft
    row.addWidget(IconView("ph.warning-fill", style.px(24), ink))
    words = f"{gap_words(texts, gap)} {texts('gap.order')}"
    row.addWidget(TextBlock(words, style.text(17, 600), ink, line_height=1.25), 1)
    strip.setAccessibleName(words)
    return strip
