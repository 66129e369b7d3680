"""Which mirror a station has, and the look at it when the journal is opened."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.domain.election import entry_texts
from station_app.domain.entries import JournalOpened, ListProven, SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.mirroring import OpenMirror, mirror_opener, refuse_rolled_back
from station_app.flow.station_journal import open_journal
from station_app.journal.mirror import load_header
from station_app.settings import Machine, StationKind
from station_app.snapshots import add_pending, loaded_list, read_pending
from station_app.vault import (
    AgeIdentity,
    IdentityKind,
    Passphrase,
    PublicIdentity,
    Secret,
    unseal,
)
from tests.flow.loaded_station import (
    CHAIR,
    DAY,
    ISSUER,
    JOURNAL_KEY,
    NOW,
    OPERATOR,
    LoadedStation,
    enrolled,
)
from tests.flow.test_mirroring import Book

ORIGIN = "station-app/live/9042-1"
OPENED = JournalOpened(ORIGIN, "ab" * 32, 1, "live", "cd" * 32, "ef" * 32, "1")
TRAINING = replace(OPENED, origin="station-app/training/9042-1", list_kind="training")
COMMISSION = AgeIdentity.generate()


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    recipient = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, COMMISSION.recipient)
    return LoadedStation(tmp_path, [], pins=[recipient])


def machine(folder: str, kind: StationKind = StationKind.TRAINING) -> Machine:
    return Machine(kind, "9042", "1", ("ky",), ("ky",), (), folder)


def opener(station: LoadedStation, settings: Machine) -> OpenMirror | None:
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    try:
        return mirror_opener(station.folder, unlocked, settings, OPENED)
    finally:
        unlocked.lock()


def test_none_in_the_settings(station: LoadedStation) -> None:
    assert opener(station, machine("")) is None


def test_it_is_the_stations_and_sealed_to_the_commission(
    station: LoadedStation, tmp_path: Path
) -> None:
    open_mirror = opener(station, machine(str(tmp_path)))
    assert open_mirror is not None
    with closing(open_mirror()) as mirror:
        header = load_header(mirror.path).header
    assert mirror.path == tmp_path / "9042-1.journal-mirror"
    assert (header.origin, header.public_key) == (ORIGIN, station.own.signing_key)
    key = Secret(unseal(header.sealed_key, COMMISSION))
    assert key.reveal() != JOURNAL_KEY.reveal()


def test_a_live_stations_is_on_another_disk(station: LoadedStation, tmp_path: Path) -> None:
    open_mirror = opener(station, machine(str(tmp_path), StationKind.LIVE))
    assert open_mirror is not None
    with pytest.raises(KnownError) as refused:
        open_mirror()
    assert refused.value.code == "mirror_same_disk"


def test_the_look_at_the_opening(station: LoadedStation, tmp_path: Path) -> None:
    stick = tmp_path / "mirror"
    stick.mkdir()
    open_mirror = opener(station, machine(str(stick)))
    assert open_mirror is not None
    book = Book()
    records = [book.add(SessionStarted(number)) for number in (1, 2, 3)]
    with closing(open_mirror()) as mirror:
        mirror.append(records)

    def root_at(size: int) -> bytes:
        return records[size - 1].root

    refuse_rolled_back(open_mirror, 3, root_at)
    with pytest.raises(KnownError) as noticed:
        refuse_rolled_back(open_mirror, 2, root_at)
    assert noticed.value.code == "journal_rolled_back"
    shutil.rmtree(stick)
    refuse_rolled_back(open_mirror, 2, root_at)


def test_what_waited_does_not_go_into_an_old_copy_put_back(tmp_path: Path) -> None:
    """The mirror is asked before the first unlocking writes anything."""
    recipient = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, COMMISSION.recipient)
    stick = tmp_path / "second"
    stick.mkdir()
    fingers = enrolled(FingerEngine(), 3)
    station = LoadedStation(tmp_path / "made", fingers, machine(str(stick)), [ISSUER, recipient])
    station.load(3)
    station.open()
    old = tmp_path / "old"
    shutil.copytree(station.folder.root, old)
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    loaded = loaded_list(station.folder, (ISSUER,))
    open_mirror = mirror_opener(station.folder, unlocked, machine(str(stick)), TRAINING)
    assert open_mirror is not None
    with (
        closing(open_journal(station.folder, unlocked, loaded.manifest, lambda: NOW)) as recorder,
        closing(open_mirror()) as mirror,
    ):
        recorder.append(ListProven("ef" * 32, 4, "cd" * 32, *entry_texts(DAY)))
        mirror.append(recorder.journal.look.records(1, recorder.last_entry))
    for name in ("journal.db", "journal.db.head"):
        shutil.copy(old / name, station.folder.root / name)
    before = station.kinds()
    facts = {"app": "0.1.0"}
    add_pending(station.folder.pending_events, "settings_changed", facts, NOW)
    with pytest.raises(KnownError) as caught:
        station.open()
    assert caught.value.code == "journal_rolled_back"
    assert station.kinds() == before
    assert read_pending(station.folder.pending_events).events
