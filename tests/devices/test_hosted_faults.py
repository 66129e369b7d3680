"""A reader's program that crashes, hangs, floods or lies costs one try and a sentence.

What every one of them is answered with, and that the next opening works and nothing stays behind.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.hosted import hosted_scanner
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.reader_process import Program
from station_app.domain.errors import SCREEN_CODES, DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import (
    FingerImage,
    FingerOnGlass,
    LiveFrame,
    Retry,
    RetryReason,
    Stopped,
)
from tests.devices.footprint import children, footprint, settled

AT_OPENING = {
    "crashes at the start": "device_fault",
    "ends at the start": "device_fault",
    "says nothing at the start": "device_fault",
    "speaks another protocol": "device_fault",
    "begins with words": "device_fault",
    "begins with a giant length": "device_fault",
    "begins with no JSON": "device_fault",
    "begins with deep JSON": "device_fault",
    "says ready first": "device_fault",
    "has no resolution": "device_fault",
    "has a low resolution": "scanner_unfit",
    "has a resolution in words": "device_fault",
    "has no name": "device_fault",
    "has an unknown ability": "device_fault",
    "is busy": "scanner_busy",
    "has no permission": "scanner_not_permitted",
    "has an unknown fault": "device_fault",
    "is never ready": "device_fault",
    "is lost at the start": "device_lost",
}
IN_A_CAPTURE = {
    "crashes in a capture": "device_fault",
    "ends in mid-image": "device_fault",
    "is lost in a capture": "device_lost",
    "hangs": "device_fault",
    "gives too few pixels": "device_fault",
    "gives too many pixels": "device_fault",
    "gives 16 bits": "device_fault",
    "gives no pixels": "device_fault",
    "gives negative sizes": "device_fault",
    "gives giant sizes": "device_fault",
    "changes the size between frames": "device_fault",
    "changes the resolution": "device_fault",
    "answers what was not asked": "device_fault",
    "answers before it was asked": "device_fault",
    "cancels unasked": "device_fault",
    "says hello again": "device_fault",
    "goes back in progress": "device_fault",
    "has an unknown reason": "device_fault",
    "floods with fingers": "device_fault",
    "floods with frames": "device_fault",
    "writes garbage": "device_fault",
    "restarts for ever": "device_fault",
}

PROGRAM = Path(__file__).parent / "hosted" / "faulty_reader.py"
IMAGE = FingerImage(bytes(range(256)) * 4, 32, 32, 500)
LIMIT_S = 60.0
"""What a busy machine may take for anything."""


class Faulty:
    """A scanner whose program does what `be` says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scanner = HostedScanner(self.program)

    def program(self) -> Program:
        return Program([sys.executable, "-I", "-S", str(PROGRAM), str(self.folder)])

    def be(self, manner: str) -> None:
        (self.folder / "manner").write_text(manner)

    def pid(self, name: str) -> int:
        """The number that a process has written down."""
        file = self.folder / name
        until = time.monotonic() + LIMIT_S
        while not (file.exists() and file.read_text()):
            assert time.monotonic() < until
            time.sleep(0.01)
        return int(file.read_text())

    def is_good(self) -> bool:
        self.be("good")
        self.scanner.close()
        self.scanner.open()
        return self.scanner.capture(StopToken(), lambda _: None) == IMAGE


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Faulty]:
    made = Faulty(tmp_path)
    yield made
    made.scanner.close()


SILENT = {"says nothing at the start", "is never ready", "hangs"}


