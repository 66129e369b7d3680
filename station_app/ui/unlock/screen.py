"""The unlocking screen (01): the place at the left, two passphrases at the right."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.roles import Person, Role
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.shell import Shell
from station_app.ui.unlock.body import UnlockBody
from station_app.ui.unlock.entry import (
    SideState,
    SideView,
    TrainingView,
    UnlockStage,
    UnlockView,
)
from station_app.ui.unlock.keyboard_watch import Layout
from station_app.ui.unlock.place_panel import PlacePanel
from station_app.ui.unlock.side import role_name
from station_app.ui.widgets.choice_list import Choice, ChoiceDialog
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.large_text import LAST_FIRST, in_large_text
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import LanguageSwitch

_START = UnlockView(
    UnlockStage.STARTING, SideView(Role.OPERATOR, None, 0), SideView(Role.MEMBER, None, 0)
)


class UnlockScreen(Shell):
    """Shows `UnlockView`s; what people do goes out as signals.

    `passphrase_taken` carries kind and text; the field has forgotten it by then. `view_shown`
    carries each new view.
    """

    passphrase_taken = Signal(object, str)
    person_chosen = Signal(object, object)
    typed = Signal(str, bool)
    technician_pressed = Signal()
    training_pressed = Signal()
    lock_pressed = Signal()
    stop_pressed = Signal()
    view_shown = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        appearance: Appearance = STANDARD,
    ) -> None:
        super().__init__(parent, language=language, languages=languages, appearance=appearance)
        self._view = _START
        self._training: TrainingView | None = None
        self._people: dict[Role, list[Person]] = {}
        self._now: datetime | None = None
        self._keyboard: tuple[Layout, bool | None] = (Layout.UNKNOWN, None)
        self._rebuild()

    # --- what the station tells the screen ----------------------------------------------

    def show_view(self, view: UnlockView) -> None:
        """Show `view`; what is being typed stays, unless somebody else sits down."""
        if view == self._view:
            return
        old, self._view = self._view, view
        if self._training is not None:  # why they did not open was said until now
            self._training = TrainingView(is_open=self._training.is_open)
        if _frame(old) != _frame(view):
            typing = self._typing_side()
            self._rebuild()
            if typing in self._body.sides:
                self._body.sides[typing].field.line.setFocus()
        else:
            self._body.show_view(view, self._keyboard, self._training)
        self._place_focus(old)
        self.view_shown.emit(view)

    def show_training(self, view: TrainingView) -> None:
        """Offer the lessons, and say whether they are open, or why they are not."""
        self._training = view
        self._body.show_view(self._view, self._keyboard, view)

    def set_people(self, people: dict[Role, list[Person]]) -> None:
        """Whom to offer where several may unlock."""
        self._people = people

    def set_clock(self, now: datetime) -> None:
        """Write the local time and day."""
        self._now = now
        self._clock.setText(self._texts.time(now))
        self._day.setText(self._texts.day(now))

    def set_keyboard(self, layout: Layout, caps_lock: bool | None) -> None:
        """Write the keyboard's state."""
        self._keyboard = (layout, caps_lock)
        self._body.show_view(self._view, self._keyboard, self._training)

    def set_language(self, language: str) -> None:
        is_new = language != self.language
        super().set_language(language)
        if is_new:
            self._place_focus(_START)

    def set_appearance(self, appearance: Appearance) -> None:
        is_new = appearance != self.appearance
        super().set_appearance(appearance)
        if is_new:
            self._place_focus(_START)

    def forget(self) -> None:
        """Empty both fields."""
        for box in self._body.sides.values():
            box.field.forget()

    def take_focus(self) -> None:
        self._place_focus(_START)

    @property
    def view(self) -> UnlockView:
        """What is shown."""
        return self._view

    @property
    def body(self) -> UnlockBody:
        """The widgets at the right."""
        return self._body

    # --- building -----------------------------------------------------------------------

    def _rebuild(self) -> None:
        typed = self._typed()
        self._close_overlay()
        texts, style = self._texts, self._style
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.setProperty(LAST_FIRST, True)  # with larger text the fields come before the place
        row.addWidget(PlacePanel(texts, style, self._view.identity, self._view.precinct))
        right = QVBoxLayout()
        right.setContentsMargins(*[style.px(side) for side in (40, 28, 40, 28)])
        right.setSpacing(0)
        right.addLayout(self._head(page))
        self._body = UnlockBody(texts, style, self._view)
        right.addWidget(self._body, 1)
        row.addLayout(right, 1)
        self._connect(typed)
        self._add_keys(page)
        self._body.show_view(self._view, self._keyboard, self._training)
        self._fill_with(in_large_text(style, page))
        self._body.put_in_order()
        if self._now is not None:
            self.set_clock(self._now)

    def _head(self, page: QWidget) -> QHBoxLayout:
        style, colours = self._style, self._style.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(9))
        self._clock = TextBlock("", style.text(22, 600), colours.ink, wrap=False)
        self._day = TextBlock("", style.text(17), colours.ink3, wrap=False)
        head.addWidget(self._clock)
        head.addWidget(self._day)
        head.addStretch(1)
        switch = LanguageSwitch(
            self._texts,
            style,
            ink=colours.ink2,
            track=(colours.sunken, 1.0),
            parent=page,
            full_names=True,
        )
        switch.chosen.connect(self._choose_language)
        head.addWidget(switch)
        return head

    def _connect(self, typed: dict[tuple[Role, Person | None], str]) -> None:
        for kind, box in self._body.sides.items():
            box.field.taken.connect(lambda text, kind=kind: self.passphrase_taken.emit(kind, text))
            box.field.typed.connect(self.typed)
            box.field.other_person.connect(lambda step, kind=kind: self._next_person(kind, step))
            box.person_pressed.connect(lambda kind=kind: self._ask_person(kind))
            box.field.line.setText(typed.get((kind, self._view.side(kind).person), ""))
        self._body.open_pressed.connect(self._submit)
        self._body.technician_pressed.connect(self.technician_pressed)
        self._body.training_pressed.connect(self.training_pressed)
        self._body.lock_pressed.connect(self.lock_pressed)
        self._body.stop_pressed.connect(self.stop_pressed)

    def _typed(self) -> dict[tuple[Role, Person | None], str]:
        """What stands in the fields, by who is typing."""
        if self._content is None:
            return {}
        return {
            (kind, box.person_of): box.field.line.text() for kind, box in self._body.sides.items()
        }

    def _typing_side(self) -> Role | None:
        """Whose field has the keyboard."""
        sides = self._body.sides.items()
        return next((kind for kind, box in sides if box.field.line.hasFocus()), None)

    def _add_keys(self, page: QWidget) -> None:
        add_key(page, QKeySequence(Qt.Key.Key_F1), self._open_help)
        add_key(page, QKeySequence(Qt.Key.Key_F12), self.lock_pressed.emit)
        add_key(page, QKeySequence(Qt.Key.Key_Escape), self._stop)
        self._add_common_keys(page)

    def _place_focus(self, old: UnlockView) -> None:
        """Give the keyboard to the field that is next, when something has changed."""
        changed = any(
            old.side(kind).state is not self._view.side(kind).state for kind in self._body.sides
        )
        if self._overlay is not None or not (changed or old.stage is not self._view.stage):
            return
        if self.isHidden():  # the keyboard belongs to the desk, or to the technician's room
            return
        for kind, box in self._body.sides.items():
            state = self._view.side(kind).state
            if state in (SideState.EMPTY, SideState.WRONG) and box.field.line.isEnabled():
                box.field.line.setFocus()
                return
        self._body.focus_button()

    def _stop(self) -> None:
        if self._view.compared is not None:
            self.stop_pressed.emit()

    def _submit(self) -> None:
        """The button does what Enter does in the field that has something in it."""
        for box in self._body.sides.values():
            if box.field.submit():
                return
        self._place_focus(_START)

    # --- dialogs -------------------------------------------------------------------------

    def _next_person(self, kind: Role, step: int) -> None:
        people, now = self._people.get(kind, []), self._view.side(kind).person
        if now in people and len(people) > 1:
            place = (people.index(now) + step) % len(people)
            self.person_chosen.emit(kind, people[place])

    def _ask_person(self, kind: Role) -> None:
        people, now = self._people.get(kind, []), self._view.side(kind).person
        if not people:
            return
        choices = [Choice("ph.user", one.name, role_name(self._texts, kind, one)) for one in people]
        dialog = ChoiceDialog(
            self,
            self._texts,
            self._style,
            title=self._texts("unlock.who"),
            choices=choices,
            first=people.index(now) if now in people else 0,
        )

        def take(place: int) -> None:
            self._close_overlay()
            self.person_chosen.emit(kind, people[place])
            self._body.sides[kind].field.line.setFocus()

        dialog.chosen.connect(take)
        self._open(dialog)

    def _open_help(self) -> None:
        pages = (self._view.fault, "unlock") if self._view.fault else ("unlock",)
        self._open(HelpOverlay(self, self._texts, self._style, pages))


def _frame(view: UnlockView) -> tuple[object, ...]:
    """What the page is built from; the rest is written into it."""
    sides = (view.operator.person, view.member.person, view.operator.others, view.member.others)
    stage = UnlockStage.LOCKED if view.stage is UnlockStage.OPENING else view.stage
    return (stage, view.identity, view.precinct, view.fault, *sides)
