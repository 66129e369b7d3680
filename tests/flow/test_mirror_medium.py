"""Which mirror a station has, and the look at it when the journal is opened."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from loaded_station import CHAIR, JOURNAL_KEY, OPERATOR, LoadedStation
from test_mirroring import Book

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.mirror_medium import OpenMirror, mirror_opener, refuse_rolled_back
from station_app.journal.mirror_reading import load_header
from station_app.settings import Machine, StationKind
from station_app.vault import (
    AgeIdentity,
    IdentityKind,
    Passphrase,
    PublicIdentity,
    Secret,
    pin,
    unseal,
)

ORIGIN = "station-app/live/9042-1"
COMMISSION = AgeIdentity.generate()


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    made = LoadedStation(tmp_path, [])
    made.folder.trusted.mkdir()
    recipient = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, COMMISSION.recipient)
    pin(made.folder, [recipient], made.own, made.identity.signer())
    return made


def machine(folder: str, kind: StationKind = StationKind.TRAINING) -> Machine:
    return Machine(kind, "9042", "1", ("ky",), ("ky",), (), folder)


def opener(station: LoadedStation, settings: Machine) -> OpenMirror | None:
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    try:
        return mirror_opener(station.folder, unlocked, settings, ORIGIN)
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
