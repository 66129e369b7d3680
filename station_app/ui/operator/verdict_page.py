"""A verdict's screen: band, body, keys and frame in one colour.

One member of `VerdictBand` gives colour, shape, word and sound, so they cannot mix.
"""

from abc import abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import PrintedTo
from station_app.ui.operator.devices import SlipStage, SlipView, printer_order
from station_app.ui.operator.page import Page, View
from station_app.ui.operator.views import DeskParts
from station_app.ui.sounds import Sound
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import BAND, BASE_SIZE, LIGHT, STOP_BAND, VERDICT_FRAME, VERDICT_KEY_BAR
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import KeyBar
from station_app.ui.widgets.large_text import in_large_text
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import TopBar
from station_app.ui.widgets.verdict_band import Shape, VerdictBandView, VerdictFrame

_PRINTER = "ph.printer"


class SlipRow(QWidget):
    """Shows a `SlipView`, and another one in its place; nothing before the first."""

    def __init__(self, texts: Texts, style: Style, to: PrintedTo) -> None:
        super().__init__()
        self._texts, self._style, self._to = texts, style, to
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._view: SlipView | None = None
        self._panel: Panel | None = None

    def show_slip(self, view: SlipView) -> None:
        """Say how far the slip is."""
        if view == self._view:
            return
        self._view = view
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        if view.stage is SlipStage.WAITING:
            order = printer_order(self._texts, view.reason)
            self._panel = self._card(order, self._texts("slip.later"))
        else:
            self._panel = self._card(self._texts(f"slip.{self._to.value}.{view.stage.value}"), "")
        self._column.addWidget(self._panel)
        self._panel.show()

    def _card(self, words: str, more: str) -> Panel:
        """A quiet row; with `more` to say it is a fault's card."""
        style, colours = self._style, self._style.colours
        fill, ink = (
            (colours.warn_soft, colours.on_warn_soft) if more else (colours.sunken, colours.ink)
        )
        panel = Panel(
            fill,
            radius=style.px(14),
            border=colours.warn_edge if more else None,
            border_width=style.px(2),
        )
        row = QHBoxLayout(panel)
        row.setContentsMargins(*[style.px(side) for side in (18, 14, 18, 14)])
        row.setSpacing(style.px(16))
        row.addWidget(IconView(_PRINTER, style.px(30), ink))
        lines = QVBoxLayout()
        lines.setSpacing(style.px(2))
        lines.addWidget(TextBlock(words, style.text(19, 600), ink, line_height=1.25))
        if more:
            lines.addWidget(TextBlock(more, style.text(17), ink, line_height=1.25))
        row.addLayout(lines, 1)
        self.setAccessibleName(f"{words}. {more}".strip())
        return panel


_ALL = 1000
"""A stretch beside which others get only what the widget does not want."""


@dataclass(frozen=True, slots=True)
class VerdictSignal:
    """What one verdict looks and sounds like.

    `fill` and `on` are the band's colour and the colour upon it; `word` is a text key.
    `word_px` is the word's largest size before it is fitted to the width,
    `smallest_word_px` its smallest: capitals of 84 px are 14 mm high on a 14-inch panel
    and read from three metres. `enter_dead_ms` is how long Enter is dead after the verdict
    appears, so that a stray press cannot skip it.
    """

    fill: str
    on: str
    shape: Shape
    word: str
    sound: Sound
    word_px: int = 124
    smallest_word_px: int = 84
    hazard_stripe: bool = False
    enter_dead_ms: int = 600


class VerdictBand(Enum):
    """Every verdict the desk can show."""

    IDENTIFIED = VerdictSignal(
        LIGHT.ok, "#FFFFFF", Shape.CIRCLE_CHECK, "verdict.identified.word", Sound.IDENTIFIED
    )
    ALREADY = VerdictSignal(
        LIGHT.stop,
        "#FFFFFF",
        Shape.OCTAGON_HAND,
        "verdict.already.word",
        Sound.ALREADY,
        word_px=132,
        hazard_stripe=True,
        enter_dead_ms=1000,
    )
    NOT_ON_LIST = VerdictSignal(
        LIGHT.info, "#FFFFFF", Shape.DIAMOND_SIGN, "verdict.not_on_list.word", Sound.NOT_ON_LIST
    )
    TRY_AGAIN = VerdictSignal(
        LIGHT.warn, LIGHT.on_warn, Shape.SQUARE_ARROW, "verdict.try_again.word", Sound.TRY_AGAIN
    )
    COMMISSION = VerdictSignal(
        LIGHT.commission,
        "#FFFFFF",
        Shape.HEXAGON_PEOPLE,
        "verdict.commission.word",
        Sound.COMMISSION,
        smallest_word_px=60,  # a step, not a verdict: read at the desk, in English a long word
    )


