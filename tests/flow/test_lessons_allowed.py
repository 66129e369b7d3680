"""Beside which stations lessons may start; those who want them all the same: `tests/attacks`."""

from dataclasses import replace
from pathlib import Path

from station_app.domain.election import entry_texts
from station_app.domain.entries import DayClosed, DayOpened, JournalExported
from station_app.domain.error_codes import Code
from station_app.flow.lessons_allowed import lessons_allowed
from station_app.flow.station_journal import renew
from station_app.journal.records import head_file
from station_app.settings import Machine, StationKind
from station_app.vault import StationFolder
from tests.flow.loaded_station import DAY, MACHINE, NOW, LoadedStation


def station_in(root: Path, machine: Machine = MACHINE) -> LoadedStation:
    made = LoadedStation(root, [], machine, member=True)
    made.own.write(made.folder.public_identity)
    return made


def test_a_computer_without_a_station(tmp_path: Path) -> None:
    assert lessons_allowed(StationFolder(tmp_path / "nothing")) is None
    assert lessons_allowed(StationFolder(tmp_path)) is None


def test_a_live_station_until_its_first_journal(tmp_path: Path) -> None:
    made = station_in(tmp_path)
    assert lessons_allowed(made.folder) is None
    made.load(1)
    assert lessons_allowed(made.folder) is None
    made.open()
    assert lessons_allowed(made.folder) is Code.LESSONS_CLOSED


def test_a_training_station_at_any_time(tmp_path: Path) -> None:
    made = station_in(tmp_path, replace(MACHINE, kind=StationKind.TRAINING))
    made.load(1)
    made.open()
    assert lessons_allowed(made.folder) is None
    head_file(made.folder.journal).unlink()
    assert lessons_allowed(made.folder) is Code.LESSONS_CLOSED, "who took it away?"
    made.folder.journal.unlink()
    assert lessons_allowed(made.folder) is None


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    made = station_in(tmp_path)
    made.folder.lists.write_bytes(b"")
    assert lessons_allowed(made.folder) is Code.LESSONS_CLOSED


def test_a_renewed_station_has_lessons_again(tmp_path: Path) -> None:
    made = station_in(tmp_path)
    made.load(1)
    made.open()
    opened = DayOpened(1, 1, 0, "", 0, "c1", "m1", *entry_texts(DAY))
    closed = DayClosed(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "c1", "m1")
    with made.journal() as journal:
        journal.append_all((opened, closed))
        journal.append(JournalExported(journal.size, "ab" * 32, "cd" * 32))
    assert lessons_allowed(made.folder) is Code.LESSONS_CLOSED
    with made.unlocked() as unlocked:
        renew(made.folder, unlocked, made.leaders(unlocked), lambda: NOW)
    assert lessons_allowed(made.folder) is None