@pytest.fixture
def impatient(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """A station that waits for a silent program less than half a minute, until it is undone."""
    if request.getfixturevalue("manner") in SILENT:
        for name, seconds in (("HELLO_S", 2), ("READY_S", 2), ("_PING_EVERY_S", 0.2)):
            monkeypatch.setattr(hosted_scanner, name, seconds)
        monkeypatch.setattr(hosted_scanner, "_PONG_S", 0.5)
    return monkeypatch


def code_of(fault: KnownError) -> str:
    assert isinstance(fault, DeviceLostError | DeviceFaultError)
    assert isinstance(fault, DeviceLostError) or fault.code in SCREEN_CODES
    assert fault.message.endswith(".")
    return fault.code


def is_gone(pid: int) -> bool:
    """Whether that process ends within the limit."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize(("manner", "code"), AT_OPENING.items())
def test_at_its_opening(
    faulty: Faulty, impatient: pytest.MonkeyPatch, manner: str, code: str
) -> None:
    faulty.be(manner)
    with pytest.raises(KnownError) as caught:
        faulty.scanner.open()
    assert code_of(caught.value) == code
    impatient.undo()
    assert faulty.is_good()


@pytest.mark.parametrize(("manner", "code"), IN_A_CAPTURE.items())
def test_in_a_capture(
    faulty: Faulty, impatient: pytest.MonkeyPatch, manner: str, code: str
) -> None:
    faulty.be(manner)
    faulty.scanner.open()
    told: list[LiveFrame | FingerOnGlass] = []
    with pytest.raises(KnownError) as caught:
        faulty.scanner.capture(StopToken(), told.append)
    assert code_of(caught.value) == code
    impatient.undo()
    assert is_gone(faulty.pid("pid"))
    assert faulty.is_good()


def test_another_size_than_announced(faulty: Faulty) -> None:
    faulty.be("gives another size than announced")
    faulty.scanner.open()  # it announced none
    assert isinstance(faulty.scanner.capture(StopToken(), lambda _: None), FingerImage)


def test_nothing_in_the_picture_is_told_to_the_person(faulty: Faulty) -> None:
    faulty.be("gives nothing in the picture")
    faulty.scanner.open()
    found = faulty.scanner.capture(StopToken(), lambda _: None)
    assert found == Retry(RetryReason.NOT_A_FINGER)
    assert faulty.is_good()


def test_endless_words_on_standard_error_hold_nobody_up(faulty: Faulty) -> None:
    faulty.be("floods with errors and is good")
    faulty.scanner.open()
    assert faulty.scanner.capture(StopToken(), lambda _: None) == IMAGE


def test_late_answers_are_discarded(faulty: Faulty) -> None:
    """The image of the person before is nobody's."""
    faulty.be("gives an image after the cancel")
    faulty.scanner.open()
    stop = StopToken()
    timer = threading.Timer(0.1, stop.stop)
    timer.start()
    assert isinstance(faulty.scanner.capture(stop, lambda _: None), Stopped)
    timer.join()
    assert faulty.scanner.capture(StopToken(), lambda _: None) == IMAGE


def test_old_answers_are_discarded_and_a_flood_of_them_is_not_suffered(faulty: Faulty) -> None:
    faulty.be("gives an old image first and is good")
    faulty.scanner.open()
    for _ in range(3):
        assert faulty.scanner.capture(StopToken(), lambda _: None) in {
            IMAGE,
            Retry(RetryReason.NOT_A_FINGER),
        }
    faulty.be("floods with old answers")
    faulty.scanner.open()
    with pytest.raises(DeviceFaultError):
        faulty.scanner.capture(StopToken(), lambda _: None)
    assert faulty.is_good()


def test_a_caller_that_fails_while_it_is_told_leaves_no_work_behind(faulty: Faulty) -> None:
    faulty.be("gives a frame and waits")
    faulty.scanner.open()

    def fail(_: object) -> None:
        raise ValueError("a bug of the screen")

    with pytest.raises(ValueError, match="screen"):
        faulty.scanner.capture(StopToken(), fail)
    assert is_gone(faulty.pid("pid"))
    assert faulty.is_good()


def test_fifty_faults_leave_nothing_behind(faulty: Faulty) -> None:
    faulty.scanner.close()
    before = footprint(children())
    for number in range(50):
        faulty.be(("good", "crashes in a capture", "is busy", "gives 16 bits", "waits")[number % 5])
        stop = StopToken()
        try:
            faulty.scanner.open()
            if number % 5 == 4:
                stop.stop()
            faulty.scanner.capture(stop, lambda _: None)
        except KnownError:
            pass
    faulty.scanner.close()
    now = settled(before)
    assert not now.more_than(before), now.more_than(before)


def test_what_it_left_running_ends_with_it(faulty: Faulty) -> None:
    """A process that moved to a session of its own, ignores SIGTERM and holds the pipes."""
    faulty.be("good, with a daemon")
    faulty.scanner.open()
    assert faulty.scanner.capture(StopToken(), lambda _: None) == IMAGE
    daemon = faulty.pid("daemon")
    faulty.scanner.close()
    assert is_gone(daemon)


def test_a_program_that_ends_takes_its_daemons_along(faulty: Faulty) -> None:
    faulty.be("waits, with a daemon")
    faulty.scanner.open()
    daemon = faulty.pid("daemon")
    os.kill(faulty.pid("pid"), signal.SIGKILL)
    with pytest.raises(DeviceFaultError):
        faulty.scanner.capture(StopToken(), lambda _: None)
    assert is_gone(daemon)


def test_it_dies_with_the_station(tmp_path: Path) -> None:
    """A station that is killed closes nothing: its program and that one's daemon end."""
    faulty = Faulty(tmp_path)
    faulty.be("waits, with a daemon")
    code = (
        "from pathlib import Path; from tests.devices.test_hosted_faults import Faulty\n"
        "from station_app.devices.finger_scanner import StopToken\n"
        f"scanner = Faulty(Path({str(tmp_path)!r})).scanner; scanner.open()\n"
        "scanner.capture(StopToken(), print)\n"
    )
    station = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    until = time.monotonic() + LIMIT_S
    while not (tmp_path / "asked").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    pids = faulty.pid("pid"), faulty.pid("daemon")
    station.kill()
    station.wait()
    assert all(is_gone(pid) for pid in pids)


def test_it_dies_alone(faulty: Faulty) -> None:
    """Its end, or its warden's, is a fault of the capture and nobody else's."""
    for victim in ("program", "warden"):
        faulty.be("waits")
        (faulty.folder / "asked").unlink(missing_ok=True)
        faulty.scanner.open()
        pid = faulty.pid("pid")
        if victim == "warden":
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        timer = threading.Timer(0.1, os.kill, (pid, signal.SIGKILL))
        timer.start()
        with pytest.raises(DeviceFaultError):
            faulty.scanner.capture(StopToken(), lambda _: None)
        timer.join()
        assert is_gone(faulty.pid("pid"))
    assert faulty.is_good()
