"""The right half of the page of people: one question at a time."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from station_app.domain.roles import Role
from station_app.ui.style import Style
from station_app.ui.technician.people import PeopleAct, PeopleChange, PeopleStage, PeopleView
from station_app.ui.texts import Texts
from station_app.ui.tokens import CARD_RADIUS
from station_app.ui.unlock.entry import SIDES
from station_app.ui.unlock.side import SideBox
from station_app.ui.unlock.views import SideState, UnlockView
from station_app.ui.widgets.cards import Panel, Step
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.passphrase_field import PassphraseField
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.words import fault_sentences

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
        field.setFixedHeight(style.px(56))
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
