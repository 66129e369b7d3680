"""Promise: a live station shows no lesson while its day may be open (ADR 0067).

The attack: somebody wants lessons on a live station, between two voters, and changes the files that
a locked station can be read by. Whether its day is open is in the sealed journal alone, so that no
file can say that it is not; what is left is to look like a training station, or like one that has
never worked, and one file alone makes it neither. On a9a29b6 the demonstration started beside any
station.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.assembly.command_line import run
from station_app.domain.election import entry_texts
from station_app.domain.entries import DayOpened
from station_app.domain.error_codes import Code
from station_app.flow.lessons_allowed import lessons_allowed
from station_app.flow.signed_settings import first_settings
from station_app.journal.records import head_file
from station_app.settings import Machine, StationKind
from station_app.vault import StationFolder, StationIdentity
from tests.flow.loaded_station import DAY, MACHINE, LoadedStation

TRAINING = replace(MACHINE, kind=StationKind.TRAINING)


def station_in(root: Path, machine: Machine = MACHINE) -> LoadedStation:
    made = LoadedStation(root, [], machine, member=True)
    made.own.write(made.folder.public_identity)
    return made


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LoadedStation:
    """Its day is open."""
    made = station_in(tmp_path_factory.mktemp("live"))
    made.load(1)
    made.open()
    with made.journal() as journal:
        journal.append(DayOpened(1, 1, 0, "", 0, "c1", "m1", *entry_texts(DAY)))
    return made


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> StationFolder:
    """A training station at work, whose files an attacker may copy."""
    made = station_in(tmp_path_factory.mktemp("training"), TRAINING)
    made.load(1)
    made.open()
    return made.folder


@pytest.fixture
def copy(live: LoadedStation, tmp_path: Path) -> Iterator[StationFolder]:
    shutil.copytree(live.folder.root, tmp_path / "station")
    yield StationFolder(tmp_path / "station")
    for one in tmp_path.rglob("*"):
        if one.is_dir():
            one.chmod(0o700)


def untouched(_mine: StationFolder, _theirs: StationFolder) -> None:
    pass


def says_training(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.settings.write_text(mine.settings.read_text().replace("live", "training"))


def unsigned_training(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.settings.write_text(TRAINING.to_toml())


def signed_by_another_key(mine: StationFolder, _theirs: StationFolder) -> None:
    other = StationIdentity.generate()
    mine.public_identity.unlink()
    other.public("9042-1").write(mine.public_identity)
    first_settings(mine, TRAINING, other.signer())


def their_settings(mine: StationFolder, theirs: StationFolder) -> None:
    for name in ("public_identity", "settings"):
        shutil.copyfile(getattr(theirs, name), getattr(mine, name))


def their_list(mine: StationFolder, theirs: StationFolder) -> None:
    shutil.rmtree(mine.lists)
    shutil.copytree(theirs.lists, mine.lists)


def their_head(mine: StationFolder, theirs: StationFolder) -> None:
    shutil.copyfile(head_file(theirs.journal), head_file(mine.journal))


def settings_and_list(mine: StationFolder, theirs: StationFolder) -> None:
    their_settings(mine, theirs)
    their_list(mine, theirs)


def settings_and_head(mine: StationFolder, theirs: StationFolder) -> None:
    their_settings(mine, theirs)
    their_head(mine, theirs)


def without_settings(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.settings.unlink()


def without_identity(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.public_identity.unlink()


def without_list(mine: StationFolder, theirs: StationFolder) -> None:
    their_settings(mine, theirs)
    shutil.rmtree(mine.lists)


def without_head(mine: StationFolder, theirs: StationFolder) -> None:
    settings_and_list(mine, theirs)
    head_file(mine.journal).unlink()


def without_journal(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.journal.unlink()


def journal_and_head_gone(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.journal.unlink()
    head_file(mine.journal).unlink()


def journal_is_a_link_to_nothing(mine: StationFolder, _theirs: StationFolder) -> None:
    journal_and_head_gone(mine, mine)
    shutil.rmtree(mine.lists)
    mine.journal.symlink_to("nowhere")


def settings_are_a_folder(mine: StationFolder, _theirs: StationFolder) -> None:
    mine.settings.unlink()
    mine.settings.mkdir()


def head_is_a_folder(mine: StationFolder, theirs: StationFolder) -> None:
    settings_and_list(mine, theirs)
    head_file(mine.journal).unlink()
    head_file(mine.journal).mkdir()


@pytest.mark.parametrize(
    "attack",
    [
        untouched, says_training, unsigned_training, signed_by_another_key, their_settings,
        their_list, their_head, settings_and_list, settings_and_head, without_settings,
        without_identity, without_list, without_head, without_journal, journal_and_head_gone,
        journal_is_a_link_to_nothing, settings_are_a_folder, head_is_a_folder,
    ],
)  # fmt: skip
def test_one_file_does_not_open_the_lessons(
    copy: StationFolder,
    training: StationFolder,
    attack: Callable[[StationFolder, StationFolder], None],
) -> None:
    attack(copy, training)
    assert lessons_allowed(copy) is Code.LESSONS_CLOSED


def as_it_is(_home: Path) -> str:
    return ""


def people_away(home: Path) -> str:
    """Then the user's own station would be the training station beside it."""
    StationFolder(home / "live").people.unlink(missing_ok=True)
    people = StationFolder(home / "training").people
    people.parent.mkdir(parents=True)
    people.write_text("{}")
    return ""


def home_is_the_station(_home: Path) -> str:
    return "live"


@pytest.mark.parametrize("attack", [as_it_is, people_away, home_is_the_station])
def test_the_command_refuses_too(
    attack: Callable[[Path], str],
    live: LoadedStation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(live.folder.root, tmp_path / "live")
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path / attack(tmp_path)))
    before = sorted(tmp_path.rglob("*"))
    assert run(["lesson", "run", "first_voter", "--headless"]) == 1
    assert "lessons are closed here" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
