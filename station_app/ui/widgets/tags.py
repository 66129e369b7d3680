"""The small tag of a state: a colour, a shape and a word."""

from enum import Enum

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from station_app.ui.style import Style
from station_app.ui.tokens import Colours
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock


class Tone(Enum):
    """How a state is meant; each has its own shape."""

    GOOD = "ph.check-circle-fill"
    ATTENTION = "ph.warning-fill"
    BAD = "ph.x-circle-fill"
    OPEN = "ph.circle-dashed"

    @property
    def icon(self) -> str:
        """Its shape."""
        return self.value

    def soft(self, colours: Colours) -> tuple[str, str]:
        """Colour behind a word, and the word's."""
        return {
            Tone.GOOD: (colours.ok_soft, colours.on_ok_soft),
            Tone.ATTENTION: (colours.warn_soft, colours.on_warn_soft),
            Tone.BAD: (colours.stop_soft, colours.on_stop_soft),
            Tone.OPEN: (colours.sunken, colours.ink2),
        }[self]

    def ink(self, colours: Colours) -> str:
        """Colour of a sign, or of words, on a card."""
        return {
            Tone.GOOD: colours.ok_ink,
            Tone.ATTENTION: colours.warn_ink,
            Tone.BAD: colours.stop_ink,
            Tone.OPEN: colours.ink2,
        }[self]

    def full(self, colours: Colours) -> str:
        """Colour of a sign or a segment."""
        return {
            Tone.GOOD: colours.ok_ink,
            Tone.ATTENTION: colours.warn,
            Tone.BAD: colours.stop_ink,
            Tone.OPEN: colours.sunken,
        }[self]


def state_tag(style: Style, tone: Tone, text: str) -> Panel:
    """The tag of a state; as wide as its word."""
    fill, ink = tone.soft(style.colours)
    panel = Panel(fill, radius=style.px(8))
    row = QHBoxLayout(panel)
    row.setContentsMargins(style.px(10), 0, style.px(11), 0)
    row.setSpacing(style.px(7))
    row.addWidget(IconView(tone.icon, style.px(19), ink))
    row.addWidget(TextBlock(text, style.text(15, 600), ink, wrap=False))
    panel.setFixedHeight(style.half_grown.px(30))
    panel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return panel
