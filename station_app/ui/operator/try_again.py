"""Try again: the next finger, the reason, what to do, and the last image."""

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage, RetryReason
from station_app.ui.operator.verdict_page import VerdictBand, VerdictView
from station_app.ui.operator.views import NO_MARKS, DeskParts, HandMarks, face_keys
from station_app.ui.operator.words import ACTIONS, finger_short, finger_take
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Panel, Step, card
from station_app.ui.widgets.finger_view import LastFingerView
from station_app.ui.widgets.hand_view import HandView, put_hand_at_its_side
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.meters import SegmentBar
from station_app.ui.widgets.text_block import TextBlock, fitted

_HEIGHT, _WORDS = 340, 236


@dataclass(frozen=True, slots=True)
class TryAgainView(VerdictView):
    """Another try is needed, `finger` is asked for; `attempt` is the try about to be made.

    `tries` is the last one's number if every image is good. `image` is the last image, None
    when the capture gave none; `seen` is what it was like (None: as `reason` says).
    `has_face`: a key asks for the face. `marks` are those of the person's hands.
    """

    finger: FingerPosition
    reason: RetryReason
    attempt: int
    tries: int
    image: FingerImage | None = None
    seen: RetryReason | None = None
    has_face: bool = False
    marks: HandMarks = NO_MARKS
    help_page: ClassVar = "try_again"
    band: ClassVar = VerdictBand.TRY_AGAIN

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        return (
            DeskKey.HELP,
            DeskKey.DOCUMENT,
            DeskKey.OTHER_FINGER,
            *face_keys(has_face=self.has_face),
            DeskKey.COMMISSION,
            DeskKey.CANCEL,
        )

    def line(self, texts: Texts, *, has_slip: bool, has_gap: bool = False) -> str:
        return finger_take(texts, self.finger)

    def body(self, texts: Texts, style: Style, slip_row: QWidget | None) -> QWidget:
        body = QWidget()
        body.setMaximumHeight(style.px(_HEIGHT))
        body.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(32))
        row.addWidget(_finger_card(texts, style, self))
        row.addWidget(_actions(texts, style, self), 1)
        if self.image is not None:
            row.addWidget(_last_image(texts, style, self, self.image))
        return body


def _finger_card(texts: Texts, style: Style, view: TryAgainView) -> Panel:
    colours = style.colours
    panel = card(style)
    panel.setFixedWidth(style.px(520))
    panel.setMaximumHeight(style.px(_HEIGHT))
    row = QHBoxLayout(panel)
    row.setContentsMargins(style.px(28), style.px(12), style.px(8), style.px(12))
    row.setSpacing(0)
    put_hand_at_its_side(row, style)
    words = QWidget()
    wide = style.grown.px(_WORDS)
    words.setFixedWidth(wide)
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addStretch(1)
    column.addWidget(
        TextBlock(texts("try_again.next_finger"), style.text(19), colours.ink3, wrap=False)
    )
    column.addSpacing(style.px(6))
    name = finger_short(texts, view.finger)
    longest = max(name.split(), key=len)
    font = fitted(style.display(40, 700), longest, wide - 2, style.px(28))
    column.addWidget(TextBlock(name, font, colours.ink, line_height=1.06))
    column.addSpacing(style.px(22))
    bar = SegmentBar(style, view.attempt, view.tries)
    bar.setFixedWidth(style.px(160))
    column.addWidget(bar)
    column.addSpacing(style.px(8))
    attempt = texts("capture.attempt", attempt=view.attempt, tries=view.tries)
    column.addWidget(TextBlock(attempt, style.text(17), colours.ink3, wrap=False))
    column.addStretch(1)
    row.addWidget(words)
    row.addWidget(
        HandView(style, view.finger, largest=style.px(270), missing=view.marks.missing), 1
    )
    return panel


def _actions(texts: Texts, style: Style, view: TryAgainView) -> QWidget:
    colours = style.colours
    box = QWidget()
    box.setMaximumHeight(style.px(_HEIGHT))
    column = QVBoxLayout(box)
    column.setContentsMargins(0, style.px(6), 0, style.px(6))
    column.setSpacing(0)
    column.addWidget(
        TextBlock(texts(f"reason.{view.reason.value}"), style.text(22, 600), colours.ink)
    )
    for icon, key in ACTIONS[view.reason]:
        column.addStretch(1)
        sign = Badge(style, side=60, fill=colours.warn_soft, ink=colours.on_warn_soft, icon=icon)
        words = TextBlock(texts(key), style.text(22, 500), colours.ink, line_height=1.25)
        column.addWidget(Step(sign, words, style.px(16)))
    if len(ACTIONS[view.reason]) < 3:
        column.addStretch(2)
    return box


def _last_image(texts: Texts, style: Style, view: TryAgainView, image: FingerImage) -> QWidget:
    box = QWidget()
    box.setFixedWidth(style.px(200))
    box.setMaximumHeight(style.px(_HEIGHT))
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(style.px(8))
    words = texts(f"last_image.{(view.seen or view.reason).value}")
    column.addWidget(LastFingerView(style, image, words), 1)
    column.addWidget(TextBlock(words, style.text(17), style.colours.ink3, line_height=1.3))
    column.addStretch()
    return box
