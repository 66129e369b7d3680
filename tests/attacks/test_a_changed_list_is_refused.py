"""The promise: nobody is identified against a list that is not, byte for byte, what was signed.

The attack: between two unlockings somebody who may write to the station's folder changes a byte of
the list, or puts another genuine list of the same station in its place. On a9a29b6 every
unlocking read the whole file, and so refused both. Now only the first one does; later ones know
the file again by what the file system says of it, sealed with the station's secrets (ADR 0033).
These tests hold that to the same promise, also against an administrator who can make the file
system say what it said before: then each page is refused when it is read.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.domain.errors import KnownError
from station_app.flow.opening import open_unlocked
from station_app.snapshots import CheckedFile, list_opening, loaded_list
from station_app.vault.database import PAGE_BYTES
from tests.flow.loaded_station import ISSUER, LIST_KEY, NOW, LoadedStation, enrolled

VOTERS = 9


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedStation:
    """Unlocked once: its list is proven, and its file is marked."""
    monkeypatch.setattr(list_opening, "_SETTLED_NS", 0)
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), VOTERS))
    made.load(1)
    assert made.open() == VOTERS
    assert is_marked(made)
    return made


def is_marked(station: LoadedStation) -> bool:
    with station.unlocked() as unlocked:
        return bool(unlocked.marks.checked_list)


def list_path(station: LoadedStation) -> Path:
    return loaded_list(station.folder, (ISSUER,)).path


def code(station: LoadedStation) -> str:
    with pytest.raises(KnownError) as caught:
        station.open()
    return caught.value.code


def everything(station: LoadedStation) -> list[object]:
    """Whatever a desk can ask of the list, after an unlocking."""
    with station.unlocked() as unlocked:
        opened = open_unlocked(station.folder, unlocked, lambda: NOW)
        with closing(opened), closing(opened.voters) as voters:
            found = [voters.voter(row) for row in range(voters.voters)]
            keys = [(one.row, one.position) for one in voters.enrolled(ENGINE)]
            rows = [voters.find_by_pin(one.pin) for one in found]
            ids = [voters.voter_of(one.voter_id) for one in found]
            templates, chunks = voters.templates(ENGINE, keys), list(voters.chunks(ENGINE))
            return [voters.header, found, rows, ids, templates, chunks]


def answer(station: LoadedStation) -> list[object] | str:
    """Everything, or the code of the fault."""
    try:
        return everything(station)
    except KnownError as fault:
        return fault.code


def change_byte(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (old,) = file.read(1)
        file.seek(at)
        file.write(bytes([old ^ 1]))


def with_the_old_times(path: Path) -> None:
    about = path.stat()
    change_byte(path, PAGE_BYTES + 7)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def written_anew(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.unlink()
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - PAGE_BYTES)


@pytest.mark.parametrize("change", [with_the_old_times, written_anew, cut_short])
def test_a_byte_changed_after_the_list_was_proven(
    station: LoadedStation, change: Callable[[Path], None]
) -> None:
    change(list_path(station))
    assert code(station) == "list_damaged"


def test_a_byte_of_any_page(station: LoadedStation) -> None:
    path = list_path(station)
    for page in range(path.stat().st_size // PAGE_BYTES):
        change_byte(path, page * PAGE_BYTES + 100)
        assert code(station) == "list_damaged"
        change_byte(path, page * PAGE_BYTES + 100)
    assert station.open() == VOTERS, "all of it is there again, and read whole"


def another_list(station: LoadedStation, tmp_path: Path) -> Path:
    """The file of a newer genuine list under the same key; the station has the old one again."""
    shutil.copytree(station.folder.lists, tmp_path / "lists")
    station.load(2, voters=VOTERS - 1)
    other = list_path(station).rename(tmp_path / "other.vlist")
    shutil.rmtree(station.folder.lists)
    (tmp_path / "lists").rename(station.folder.lists)
    return other


def test_another_list_of_the_station_in_its_place(station: LoadedStation, tmp_path: Path) -> None:
    other, path = another_list(station, tmp_path), list_path(station)
    about = path.stat()
    other.replace(path)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert code(station) == "list_damaged"


@pytest.fixture
def hidden(station: LoadedStation, monkeypatch: pytest.MonkeyPatch) -> LoadedStation:
    """An administrator lets the file system say of the list what it said when it was marked."""
    then = CheckedFile.of(list_path(station).stat())
    monkeypatch.setattr(list_opening.CheckedFile, "of", lambda _: then)
    return station


def test_what_the_file_system_hides_is_refused_when_it_is_read(hidden: LoadedStation) -> None:
    """No changed page gives another answer; most are read while unlocking."""
    path, genuine, answers = list_path(hidden), everything(hidden), []
    for page in range(path.stat().st_size // PAGE_BYTES):
        change_byte(path, page * PAGE_BYTES + 100)
        answers.append(answer(hidden))
        change_byte(path, page * PAGE_BYTES + 100)
    assert all(one in (genuine, "list_damaged", "wrong_key") for one in answers)
    assert answers.count(genuine) <= 2, "pages that nothing is read from"


def test_a_hidden_exchange_is_refused_too(hidden: LoadedStation, tmp_path: Path) -> None:
    """Under the same key it is another list than the manifest's, and so is each of its pages."""
    other, path, genuine = another_list(hidden, tmp_path), list_path(hidden), everything(hidden)
    own, foreign, answers = path.read_bytes(), other.read_bytes(), []
    path.write_bytes(foreign)
    assert answer(hidden) == "vsnap_list_disagrees"
    for at in range(PAGE_BYTES, min(len(own), len(foreign)), PAGE_BYTES):
        path.write_bytes(own[:at] + foreign[at : at + PAGE_BYTES] + own[at + PAGE_BYTES :])
        answers.append(answer(hidden))
    assert all(one in (genuine, "list_damaged") for one in answers)
    assert answers.count(genuine) <= 2, "pages that nothing is read from"


def test_a_log_beside_the_list_is_not_read(station: LoadedStation, tmp_path: Path) -> None:
    """Whoever has the list's key writes pages that pass into a `-wal`: the file stays as it was."""
    path, genuine, copy = list_path(station), everything(station), tmp_path / "copy"
    shutil.copy(path, copy)
    with closing(dbapi2.connect(str(copy), isolation_level=None)) as database:
        for pragma in (
            f"key=\"x'{LIST_KEY.reveal().hex()}'\"",
            f"cipher_page_size={PAGE_BYTES}",
            "journal_mode=WAL",
        ):
            database.execute(f"PRAGMA {pragma}").fetchall()
        database.execute("UPDATE voter SET surname = 'Another'")
        shutil.copy(f"{copy}-wal", f"{path}-wal")
    assert everything(station) == genuine
    assert not path.with_name(f"{path.name}-shm").exists()
