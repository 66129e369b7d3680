"""People: who may unlock the station at the left, the change under way at the right."""

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from station_app.domain.roles import Role
from station_app.ui.room_shell import Place, RoomPage, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.technician.people import (
    KnownPerson,
    PeopleAct,
    PeopleChange,
    PeopleStage,
    PeopleView,
)
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.tokens import CARD_RADIUS
from station_app.ui.unlock.entry import SIDES, SideState, UnlockView
from station_app.ui.unlock.side import SideBox
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, Step, card
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.passphrase_field import PassphraseField
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

ROLES = (Role.OPERATOR, Role.MEMBER, Role.CHAIR, Role.TECHNICIAN)
_FREE = (SideState.EMPTY, SideState.WRONG)


class PeoplePresses(QObject):
    """What is pressed and typed on the page.

    `new_typed` and `agreed` carry a passphrase that no widget has any more.
    """

    person_pressed = Signal(object)
    add_pressed = Signal()
    act_pressed = Signal(PeopleAct)
    named = Signal(str, Role)
    new_typed = Signal(str)
    agreed = Signal(Role, str)
    other_pressed = Signal(Role, int)
    back_pressed = Signal()


class PeoplePanel(Panel):
    """Shows the stage of a `PeopleView`."""

    def __init__(
        self,
        texts: Texts,
        style: Style,
        view: PeopleView,
        presses: PeoplePresses,
    ) -> None:
        colours = style.colours
        super().__init__(colours.surface, radius=style.px(CARD_RADIUS), border=colours.line)
        self._texts, self._style, self._view, self._presses = texts, style, view, presses
        self.sides: dict[Role, SideBox] = {}
        self.name: QLineEdit | None = None
        self.field: PassphraseField | None = None
        self.choices: ChoiceList | None = None
        self._may_type: list[Role] = []
        self._checked = Role.OPERATOR
        self._message: TextBlock | None = None
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(*[style.px(side) for side in (28, 22, 28, 20)])
        column.setSpacing(style.px(12))
        stage = view.stage
        if stage is PeopleStage.WHO:
            self._ask_who()
        elif stage is PeopleStage.PERSON:
            self._ask_what()
        elif stage in (PeopleStage.NEW, PeopleStage.AGAIN):
            self._ask_new()
        elif view.sides is not None:
            self._ask_two(view.sides)
        else:
            self._say_how_it_stands()
        column.addStretch(1)

    def update_sides(self, view: PeopleView) -> bool:
        """Write how far the two are; False where it is another question."""
        if view.sides is None or view.change != self._view.change:
            return False
        for kind, box in self.sides.items():
            if view.sides.side(kind).person != box.person_of:
                return False
        self._view = view
        self._show_sides(view.sides)
        return True

    def take_focus(self) -> bool:
        """Give the keyboard to what leads on; whether there is anything."""
        for kind, box in self.sides.items():
            sides = self._view.sides
            if sides is not None and sides.side(kind).state in _FREE:
                box.field.setFocus()
                return True
        if self.name is not None:
            self.name.setFocus()
        elif self.field is not None:
            self.field.setFocus()
        elif self.choices is not None:
            self.choices.focus_row(0)
        return any((self.sides, self.name, self.field, self.choices))

    def _title(self, title: str, line: str) -> None:
        style, colours = self._style, self._style.colours
        self._column.addWidget(
            TextBlock(title, style.display(24, 700), colours.ink, line_height=1.2)
        )
        self._column.addWidget(TextBlock(line, style.text(17), colours.ink2, line_height=1.4))
        self._column.addSpacing(style.px(6))

    def _say_how_it_stands(self) -> None:
        texts, view = self._texts, self._view
        self._title(texts("people.two.title"), texts("people.two.line"))
        if view.done is not None:
            said = texts(f"people.done.{view.done.act.value}", name=view.done.name)
            self._line(Tone.GOOD, said)
        if view.fault:
            self._line(Tone.BAD, said_fault(texts, view.fault))

    def _ask_what(self) -> None:
        texts, change = self._texts, self._change
        role = texts(f"people.role.{change.role.value}")
        self._title(change.name, role)
        choices = [Choice("ph.key", texts("people.replace"), texts("people.replace_line"))]
        if self._view.may_remove:
            choices.append(Choice("ph.user-minus", texts("people.remove"),
                                  texts("people.remove_line")))  # fmt: skip
        self.choices = ChoiceList(self._style, choices)
        acts = (PeopleAct.REPLACE, PeopleAct.REMOVE)
        self.choices.chosen.connect(lambda place: self._presses.act_pressed.emit(acts[place]))
        self._column.addWidget(self.choices)
        if not self._view.may_remove:
            text = texts("people.last", role=role)
            ink = self._style.colours.ink3
            self._column.addWidget(TextBlock(text, self._style.text(15), ink))

    def _ask_who(self) -> None:
        texts, style, colours = self._texts, self._style, self._style.colours
        self._title(texts("people.who.title"), texts("people.who.line"))
        self.name = field = QLineEdit(self._change.name)
        field.setFont(style.text(18))
        field.setMaxLength(80)
        field.setFixedHeight(style.half_grown.px(56))
        field.setAccessibleName(texts("people.name"))
        field.setPlaceholderText(texts("people.name"))
        field.setProperty("focus_radius", style.px(12))
        field.setStyleSheet(
            f"QLineEdit {{ border: {style.px(2)}px solid {colours.control_border};"
            f" border-radius: {style.px(12)}px; padding: 0 {style.px(14)}px;"
            f" background: {colours.surface}; color: {colours.ink}; }}"
        )
        self._column.addWidget(field)
        icons = ("ph.user", "ph.user-gear", "ph.crown", "ph.wrench")
        self.choices = ChoiceList(
            style,
            [
                Choice(icon, texts(f"people.role.{role.value}"))
                for icon, role in zip(icons, ROLES, strict=True)
            ],
        )
        self.choices.chosen.connect(
            lambda place: self._presses.named.emit(field.text(), ROLES[place])
        )
        field.returnPressed.connect(lambda: self._focus_role(self._change.role))
        self._column.addWidget(self.choices)
        self._add_fault()

    def _focus_role(self, role: Role) -> None:
        assert self.choices is not None
        self.choices.focus_row(ROLES.index(role))

    def _ask_new(self) -> None:
        texts, change, view = self._texts, self._change, self._view
        again = view.stage is PeopleStage.AGAIN
        title = "people.new.again" if again else "people.new.title"
        self._title(texts(title, name=change.name), texts("people.new.line"))
        self.field = PassphraseField(
            self._style,
            icon="ph.key",
            name=texts("people.new.field", name=change.name),
            show=texts("unlock.show"),
        )
        self.field.set_state(
            enabled=not view.is_checking, accepted=False, wrong=bool(view.fault), tag="",
            tone=Tone.OPEN,
        )  # fmt: skip
        self.field.taken.connect(self._presses.new_typed)
        self._column.addWidget(self.field)
        self._add_fault()
        hint = texts("people.new.hint")
        self._column.addWidget(TextBlock(hint, self._style.text(15), self._style.colours.ink3))

    def _ask_two(self, sides: UnlockView) -> None:
        texts, change = self._texts, self._change
        self._title(
            texts(f"people.agree.{change.act.value}", name=change.name),
            texts("people.agree.line"),
        )
        for kind in SIDES:
            box = SideBox(texts, self._style, sides.side(kind))
            box.field.taken.connect(partial(self._presses.agreed.emit, kind))
            box.field.other_person.connect(partial(self._presses.other_pressed.emit, kind))
            box.person_pressed.connect(partial(self._presses.other_pressed.emit, kind, 1))
            self.sides[kind] = box
            self._column.addWidget(box)
            self._column.addSpacing(self._style.px(6))
        style = self._style
        self._message = TextBlock("", style.text(16), style.colours.ink, line_height=1.35)
        self._column.addWidget(self._message)
        self._show_sides(sides)

    def _show_sides(self, sides: UnlockView) -> None:
        saving = self._view.stage is PeopleStage.SAVING
        for kind, box in self.sides.items():
            side = sides.side(kind)
            checking = any(sides.side(one).state is SideState.CHECKING for one in SIDES)
            may_type = not saving and not checking and side.state in _FREE
            box.show_side(side, is_slow=sides.is_slow, may_type=may_type)
        if self._message is not None:
            text = self._said(sides, saving)
            self._message.setText(text)
            self._message.setVisible(bool(text))
        self._lead(sides)

    def _lead(self, sides: UnlockView) -> None:
        """Give the keyboard to who types next; never take it from somebody who is typing."""
        for kind in SIDES:
            if sides.side(kind).state is SideState.CHECKING:
                self._checked = kind
        before, self._may_type = (
            self._may_type,
            [kind for kind, box in self.sides.items() if box.field.line.isEnabled()],
        )
        is_held = any(self.sides[kind].field.line.hasFocus() for kind in before)
        if self._may_type and self._may_type != before and not is_held:
            kind = self._checked if self._checked in self._may_type else self._may_type[0]
            self.sides[kind].field.setFocus()

    def _said(self, sides: UnlockView, saving: bool) -> str:
        texts = self._texts
        if saving:
            return texts("people.saving")
        if sides.fault:
            return said_fault(texts, sides.fault)
        for side in (sides.operator, sides.member):
            if side.state is SideState.WAITING:
                return texts("unlock.too_many", seconds=side.wait_s)
            if side.state is SideState.WRONG:
                layout = texts("unlock.layout.short.unknown")
                return texts("unlock.wrong", layout=layout, tries=side.tries)
        return texts("people.agree.other")

    @property
    def _change(self) -> PeopleChange:
        change = self._view.change
        assert change is not None
        return change

    def _add_fault(self) -> None:
        if self._view.fault:
            self._line(Tone.BAD, said_fault(self._texts, self._view.fault))

    def _line(self, tone: Tone, text: str) -> None:
        style, colours = self._style, self._style.colours
        soft, ink = tone.soft(colours)
        strip = Panel(soft, radius=style.px(12))
        column = QVBoxLayout(strip)
        column.setContentsMargins(*[style.px(side) for side in (14, 10, 14, 10)])
        sign = IconView(tone.icon, style.px(24), ink)
        words = TextBlock(text, style.text(16), ink, line_height=1.35)
        column.addWidget(Step(sign, words, style.px(12), centred=False))
        strip.setAccessibleName(text)
        self._column.addWidget(strip)


