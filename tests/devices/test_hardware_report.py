"""The suite as a person's hand follows its words, and the report that is sent back."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.drivers import SCANNERS, named
from station_app.devices.finger_scanner import ScannerInfo
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from tests.devices.hardware_report import AskedDevice, HardwareReport
from tests.devices.prompted_scanner import PromptedCase
from tests.devices.scanner_conformance import IMAGE, ScannerConformance

INFO = ScannerInfo("Reader", 500, 32, 32, streams=True)


class Obedient(PromptedCase):
    """A hand that does what it is told, on a simulated glass."""

    captures = 5

    def __init__(self, _: Path) -> None:
        glass = SimulatedFingerScanner(4, 0.04)
        acts = {
            "Lay a finger": lambda: glass.place(lambda: IMAGE),
            "Lift the finger": glass.lift,
            "Pull the scanner": glass.unplug,
            "Push the": glass.plug_in,
        }

        def obey(words: str) -> None:
            (act,) = (act for begins, act in acts.items() if words.startswith(begins))
            act()

        def find(_: str) -> bool:
            return glass.is_plugged_in()

        driver = replace(named(SCANNERS, "simulated"), find=find)
        super().__init__(glass, driver, "", obey)


class TestAHandThatDoesWhatItIsTold(ScannerConformance):
    driver = named(SCANNERS, "simulated")
    make = Obedient


@pytest.fixture
def report() -> HardwareReport:
    made = HardwareReport(AskedDevice.of("libfprint:usb:05ba:000a:SECRET-SERIAL"))
    made.add({"capture_ms": [310.0, 290.0, 400.0]}, INFO)
    made.verdicts += [
        ("test_a_touch_gives_the_image", "passed", ""),
        ("test_a_second_program_is_refused", "skipped", "a second program cannot be arranged here"),
    ]
    return made


def test_the_report_for_programs(report: HardwareReport, tmp_path: Path) -> None:
    data, _ = report.write(tmp_path / "out")
    facts = json.loads(data.read_text())
    assert (facts["driver"], facts["usb"]) == ("libfprint", ["05ba:000a"])
    assert facts["scanner"]["ppi"] == 500
    assert facts["figures"]["capture_ms"] == {
        "times": 3, "median": 310.0, "least": 290.0, "most": 400.0,
    }  # fmt: skip
    assert [one["verdict"] for one in facts["tests"]] == ["passed", "skipped"]


def test_the_report_for_people_names_no_device_of_its_own(
    report: HardwareReport, tmp_path: Path
) -> None:
    files = report.write(tmp_path)
    assert "05ba:000a" in files[1].read_text()
    for file in files:
        assert "SECRET" not in file.read_text()


@pytest.mark.parametrize("text", ["", ":", "Driver", "a b"])
def test_what_is_no_device(text: str) -> None:
    with pytest.raises(ValueError, match="is not DRIVER"):
        AskedDevice.of(text)


def collected(*words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    file = Path(__file__).with_name("test_scanner_on_hardware.py")
    done = subprocess.run(
        [*command, str(file), *words], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_real_devices_are_tried_only_where_one_is_named() -> None:
    code, said = collected()
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "test_a_touch_gives_the_image" not in said
    code, said = collected("-m", "hardware", "--device", "simulated")
    assert code == 0
    assert "test_a_touch_gives_the_image" in said
    code, said = collected("-m", "hardware", "--device", "No Driver")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "is not DRIVER" in said
