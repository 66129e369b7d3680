"""Ready: the hand with the finger to place, and the day beside it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.samples import position_of
from station_app.domain.session_states import Idle
from station_app.ui.operator.day_column import DocumentCard, day_column, stage_row
from station_app.ui.operator.page import StageView, StateContext, StatePage
from station_app.ui.operator.views import NO_MARKS, DayView, DeskParts, HandMarks, face_keys
from station_app.ui.operator.words import finger_order
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel, card, tag
from station_app.ui.widgets.hand_view import HandView, put_hand_at_its_side
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock

_WORDS_WIDTH = 366


@dataclass(frozen=True, slots=True)
class ReadyView(StageView):
    """Nobody's session has begun; `finger` is the one asked for first.

    `has_face`: a key asks for the face. `has_last_stop`: a key shows the last STOP again, in the
    place of the one that calls the commission. `marks` are those of the next person's hands; where
    every finger is missing the document is asked for, and Esc takes the marks back.
    """

    finger: FingerPosition
    day: DayView
    has_face: bool = False
    has_last_stop: bool = False
    marks: HandMarks = NO_MARKS
    help_page: ClassVar = "ready"
    names_devices: ClassVar = True

    @property
    def has_finger(self) -> bool:
        """Whether a finger is left to ask for."""
        return not self.marks.missing.issuperset(EVERY_FINGER)

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        slip = parts.slip_keys if self.day.has_slip else ()
        return (
            DeskKey.HELP,
            DeskKey.DOCUMENT,
            DeskKey.OTHER_FINGER,
            *face_keys(has_face=self.has_face),
            DeskKey.LAST_STOP if self.has_last_stop else DeskKey.COMMISSION,
            *slip,
            *parts.room_keys,
            *((DeskKey.CANCEL,) if self.marks.missing else ()),
        )

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return ReadyScreen(texts, style, self)


def _view(state: Idle, now: StateContext) -> ReadyView:
    has_stop = state.last_stop is not None
    marks = HandMarks(state.missing)
    return ReadyView(position_of(state.asked), now.day, now.has_face, has_stop, marks)


PAGES: Final = (StatePage(Idle, _view),)


class ReadyScreen(QWidget):
    """The stage while nobody's session has begun."""

    def __init__(self, texts: Texts, style: Style, view: ReadyView) -> None:
        super().__init__()
        row = stage_row(self, style)
        row.addWidget(_instruction(texts, style, view), 1)
        self.document = DocumentCard(texts, style)
        row.addWidget(day_column(texts, style, view.day, self.document))


def _instruction(texts: Texts, style: Style, view: ReadyView) -> Panel:
    colours = style.colours
    panel = card(style)
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(44), style.px(30), style.px(4), style.px(28))
    column.setSpacing(0)
    middle = QHBoxLayout()
    middle.setSpacing(style.px(8))
    put_hand_at_its_side(middle, style)
    column_of_words = QWidget()
    if not style.is_large:
        column_of_words.setFixedWidth(style.px(_WORDS_WIDTH))
    words = QVBoxLayout(column_of_words)
    words.setContentsMargins(0, style.px(14), 0, 0)
    words.setSpacing(0)
    words.addWidget(tag(style, "ph.check-circle-fill", texts("ready.tag")))
    words.addSpacing(style.px(26))
    asked = finger_order(texts, view.finger) if view.has_finger else texts("ready.no_fingers")
    order = TextBlock(asked, style.display(54, 700), colours.ink, line_height=1.08)
    words.addWidget(order)
    words.addSpacing(style.px(22))
    lead = texts("ready.lead" if view.has_finger else "ready.no_fingers_lead")
    words.addWidget(TextBlock(lead, style.text(22), colours.ink2, line_height=1.35))
    words.addStretch(1)
    middle.addWidget(column_of_words, 1)
    middle.addStretch()
    hand = HandView(style, view.finger, largest=style.px(425), missing=view.marks.missing)
    hand.setMaximumSize(hand.sizeHint())
    middle.addWidget(hand, 2)
    column.addLayout(middle, 1)
    foot = QHBoxLayout()
    foot.setSpacing(style.px(12))
    foot.addWidget(IconView("ph.hand-pointing", style.px(24), colours.ink3))
    foot.addWidget(
        TextBlock(texts("ready.other_finger"), style.text(17), colours.ink3, wrap=False), 1
    )
    column.addLayout(foot)
    return panel
