"""Any device is pulled, put back or breaks, in every state of the desk (docs/reliability.md)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtGui import QGuiApplication

from station_app.domain.documents import ReaderStatus
from station_app.domain.errors import DeviceFaultError
from station_app.domain.session_states import State, WaitingForScanner
from tests.flow.pulled_devices import WAYS, PulledDesk


@pytest.fixture
def desk(tmp_path: Path, qapp: QGuiApplication) -> Iterator[PulledDesk]:
    made = PulledDesk(tmp_path)
    yield made
    made.end()


def scanner_pulled(desk: PulledDesk) -> None:
    """It stays out until the desk has nothing else to do."""
    desk.scanner.pull()


def scanner_back(desk: PulledDesk) -> None:
    """Out and in: another node, and what was open is dead."""
    desk.scanner.pull()
    desk.scanner.put_back()


def scanner_back_later(desk: PulledDesk) -> None:
    """Out long enough to be seen, then in."""
    desk.scanner.pull()
    desk.holds(lambda: is_scanner_missed(desk))
    desk.scanner.put_back()


def scanner_breaks(desk: PulledDesk) -> None:
    """It is there and answers nonsense until somebody repairs it."""
    desk.scanner.is_faulty = True


def printer_pulled(desk: PulledDesk) -> None:
    """It stays out until the desk has nothing else to do."""
    desk.printer.unplug()


def printer_back(desk: PulledDesk) -> None:
    """Out and in: another node behind the same name."""
    desk.printer.unplug()
    desk.printer.plug_in()


def printer_breaks(desk: PulledDesk) -> None:
    """Its cover is open."""
    desk.printer.open_cover()


def reader_pulled(desk: PulledDesk) -> None:
    """It stays out until the desk has nothing else to do."""
    desk.reader.pull()


def reader_back(desk: PulledDesk) -> None:
    """Out and in."""
    desk.reader.pull()
    desk.holds(lambda: desk.documents.status != ReaderStatus())
    desk.reader.repair()


def reader_breaks(desk: PulledDesk) -> None:
    """It answers nonsense until somebody repairs it."""
    desk.reader.break_down()


def camera_pulled(desk: PulledDesk) -> None:
    """It stays out until the desk has nothing else to do."""
    desk.camera.unplug()


def camera_breaks(desk: PulledDesk) -> None:
    """Another program has it."""
    desk.camera.fault = DeviceFaultError("camera_busy", "busy")


def hub_without_power(desk: PulledDesk) -> None:
    """All that hangs on the hub is gone at once."""
    desk.scanner.pull()
    desk.printer.unplug()
    desk.reader.pull()
    desk.camera.unplug()


def asleep(desk: PulledDesk) -> None:
    """The computer slept: what was open says nothing any more, and nobody is told so."""
    desk.scanner.fall_silent()
    desk.runner.woke_up()
    desk.slips.queue.renew()
    before = desk.reader.opened
    desk.documents.renew()
    desk.holds(lambda: desk.reader.opened > before)


EVENTS = (
    scanner_pulled,
    scanner_back,
    scanner_back_later,
    scanner_breaks,
    printer_pulled,
    printer_back,
    printer_breaks,
    reader_pulled,
    reader_back,
    reader_breaks,
    camera_pulled,
    camera_breaks,
    hub_without_power,
    asleep,
)


def is_scanner_missed(desk: PulledDesk) -> bool:
    """What the chip in the top bar is red for."""
    return desk.runner.scanner.is_plugged_in is False or isinstance(desk.state, WaitingForScanner)


def repair(desk: PulledDesk) -> None:
    """Everything is in its socket again."""
    desk.scanner.put_back()
    desk.reader.repair()
    desk.camera.fault = None
    desk.printer.close_cover()
    desk.printer.plug_in()


def test_every_state_has_a_way_into_it() -> None:
    assert set(WAYS) == set(get_args(State))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
@pytest.mark.parametrize("kind", WAYS, ids=lambda kind: kind.__name__)
def test_nothing_is_lost_or_doubled(
    desk: PulledDesk, kind: type[State], event: Callable[[PulledDesk], None]
) -> None:
    desk.into(kind)
    event(desk)
    desk.go_on_until_it_shows()
    repair(desk)
    desk.go_on()
    desk.identify_the_next()
    desk.check_entries()


@pytest.mark.parametrize(
    "kind", [kind for kind in WAYS if kind is not WaitingForScanner], ids=lambda kind: kind.__name__
)
def test_a_scanner_that_is_pulled_is_missed(desk: PulledDesk, kind: type[State]) -> None:
    desk.into(kind)
    if desk.scanner.is_faulty:
        desk.scanner.is_faulty = False
    desk.scanner.pull()
    desk.holds(lambda: is_scanner_missed(desk))
    desk.release()
    desk.scanner.put_back()
    desk.go_on()
    desk.identify_the_next()
    desk.check_entries()
