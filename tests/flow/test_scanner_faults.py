"""Scanners that do not work, go away, or cannot tell when the finger is off."""

from collections.abc import Iterator

import pytest

from station_app.devices.finger_scanner import ScannerInfo, StopToken, Tell
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_events as ev
from station_app.domain.entries import DayOpened
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import SCANNER_CODES, DeviceFaultError, DeviceLostError
from station_app.domain.samples import CaptureResult, Meters
from station_app.domain.session_states import (
    AwaitingSample,
    Blocked,
    Idle,
    Verdict,
    WaitingForScanner,
)
from station_app.flow.scanning import KeptScanner
from tests.flow.desk_parts import IMAGE
from tests.flow.whole_desk import Station


class StubbornScanner:
    """Refuses to capture unless it is open; its answers to `open` and `capture` are set.

    It cannot tell when a finger is lifted.
    """

    def __init__(self) -> None:
        self.inside = SimulatedFingerScanner(frames=2, seconds=0.02)
        self.open_faults: list[Exception] = []
        self.capture_faults: list[Exception] = []
        self.is_open = False
        self.opened = 0

    def open(self) -> ScannerInfo:
        if self.open_faults:
            raise self.open_faults.pop(0)
        self.is_open = True
        self.opened += 1
        return self.inside.open()

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        assert self.is_open, "captured on a closed scanner"
        if self.capture_faults:
            raise self.capture_faults.pop(0)
        return self.inside.capture(stop, tell)

    def close(self) -> None:
        self.is_open = False


def dead() -> DeviceFaultError:
    return DeviceFaultError("device_fault", "The scanner does not answer; plug it in again.")


@pytest.fixture
def scanner() -> StubbornScanner:
    return StubbornScanner()


@pytest.fixture
def stubborn(scanner: StubbornScanner) -> Iterator[Station]:
    made = Station(scanner)
    yield made
    made.runner.stop()


def blocked_by_the_scanner(station: Station) -> None:
    blocked = station.until(Blocked)
    assert isinstance(blocked, Blocked)
    assert blocked.code == "device_fault"


def identify(station: Station, scanner: StubbornScanner) -> None:
    station.matcher.answers = [(3, 12.0)]
    scanner.inside.place(lambda: IMAGE)
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.outcome.outcome is OutcomeKind.IDENTIFIED


def test_a_scanner_that_does_not_open_is_opened_again_on_retry(scanner: StubbornScanner) -> None:
    scanner.open_faults = [dead()]
    station = Station(scanner)
    blocked_by_the_scanner(station)
    assert station.book.entries == []
    station.runner.handle(ev.RetryPressed())
    station.until(Idle)
    identify(station, scanner)
    station.runner.stop()
    assert not scanner.is_open


@pytest.mark.parametrize("code", SCANNER_CODES)
@pytest.mark.parametrize("is_opening", [True, False], ids=["open", "capture"])
def test_every_fault_of_a_scanner_is_shown_and_mended_without_a_restart(
    scanner: StubbornScanner, code: str, is_opening: bool
) -> None:
    fault = DeviceFaultError(code, "What is wrong, and what to do.")
    (scanner.open_faults if is_opening else scanner.capture_faults).append(fault)
    station = Station(scanner)
    blocked = station.until(Blocked)
    assert isinstance(blocked, Blocked)
    assert blocked.code == code
    assert not scanner.is_open, "whoever repairs it finds it released"
    station.runner.handle(ev.RetryPressed())
    station.until(Idle)
    identify(station, scanner)
    station.runner.stop()


def test_a_scanner_that_fails_in_a_session_ends_it_once_mended(
    stubborn: Station, scanner: StubbornScanner
) -> None:
    stubborn.runner.handle(ev.PinEntered("10000000000003"))
    scanner.capture_faults = [dead()]
    blocked_by_the_scanner(stubborn)
    stubborn.runner.handle(ev.RetryPressed())
    stubborn.until(Idle)
    assert [one.reason for one in stubborn.book.outcomes()] == ["station_fault"]
    identify(stubborn, scanner)


def test_a_scanner_that_comes_back_broken_blocks_instead_of_being_waited_for(
    stubborn: Station, scanner: StubbornScanner
) -> None:
    stubborn.runner.handle(ev.PinEntered("10000000000003"))
    scanner.open_faults = [DeviceLostError(), dead(), DeviceLostError()]
    scanner.capture_faults = [DeviceLostError()]
    blocked_by_the_scanner(stubborn)
    stubborn.runner.handle(ev.RetryPressed())
    stubborn.until(WaitingForScanner)
    stubborn.until(Idle)
    identify(stubborn, scanner)
    assert [one.outcome for one in stubborn.book.outcomes()] == [
        OutcomeKind.ABANDONED,
        OutcomeKind.IDENTIFIED,
    ]


def test_without_a_sense_of_the_finger_time_alone_closes_the_screen(
    stubborn: Station, scanner: StubbornScanner
) -> None:
    identify(stubborn, scanner)
    stubborn.until(Idle)


def test_a_scanner_is_opened_once_while_it_works(
    stubborn: Station, scanner: StubbornScanner
) -> None:
    for _ in range(2):
        identify(stubborn, scanner)
        stubborn.runner.handle(ev.NextPressed())
        stubborn.write(DayOpened(1, 1, 300, "", 0, "asanov", "ismailova"))  # nobody was here
    stubborn.until(Idle)
    assert scanner.opened == 1


def test_a_cable_pulled_under_a_verdict_shows_with_the_next_person(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    station.scanner.unplug()
    station.runner.handle(ev.NextPressed())
    station.until(WaitingForScanner)
    station.scanner.lift()
    station.scanner.plug_in()
    station.until(Idle)


def test_a_cable_pulled_while_the_finger_is_awaited_off_ends_that_wait(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    station.scanner.unplug()
    station.until(WaitingForScanner)
    assert [one.outcome for one in station.book.outcomes()] == [OutcomeKind.IDENTIFIED]


def test_a_finger_left_on_the_glass_does_not_hold_up_the_next(station: Station) -> None:
    station.matcher.answers = [(3, 12.0), (1, 12.0)]
    station.place()
    station.until(Verdict)
    station.bridge.run(lambda: False, 0.1)
    station.runner.handle(ev.NextPressed())
    station.until(Idle)
    station.place()
    station.until(Verdict)


def test_cancelling_while_the_cable_is_out_keeps_waiting_for_it(station: Station) -> None:
    station.runner.handle(ev.PinEntered("10000000000003"))
    station.until(AwaitingSample)
    station.scanner.unplug()
    station.until(WaitingForScanner)
    station.runner.handle(ev.Cancelled())
    assert station.bridge.run(lambda: bool(station.book.outcomes()), 60)
    station.until(WaitingForScanner)
    station.scanner.plug_in()
    station.until(Idle)
    assert [one.outcome for one in station.book.outcomes()] == [OutcomeKind.ABANDONED]


def test_a_stopped_reopening_gives_up() -> None:
    stop = StopToken()
    stop.stop()
    scanner = StubbornScanner()
    assert not KeptScanner(scanner, lambda _: Meters(5, 5, 5)).reopen(stop)
    assert scanner.opened == 0
