"""One person's half of the unlocking screen: who it is, and the field of their passphrase."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.roles import Person, Role
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.unlock.entry import SideState, SideView
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.keys import press_by_enter
from station_app.ui.widgets.passphrase_field import PassphraseField
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock, draw_fitted

_ICONS = {Role.OPERATOR: "ph.user", Role.MEMBER: "ph.user-gear"}
_NAME_WIDTH = 380


def role_name(texts: Texts, kind: Role, person: Person | None) -> str:
    """What the person is called over their field: Operator, Chair, Commission member."""
    return texts(f"unlock.role.{(person.role if person else kind).value}")


class PersonButton(QAbstractButton):
    """The person's name; pressed, it lets another be chosen."""

    def __init__(self, name: str, hint: str, style: Style, *, others: bool) -> None:
        super().__init__()
        self._name, self._style, self._others = name, style.half_grown, others
        style = self._style
        self.setAccessibleName(f"{name}, {hint}" if others else name)
        self.setEnabled(others)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if others else Qt.FocusPolicy.NoFocus)
        self.setProperty("focus_radius", style.px(6))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if others:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._style.text(15)).horizontalAdvance(self._name) + 1
        room = min(max(round(words), self._style.px(48)), self._style.px(_NAME_WIDTH))
        return QSize(room + (self._style.px(22) if self._others else 0), self._style.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            if not event.isAutoRepeat():
                self.click()
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        room = self.width() - (style.px(22) if self._others else 0)
        painter.setPen(colour(colours.ink3))
        within = QRectF(0, 0, room, self.height())
        draw_fitted(painter, within, style.text(15), self._name, style.px(10))
        if self._others:
            side = style.px(16)
            box = QRectF(self.width() - side, (self.height() - side) / 2, side, side)
            paint_icon(painter, "ph.caret-down", box, colours.ink3)


class SideBox(QWidget):
    """Role and person above, the field below."""

    person_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: SideView) -> None:
        super().__init__()
        self._texts = texts
        self.person_of = view.person
        role = role_name(texts, view.kind, view.person)
        name = view.person.name if view.person else texts("unlock.nobody")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(TextBlock(role, style.text(17, 600), style.colours.ink, wrap=False))
        head.addStretch(1)
        others = view.others > 0
        self.person = PersonButton(name, texts("unlock.choose_person"), style, others=others)
        self.person.clicked.connect(self.person_pressed)
        head.addWidget(self.person)
        column.addLayout(head)
        self.field = PassphraseField(
            style,
            icon=_ICONS[view.kind],
            name=texts("unlock.field", role=role, name=name),
            show=texts("unlock.show"),
        )
        column.addWidget(self.field)

    def show_side(self, view: SideView, *, is_slow: bool, may_type: bool) -> None:
        """Show how far this person is."""
        texts, tag, tone = self._texts, "", Tone.OPEN
        if view.state is SideState.ACCEPTED:
            tag, tone = texts("unlock.accepted"), Tone.GOOD
        elif view.state is SideState.CHECKING and is_slow:
            tag = texts("unlock.checking")
        elif view.state is SideState.WAITING:
            tag, tone = texts("unlock.wait", seconds=view.wait_s), Tone.BAD
        self.field.set_state(
            enabled=may_type,
            accepted=view.state is SideState.ACCEPTED,
            wrong=view.state is SideState.WRONG,
            tag=tag,
            tone=tone,
        )
        self.person.setEnabled(view.others > 0 and view.state is not SideState.CHECKING)
