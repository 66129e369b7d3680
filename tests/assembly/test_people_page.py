"""The page of people in the technician's room of a real station: Argon2id stays on its lane."""

import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import open_door
from station_app.domain.roles import Person, Role
from station_app.ui.technician.people_page import PEOPLE, PeoplePage
from station_app.vault import Cost, Enrolment, Passphrase, People, StationFolder, StationSecrets

OPERATOR, CHAIR = "seven rivers carry books", "eight hills keep the snow"


def test_a_passphrase_is_looked_at_on_the_lane(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StationFolder(tmp_path / "station")
    People.create(
        folder,
        "9042-1",
        StationSecrets.generate(),
        Enrolment(Person("o1", "N. Sadyrova", Role.OPERATOR), Passphrase(OPERATOR)),
        Enrolment(Person("c1", "B. Osmonov", Role.CHAIR), Passphrase(CHAIR)),
        Cost(memory_kib=8, iterations=1),
        [
            Enrolment(
                Person("t1", "A. Rysaliev", Role.TECHNICIAN), Passphrase("amber lamps near me")
            )
        ],
    )
    threads = set()
    enter, remove = People.enter, People.remove

    def entering(self: People, person_id: str, passphrase: Passphrase) -> object:
        threads.add(threading.current_thread().name)
        return enter(self, person_id, passphrase)

    def removing(self: People, *given: object) -> object:
        threads.add(threading.current_thread().name)
        return remove(self, *given)

    monkeypatch.setattr(People, "enter", entering)
    monkeypatch.setattr(People, "remove", removing)
    bugs: list[BaseException] = []
    screens = open_door(folder, "en", bugs.append, audible=False)
    qtbot.addWidget(screens.window)
    room = screens.room
    with closing(screens):
        screens.window.resize(1366, 768)
        screens.window.show()
        screens.window.show_room()
        room.go_to(PEOPLE)

        def page() -> PeoplePage:
            assert isinstance(room.page, PeoplePage)
            return room.page

        def fields() -> list[bool]:
            return [box.field.line.isEnabled() for box in page().panel.sides.values()]

        qtbot.waitUntil(lambda: page().choices is not None)
        rows = page().choices
        assert rows is not None
        QTest.keyClick(rows.rows[2], Qt.Key.Key_Return)
        acts = page().panel.choices
        assert acts is not None
        QTest.keyClick(acts.rows[1], Qt.Key.Key_Return)
        for place, passphrase in enumerate((OPERATOR, CHAIR)):
            qtbot.waitUntil(lambda place=place: fields()[place:][:1] == [True])
            line = list(page().panel.sides.values())[place].field.line
            QTest.keyClicks(line, passphrase)
            QTest.keyClick(line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(People.load(folder).persons) == 2)
        qtbot.waitUntil(lambda: page().choices is not None and len(page().choices.rows) == 2)
    assert bugs == []
    assert len(threads) == 1
    assert threads.pop().startswith("door")
