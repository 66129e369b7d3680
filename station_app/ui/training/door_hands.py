"""The hands at a station's door and in its technician's room."""

from typing import Final, Protocol

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from station_app.domain.roles import Person, Role
from station_app.training.door_actions import (
    AddPerson,
    GoToTechnician,
    LoadList,
    Lock,
    TechnicianPage,
    TrialEnd,
    TryPart,
    Unlock,
)
from station_app.ui.technician.load_page import LoadPage
from station_app.ui.technician.people import PeopleStage
from station_app.ui.technician.people_page import PEOPLE, ROLES, PeoplePage
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import CardKey, CardState
from station_app.ui.technician.self_test_page import TEST, SelfTestPage
from station_app.ui.training.hands import (
    HandsStage,
    Look,
    Press,
    Script,
    Until,
    Write,
    script,
    seen,
    tab_to,
)
from station_app.ui.unlock.entry import SIDES, SideState, UnlockStage
from station_app.ui.unlock.screen import UnlockScreen

_NEW_NAME: Final = "A. Usonova"
_NEW_PASSPHRASE: Final = "a kettle on the stove"  # noqa: S105
"""Of the person whom the hands add."""


class DoorStage(HandsStage, Protocol):
    """A stage with a door."""

    @property
    def screen(self) -> UnlockScreen:
        """Where two persons unlock."""
        ...

    @property
    def room(self) -> TechnicianRoom:
        """The technician's room."""
        ...


@script(Unlock)
def unlock(stage: DoorStage, _action: Unlock) -> Script:
    """Each passphrase in its field, and Enter."""
    screen = stage.screen
    yield Until(
        lambda: screen.isVisible() and screen.view.stage is UnlockStage.LOCKED, "the door is locked"
    )
    for kind in SIDES:
        yield from _type_at_door(stage, kind)


def _type_at_door(stage: DoorStage, kind: Role) -> Script:
    screen = stage.screen

    def may_type() -> bool:
        return screen.body.sides[kind].field.line.isEnabled()  # the body may be made anew

    yield Until(may_type, f"the {kind} may type")
    yield from tab_to(screen.body.sides[kind].field.line)
    yield _typed(stage, screen.body.sides[kind].person_of)
    yield Press(Qt.Key.Key_Return)
    yield Until(
        lambda: screen.view.side(kind).state is not SideState.CHECKING,
        "the passphrase is looked at",
    )


def _typed(stage: DoorStage, person: Person | None) -> Write:
    assert person is not None, "a lesson's station has people"
    return Write(stage.passphrase_of(person.id))


@script(Lock)
def lock(_stage: DoorStage, _action: Lock) -> Script:
    """F12."""
    yield Press(Qt.Key.Key_F12)


@script(GoToTechnician)
def go_to_technician(stage: DoorStage, action: GoToTechnician) -> Script:
    """From the door by its button, then Ctrl and the page's number."""
    if stage.shell is stage.screen:
        yield Until(
            lambda: stage.screen.view.stage in (UnlockStage.LOCKED, UnlockStage.NO_LIST),
            "the station was looked at",
        )
        yield from tab_to(stage.screen.body.technician)
        yield Press(Qt.Key.Key_Return)
        yield Until(lambda: stage.shell is stage.room, "the technician's room is entered")
    number = list(TechnicianPage).index(action.page) + 1
    key = Qt.Key(Qt.Key.Key_0 + number)
    yield Press(QKeyCombination(Qt.KeyboardModifier.ControlModifier, key))


@script(LoadList)
def load_list(stage: DoorStage, _action: LoadList) -> Script:
    """Enter on the newest file."""

    def is_offered() -> bool:
        page = stage.room.page
        choices = page.choices if isinstance(page, LoadPage) else None
        return choices is not None and QApplication.focusWidget() in choices.rows

    yield Until(is_offered, "a list is on the stick")
    yield Press(Qt.Key.Key_Return)


@script(TryPart)
def try_part(stage: DoorStage, action: TryPart) -> Script:
    """The card's button, and an answer where it asks."""
    key = CardKey(action.part.value)

    def state() -> CardState:
        cards = stage.room.view_of(TEST).cards
        return next(one.state for one in cards if one.key is key)

    yield Until(lambda: key in _page(stage).buttons, "the part can be tested")
    yield from _press_card(stage, key, 0)
    yield Until(lambda: state() not in (CardState.UNTESTED, CardState.RUNNING), "the test ends")
    if state() is CardState.ASKING:
        yield Look()
        yield from _press_card(stage, key, 0 if action.end is TrialEnd.WORKS else 1)


def _page(stage: DoorStage) -> SelfTestPage:
    return seen(stage.room.page, SelfTestPage)


def _press_card(stage: DoorStage, key: CardKey, place: int) -> Script:
    yield from tab_to(_page(stage).buttons[key][place])
    yield Press(Qt.Key.Key_Return)


@script(AddPerson)
def add_person(stage: DoorStage, action: AddPerson) -> Script:
    """F2, the name, the role, a passphrase twice, and the two who agree."""

    def is_at(wanted: PeopleStage) -> Until:
        return Until(lambda: stage.room.view_of(PEOPLE).stage is wanted, f"people: {wanted}")

    yield is_at(PeopleStage.LIST)
    yield Press(Qt.Key.Key_F2)
    yield is_at(PeopleStage.WHO)
    yield Until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the name is asked for")
    yield Write(_NEW_NAME)
    yield Press(Qt.Key.Key_Return)
    for _ in range(ROLES.index(action.role) - ROLES.index(Role.OPERATOR)):
        yield Press(Qt.Key.Key_Down)
    yield Press(Qt.Key.Key_Return)
    for asked in (PeopleStage.NEW, PeopleStage.AGAIN):
        yield is_at(asked)
        yield Write(_NEW_PASSPHRASE)
        yield Press(Qt.Key.Key_Return)
    yield is_at(PeopleStage.APPROVE)
    for kind in SIDES:
        yield from _agree(stage, kind)


def _agree(stage: DoorStage, kind: Role) -> Script:
    def has_keyboard() -> bool:
        page = stage.room.page
        sides = page.panel.sides if isinstance(page, PeoplePage) else {}
        return kind in sides and sides[kind].field.line.hasFocus()

    yield Until(has_keyboard, f"the {kind} is asked")
    page = stage.room.page
    assert isinstance(page, PeoplePage), "it was just seen"
    yield _typed(stage, page.panel.sides[kind].person_of)
    yield Press(Qt.Key.Key_Return)
