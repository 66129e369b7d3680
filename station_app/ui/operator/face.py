"""Screen 08: the person before the camera beside the photo of the list, and one question.

The person at the desk compares; what the machine has found is in no view, so that nothing on
the screen can tell it before they have answered, or be told by it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure, FaceStep, Turn
from station_app.domain.session_asking import offers_finger
from station_app.domain.session_states import AwaitingFace, FaceWhy
from station_app.flow.face_capture import FaceView
from station_app.ui.operator.page import StageView, StateContext, StatePage, View
from station_app.ui.operator.verdict import voter_photo
from station_app.ui.operator.views import NO_MARKS, DeskParts, HandMarks, VoterCard
from station_app.ui.sounds import Sound
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FACE_BAND, FACE_PICTURE, SCREEN_MARGIN, STAGE_TOP
from station_app.ui.widgets.answer_button import AnswerButton
from station_app.ui.widgets.cards import Badge, Line, Panel, Step, card
from station_app.ui.widgets.icons import UNPLUGGED, IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.large_text import add_picture
from station_app.ui.widgets.live_face_view import LiveFaceView, picture_size, picture_tag
from station_app.ui.widgets.meters import SegmentBar
from station_app.ui.widgets.photo_view import PhotoView
from station_app.ui.widgets.text_block import ListedText, TextBlock


class FaceAnswer(StrEnum):
    """How far the question is: not to be answered, only by no, by both, answered."""

    WAITS = "waits"
    NO_ONLY = "no_only"
    OPEN = "open"
    SAID_YES = "said_yes"
    SAID_NO = "said_no"


@dataclass(frozen=True, slots=True)
class FaceStageView(StageView):
    """The camera looks at the person of session `session`, at try `attempt` of `tries`.

    `is_named`: a document's PIN names whom to compare with, `voter` once that record is read.
    `failed` is why the try before gave nothing, `fault` the code of why the camera gives no
    picture. `has_finger`: another finger may be chosen instead; `marks` are those of the hands.
    """

    session: int
    why: FaceWhy
    is_named: bool
    attempt: int
    tries: int
    voter: VoterCard | None = None
    failed: FaceFailure | None = None
    fault: str = ""
    is_live: bool = False
    answer: FaceAnswer = FaceAnswer.WAITS
    has_finger: bool = False
    marks: HandMarks = NO_MARKS
    help_page: ClassVar = "face"
    finger: ClassVar = FingerPosition.UNKNOWN
    """The finger that the hand's dialog begins with: none has been asked for."""

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        may_name = not self.is_named and not self.is_live
        return (
            DeskKey.HELP,
            *((DeskKey.DOCUMENT,) if may_name else ()),
            *((DeskKey.OTHER_FINGER,) if self.has_finger else ()),
            DeskKey.COMMISSION,
            *(() if self.is_live or self.fault else (DeskKey.CANNOT_TURN,)),
            DeskKey.CANCEL,
        )

    @property
    def own_help(self) -> tuple[str, ...]:
        page = "face" if self.is_named else "face_search"
        return (self.fault, page) if self.fault else (page,)

    def goes_on(self, before: View | None) -> bool:
        if not isinstance(before, FaceStageView) or before.session != self.session:
            return False
        if before.is_named != self.is_named:
            return False
        return before.attempt == self.attempt or self.is_live

    def screen(self, texts: Texts, style: Style) -> "FaceScreen":
        return FaceScreen(texts, style, self)

    @property
    def sound(self) -> Sound:
        """One long; two short where the person has to do it again."""
        return Sound.COMMISSION if self.failed is None else Sound.TRY_AGAIN

    @property
    def is_passing(self) -> bool:
        """The record of whom the document names is read in some milliseconds."""
        return self.is_named and self.voter is None


def _view(state: AwaitingFace, now: StateContext) -> FaceStageView:
    session, tries = state.session, now.policy.face_tries
    return FaceStageView(
        session=session.number,
        why=state.why,
        is_named=session.named_row is not None,
        attempt=min(session.face_tries + (not state.is_live), tries),
        tries=tries,
        voter=now.card(state.voter) if state.voter else None,
        failed=None if state.is_live else state.failed,
        fault="" if state.is_live else state.fault,
        is_live=state.is_live,
        answer=_answer(state),
        has_finger=offers_finger(state, now.policy),
        marks=HandMarks.of(session),
    )


