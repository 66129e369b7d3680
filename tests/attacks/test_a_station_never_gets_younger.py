"""The promise: deleting files never makes a station younger than it is.

The attack: delete what remembers. On version a9a29b6 a station whose journal, head and
`lists/proven` were deleted began a fresh journal at the next unlocking, and identified the same
voter a second time; `journal verify` called it sound.

Now the station's sealed secrets, without which nothing opens, say which journal it works with. A
whole old folder put back is another matter: only the mirror and the printed heads catch that.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.station_journal import new_journal, open_journal
from station_app.journal.records import head_file
from station_app.snapshots import loaded_list
from station_app.vault import (
    Passphrase,
    Proof,
    StationFolder,
    StationSecrets,
    Unlocked,
    mark_ended,
    mark_journal,
)
from tests.flow.loaded_station import CHAIR, ISSUER, NOW, OPERATOR, LoadedStation, enrolled

MEMBER = "nine lakes hold the sky"


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    """A station that has worked."""
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3))
    made.load(1)
    made.open()
    return made


def code(station: LoadedStation) -> str:
    try:
        station.open()
    except KnownError as fault:
        return fault.code
    return "open"


def unlocked(station: LoadedStation) -> Unlocked:
    return station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))


def forget(folder: StationFolder) -> None:
    """Everything that version a9a29b6 remembered by."""
    folder.journal.unlink()
    head_file(folder.journal).unlink()
    (folder.lists / "proven").unlink()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("instead", ["pipe", "zero", "link"])
@pytest.mark.parametrize(
    ("name", "code_then"),
    [
        ("lists/loaded.head", "list_damaged"),
        ("lists/proven", "open"),
        ("journal.db.head", "journal_head_damaged"),
        ("journal.db", "no_read_permission"),
    ],
)
def test_nothing_in_a_file_s_place_hangs_or_fills_the_memory(
    station: LoadedStation, tmp_path: Path, name: str, code_then: str, instead: str
) -> None:
    """A pipe hung the unlocking for ever, and a link to /dev/zero took all memory, until the last
    review. A link to the file itself is no way around: what is checked is what is used.
    """
    path = station.folder.root / name
    real = path.rename(tmp_path / "real")
    if instead == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if instead == "zero" else real)
    if (name, instead) != ("journal.db", "link"):  # SQLite follows it, and it is the journal
        assert code(station) == code_then


def test_all_that_remembers_deleted(station: LoadedStation) -> None:
    """Also with whatever else a first load leaves there, and with a list loaded anew."""
    forget(station.folder)
    assert code(station) == "journal_gone"
    assert not station.folder.journal.exists()
    station.folder.pending_events.unlink(missing_ok=True)
    shutil.rmtree(station.folder.lists)
    station.load(2)
    assert code(station) == "journal_gone"
    assert not station.folder.journal.exists()


def test_a_crash_before_the_mark_is_nobody_s_second_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is marked before anything is written about a person, and else next time."""
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3))
    made.load(1)
    with monkeypatch.context() as cut:
        cut.setattr("station_app.flow.opening.mark_journal", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            made.open()
    assert made.kinds() == ["journal_opened"]
    assert code(made) == "open"
    forget(made.folder)
    assert code(made) == "journal_gone"


def test_a_station_of_the_first_version_is_marked_with_its_journal(
    station: LoadedStation,
) -> None:
    """Its sealed file has no marks; the first unlocking beside its journal sets them."""
    first_version(station)
    assert not unlocked(station).marks.has_worked
    assert code(station) == "open"
    assert unlocked(station).marks.has_worked
    forget(station.folder)
    assert code(station) == "journal_gone"


def first_version(station: LoadedStation) -> None:
    """The station's secrets without the mark of its journal."""
    opened = unlocked(station)
    secrets = StationSecrets(opened.identity, opened.journal_key, replace(opened.marks, journal=""))
    station.folder.sealed_secrets.write_bytes(secrets.seal(opened.station_key(), "9042-1"))


def test_another_journal_of_the_same_keys(station: LoadedStation, tmp_path: Path) -> None:
    """Genuine by signature and origin, and not the one the station works with."""
    opened = unlocked(station)
    manifest = loaded_list(station.folder, (ISSUER,)).manifest
    fresh = StationFolder(tmp_path / "fresh")
    fresh.root.mkdir()
    later = NOW.replace(hour=10)
    new_journal(fresh, fresh.journal, opened, manifest, lambda: later).close()
    for path in (fresh.journal, head_file(fresh.journal)):
        shutil.copy(path, station.folder.root / path.name)
    with pytest.raises(KnownError) as caught:
        open_journal(station.folder, opened, manifest, lambda: NOW)
    assert caught.value.code == "journal_not_ours"
    assert code(station) == "journal_not_ours"


def chair_and_member(station: LoadedStation, opened: Unlocked) -> list[Proof]:
    typed = (("c1", CHAIR), ("m1", MEMBER))
    return [station.people.prove(opened, id_, Passphrase(text)) for id_, text in typed]


def test_the_next_journal_needs_two_persons_and_ends_the_one_before(
    station: LoadedStation, tmp_path: Path
) -> None:
    """What renewing a station is built on."""
    opened = unlocked(station)
    member = Person("m1", "G. Ismailova", Role.MEMBER)
    station.people.add(opened, opened.proofs, member, Passphrase(MEMBER))
    both = chair_and_member(station, opened)
    aside = tmp_path / "aside"
    aside.mkdir()
    for path in (station.folder.journal, head_file(station.folder.journal)):
        path.rename(aside / path.name)
    (station.folder.lists / "proven").unlink()
    with pytest.raises(KnownError) as caught:
        mark_ended(station.folder, opened, both[:1])
    assert caught.value.code == "not_allowed"
    assert code(station) == "journal_gone"
    opened = unlocked(station)
    both = chair_and_member(station, opened)
    mark_ended(station.folder, opened, both)
    station.load(2)
    assert code(station) == "past_journal_missing"
    for path in aside.iterdir():
        path.rename(station.folder.root / path.name)
    assert code(station) == "journal_not_ours"


def test_an_old_sealed_file_put_back_while_it_is_open(
    tmp_path: Path,
) -> None:
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3))
    made.load(1)
    before = made.folder.sealed_secrets.read_bytes()
    made.open()
    opened = unlocked(made)
    made.folder.sealed_secrets.write_bytes(before)
    with pytest.raises(KnownError) as caught:
        mark_journal(made.folder, opened, opened.marks.journal)
    assert caught.value.code == "secrets_older"