def said_fault(texts: Texts, code: str) -> str:
    """Why something was refused and what to do."""
    key = f"people.fault.{code}"
    return texts(key) if key in texts else fault_sentences(texts, code)


_LEFT, _RIGHT = 560, 534
_ICONS = {
    Role.OPERATOR: "ph.user",
    Role.MEMBER: "ph.user-gear",
    Role.CHAIR: "ph.crown",
    Role.TECHNICIAN: "ph.wrench",
}


class PeoplePage(RoomPage):
    """Shows a `PeopleView`; what is pressed goes out through `presses`."""

    def __init__(self, texts: Texts, style: Style, view: PeopleView) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        self.presses = PeoplePresses(self)
        self.choices: ChoiceList | None = None
        column = page_column(self, style)
        buttons = self._buttons()
        column.addLayout(page_head(style, texts("people.title"), texts("people.line"), buttons))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._list(), _LEFT)
        self.panel = PeoplePanel(texts, style, view, self.presses)
        row.addWidget(self.panel, _RIGHT)
        column.addLayout(row, 1)

    def update_view(self, view: PeopleView) -> bool:
        """Write another view of the same form; False where a new page is needed."""
        old, self._view = self._view, view
        if view == old:
            return True
        if old.sides is None or view.sides is None or view.stage is not old.stage:
            return False
        return self.panel.update_sides(view)

    def keep(self) -> str:
        """The name as far as it is typed."""
        return self.panel.name.text() if self.panel.name is not None else ""

    def take_over(self, kept: str) -> bool:
        """Go on with that name."""
        if kept and self.panel.name is not None:
            self.panel.name.setText(kept)
        return False

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        if not self.panel.take_focus() and self.choices is not None:
            self.choices.focus_row(0)

    def _buttons(self) -> list[ActionButton]:
        stage, texts, style = self._view.stage, self._texts, self._style
        if stage in (PeopleStage.LOOKING, PeopleStage.SAVING):
            return []
        if stage is PeopleStage.LIST:
            add = ActionButton(texts("people.add"), style, icon="ph.user-plus", key="F2")
            add.clicked.connect(lambda _checked=False: self.presses.add_pressed.emit())
            add_key(self, QKeySequence("F2"), self.presses.add_pressed.emit)
            return [add]
        back = ActionButton(texts("people.back"), style, icon="ph.x", key="Esc")
        back.clicked.connect(lambda _checked=False: self.presses.back_pressed.emit())
        add_key(self, QKeySequence("Esc"), self.presses.back_pressed.emit)
        return [back]

    def _list(self) -> Panel:
        style, texts, view = self._style, self._texts, self._view
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (24, 20, 16, 16)])
        column.setSpacing(style.px(12))
        title = texts("people.who_may")
        if view.stage is PeopleStage.LIST and view.people:
            title = texts("people.choose")
        elif view.stage is PeopleStage.LOOKING:
            title = texts("people.looking")
        column.addWidget(TextBlock(title, style.text(19, 600), style.colours.ink))
        if not view.people:
            column.addStretch(1)
            return panel
        self.choices = ChoiceList(style, [self._choice(one) for one in view.people])
        self.choices.chosen.connect(
            lambda place: self.presses.person_pressed.emit(view.people[place].person)
        )
        self.choices.setEnabled(view.stage is PeopleStage.LIST)
        column.addWidget(self.choices if style.is_large else _Scrolled(style, self.choices), 1)
        return panel

    def _choice(self, one: KnownPerson) -> Choice:
        texts, person = self._texts, one.person
        role = texts(f"people.role.{person.role.value}")
        line = role if one.since is None else self._since(role, one.since)
        return Choice(_ICONS[person.role], person.name, line)

    def _since(self, role: str, since: datetime) -> str:
        texts = self._texts
        return texts("people.since", role=role, date=texts.date(since), time=texts.time(since))


class _Scrolled(QScrollArea):
    """A list that may be longer than the card; the row with the keyboard is always in sight."""

    def __init__(self, style: Style, rows: ChoiceList) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside = QWidget()
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(inside)
        edge = style.px(6)
        column.setContentsMargins(edge, edge, edge + style.px(4), edge)
        column.addWidget(rows)
        column.addStretch(1)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        for row in rows.rows:
            row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched)
        return False


PEOPLE: Final = Place(
    "people",
    "ph.users-three",
    PeopleView(PeopleStage.LOOKING),
    lambda room, view: PeoplePage(room.texts, room.style_in_use, view),
    lambda _: ("people",),
)
