"""The desk of a lesson: whose its journal is, and that nothing of it stays."""

import resource
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly import invented_desk
from station_app.assembly.lesson_app import LessonApp
from station_app.assembly.lesson_desk import LessonDesk
from station_app.assembly.lesson_stage import attempt_folder
from station_app.devices.media import Medium, mounted_media
from station_app.domain.error_codes import Code
from station_app.flow.sticks import StickFinder
from station_app.training.happenings import PowerCut
from station_app.training.lesson import Audience
from station_app.training.lesson_file import shipped_lessons
from station_app.ui.training.lesson_list import LESSONS as PAGES

LESSONS = shipped_lessons()
DRY = next(one for one in LESSONS if one.id == "dry_finger")


def raised(bug: BaseException) -> None:
    raise bug


def attempts(home: Path) -> set[str]:
    return {one.name for one in home.iterdir()}


def test_no_other_lesson_begins_once_the_station_is_at_work(qtbot: QtBot, tmp_path: Path) -> None:
    """The window was opened before; nor does one where no desk can be made."""
    refused, home = list[Code](), tmp_path / "home"
    app = LessonApp(
        LESSONS, "en", raised, home, refusal=lambda: next(iter(refused), None), is_watched=False
    )
    qtbot.addWidget(app.window)
    room = app.window.room

    def fault() -> str:
        return room.view_of(PAGES[Audience.OPERATOR]).fault

    home.touch()
    room.lesson_chosen.emit(DRY.id)
    assert (app.play, fault()) == (None, Code.DISK_FAULT)
    refused.append(Code.LESSONS_CLOSED)
    for begin in (lambda: room.lesson_chosen.emit(DRY.id), lambda: room.exam_chosen.emit(None)):
        begin()
        assert (app.play, app.exam.desk, fault()) == (None, None, Code.LESSONS_CLOSED)
    app.close()


def test_a_full_disk_in_a_power_cut_is_said_on_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    """Nothing ends but the lesson, and its folder goes."""
    app = LessonApp(LESSONS, "en", raised, tmp_path / "home", is_watched=False)
    qtbot.addWidget(app.window)
    play = app.begin(next(one for one in LESSONS if one.id == "power_cut"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    play.stage.do_happening(PowerCut(), pytest.fail)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        QApplication.processEvents()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    qtbot.waitUntil(lambda: app.play is None)
    view = app.window.room.view_of(PAGES[Audience.OPERATOR])
    assert view.fault == Code.DISK_FULL
    assert attempts(tmp_path / "home") == set()
    app.close()


def test_a_desk_of_a_lesson_is_a_training_stations(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[Callable[[], Sequence[Medium]]]()

    def finder(apart: Sequence[Path], media: Callable[[], Sequence[Medium]]) -> StickFinder:
        asked.append(media)
        return StickFinder(apart, media)

    monkeypatch.setattr(invented_desk, "StickFinder", finder)
    stage = LessonDesk(DRY, "en", home=tmp_path / "home", is_hurried=True)
    station = stage.at.station
    opened = station.opened.recorder.journal.opened
    people = station.opened.approver.present
    stage.close()
    QApplication.processEvents()
    assert (opened.origin, opened.list_kind) == ("station-app/training/lesson", "training")
    assert [one.role.value for one in people] == ["operator", "member"]
    assert mounted_media not in asked, "a day log of a lesson goes onto nobody's stick"
    assert not attempts(tmp_path / "home")


def test_folders_of_processes_that_have_ended_go_and_nothing_else(tmp_path: Path) -> None:
    """Whatever lies in the lessons' folder, be it a station's."""
    kept = {"lists", "people", "0-old", "9042-1", "1-abcd_123"}
    for name in (*kept, "0-abcdefgh", "99999999-abcd_123"):
        (tmp_path / name).mkdir()
    mine = attempt_folder(tmp_path).root
    assert attempts(tmp_path) == {mine.name, *kept}
