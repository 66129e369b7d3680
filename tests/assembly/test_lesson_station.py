"""Lessons at a whole station: what their stage lets happen, by its journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from station_app.assembly.lesson_play import LessonPlay
from station_app.assembly.lesson_station import LessonStation
from station_app.domain.entries import (
    DayClosed,
    Entry,
    Outcome,
    PaperMade,
    StationLocked,
    StationUnlocked,
    StationWasOff,
)
from station_app.domain.entry_codes import OutcomeKind, PrintedTo
from station_app.journal.leaves import read_leaf
from station_app.training.door_actions import TakeOver
from station_app.training.happenings import PowerCut
from station_app.training.lesson_file import shipped_lessons
from station_app.training.lesson_people import PASSPHRASES
from station_app.ui.unlock.entry import SIDES, UnlockStage

LESSONS = {one.id: one for one in shipped_lessons()}


@contextmanager
def played(
    name: str, qtbot: QtBot, home: Path, back_at: int | None = None
) -> Iterator[LessonStation]:
    """The stage when the hands have done every step of this lesson; before that step `back_at`
    was gone back from, where one is named.
    """
    lesson = LESSONS[name]
    window = QStackedWidget()
    qtbot.addWidget(window)
    window.resize(1024, 720)
    window.show()
    stages: list[LessonStation] = []

    def open_stage(is_hurried: bool) -> LessonStation:
        stages.append(LessonStation(lesson, "en", home=home, is_hurried=is_hurried))
        return stages[-1]

    def show_stage(widget: QWidget) -> None:
        window.addWidget(widget)
        window.setCurrentWidget(widget)

    play = LessonPlay(lesson, window, open_stage, show_stage, is_watched=False)
    try:
        play.start()
        if back_at is not None:
            for place in range(back_at):
                qtbot.waitUntil(lambda: play.coach.is_ready)
                play.show_me()
                qtbot.waitUntil(lambda at=place: play.coach.place > at, timeout=60_000)
            play.go_back()
            qtbot.waitUntil(lambda: play.coach.is_ready and not play.coach.is_replaying)
            assert play.coach.place == back_at - 1
            assert len(list(home.iterdir())) == 1
        play.play_all()
        qtbot.waitUntil(lambda: play.coach.view.is_over, timeout=60_000)
        assert play.coach.result.wrong == {}
        yield stages[-1]
    finally:
        play.close()


def entries(stage: LessonStation) -> list[Entry]:
    station = stage.station
    assert station is not None
    opened = station.opened

    def read() -> list[Entry]:
        journal = opened.recorder.journal
        return [read_leaf(one.leaf)[0] for one in journal.look.records(1, journal.size)]

    return opened.lanes.journal.call(read)


def test_a_power_cut_writes_no_lock_and_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    """Also where the learner has gone back to it: the new station has its own cut."""
    with played("power_cut", qtbot, tmp_path, back_at=3) as stage:
        found = entries(stage)
    assert sum(isinstance(one, StationUnlocked) for one in found) == 2
    assert not any(isinstance(one, StationLocked) for one in found)
    assert sum(isinstance(one, StationWasOff) for one in found) == 1
    ends = [one.outcome for one in found if isinstance(one, Outcome)]
    assert ends == [OutcomeKind.INTERRUPTED, OutcomeKind.IDENTIFIED]


def test_a_spare_stops_whom_the_dead_station_identified(qtbot: QtBot, tmp_path: Path) -> None:
    with played("spare_takes_over", qtbot, tmp_path) as stage:
        ends = [one.outcome for one in entries(stage) if isinstance(one, Outcome)]
    assert ends == [OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED]


def test_an_impatient_learner_takes_over_once(qtbot: QtBot, tmp_path: Path) -> None:
    """A takeover takes a second, and a second one is refused by the station."""
    bugs = list[BaseException]()
    stage = LessonStation(LESSONS["spare_takes_over"], "en", home=tmp_path, on_bug=bugs.append)
    stage.start()
    for _ in range(2):
        stage.do_at_bar(TakeOver())
    door = stage.screens.screen
    qtbot.waitUntil(lambda: door.view.stage is UnlockStage.LOCKED, timeout=20_000)
    stage.close()
    assert bugs == []


def test_a_learner_may_leave_while_the_power_goes(qtbot: QtBot, tmp_path: Path) -> None:
    stage = LessonStation(LESSONS["power_cut"], "en", home=tmp_path, is_hurried=True)
    stage.start()
    over = list[bool]()
    stage.do_happening(PowerCut(), lambda: over.append(True))
    stage.close()
    qtbot.wait(1)  # a fault in a slot fails the test
    assert over == []


def test_a_learner_may_leave_while_the_station_is_unlocked(qtbot: QtBot, tmp_path: Path) -> None:
    stage = LessonStation(LESSONS["opening"], "en", home=tmp_path, is_hurried=True)
    stage.start()
    screen = stage.screen
    qtbot.waitUntil(lambda: screen.view.stage is UnlockStage.LOCKED, timeout=20_000)
    for kind in SIDES:
        person = screen.view.side(kind).person
        assert person is not None
        screen.passphrase_taken.emit(kind, PASSPHRASES[person.id])
    qtbot.waitUntil(lambda: screen.view.stage is UnlockStage.OPENING, timeout=20_000)
    stage.close()
    qtbot.wait(1)  # a fault in a slot fails the test


def test_a_difference_is_written_down_and_no_page_printed(qtbot: QtBot, tmp_path: Path) -> None:
    with played("closing_difference", qtbot, tmp_path) as stage:
        found = entries(stage)
    assert {one.to for one in found if isinstance(one, PaperMade)} <= {PrintedTo.FOLDER}
    (closed,) = [one for one in found if isinstance(one, DayClosed)]
    assert (closed.by_finger, closed.ballots, closed.signatures) == (3, 2, 3)


def test_an_attempt_leaves_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with played("load", qtbot, tmp_path):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["set_up", "test"])
def test_the_technicians_room(name: str, qtbot: QtBot, tmp_path: Path) -> None:
    with played(name, qtbot, tmp_path) as stage:
        assert stage.station is None
