"""The strip that says until closing that entries of a station taken over are missing."""

from PySide6.QtWidgets import QHBoxLayout

from station_app.ui.operator.views import GapView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import SCREEN_MARGIN
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock

_SIGN = "ph.warning-fill"


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
    row.addWidget(IconView(_SIGN, style.px(24), ink))
    words = f"{gap_words(texts, gap)} {texts('gap.order')}"
    row.addWidget(TextBlock(words, style.text(17, 600), ink, line_height=1.25), 1)
    strip.setAccessibleName(words)
    return strip
