"""Capture: the live finger, one order, three meters in words; then a moment of work."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage, LiveFrame, Meters, position_of
from station_app.domain.session_capturing import tries_at_most
from station_app.domain.session_states import (
    AwaitingSample,
    DecidingStop,
    LookingUp,
    Matching,
    Recording,
    Reviewing,
    Voiding,
)
from station_app.ui.operator.page import StageView, StateContext, StatePage
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.views import NO_MARKS, DeskParts, HandMarks, face_keys
from station_app.ui.operator.words import finger_name, finger_order, level_word, skin_word
from station_app.ui.sounds import Sound
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import SCREEN_MARGIN, STAGE_TOP
from station_app.ui.widgets.cards import Line, card, tag
from station_app.ui.widgets.finger_view import LiveFingerView
from station_app.ui.widgets.hand_view import HandView, put_hand_at_its_side
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.meters import ProgressBar, SegmentBar
from station_app.ui.widgets.text_block import TextBlock

ALMOST = 0.6
"""From this part of the capture on, the screen says that it is almost done."""


class LiveKind(StrEnum):
    """What a scanner shows while a finger lies on it."""

    METERS = "meters"
    """Frames, and meters from them."""
    STILL = "still"
    """Nothing: the image comes while the finger lies there."""
    AFTER_LIFT = "after_lift"
    """Nothing: the image comes when the finger is off."""


class TouchStage(StrEnum):
    """What to do with a finger that the scanner senses and does not show."""

    HOLD = "hold"
    LIFT = "lift"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class CaptureView(StageView):
    """The scanner waits for, or reads, try `attempt` of `tries`.

    `pin_found` says that the session has a document whose PIN is on the list, `has_face` that a
    key asks for the face. `marks` are those of the person's hands.
    """

    finger: FingerPosition
    attempt: int
    tries: int
    pin_found: bool = False
    live: LiveKind = LiveKind.METERS
    has_face: bool = False
    marks: HandMarks = NO_MARKS

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        return (
            DeskKey.HELP,
            DeskKey.OTHER_FINGER,
            *face_keys(has_face=self.has_face),
            DeskKey.COMMISSION,
            DeskKey.CANCEL,
        )

    @property
    def own_help(self) -> tuple[str, ...]:
        return ("capture" if self.live is LiveKind.METERS else "capture_unseen",)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return CaptureScreen(texts, style, self)


class BusyStage(StrEnum):
    """What the station is doing while the operator waits a moment."""

    LOOKING_UP = "looking_up"
    MATCHING = "matching"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class BusyView(StageView):
    """The station works; `finger` is the one just read, None when no finger is involved.

    `can_cancel` is False once the outcome is on its way into the journal. `image` is of a finger
    that no frame has shown; `is_lifted` where the scanner gave its image after the lift.
    """

    stage: BusyStage
    finger: FingerPosition | None = None
    can_cancel: bool = True
    image: FingerImage | None = None
    is_lifted: bool = False
    help_page: ClassVar = "busy"

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        return (DeskKey.HELP, DeskKey.CANCEL) if self.can_cancel else (DeskKey.HELP,)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return CaptureScreen(texts, style, self)

    @property
    def sound(self) -> Sound | None:
        """A quiet tick: the image is taken and the finger may be lifted."""
        may_lift = self.stage is BusyStage.MATCHING and not self.is_lifted
        return Sound.CAPTURE_DONE if may_lift else None

    @property
    def is_passing(self) -> bool:
        """A record is read or an entry written in some milliseconds."""
        return self.stage is not BusyStage.MATCHING


def _awaiting(state: AwaitingSample, now: StateContext) -> CaptureView | TryAgainView:
    session = state.session
    finger, attempt = position_of(session.asked), session.tries + 1
    tries = tries_at_most(session, now.policy)
    marks = HandMarks.of(session)
    if state.reason is None or state.touched:
        pin_found = session.named_row is not None
        live = _live_kind(now)
        return CaptureView(finger, attempt, tries, pin_found, live, now.has_face, marks)
    seen = state.hint or state.reason
    return TryAgainView(
        finger, state.reason, attempt, tries, now.last_image, seen, now.has_face, marks
    )


def _live_kind(now: StateContext) -> LiveKind:
    if now.scanner is None or now.scanner.streams:
        return LiveKind.METERS
    return LiveKind.AFTER_LIFT if now.scanner.gives_after_lift else LiveKind.STILL


def _matching(state: Matching | Reviewing, now: StateContext) -> BusyView:
    live = _live_kind(now)
    return BusyView(
        BusyStage.MATCHING,
        position_of(state.session.asked),
        image=None if live is LiveKind.METERS else now.last_image,
        is_lifted=live is LiveKind.AFTER_LIFT,
    )


def _recording(_state: Recording | Voiding | DecidingStop, _: StateContext) -> BusyView:
    return BusyView(BusyStage.RECORDING, can_cancel=False)


PAGES: Final = (
    StatePage(LookingUp, lambda _state, _: BusyView(BusyStage.LOOKING_UP)),
    StatePage(AwaitingSample, _awaiting),
    StatePage(Matching, _matching),
    StatePage(Reviewing, _matching),
    StatePage(Recording, _recording),
    StatePage(Voiding, _recording),
    StatePage(DecidingStop, _recording),
)


def _down(style: Style) -> QBoxLayout.Direction:
    """Notes stand side by side; with larger text below each other."""
    down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
    return down if style.is_large else across


def _add(column: QVBoxLayout, style: Style, part: QBoxLayout) -> None:
    """Add a part; with larger text as a widget, whose lines no other part takes room from."""
    if not style.is_large:
        column.addLayout(part)
        return
    holder = QWidget()
    part.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(part)
    column.addWidget(holder)


def _gap(style: Style, height: int) -> QSpacerItem:
    """A gap that closes before anything is cut."""
    down = QSizePolicy.Policy.Fixed if style.is_large else QSizePolicy.Policy.Maximum
    return QSpacerItem(0, style.px(height), QSizePolicy.Policy.Minimum, down)


class _MeterRow(QWidget):
    def __init__(self, style: Style, icon: str, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line(style.colours.row_line))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        ink = style.colours.ink
        row.addWidget(IconView(icon, style.px(28), ink))
        label = TextBlock(name, style.text(18, 600), ink, wrap=False)
        grown = style.grown
        label.setFixedSize(grown.px(112), grown.px(63))
        row.addWidget(label)
        self._bar = SegmentBar(style, 0)
        row.addWidget(self._bar, 1)
        self._word = TextBlock(
            "", style.text(17, 600), ink, wrap=False, align=Qt.AlignmentFlag.AlignRight
        )
        self._word.setFixedWidth(grown.px(150))
        row.addWidget(self._word)
        column.addLayout(row, 1)
        self.setFixedHeight(grown.px(64))
        self._name = name

    def set_level(self, level: int, word: str) -> None:
        self._bar.set_filled(level)
        self._word.setText(word)
        self.setAccessibleName(f"{self._name}: {word}")


def _missing(view: CaptureView | BusyView) -> frozenset[FingerPosition]:
    return view.marks.missing if isinstance(view, CaptureView) else frozenset()


class CaptureScreen(QWidget):
    """The stage while a finger is awaited or read, and while the station works on it."""

    def __init__(self, texts: Texts, style: Style, view: CaptureView | BusyView) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        around = QHBoxLayout(self)
        side, top = style.px(SCREEN_MARGIN), style.px(STAGE_TOP)
        around.setContentsMargins(side, top, side, top)
        panel = card(style)
        around.addWidget(panel)
        row = QHBoxLayout(panel)
        row.setContentsMargins(style.px(32), style.px(28), style.px(40), style.px(28))
        row.setSpacing(style.px(48))
        self.finger = LiveFingerView(
            style,
            texts("capture.live"),
            texts("capture.image"),
            idle_icon="ph.identification-card" if view.finger is None else "ph.fingerprint",
        )
        at = Qt.AlignmentFlag.AlignVCenter
        if style.is_large:  # the order comes first, then the picture
            row.setDirection(QBoxLayout.Direction.BottomToTop)
            at = Qt.AlignmentFlag.AlignLeft
        row.addWidget(self.finger, 0, at)
        self.finger.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        column.addSpacing(style.px(6))
        _add(column, style, self._head(view.finger))
        column.addSpacerItem(_gap(style, 28))
        _add(column, style, self._progress())
        column.addSpacerItem(_gap(style, 34))
        self._meters = QWidget()
        column.addWidget(self._meters)
        self._rows = self._meter_rows()
        if not style.is_large:
            column.addStretch(1)
        self._meters.hide()
        if isinstance(view, CaptureView):
            self._add_notes(column, view)
        elif view.image is not None:
            self.finger.show_frame(view.image, live=False)

    def show_frame(self, frame: LiveFrame, meters: Meters) -> None:
        """Show a frame of the live view, its progress, and the meters in words."""
        texts = self._texts
        if not self.finger.show_frame(frame.image, live=isinstance(self._view, CaptureView)):
            return
        if isinstance(self._view, BusyView):
            return
        done = frame.progress >= 1.0
        self._order.setText(texts("capture.lift") if done else texts("capture.hold"))
        almost = frame.progress >= ALMOST
        self._stage.setText(texts("capture.almost") if almost else texts("capture.reading"))
        self._bar.set_fraction(frame.progress)
        position, pressure, skin = self._rows
        position.set_level(meters.position, level_word(texts, meters.position))
        pressure.set_level(meters.pressure, level_word(texts, meters.pressure))
        skin.set_level(meters.skin, skin_word(texts, meters))
        self._meters.setVisible(True)

    def show_touch(self, stage: TouchStage) -> None:
        """Say what to do with a finger that no frame shows."""
        if isinstance(self._view, BusyView) or self._view.live is LiveKind.METERS:
            return
        texts = self._texts
        match stage:
            case TouchStage.HOLD:
                order, words = texts("capture.hold"), texts("capture.on_glass")
            case TouchStage.LIFT:
                order, words = texts("capture.lift"), texts("capture.on_glass")
            case TouchStage.OFF:
                order, words = texts("busy.wait"), texts("capture.reading")
        self._order.setText(order)
        self._stage.setText(words)

    def _head(self, finger: FingerPosition | None) -> QBoxLayout:
        style, colours = self._style, self._style.colours
        head = QBoxLayout(_down(style))
        if not style.is_large:
            put_hand_at_its_side(head, style)
        words = QVBoxLayout()
        words.setSpacing(style.px(8))
        name = "" if finger is None else finger_name(self._texts, finger)
        words.addWidget(TextBlock(name, style.text(18, 600), colours.ink3, wrap=False))
        self._order = TextBlock(
            self._first_order(), style.display(54, 700), colours.ink, line_height=1.08
        )
        words.addWidget(self._order)
        if not style.is_large:
            words.addStretch(1)
        head.addLayout(words, 1)
        if finger is not None:
            hand = HandView(
                style, finger, largest=style.px(160), rings=False, missing=_missing(self._view)
            )
            hand.setFixedSize(hand.sizeHint())
            head.addWidget(hand, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _first_order(self) -> str:
        match self._view:
            case CaptureView():
                return finger_order(self._texts, self._view.finger)
            case BusyView(stage=BusyStage.LOOKING_UP):
                return self._texts("busy.wait")
            case BusyView(finger=None) | BusyView(is_lifted=True):
                return self._texts("busy.wait")
            case BusyView():
                return self._texts("capture.lift")

    def _progress(self) -> QVBoxLayout:
        style, view = self._style, self._view
        words = (
            self._texts("capture.waiting")
            if isinstance(view, CaptureView)
            else self._texts(f"busy.{view.stage.value}")
        )
        column = QVBoxLayout()
        column.setSpacing(style.px(12))
        self._stage = TextBlock(words, style.text(20, 500), style.colours.ink, wrap=False)
        column.addWidget(self._stage)
        self._bar = ProgressBar(style, height=20, bordered=True)
        column.addWidget(self._bar)
        if isinstance(view, BusyView) or view.live is not LiveKind.METERS:
            self._bar.hide()
        if isinstance(view, CaptureView) and view.live is not LiveKind.METERS:
            words = self._texts(f"capture.{view.live.value}")
            column.addWidget(TextBlock(words, style.text(20), style.colours.ink2, line_height=1.35))
        return column

    def _meter_rows(self) -> tuple[_MeterRow, _MeterRow, _MeterRow]:
        texts, style = self._texts, self._style
        rows = (
            _MeterRow(style, "ph.crosshair-simple", texts("meter.position")),
            _MeterRow(style, "ph.arrow-fat-lines-down", texts("meter.pressure")),
            _MeterRow(style, "ph.drop-half", texts("meter.skin")),
        )
        column = QVBoxLayout(self._meters)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        return rows

    def _add_notes(self, column: QVBoxLayout, view: CaptureView) -> None:
        style, texts = self._style, self._texts
        notes = QBoxLayout(_down(style))
        notes.setSpacing(style.px(16))
        bar = SegmentBar(style, view.attempt, view.tries)
        bar.setFixedWidth(style.px(160))
        words = texts("capture.attempt", attempt=view.attempt, tries=view.tries)
        notes.addWidget(bar)
        notes.addWidget(TextBlock(words, style.text(17), style.colours.ink3, wrap=False))
        if not style.is_large:
            notes.addStretch(1)
        if view.pin_found:
            notes.addWidget(tag(style, "ph.check-circle-fill", texts("capture.pin_found")))
        _add(column, style, notes)