class VerdictView(View):
    """A view under a band; `has_slip_row` says whether the slip is shown below the name."""

    __slots__ = ()
    band: ClassVar[VerdictBand]
    has_slip_row: ClassVar[bool] = False

    @abstractmethod
    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        """The line under the verdict's word; `has_slip` once a slip is there to be handed over,
        `has_gap` where the paper list may know more than the journal.
        """

    @abstractmethod
    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        """What stands between the band and the keys; `slip_row` where there is one."""

    def announcement(self, texts: Texts) -> str:
        """What a screen reader says the moment the verdict appears."""
        return f"{texts(self.band.value.word)}. {self.line(texts, has_slip=False)}"

    def page(self, texts: Texts, style: Style, parts: DeskParts) -> "VerdictPage":
        """The body with band, keys and frame."""
        return VerdictPage(texts, style, self, parts)

    @property
    def sound(self) -> Sound:
        """The verdict's own."""
        return self.band.value.sound


class VerdictPage(Page):
    """A verdict: band in its colour with the top bar on it, body, keys, and the frame.

    `slip_row` is there for an identified voter where slips are printed.
    """

    def __init__(self, texts: Texts, style: Style, view: VerdictView, parts: DeskParts) -> None:
        signal = view.band.value
        keys = KeyBar(
            view.keys(parts), texts, style, height=VERDICT_KEY_BAR, side=22, more=style.is_large
        )
        super().__init__(style, TopBar(texts, style, on=signal.on, behind=signal.fill), keys)
        self.band = VerdictBandView(
            style,
            fill=signal.fill,
            on=signal.on,
            shape=signal.shape,
            word=texts(signal.word),
            word_px=signal.word_px,
            smallest_word_px=signal.smallest_word_px,
            line=view.line(texts, has_slip=False, has_gap=parts.gap is not None),
            hazard_stripe=signal.hazard_stripe,
            top_bar=self.top,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Room to spare is shared out as the base layout's height is.
        share = STOP_BAND if signal.hazard_stripe else BAND
        column.addWidget(self.band, share)
        middle = QHBoxLayout()
        side = style.px(42)
        middle.setContentsMargins(side, style.px(24), side, style.px(20))
        self.slip_row: SlipRow | None = None
        if parts.slips is not None and view.has_slip_row:
            self.slip_row = SlipRow(texts, style, parts.slips)
        body = QVBoxLayout()
        body.addStretch(1)
        body.addWidget(view.body(texts, style, self.slip_row), _ALL)
        body.addStretch(3)
        middle.addLayout(body)
        share = BASE_SIZE[1] - VERDICT_KEY_BAR - VERDICT_FRAME - share
        if style.is_large:
            stage = QWidget()
            stage.setLayout(middle)
            column.addWidget(in_large_text(style, stage), share)
        else:
            column.addLayout(middle, share)
        foot = QHBoxLayout()
        edge = style.px(VERDICT_FRAME)
        foot.setContentsMargins(edge, 0, edge, edge)
        foot.addWidget(keys)
        column.addLayout(foot)
        self._texts, self._view, self._parts = texts, view, parts
        self._frame = VerdictFrame(style, signal.fill, self)
        self._frame.raise_()
        self.setAccessibleName(view.announcement(texts))

    def show_slip(self, slip: SlipView) -> None:
        """Say how far the slip is; only one that has come out is to be handed over."""
        if self.slip_row is None:
            return
        self.slip_row.show_slip(slip)
        is_out = slip.stage is SlipStage.PRINTED and self._parts.slips is PrintedTo.PRINTER
        has_gap = self._parts.gap is not None
        self.band.set_line(self._view.line(self._texts, has_slip=is_out, has_gap=has_gap))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        band = self.band.height()
        self._frame.setGeometry(QRect(0, band, self.width(), self.height() - band))
