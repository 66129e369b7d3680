"""The right of the unlocking screen: one thing to do, by stage."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.roles import Role
from station_app.ui.announce import announce
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_lines, fault_sentences
from station_app.ui.unlock.entry import (
    SideState,
    TrainingView,
    UnlockStage,
    UnlockView,
)
from station_app.ui.unlock.keyboard_watch import Layout
from station_app.ui.unlock.side import SideBox
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock

_COLUMN = 560
_WHOLE_WAIT_S = 60
"""A wait's first second (`vault.attempts`)."""

_FREE = (SideState.EMPTY, SideState.WRONG)
Keyboard = tuple[Layout, bool | None]


class UnlockBody(QWidget):
    """Title, the two fields where they are needed, and the buttons."""

    open_pressed = Signal()
    technician_pressed = Signal()
    training_pressed = Signal()
    lock_pressed = Signal()
    stop_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: UnlockView) -> None:
        super().__init__()
        self._texts, self._style = texts, style
        self.sides: dict[Role, SideBox] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, style.px(44), 0, 0)
        outer.setSpacing(0)
        column_box = QWidget()
        self._column = QVBoxLayout(column_box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        if style.is_large:
            outer.addWidget(column_box, 1)
        else:
            column_box.setFixedWidth(style.px(_COLUMN))
            outer.addWidget(column_box, 1, Qt.AlignmentFlag.AlignHCenter)
        self._add_title(view)
        self._keyboard_row: tuple[TextBlock, TextBlock] | None = None
        self._message = TextBlock("", style.text(17, 500), style.colours.stop_ink, line_height=1.35)
        if view.stage in (UnlockStage.LOCKED, UnlockStage.OPENING):
            self._add_fields(view)
        self._column.addWidget(self._message)
        self._column.addSpacing(style.px(22))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(style.px(16))
        self._column.addLayout(self._buttons)
        self._add_buttons(view)
        self._column.addStretch(1)
        if view.stage in (UnlockStage.LOCKED, UnlockStage.OPENING):
            outer.addLayout(self._foot("ph.info", texts("unlock.forgot")))

    def show_view(
        self, view: UnlockView, keyboard: Keyboard, training: TrainingView | None = None
    ) -> None:
        """Write the view into the widgets of its stage; no `training`: no lessons are offered."""
        for kind, box in self.sides.items():
            side = view.side(kind)
            may_type = view.stage is UnlockStage.LOCKED and side.state in _FREE
            box.show_side(side, is_slow=view.is_slow, may_type=may_type and side.person is not None)
        told = self._message_of(view, keyboard)
        text = self._refusal_of(training) or told
        ink = self._style.colours.stop_ink
        if view.stage is UnlockStage.OPENING:
            ink = self._style.colours.ink2
        if not text and training is not None and training.is_open:
            text, ink = self._texts("lesson.ui.running"), self._style.colours.ink2
        is_news = text != self._message.text()
        self._message.setText(text)
        self._message.set_ink(ink)
        self._message.setVisible(bool(text))
        if is_news and text and not self._is_countdown(view):
            announce(self._message, text)
        if self._keyboard_row is not None:
            layout, caps = self._keyboard_row
            layout.setText(self._texts(f"unlock.layout.{keyboard[0].value}"))
            layout.updateGeometry()
            caps.setText(self._texts(_caps_key(keyboard[1])))
            caps.set_ink(self._style.colours.stop_ink if keyboard[1] else self._style.colours.ink3)
        if view.stage in (UnlockStage.LOCKED, UnlockStage.OPENING):
            opening = view.stage is UnlockStage.OPENING
            slow = opening and view.is_slow
            self._main.set_label(self._texts("unlock.opening" if slow else "unlock.open"))
            self._main.setEnabled(not opening)
            self.technician.setEnabled(not opening)
            self.technician.setVisible(view.compared is None)
            self._stop.setVisible(view.compared is not None)
        is_offered = self._may_train and training is not None
        self._training.setVisible(is_offered and view.compared is None)
        is_free = view.stage is not UnlockStage.OPENING
        self._training.setEnabled(is_free and training is not None and not training.is_open)

    def put_in_order(self) -> None:
        """Tab goes from field to field and on to the buttons; whom to choose comes after."""
        boxes = self.sides.values()
        lines = [box.field.line for box in boxes]
        people, eyes = [box.person for box in boxes], [box.field.eye for box in boxes]
        stops: list[QWidget] = [
            *lines, self._main, self._stop, self.technician, self._training, *people, *eyes,
        ]  # fmt: skip
        shown = dict.fromkeys(stop for stop in stops if self.isAncestorOf(stop))
        for first, second in pairwise(shown):
            self.setTabOrder(first, second)

    def focus_button(self) -> None:
        """Give the keyboard to the one button that leads on."""
        if self._main.isEnabled():
            self._main.setFocus()

    def _add_title(self, view: UnlockView) -> None:
        texts, style = self._texts, self._style
        stage = UnlockStage.LOCKED if view.stage is UnlockStage.OPENING else view.stage
        if stage is UnlockStage.OPEN:
            lead = texts("unlock.lead.open", number=texts.number(view.opened_voters))
        else:
            lead = texts(f"unlock.lead.{stage.value}")
        title = texts(f"unlock.title.{stage.value}")
        if stage is UnlockStage.NO_LIST and view.fault != "vsnap_none_loaded":
            title, lead = fault_lines(texts, view.fault)
        self.setAccessibleName(f"{title}. {lead}")
        ink, faint = style.colours.ink, style.colours.ink2
        self._column.addWidget(TextBlock(title, style.display(38, 700), ink, line_height=1.15))
        self._column.addSpacing(style.px(12))
        self._column.addWidget(TextBlock(lead, style.text(19), faint, line_height=1.4))
        self._column.addSpacing(style.px(28))

    def _add_fields(self, view: UnlockView) -> None:
        style = self._style
        for kind in (Role.OPERATOR, Role.MEMBER):
            box = SideBox(self._texts, style, view.side(kind))
            self._column.addWidget(box)
            self._column.addSpacing(style.px(24))
            self.sides[kind] = box
        self._column.addSpacing(-style.px(8))
        row = QHBoxLayout()
        row.setSpacing(style.px(8))
        blocks = []
        for icon in ("ph.keyboard", "ph.arrow-fat-up"):
            row.addWidget(IconView(icon, style.px(22), style.colours.ink3))
            block = TextBlock("", style.text(15), style.colours.ink3, wrap=False)
            row.addWidget(block)
            row.addSpacing(style.px(16))
            blocks.append(block)
        row.addStretch(1)
        self._keyboard_row = (blocks[0], blocks[1])
        self._column.addLayout(row)
        self._column.addSpacing(style.px(10))

    def _add_buttons(self, view: UnlockView) -> None:
        texts, style = self._texts, self._style
        self.technician = technician = ActionButton(
            texts("unlock.technician"),
            style,
            icon="ph.wrench",
            height=60,
            px=17,
            primary=view.stage in (UnlockStage.NO_LIST, UnlockStage.NOT_SET_UP),
        )
        technician.clicked.connect(self.technician_pressed)
        self._main = technician
        self._training = training = ActionButton(
            texts("lesson.ui.open"), style, icon="ph.student", height=60, px=17
        )
        training.clicked.connect(self.training_pressed)
        self._stop = stop = ActionButton(
            texts("unlock.stop"), style, icon="ph.x", key="Esc", height=60, px=17
        )
        stop.clicked.connect(self.stop_pressed)
        stop.hide()
        if view.stage is UnlockStage.OPEN:
            self._main = ActionButton(
                texts("unlock.lock"), style, icon="ph.lock", key="F12", height=60, primary=True
            )
            self._main.clicked.connect(self.lock_pressed)
        elif view.stage in (UnlockStage.LOCKED, UnlockStage.OPENING):
            self._main = ActionButton(
                texts("unlock.open"), style, key="Enter", height=60, px=19, primary=True
            )
            self._main.clicked.connect(self.open_pressed)
        self._buttons.addWidget(self._main)
        self._buttons.addWidget(stop)
        if technician is not self._main and view.stage is not UnlockStage.OPEN:
            self._buttons.addWidget(technician)
        self._buttons.addWidget(training)
        self._may_train = view.stage not in (UnlockStage.STARTING, UnlockStage.OPEN)
        if view.stage is UnlockStage.STARTING:
            self._main.hide()
        self._buttons.addStretch(1)

    def _foot(self, icon: str, text: str) -> QHBoxLayout:
        style = self._style
        row = QHBoxLayout()
        row.setSpacing(style.px(10))
        row.addWidget(IconView(icon, style.px(22), style.colours.ink3))
        row.addWidget(TextBlock(text, style.text(15), style.colours.ink3, wrap=False), 1)
        return row

    def _is_countdown(self, view: UnlockView) -> bool:
        """Read aloud once, not every second."""
        waits = [side.wait_s for side in (view.operator, view.member) if side.wait_s]
        counts = view.compared is not None and view.compared[0] > 0
        return counts or (bool(waits) and max(waits) < _WHOLE_WAIT_S)

    def _refusal_of(self, training: TrainingView | None) -> str:
        """Why the lessons did not open, empty where nobody has asked for them."""
        if training is None:
            return ""
        if training.fault:
            return fault_sentences(self._texts, training.fault)
        return self._texts("lesson.ui.not_started") if training.has_failed else ""

    def _message_of(self, view: UnlockView, keyboard: Keyboard) -> str:
        texts = self._texts
        if view.fault and view.stage is UnlockStage.LOCKED:
            return fault_sentences(texts, view.fault)
        for side in (view.operator, view.member):
            if side.state is SideState.WAITING:
                return texts("unlock.too_many", seconds=side.wait_s)
            if side.state is SideState.WRONG:
                layout = texts(f"unlock.layout.short.{keyboard[0].value}")
                return texts("unlock.wrong", layout=layout, tries=side.tries)
        if view.compared is not None:
            done, of = (texts.number(count) for count in view.compared)
            return texts("unlock.comparing", done=done, of=of)
        return ""


def _caps_key(caps_lock: bool | None) -> str:
    if caps_lock is None:
        return "unlock.caps.unknown"
    return "unlock.caps.on" if caps_lock else "unlock.caps.off"
