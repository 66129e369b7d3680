"""The page of exceptions over a real journal, by the keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StationMoved,
    StationWasOff,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    OffCause,
    PauseReason,
    SentAwayReason,
    StrikeReason,
    UndoneAct,
    UndoReason,
)
from station_app.ui.commission.exceptions_page import ExceptionsPage
from tests.ui.commission_desk import PEOPLE, CommissionDesk

EXCEPTIONS = 6
LIST = 8
TAB, ENTER, DELETE = Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Delete


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[CommissionDesk]:
    desk = CommissionDesk(qtbot, tmp_path)
    desk.open_day()
    desk.go(EXCEPTIONS)
    yield desk
    desk.close()


def page(desk: CommissionDesk) -> ExceptionsPage:
    found = desk.room.page
    assert isinstance(found, ExceptionsPage)
    return found


def key(number: int) -> Qt.Key:
    return Qt.Key(Qt.Key.Key_0 + number)


def choose(desk: CommissionDesk, number: int) -> None:
    """An act by its key; the keyboard goes to its first field."""
    desk.press(key(number))
    desk.settle()


def pick(desk: CommissionDesk, number: int, *, after: int) -> None:
    """Tab to a question, and answer it by its key."""
    for _ in range(after):
        desk.press(TAB)
    desk.press(key(number))
    desk.settle()


def say_so(desk: CommissionDesk) -> None:
    """One who is present writes it down."""
    desk.confirm()
    desk.press(key(1))
    desk.confirm()


def test_ballots_are_taken_to_voters_and_one_is_undone(desk: CommissionDesk) -> None:
    desk.identify(1)
    choose(desk, 1)
    assert desk.says("First type the list numbers.")
    desk.type("12, 1 4000")
    desk.settle()
    assert desk.says("Asanova A. 12")
    assert desk.says("№\u00a00001 Asanova A. 1: identified at")
    assert desk.says("№\u00a04000 is not on this list")
    assert desk.says("A red line cannot be written.")
    desk.confirm()
    for _ in range(6):
        desk.press(Qt.Key.Key_Backspace)
    desk.type("13")
    desk.settle()
    assert desk.says("First answer every question.")
    pick(desk, 2, after=2)
    desk.confirm()
    assert desk.says("№\u00a00012, №\u00a00013\nThe desk stops these voters.")
    desk.sign()
    taken = [one for one in desk.entries() if isinstance(one, IssuedElsewhere)]
    assert taken == [
        IssuedElsewhere(f"V-{n}", n, BallotPlace.HOSPITAL, "c1", "m1") for n in (12, 13)
    ]
    assert desk.says("Written down.")
    number = len(desk.entries())
    choose(desk, LIST)
    desk.press(DELETE)
    desk.settle()
    desk.press(key(1))
    desk.press(TAB)
    desk.sign()
    assert desk.entries()[-1] == ActUndone(
        number, UndoneAct.ISSUED_ELSEWHERE, "V-13", 13, UndoReason.WRONG_VOTER, "c1", "m1"
    )
    rows = desk.control.exceptions._view.rows
    assert rows is not None
    assert [one.is_undone for one in rows] == [True, False]


def test_numbers_are_whole_and_signs_alone_are_none(desk: CommissionDesk) -> None:
    choose(desk, 1)
    pick(desk, 1, after=2)
    field = page(desk).field
    assert field is not None
    field.setFocus()
    desk.type(" ,; ")
    desk.settle()
    assert desk.says("First type the list numbers.")
    assert not page(desk).write.isEnabled()
    desk.type("0000000012")
    desk.settle()
    assert desk.says("Asanova A. 12")
    assert not desk.says("Asanova A. 2")
    desk.type("3456789013")
    desk.settle()
    assert not desk.says("Asanova A.")


def test_the_other_acts(desk: CommissionDesk) -> None:
    choose(desk, 2)
    pick(desk, 1, after=0)
    pick(desk, 2, after=1)
    desk.confirm()
    desk.sign()
    choose(desk, 3)
    desk.type("7")
    desk.settle()
    pick(desk, 4, after=2)
    desk.confirm()
    desk.sign()
    choose(desk, 5)
    assert desk.says("Everyone who was sent away has come back.")
    desk.press(TAB)
    choose_again(desk, 4)
    pick(desk, 3, after=0)
    say_so(desk)
    choose(desk, 5)
    say_so(desk)
    assert [one for one in desk.entries() if not isinstance(one, StationWasOff)][-4:] == [
        Admitted(1, AdmissionBasis.COURT_ORDER, DocumentSeen.PASSPORT, "c1", "m1"),
        StruckOff("V-7", 7, StrikeReason.DUPLICATE, "c1", "m1"),
        SentAway(SentAwayReason.WRONG_PLACE, "o1"),
        CameBack("o1"),
    ]


def choose_again(desk: CommissionDesk, number: int) -> None:
    """Another act than the one that is chosen."""
    page(desk).acts.take_focus()
    choose(desk, number)


def test_why_the_station_was_off_and_where_it_went(desk: CommissionDesk) -> None:
    choose(desk, 6)
    assert desk.says("Each time the station was off has its reason.")
    desk.journal.append(StationWasOff("2026-11-29T01:12:00Z"))
    desk.go(EXCEPTIONS)
    assert desk.says("Off between 07:12 and 07:30, at most 18 min")
    pick(desk, 1, after=0)
    say_so(desk)
    assert desk.entries()[-1] == OffExplained(3 + 1, OffCause.POWER, "o1")
    choose(desk, 7)
    assert desk.says("First pause identification: Ctrl+1.")
    faults: list[object] = []
    desk.desk.pause(PEOPLE[1], PauseReason.OTHER, lambda _: None, faults.append)
    desk.settle()
    desk.control.refresh()
    desk.settle()
    desk.type("Room 12")
    desk.press(TAB)
    desk.type("Room 12")
    assert desk.says("Write both rooms, 3 to 60 characters each.")
    desk.type(" A")
    desk.confirm()
    assert desk.says("Room 12 → Room 12 A\n")
    desk.sign()
    assert faults == []
    assert desk.entries()[-1] == StationMoved("Room 12", "Room 12 A", "c1", "m1")


def test_a_voter_identified_while_they_sign_refuses_the_act(desk: CommissionDesk) -> None:
    choose(desk, 1)
    desk.type("2")
    desk.settle()
    pick(desk, 1, after=2)
    desk.confirm()
    desk.identify(2)
    desk.sign()
    assert not any(isinstance(one, IssuedElsewhere) for one in desk.entries())
    assert desk.says("The journal does not take this entry now")
