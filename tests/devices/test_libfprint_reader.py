"""Which readers libfprint is asked for, and what is against one, without any reader."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.hosted import libfprint_reader, usb_scanner
from station_app.devices.hosted.libfprint_reader import LIBFPRINT, LibfprintScanner
from station_app.devices.hosted.usb_scanner import finder, looker
from station_app.devices.usb import UsbDevice
from station_app.domain.errors import DeviceLostError, KnownError

find, look = finder(LIBFPRINT), looker(LIBFPRINT)
READER = UsbDevice(
    vendor="05ba",
    product="000a",
    serial="",
    socket="1-2",
    maker="DigitalPersona, Inc.",
    model="U.are.U 4500",
    node=Path("/dev/bus/usb/001/007"),
    is_permitted=True,
)
SECOND = replace(READER, socket="1-3", node=Path("/dev/bus/usb/001/010"), serial="B2B2B2B2")
SWIPED = replace(READER, vendor="147e", product="2016")

Plug = Callable[..., None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    def plugged(*devices: UsbDevice) -> None:
        monkeypatch.setattr(usb_scanner, "usb_devices", lambda: list(devices))

    return plugged


def chosen(port: str = "") -> list[str]:
    """Bus and address of the reader that the child is started for."""
    program = LibfprintScanner(port)._chosen()
    return list(program.words[-8:-6])


def code_of(port: str = "") -> str:
    scanner = LibfprintScanner(port)
    with pytest.raises(KnownError) as caught:
        scanner.open()
    scanner.close()
    return caught.value.code


def test_of_two_readers_the_named_one_is_opened(plug: Plug) -> None:
    plug(READER, SECOND)
    assert chosen(SECOND.identity) == ["1", "10"]
    assert chosen(READER.identity) == ["1", "7"]
    assert chosen() == ["1", "7"]
    assert {one.port for one in look()} == {READER.identity, SECOND.identity}


def test_a_named_reader_is_not_replaced_by_another(plug: Plug) -> None:
    plug(READER)
    assert not find(SECOND.identity)
    with pytest.raises(DeviceLostError):
        LibfprintScanner(SECOND.identity).open()


def test_a_reader_that_this_user_may_not_open_says_so(plug: Plug) -> None:
    plug(replace(READER, is_permitted=False))
    assert code_of() == "scanner_not_permitted"
    assert [one.fault for one in look()] == ["scanner_not_permitted"]
    assert find("")


def test_a_swiped_reader_is_refused_and_a_fit_one_beside_it_is_taken(plug: Plug) -> None:
    plug(SWIPED)
    assert code_of() == "scanner_unfit"
    assert [one.fault for one in look()] == ["scanner_unfit"]
    plug(SWIPED, READER)
    assert chosen() == ["1", "7"]


@pytest.mark.parametrize("port", ["/dev/bus/usb/001/007", "05ba:000a", "usb:05ba:000a:", "usb:x"])
def test_a_port_that_is_no_identity_is_refused(port: str) -> None:
    for ask in (find, LibfprintScanner):
        with pytest.raises(KnownError) as caught:
            ask(port)
        assert caught.value.code == "settings_refused"


def test_a_computer_without_the_library_says_so(
    plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(READER)
    *python, start = libfprint_reader.own_program("libfprint_child")
    without = start.replace("; sys.exit", "; m._LIBRARIES = ('fprint-none.so',); sys.exit")
    monkeypatch.setattr(libfprint_reader, "own_program", lambda _: [*python, without])
    assert code_of() == "scanner_driver_missing"
