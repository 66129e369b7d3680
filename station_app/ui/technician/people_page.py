"""People: who may unlock the station at the left, the change under way at the right."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station_app.domain.roles import Role
from station_app.ui.room_page import RoomPage, page_column, page_head
from station_app.ui.room_shell import Place
from station_app.ui.style import Style
from station_app.ui.technician.people import KnownPerson, PeopleStage, PeopleView
from station_app.ui.technician.people_panel import PeoplePanel, PeoplePresses
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.text_block import TextBlock

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
        column.addWidget(_Scrolled(style, self.choices), 1)
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
