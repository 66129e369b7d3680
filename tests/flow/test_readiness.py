"""What keeps a station from being ready, looked at without anybody's secret."""

from dataclasses import replace
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.computer import Battery
from station_app.domain.roles import Person, Role
from station_app.flow import readiness as looking
from station_app.flow.readiness import look_at
from station_app.settings import StationKind
from station_app.vault import Cost, Enrolment, Passphrase, People, StationSecrets
from tests.flow.loaded_station import CHAIR, JOURNAL_KEY, MACHINE, NOW, OPERATOR, LoadedStation


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedStation:
    """A live station with a list, on a computer with all it needs."""
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    station = LoadedStation(tmp_path, [], is_signed=False)
    station.own.write(station.folder.public_identity)
    station.load(1, voters=0)
    return station


def found(station: LoadedStation, *engines: str) -> list[str]:
    """The codes of what blocks it."""
    seen = look_at(station.folder, engines or (ENGINE,), NOW)
    return [one.code for one in seen.reasons if one.weight == "blocks"]


def work_with(station: LoadedStation, role: Role) -> None:
    """Other people than the operator and the chair it was made with."""
    for path in (station.folder.people, station.folder.sealed_secrets, station.folder.attempts):
        path.unlink(missing_ok=True)
    People.create(
        station.folder,
        "9042-1",
        StationSecrets(station.identity, JOURNAL_KEY),
        Enrolment(Person("o1", "N. Sadyrova", Role.OPERATOR), Passphrase(OPERATOR)),
        Enrolment(Person("m1", "G. Ismailova", role), Passphrase(CHAIR)),
        Cost(memory_kib=8, iterations=1),
    )


def test_one_who_leads_is_not_two_who_agree(station: LoadedStation) -> None:
    codes = found(station)
    assert "member_missing" in codes
    assert "chair_missing" not in codes


def test_nobody_leads_the_commission(station: LoadedStation) -> None:
    work_with(station, Role.MEMBER)
    assert {"chair_missing", "member_missing"} <= set(found(station))


def test_a_live_list_at_a_training_station(station: LoadedStation) -> None:
    training = replace(MACHINE, kind=StationKind.TRAINING)
    station.folder.settings.write_text(training.to_toml(), encoding="utf-8")
    seen = look_at(station.folder, (ENGINE,), NOW)
    (reason,) = [one for one in seen.reasons if one.code == "list_other_kind"]
    assert dict(reason.facts) == {"offered": "live", "own": "training"}
    assert not seen.is_ready


def test_a_list_for_another_engine(station: LoadedStation) -> None:
    assert "vsnap_other_engine" in found(station, "another/1")
    assert "vsnap_other_engine" not in found(station, "another/1", ENGINE)
