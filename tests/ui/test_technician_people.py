"""The page of people: everything by keys, over a real file of people."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from station_app.assembly.station_people import StationPeople
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.languages import language_codes
from station_app.snapshots import read_pending
from station_app.ui.technician.people_controller import PeopleController
from station_app.ui.technician.people_page import PeoplePage
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.texts import Texts
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import (
    Cost,
    Enrolment,
    Passphrase,
    People,
    StationFolder,
    StationSecrets,
)
from tests.ui.door_samples import SlowLane

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
OPERATOR, SECOND = "seven rivers carry books", "amber lamps near windows"
CHAIR, NEW = "eight hills keep the snow", "jet copper mild fox quilt"
QUICK = Cost(memory_kib=8, iterations=1)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Page:
    """The room with its page of people, and whoever sits at the keyboard."""

    def __init__(self, qtbot: QtBot, folder: StationFolder, language: str = "en") -> None:
        self.folder, self.lane, self.now = folder, SlowLane(), 100.0
        self.room = TechnicianRoom(language=language)
        qtbot.addWidget(self.room)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.controller = PeopleController(
            self.room,
            StationPeople(folder, lambda: NOW, lambda at: at),
            self.lane,
            seconds=lambda: self.now,
        )
        self.press(Qt.Key.Key_5, CONTROL)

    def press(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        answer: bool = True,
    ) -> None:
        QTest.keyClick(self.focused, key, modifier)
        if answer:
            self.lane.answer()
        QApplication.processEvents()

    def type(self, text: str, *, answer: bool = True) -> None:
        """Type into what has the keyboard, and Enter."""
        QTest.keyClicks(self.focused, text)
        self.press(Qt.Key.Key_Return, answer=answer)

    @property
    def focused(self) -> QLineEdit | TechnicianRoom:
        return QApplication.focusWidget() or self.room

    @property
    def words(self) -> list[str]:
        QApplication.processEvents()
        return [one.text() for one in self.room.findChildren(TextBlock) if one.isVisible()]

    def says(self, part: str) -> bool:
        return any(part in text for text in self.words)

    @property
    def wait(self) -> int:
        """The seconds of the countdown."""
        (said,) = [text for text in self.words if "The next can be typed in" in text]
        return int(said.split()[-2])

    @property
    def typed(self) -> list[str]:
        """What is in a field that is seen, and in any field of a passphrase."""
        return [
            one.text()
            for one in self.room.findChildren(QLineEdit)
            if one.text() and (one.isVisible() or one.echoMode() is QLineEdit.EchoMode.Password)
        ]

    def add_new(self, name: str = "Aizharkyn T.") -> None:
        """F2, the name, the first role but one, the passphrase twice."""
        self.press(Qt.Key.Key_F2)
        self.type(name)
        self.press(Qt.Key.Key_Down)
        self.press(Qt.Key.Key_Return)
        self.type(NEW)
        self.type(NEW)

    @property
    def people(self) -> People:
        return People.load(self.folder)


@pytest.fixture
def folder(tmp_path: Path) -> StationFolder:
    folder = StationFolder(tmp_path / "station")
    People.create(
        folder,
        "9042-1",
        StationSecrets.generate(),
        Enrolment(Person("o1", "N. Sadyrova", Role.OPERATOR), Passphrase(OPERATOR)),
        Enrolment(Person("c1", "B. Osmonov", Role.CHAIR), Passphrase(CHAIR)),
        QUICK,
        [Enrolment(Person("o2", "A. Toktogulov", Role.OPERATOR), Passphrase(SECOND))],
    )
    return folder


@pytest.fixture
def page(qtbot: QtBot, folder: StationFolder) -> Page:
    return Page(qtbot, folder)


def test_a_person_is_added_by_keys_alone(page: Page) -> None:
    page.add_new()
    assert page.says("Add Aizharkyn T.: two people agree")
    page.type(OPERATOR)
    page.type(CHAIR)
    assert page.says("Aizharkyn T. is added.")
    added = page.people.persons[-1]
    assert (added.name, added.role) == ("Aizharkyn T.", Role.MEMBER)
    page.people.unlock("o1", Passphrase(OPERATOR), added.id, Passphrase(NEW)).lock()
    (event,) = read_pending(page.folder.pending_events).events
    assert (event.event, event.facts["by"], event.facts["person"]) == (
        "person_added",
        "o1 c1",
        added.id,
    )
    shown = page.room.page
    assert isinstance(shown, PeoplePage)
    assert shown.choices is not None
    assert "since 28 Nov 2026, 09:30" in shown.choices.rows[-1].accessibleName()


def test_a_passphrase_is_replaced_and_another_operator_may_agree(page: Page) -> None:
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Return)
    page.type(NEW)
    page.type(NEW)
    page.press(Qt.Key.Key_Down)
    page.type(SECOND)
    page.type(CHAIR)
    assert page.says("N. Sadyrova has a new passphrase.")
    page.people.enter("o1", Passphrase(NEW))
    with pytest.raises(KnownError):
        page.people.enter("o1", Passphrase(OPERATOR))


def test_a_passphrase_of_somebody_else_s_is_refused(page: Page) -> None:
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Return)
    page.type(CHAIR)
    page.type(CHAIR)
    page.press(Qt.Key.Key_Down)
    page.type(SECOND)
    page.type(CHAIR)
    assert page.says("Somebody else here has this passphrase.")
    page.people.enter("o1", Passphrase(OPERATOR))


def test_a_person_is_removed(page: Page) -> None:
    page.press(Qt.Key.Key_Up)
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Return)
    assert page.says("Remove A. Toktogulov: two people agree")
    page.type(OPERATOR)
    page.type(CHAIR)
    assert page.says("A. Toktogulov is removed")
    assert [one.id for one in page.people.persons] == ["o1", "c1"]


def test_the_last_chair_can_not_be_removed(page: Page) -> None:
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Return)
    assert page.says("Cannot be removed: the last one here (Chair)")
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Return)
    assert page.says("choose your passphrase"), "the one thing that can be done"


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("short", None, "Shorter than 12"),
        ("sadyrova sadyrova", None, "Easy to guess"),
        (NEW, NEW + "s", "The two were not the same"),
    ],
)
def test_a_weak_or_mistyped_passphrase_is_asked_for_again(
    page: Page, first: str, again: str | None, said: str
) -> None:
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Return)
    page.type(first)
    if again:
        page.type(again)
    assert page.says(said)
    page.type(NEW)
    page.type(NEW)
    assert page.says("two people agree")


def test_five_wrong_ones_are_followed_by_a_countdown(page: Page) -> None:
    page.add_new()
    page.type("not this one")
    assert page.says("Tries left: 4")
    for _ in range(4):
        page.type("not this one")
    before = page.wait
    assert 59 <= before <= 61
    page.now += 20
    page.controller.look_at_the_clock()
    assert page.wait == before - 20
    assert len(page.people.persons) == 3


def test_two_of_one_kind_are_not_enough(page: Page) -> None:
    page.add_new()
    page.type(OPERATOR)
    page.type(SECOND)
    assert page.says("That passphrase does not fit")
    assert len(page.people.persons) == 3


def test_no_passphrase_stays_in_a_field_or_is_looked_at_here(page: Page) -> None:
    page.add_new()
    page.type(OPERATOR, answer=False)
    assert page.typed == []
    assert len(page.lane.waiting) == 1, "Argon2id waits for the lane"
    assert page.controller.is_busy


def test_escape_and_leaving_forget_what_was_typed(page: Page) -> None:
    page.add_new()
    page.type(OPERATOR, answer=False)
    page.press(Qt.Key.Key_Escape)
    assert page.says("Choose a person, or add one"), "the late answer counts for nothing"
    page.add_new()
    page.press(Qt.Key.Key_4, CONTROL)
    page.press(Qt.Key.Key_5, CONTROL)
    assert page.says("Choose a person, or add one")
    assert len(page.people.persons) == 3


def test_the_people_are_read_anew_when_the_room_is_entered_again(page: Page) -> None:
    page.add_new()
    page.room.hide()
    page.controller.leave()
    page.room.show()
    assert page.says("Looking at the list of people")
    page.lane.answer()
    assert page.says("Choose a person, or add one")


def test_who_is_typing_keeps_the_keyboard_when_the_others_wait_ends(page: Page) -> None:
    attempts = page.people.attempts
    for _ in range(5):
        attempts.begin(Role.OPERATOR)
    page.add_new()
    QTest.keyClicks(page.focused, "eight hills")
    page.now += 90
    page.controller.look_at_the_clock()
    QTest.keyClicks(page.focused, " keep the snow")
    assert page.typed == [CHAIR]


def test_a_name_that_is_none_is_refused_and_a_typed_one_stays(page: Page) -> None:
    page.press(Qt.Key.Key_F2)
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Return)
    assert page.says("A name is one line")
    QTest.keyClicks(page.focused, "Asel")
    page.press(Qt.Key.Key_R, ALT)
    assert page.typed == ["Asel"]


def test_a_station_that_is_not_set_up_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    page = Page(qtbot, StationFolder(tmp_path))
    assert page.says("This station is not set up")


@pytest.mark.parametrize("language", language_codes())
def test_the_list_is_shown_in_every_language(
    qtbot: QtBot, folder: StationFolder, language: str
) -> None:
    page, texts = Page(qtbot, folder, language), Texts(language)
    assert page.says(texts("people.title"))
    shown = page.room.page
    assert isinstance(shown, PeoplePage)
    assert shown.choices is not None
    names = [row.accessibleName() for row in shown.choices.rows]
    assert names[1] == f"B. Osmonov. {texts('people.role.chair')}"
    assert page.room.help_pages() == ("people",)