def _answer(state: AwaitingFace) -> FaceAnswer:
    if state.answer is not None:
        return FaceAnswer.SAID_YES if state.answer else FaceAnswer.SAID_NO
    if state.may_answer(same=True):
        return FaceAnswer.OPEN
    return FaceAnswer.NO_ONLY if state.may_answer(same=False) else FaceAnswer.WAITS


PAGES: Final = (StatePage(AwaitingFace, _view),)


# --- the one order on the live picture --------------------------------------------------


@dataclass(frozen=True, slots=True)
class FaceOrder:
    """What is asked of the person: a text key, and an icon where there is one."""

    key: str
    icon: str = ""


_ARROWS: Final = {
    Turn.LEFT: "ph.arrow-bend-up-left-bold",
    Turn.RIGHT: "ph.arrow-bend-up-right-bold",
}
"""To the person's own side, as the words beside it say."""


def face_order(seen: FaceView, *, is_named: bool) -> FaceOrder:
    """The one order for what the camera sees: the worst flaw first."""
    match seen.step:
        case FaceStep.LOADING | FaceStep.OPENING:
            return FaceOrder(f"face.{seen.step.value}", "ph.hourglass-medium")
        case FaceStep.LOOK if seen.flaw is not None:
            return FaceOrder(f"face.flaw.{seen.flaw.value}")
        case FaceStep.LOOK:
            return FaceOrder("face.hold")
        case FaceStep.TURN if seen.turn is not None:
            return FaceOrder(f"face.turn.{seen.turn.value}", _ARROWS[seen.turn])
        case FaceStep.TURN | FaceStep.BACK:
            return FaceOrder("face.back", "ph.arrow-up-bold")
        case FaceStep.DONE:
            return FaceOrder("face.done" if is_named else "face.searching", "ph.check-bold")


_READ_S: Final = 0.7
"""An order stays so long before another flaw takes its place: flaws come and go in a frame."""


