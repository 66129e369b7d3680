"""What is looked at before a day is opened."""

from dataclasses import replace

import pytest
from loaded_station import NOW, LoadedStation, enrolled

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.domain.readiness import Reason, Weight
from station_app.flow.opening_checks import Checked, OpeningCheck, checks_of
from station_app.flow.readiness import look_at


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> LoadedStation:
    made = LoadedStation(tmp_path_factory.mktemp("checks"), enrolled(FingerEngine(1), 2))
    made.load(1)
    return made


def blocking(code: str, **facts: str | int) -> Reason:
    return Reason(code, Weight.BLOCKS, facts)


def test_each_fault_stands_at_its_check_and_the_first_is_said(station: LoadedStation) -> None:
    reasons = (
        blocking("list_damaged"),
        blocking("clock_behind", hours=3),
        blocking("battery_empty", percent=5),
        blocking("vsnap_signature"),
        Reason("disk_low", Weight.ATTENTION, {}),
    )
    readiness = replace(look_at(station.folder, ENGINE, NOW), reasons=reasons)
    assert checks_of(readiness, "") == (
        OpeningCheck(Checked.LIST, "list_damaged"),
        OpeningCheck(Checked.DEVICES, "battery_empty", {"percent": 5}),
        OpeningCheck(Checked.CLOCK, "clock_behind", {"hours": 3}),
    )
    assert checks_of(readiness, "scanner_unplugged")[1].fault == "scanner_unplugged"
    ready = replace(readiness, reasons=reasons[-1:])
    assert [check.fault for check in checks_of(ready, "")] == ["", "", ""]
