"""What is looked at before a day is opened."""

from dataclasses import replace

import pytest

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.readiness_report import (
    TRIAL_REASONS,
    DeviceState,
    Readiness,
    Reason,
    Weight,
)
from station_app.flow.mirroring import MirrorBehind, MirrorOff, MirrorUpToDate
from station_app.flow.opening_checks import CheckedPart, DevicesNow, checks_of
from station_app.flow.readiness import look_at
from tests.flow.loaded_station import NOW, LoadedStation, enrolled


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> LoadedStation:
    made = LoadedStation(tmp_path_factory.mktemp("checks"), enrolled(FingerEngine(1), 2))
    made.load(1)
    return made


def blocking(code: str, **facts: str | int) -> Reason:
    return Reason(code, Weight.BLOCKS, facts)


TRIED = DeviceState("finger_scanner", "usb", "", "usb:05ba:000a", "tried", NOW, "full")
READY = DevicesNow(mirror=MirrorUpToDate(4))


def said(readiness: Readiness, devices: DevicesNow = READY) -> dict[CheckedPart, tuple[str, str]]:
    return {one.what: (one.fault, one.note) for one in checks_of(readiness, devices)}


@pytest.fixture(scope="module")
def seen(station: LoadedStation) -> Readiness:
    return look_at(station.folder, (ENGINE,), NOW)


def test_each_fault_is_said_at_its_check_and_the_first_wins(seen: Readiness) -> None:
    reasons = (
        blocking("list_damaged"),
        blocking("clock_behind", hours=3),
        blocking("battery_empty", percent=5),
        blocking("vsnap_signature"),
        Reason("disk_low", Weight.ATTENTION, {}),
    )
    found = checks_of(replace(seen, reasons=reasons), READY)
    assert {one.what: one.fault for one in found if one.fault} == {
        CheckedPart.LIST: "list_damaged",
        CheckedPart.CLOCK: "clock_behind",
        CheckedPart.MACHINE: "battery_empty",
    }
    assert next(one.facts for one in found if one.fault == "battery_empty") == {"percent": 5}


def test_nothing_is_said_against_a_station_where_nothing_is_wrong(seen: Readiness) -> None:
    seen = replace(seen, devices=(TRIED,), reasons=())
    assert said(seen) == dict.fromkeys(CheckedPart, ("", ""))
    off = said(seen, replace(READY, mirror=MirrorOff()))
    assert off == {what: ("", "") for what in CheckedPart if what is not CheckedPart.MIRROR}


@pytest.mark.parametrize(
    ("devices", "what", "note"),
    [
        (
            replace(READY, scanner_fault="scanner_unplugged"),
            CheckedPart.SCANNER,
            "scanner_unplugged",
        ),
        (replace(READY, is_simulated=True), CheckedPart.SCANNER, "scanner_simulated"),
        (replace(READY, printer_fault="printer_paper_out"), CheckedPart.SLIPS, "printer_paper_out"),
        (replace(READY, slips=PrintedTo.FOLDER), CheckedPart.SLIPS, "slips_in_folder"),
        (
            replace(READY, mirror=MirrorBehind(2, "mirror_full", 4)),
            CheckedPart.MIRROR,
            "mirror_full",
        ),
    ],
)
def test_a_device_that_does_not_work_is_said_and_blocks_nothing(
    seen: Readiness, devices: DevicesNow, what: CheckedPart, note: str
) -> None:
    assert said(replace(seen, reasons=()), devices)[what] == ("", note)


def test_what_needs_looking_after_is_said_at_its_check(seen: Readiness) -> None:
    reasons = (
        Reason("battery_none", Weight.ATTENTION, {}),
        Reason("disk_low", Weight.ATTENTION, {"free": 3, "needed": 4}),
        Reason("rows_left_out", Weight.ATTENTION, {"number": 7}),
    )
    found = said(replace(seen, reasons=reasons))
    assert found[CheckedPart.MACHINE] == ("", "battery_none")
    assert found[CheckedPart.LIST] == ("", ""), "what it says of the list is that it is signed"


@pytest.mark.parametrize("code", TRIAL_REASONS)
def test_what_was_not_tried_is_said_to_the_chair_and_blocks_nothing(
    seen: Readiness, code: str
) -> None:
    reason = Reason(code, Weight.BLOCKS, {"number": 1}, is_of_devices=True)
    lost = Reason("scanner_lost", Weight.BLOCKS, {}, is_of_devices=True)
    found = said(replace(seen, devices=(TRIED,), reasons=(lost, reason)))
    assert found.pop(CheckedPart.TRIED) == ("", code)
    assert set(found.values()) == {("", "")}, "the open devices tell of themselves"


def test_a_simulated_device_is_not_said_to_be_tried(seen: Readiness) -> None:
    simulated = replace(TRIED, verdict="")
    assert CheckedPart.TRIED not in said(replace(seen, devices=(simulated,), reasons=()))