class SteadyOrder:
    """Keeps an order long enough to be read; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._shown: tuple[FaceStep, FaceOrder, float] | None = None

    def next(self, step: FaceStep, order: FaceOrder) -> FaceOrder:
        """The order to show: `order`, or for a moment the one before in the same step."""
        now, shown = self._clock(), self._shown
        if shown is not None and step is shown[0] is FaceStep.LOOK and now - shown[2] < _READ_S:
            return shown[1]
        if shown is None or order != shown[1]:
            self._shown = step, order, now
        return order


_OF_THE_LIGHT: Final = tuple(FaceFlaw)[: tuple(FaceFlaw).index(FaceFlaw.UNEVEN_LIGHT) + 1]
"""Flaws up to the light; those told after them are seen only in a face that is found and lit."""


def checks_done(seen: FaceView) -> tuple[bool, bool, bool]:
    """Whether the face is found and lit, is straight and close, and has turned as asked."""
    match seen.step:
        case FaceStep.LOADING | FaceStep.OPENING:
            return False, False, False
        case FaceStep.LOOK:
            return seen.flaw not in _OF_THE_LIGHT, seen.flaw is None, False
        case _:
            return True, True, seen.step is FaceStep.DONE


_CHECKS: Final = (
    ("face.check.light", "face.check.light_done"),
    ("face.check.straight", "face.check.straight_done"),
    ("face.check.live", "face.check.live_done"),
)
"""The checks as they are looked for, and as they are found."""


_ALL: Final = 1000
"""A stretch beside which others get only what the pictures do not want."""


# --- the screen -------------------------------------------------------------------------


class FaceScreen(QWidget):
    """Band, live picture, photo and question; `pressed` carries the key of an answer."""

    pressed = Signal(DeskKey)

    def __init__(
        self,
        texts: Texts,
        style: Style,
        view: FaceStageView,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        self._steady = SteadyOrder(clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_Band(texts, style, view))
        row = QHBoxLayout()
        side, top = style.px(SCREEN_MARGIN), style.px(STAGE_TOP)
        row.setContentsMargins(side, top, side, top)
        row.setSpacing(style.px(24))
        self.live: LiveFaceView | None = None
        self._order: TextBlock | None = None
        if style.is_large and not view.fault:
            self._order = _add_order(column, style)
        pictures = QHBoxLayout()
        pictures.setSpacing(style.px(24))
        if view.fault:
            pictures.addWidget(_fault_card(texts, style, view.fault))
        else:
            tag = "" if style.is_large else texts("face.now")
            self.live = LiveFaceView(style, tag, texts("face.picture"))
            _add_captioned(pictures, style, self.live, texts("face.now"))
        if view.is_named:
            photo = _photo(texts, style, view.voter)
            _add_captioned(pictures, style, photo, texts("face.register"))
        row.addLayout(pictures)
        self._checks: list[_Check] = []
        words = QWidget()
        words.setMaximumHeight(style.px(FACE_PICTURE[1]))
        row.addWidget(words, 1)
        self._fill(words)
        column.addLayout(row, _ALL)
        column.addStretch(1)
        self.show_face(FaceView(FaceStep.DONE if view.is_live else FaceStep.OPENING))
        self.setAccessibleName(f"{texts('face.word')}. {_line(texts, view)}")

    def show_face(self, seen: FaceView) -> None:
        """Show a picture of the live view, and what is asked of the person in it."""
        if self.live is None:
            return
        if seen.image is not None:
            self.live.show_image(seen.image)
        order = self._steady.next(seen.step, face_order(seen, is_named=self._view.is_named))
        words = self._texts(order.key)
        if self._order is None:
            self.live.show_order(order.icon, words)
        elif words != self._order.text():
            self._order.setText(words)
            self.live.setAccessibleDescription(words)
        for check, is_done in zip(self._checks, checks_done(seen), strict=True):
            check.set_done(is_done=is_done)

    def _fill(self, box: QWidget) -> None:
        texts, style, view = self._texts, self._style, self._view
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if view.is_named:
            _add_name(column, texts, style, view.voter)
        else:
            _add_search(column, texts, style)
        column.addSpacing(style.px(8))
        for wanted, found in _CHECKS:
            check = _Check(style, texts(wanted), texts(found))
            self._checks.append(check)
            column.addWidget(check)
        column.addStretch(1)
        if view.is_named:
            question = texts("face.question")
            column.addWidget(TextBlock(question, style.text(21, 600), style.colours.ink))
            column.addSpacing(style.px(12))
            for answer, button in self._buttons(question).items():
                button.clicked.connect(lambda _checked=False, key=answer: self.pressed.emit(key))
                column.addWidget(button)
                column.addSpacing(style.px(12) if answer is DeskKey.SAME else 0)

    def _buttons(self, question: str) -> dict[DeskKey, AnswerButton]:
        texts, style, answer = self._texts, self._style, self._view.answer
        why = "" if self._view.is_live else texts("face.locked")
        return {
            DeskKey.SAME: AnswerButton(
                texts, style, DeskKey.SAME, question,
                is_open=answer is FaceAnswer.OPEN,
                is_chosen=answer is FaceAnswer.SAID_YES,
                why_not=why,
            ),
            DeskKey.DIFFERS: AnswerButton(
                texts, style, DeskKey.DIFFERS, question,
                is_open=answer in (FaceAnswer.OPEN, FaceAnswer.NO_ONLY),
                is_chosen=answer is FaceAnswer.SAID_NO,
            ),
        }  # fmt: skip


def _line(texts: Texts, view: FaceStageView) -> str:
    """The line of the band: what to do again, or why the face is asked for."""
    if view.failed is not None and not view.fault:
        return texts(_AGAIN[view.failed])
    if not view.is_named:
        return texts("face.why.search")
    return texts(f"face.why.{view.why.value}")


_AGAIN: Final = {
    FaceFailure.NO_FACE: "face.again.no_face",
    FaceFailure.TOO_SLOW: "face.again.too_slow",
    FaceFailure.TOO_FAST: "face.again.too_fast",
    FaceFailure.WRONG_WAY: "face.again.wrong_way",
    FaceFailure.JUMPED: "face.again.slowly",
    FaceFailure.FLAT: "face.again.slowly",
    FaceFailure.FROZEN: "face.again.slowly",
    FaceFailure.UNCLEAR: "face.again.unclear",
}
"""What to do differently; nobody is accused by it, so that three failures share one line."""


class _Band(QWidget):
    """Sign, word and line on quiet blue: a step of the work, no verdict."""

    def __init__(self, texts: Texts, style: Style, view: FaceStageView) -> None:
        super().__init__()
        self._style = style
        self.setFixedHeight(style.half_grown.px(FACE_BAND))
        ink = style.colours.on_face
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(36), 0, style.px(36), 0)
        row.setSpacing(style.px(24))
        row.addWidget(IconView("ph.user-focus-bold", style.px(104), ink))
        words = QVBoxLayout()
        words.setSpacing(style.px(4))
        words.addStretch(1)
        words.addWidget(
            TextBlock(
                texts("face.word"), style.display(58, 800, grows=False), ink,
                line_height=1.05, smallest_px=style.px(36),
            )
        )  # fmt: skip
        words.addWidget(
            TextBlock(
                _line(texts, view), style.text(22, 500), ink,
                line_height=1.3, smallest_px=style.px(16),
            )
        )  # fmt: skip
        words.addStretch(1)
        row.addLayout(words, 1)
        if view.attempt > 1:
            row.addWidget(self._attempts(texts, style, view), 0, Qt.AlignmentFlag.AlignBottom)

    def _attempts(self, texts: Texts, style: Style, view: FaceStageView) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, style.px(22))
        column.setSpacing(style.px(8))
        bar = SegmentBar(style, view.attempt, view.tries, ink=style.colours.on_face)
        bar.setFixedWidth(style.px(150))
        column.addWidget(bar, 0, Qt.AlignmentFlag.AlignRight)
        words = texts("capture.attempt", attempt=view.attempt, tries=view.tries)
        column.addWidget(TextBlock(words, style.text(17), style.colours.on_face, wrap=False))
        return box

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._style.colours.face))


def _add_captioned(row: QHBoxLayout, style: Style, picture: QWidget, words: str) -> None:
    """A picture; with larger text the words of its tag are above it, where they have room."""
    if not style.is_large:
        row.addWidget(picture)
        return
    column = QVBoxLayout()
    column.setSpacing(style.px(8))
    column.addWidget(TextBlock(words, style.text(17, 600), style.colours.ink2, line_height=1.3))
    add_picture(column, style, picture)
    column.addStretch(1)
    row.addLayout(column)


def _add_order(column: QVBoxLayout, style: Style) -> TextBlock:
    """The place of the order above the pictures, which have no room for larger words."""
    order = TextBlock("", style.text(24, 600), style.colours.ink, line_height=1.25)
    side = style.px(SCREEN_MARGIN)
    row = QHBoxLayout()
    row.setContentsMargins(side, style.px(STAGE_TOP), side, 0)
    row.addWidget(order)
    column.addLayout(row)
    return order


def _photo(texts: Texts, style: Style, voter: VoterCard | None) -> QWidget:
    """The photo of the list; an empty place while the record is read."""
    _, high = picture_size(style)
    if voter is None:
        place = Panel(style.colours.sunken, radius=style.px(16))
        place.setFixedWidth(round(high * 0.8))
        place.setMaximumHeight(high)
        return place
    base = round(high / style.scale)
    photo: PhotoView = voter_photo(texts, style, voter.portrait, voter.sex, base)
    column = QVBoxLayout(photo)
    column.setContentsMargins(*[style.px(14)] * 4)
    if not style.is_large:
        column.addWidget(picture_tag(style, "ph.database-fill", texts("face.register")))
    column.addStretch(1)
    return photo


def _add_name(column: QVBoxLayout, texts: Texts, style: Style, voter: VoterCard | None) -> None:
    colours = style.colours
    if voter is None:
        words = TextBlock(texts("busy.looking_up"), style.text(20), colours.ink2)
        column.addWidget(words)
    else:
        first, _, rest = voter.given_names.partition(" ")
        born = texts("face.born", date=voter.born)
        column.addWidget(
            ListedText(
                f"{voter.surname} {first}", style.display(31, 700), colours.ink,
                line_height=1.15, smallest_px=style.px(16),
            )
        )  # fmt: skip
        column.addSpacing(style.px(4))
        column.addWidget(
            ListedText(
                f"{rest}, {born}" if rest else born[:1].upper() + born[1:],
                style.text(20), colours.ink2, line_height=1.3, smallest_px=style.px(14),
            )
        )  # fmt: skip
    column.addSpacing(style.px(12))
    column.addWidget(Line(colours.line))


def _add_search(column: QVBoxLayout, texts: Texts, style: Style) -> None:
    """What comes after the pictures where nobody is named."""
    colours = style.colours
    title = texts("face.search.title")
    column.addWidget(TextBlock(title, style.display(31, 700), colours.ink, line_height=1.15))
    column.addSpacing(style.px(14))
    steps = ("face.search.step1", "face.search.step2", "face.search.step3")
    for number, key in enumerate(steps, start=1):
        sign = Badge(style, side=44, fill=colours.sunken, ink=colours.ink, text=str(number))
        words = TextBlock(texts(key), style.text(20, 500), colours.ink, line_height=1.25)
        column.addWidget(Step(sign, words, style.px(16)))
        column.addSpacing(style.px(10))
    column.addSpacing(style.px(4))
    column.addWidget(Line(colours.line))


def _fault_card(texts: Texts, style: Style, code: str) -> Panel:
    """In the place of the live picture: why there is none, and what to do."""
    colours = style.colours
    known = code if f"face.fault.{code}" in texts else "other"
    title, first = texts(f"face.fault.{known}"), texts(f"face.mend.{known}")
    panel = card(style, border=colours.stop_ink, border_width=3)
    panel.setFixedWidth(style.px(FACE_PICTURE[0]))
    panel.setMaximumHeight(style.px(FACE_PICTURE[1]))
    column = QVBoxLayout(panel)
    column.setContentsMargins(*[style.px(side) for side in (28, 26, 28, 26)])
    column.setSpacing(0)
    column.addWidget(IconView(UNPLUGGED, style.px(64), colours.stop_ink))
    column.addSpacing(style.px(18))
    column.addWidget(TextBlock(title, style.display(29, 700), colours.ink, line_height=1.15))
    column.addSpacing(style.px(20))
    for number, words in enumerate((first, texts("face.fault_goes_on")), start=1):
        sign = Badge(style, side=44, fill=colours.sunken, ink=colours.ink, text=str(number))
        text = TextBlock(words, style.text(20, 500), colours.ink, line_height=1.25)
        column.addWidget(Step(sign, text, style.px(14)))
        column.addSpacing(style.px(14))
    column.addStretch(1)
    panel.setAccessibleName(title)
    return panel


class _Check(QWidget):
    """One line: what is still looked for, or what was found."""

    def __init__(self, style: Style, wanted: str, found: str) -> None:
        super().__init__()
        self._style, self._words = style, (wanted, found)
        self._is_done: bool | None = None
        self.setFixedHeight(style.half_grown.px(44))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(style.px(12))
        self._signs = tuple(
            IconView(icon, style.px(26), ink)
            for icon, ink in (
                ("ph.circle-dashed", style.colours.ink),
                ("ph.check-circle-fill", style.colours.ok_ink),
            )
        )
        for sign in self._signs:
            self._row.addWidget(sign)
        self._text = TextBlock("", style.text(18, 500), style.colours.ink, smallest_px=style.px(14))
        self._row.addWidget(self._text, 1)
        self.set_done(is_done=False)

    def set_done(self, *, is_done: bool) -> None:
        """Say that it is found, or still looked for."""
        if is_done is self._is_done:
            return
        self._is_done = is_done
        words, colours = self._words[is_done], self._style.colours
        self._text.setText(words)
        self._text.set_ink(colours.ok_ink if is_done else colours.ink)
        self.setAccessibleName(words)
        for sign, is_shown in zip(self._signs, (not is_done, is_done), strict=True):
            sign.setVisible(is_shown)
