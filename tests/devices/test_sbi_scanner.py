"""A certified reader behind MOSIP's interface: what is proven before an image counts."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.biometrics.images import finger_image_of
from station_app.devices.drivers import SCANNERS, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.scanners.sbi_scanner import SbiScanner, sbi_devices
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import FingerImage, Retry, RetryReason, Stopped
from station_app.vault import DeviceRoots
from tests.devices.sbi_service import (
    Authority,
    SbiService,
    authority,
    base64url,
    finger_record,
    signed,
)
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance

PIXELS = np.tile(np.arange(120, dtype=np.uint8), (90, 1))
ROOT = authority("root")
MAKER = authority("maker", ROOT)
DEVICE = authority("device", MAKER, may_issue=False)
RAW = finger_record(PIXELS.tobytes(), 120, 90, 0)


def packed(ending: str, packing: int) -> bytes:
    return finger_record(cv2.imencode(ending, PIXELS)[1].tobytes(), 120, 90, packing)


class SbiCase(ScannerCase):
    """A service that waits a tenth of a second for a finger."""

    image = FingerImage(PIXELS.tobytes(), 120, 90, 500)
    again_after, captures = 0.1, 20

    def __init__(self, _: Path) -> None:
        super().__init__()
        self.service = SbiService([DEVICE, MAKER])
        self.scanner = scanner_of(self.service)

    def touch(self) -> None:
        self.service.touch(RAW)

    def lift(self) -> None:
        self.service.lift()

    def unplug(self) -> None:
        self.service.unplug()

    def plug_in(self) -> None:
        self.service.raw, self.service.hang_s = None, 0.0
        if not self.service.is_plugged:
            self.service.plug_in()

    def garbage(self) -> bool:
        self.service.raw = b'{"biometrics": [{"data": "a.b.c", "hash": "00"}]}'
        return True

    def silence(self) -> bool:
        self.service.hang_s = 1.0
        return True

    def close(self) -> None:
        self.service.unplug()


class TestSbiScanner(ScannerConformance):
    driver = named(SCANNERS, "sbi")
    make = SbiCase


@pytest.fixture
def service() -> Iterator[SbiService]:
    made = SbiService([DEVICE, MAKER])
    yield made
    made.unplug()


def scanner_of(
    service: SbiService, *roots: Authority, port: str = "", ports: Sequence[int] = ()
) -> SbiScanner:
    pinned = DeviceRoots(one.der for one in roots or (ROOT,))
    return SbiScanner(port, lambda: pinned, finger_image_of, ports=ports or [service.port])


def opened(service: SbiService) -> SbiScanner:
    scanner = scanner_of(service)
    scanner.open()
    assert scanner.wait_finger_off(StopToken())
    return scanner


def read(scanner: SbiScanner) -> object:
    return scanner.capture(StopToken(), lambda _: None)


BLOCKS = bytes.fromhex("0002 0009 02 01 01 0a 02 0003 0008 74657874")
"""An annotation and a comment, as MOSIP's encoder writes them behind the image."""
EXTENDED = finger_record(PIXELS.tobytes(), 120, 90, 0, after=BLOCKS)


@pytest.mark.parametrize(
    "record",
    [RAW, packed(".jp2", 5), packed(".png", 6), EXTENDED],
    ids=["raw", "jpeg2000", "png", "extended"],
)
def test_a_signed_image_is_taken(service: SbiService, record: bytes) -> None:
    scanner = opened(service)
    threading.Timer(0.2, service.touch, [record]).start()
    assert read(scanner) == FingerImage(PIXELS.tobytes(), 120, 90, 500)
    bio = service.asked["bio"][0]
    assert (bio["count"], service.asked["env"]) == ("1", "Production")


def test_it_is_found_by_its_serial_number(service: SbiService) -> None:
    (found,) = sbi_devices(range(service.port, service.port + 1))
    assert (found.serial, found.title) == ("SN-4711", "Maker M-1")
    assert scanner_of(service, port="sbi:SN-4711").find()
    assert not scanner_of(service, port="sbi:SN-4712").find()
    for port in ("a b", "SN-4711", "sbi:a sbi:b", "sbi:", "sbi:SN-4711 Developer"):
        with pytest.raises(KnownError, match="serial number"):
            scanner_of(service, port=port)


def test_a_liar_on_an_earlier_port_does_not_hide_the_reader(service: SbiService) -> None:
    """It claims the reader's serial number, and can prove nothing."""
    liar = SbiService([authority("device", authority("root"))])
    try:
        for port in ("", "sbi:SN-4711"):
            scanner = scanner_of(service, port=port, ports=[liar.port, service.port])
            assert scanner.open().name == "Maker M-1"
            assert scanner.wait_finger_off(StopToken())
    finally:
        liar.unplug()


def test_a_finger_that_stays_is_not_taken_twice(service: SbiService) -> None:
    scanner = opened(service)
    service.touch(RAW)
    assert isinstance(read(scanner), FingerImage)
    stop = StopToken()
    threading.Timer(0.5, stop.stop).start()
    assert scanner.capture(stop, lambda _: None) == Stopped()


def test_a_stop_is_quick_and_the_late_image_is_nobodys(service: SbiService) -> None:
    scanner, stop = opened(service), StopToken()
    service.hang_s = 1.0
    stopped_at: list[float] = []

    def end() -> None:
        stopped_at.append(time.monotonic())
        stop.stop()
        service.touch(RAW)

    threading.Timer(0.3, end).start()
    assert scanner.capture(stop, lambda _: None) == Stopped()
    assert time.monotonic() - stopped_at[0] < 0.2
    other = finger_record(bytes(120 * 90), 120, 90, 0)
    asked = threading.Event()
    threading.Thread(target=lambda: (asked.wait(), service.touch(other))).start()

    def tell_nobody(_: object) -> None: ...

    while service.captures == 0:  # the late answer is on its way
        time.sleep(0.01)
    service.lift()
    service.hang_s = 0.0
    asked.set()
    image = scanner.capture(StopToken(), tell_nobody)
    assert isinstance(image, FingerImage)
    assert image.pixels == bytes(120 * 90)


@pytest.mark.parametrize(
    ("forge", "spoil"),
    [
        ({"transactionId": "another"}, {}),
        ({"bioSubType": "Left Thumb"}, {}),
        ({"env": "Developer"}, {}),
        ({"purpose": "Auth"}, {}),
        ({"timestamp": "2020-01-01T00:00:00Z"}, {}),
        ({"timestamp": "soon"}, {}),
        ({"bioValue": base64url(b"other")}, {}),
        ({"bioValue": 7}, {}),
        ({"digitalId": "e30.e30.e30"}, {}),
        ({}, {"hash": "00" * 32}),
        ({}, {"data": "e30.e30.e30"}),
        ({}, {"data": None}),
    ],
)
def test_an_answer_to_something_else_is_not_believed(
    service: SbiService, forge: dict[str, object], spoil: dict[str, object]
) -> None:
    scanner = opened(service)
    service.forge, service.spoil = forge, spoil
    service.touch(RAW)
    with pytest.raises(DeviceFaultError, match="cannot be believed"):
        read(scanner)
    service.forge, service.spoil = {}, {}
    service.lift()
    scanner.open()


def test_another_reader_may_not_answer_for_this_one(service: SbiService) -> None:
    scanner = opened(service)
    service.serial = "SN-9"
    service.touch(RAW)
    with pytest.raises(DeviceFaultError, match="another reader"):
        read(scanner)


OTHER = authority("root")  # of the same name, as a forger would call it


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        ([authority("device", OTHER), OTHER], "no root|not signed"),
        ([DEVICE], "no root"),
        ([authority("device", authority("maker", ROOT, may_issue=False)), MAKER], "not signed"),
        ([authority("device", ROOT, days=-1)], "not valid"),
    ],
)
def test_a_chain_that_does_not_hold_is_refused(
    service: SbiService, chain: list[Authority], why: str
) -> None:
    service.chain = chain
    with pytest.raises(DeviceFaultError, match=why):
        scanner_of(service).open()


def test_one_that_may_not_issue_cannot_vouch(service: SbiService) -> None:
    reader = authority("reader", ROOT, may_issue=False)
    service.chain = [authority("device", reader), reader]
    with pytest.raises(DeviceFaultError, match="may not"):
        scanner_of(service).open()


def test_the_signature_is_of_the_kind_asked_for() -> None:
    roots, now = DeviceRoots([ROOT.der]), DEVICE.certificate.not_valid_before_utc.replace()
    good = signed({"a": 1}, [DEVICE, MAKER])
    with pytest.raises(ValueError, match="way that is not read"):
        roots.payload(signed({"a": 1}, [DEVICE, MAKER], alg="none"), now)
    assert roots.payload(good, now) == {"a": 1}
    head, body, signature = good.split(".")
    with pytest.raises(ValueError, match="does not hold"):
        roots.payload(f"{head}.{base64url(b'{}')}.{signature}", now)
    for text in ("", "a.b", "....", f"{head}.{body}.!", "e30.e30.", "WzFd.e30.e30"):
        with pytest.raises(ValueError, match=r"\w"):
            roots.payload(text, now)


def test_without_a_pinned_root_nothing_is_opened(service: SbiService) -> None:
    scanner = SbiScanner("", lambda: DeviceRoots(()), finger_image_of)
    with pytest.raises(DeviceFaultError, match="No root certificate"):
        scanner.open()


def test_faults_of_the_reader_each_have_their_way(service: SbiService) -> None:
    scanner = opened(service)
    service.says = "105"
    assert read(scanner) == Retry(RetryReason.OFF_CENTRE)
    service.says = "110"
    with pytest.raises(DeviceLostError):
        read(scanner)
    service.says = "103"
    with pytest.raises(DeviceFaultError, match="reports a fault"):
        read(scanner)
    service.says = ""
    service.status = "Not Ready"
    with pytest.raises(DeviceLostError):
        scanner.open()


def test_codes_of_mosips_mock_service_are_known(service: SbiService) -> None:
    """701: nobody came; 703: a capture is under way; 705: not connected."""
    scanner = opened(service)
    service.says = "703"
    threading.Timer(0.3, setattr, [service, "says", "701"]).start()
    assert scanner.wait_finger_off(StopToken())
    service.says = "705"
    with pytest.raises(DeviceLostError):
        read(scanner)


def test_a_reader_that_still_captures_for_us_is_there(service: SbiService) -> None:
    """A capture cannot be cancelled: after a stop its service says "Busy" for a while."""
    scanner, stop = opened(service), StopToken()
    service.hang_s = 0.8
    threading.Timer(0.2, stop.stop).start()
    assert scanner.capture(stop, lambda _: None) == Stopped()
    assert scanner.find()
    scanner.close()
    assert scanner.open().name == "Maker M-1"


def test_a_reader_that_captures_for_another_program_is_busy(service: SbiService) -> None:
    service.status = "Busy"
    scanner = scanner_of(service)
    assert scanner.find()
    with pytest.raises(DeviceFaultError) as fault:
        scanner.open()
    assert fault.value.code == Code.SCANNER_BUSY


@pytest.mark.parametrize("raw", [b"", b"[" * 100_000, b"null", b'{"biometrics": 7}', b"\xff\xfe"])
def test_nonsense_is_no_finger(service: SbiService, raw: bytes) -> None:
    scanner = opened(service)
    service.raw = raw
    service.touch(RAW)
    with pytest.raises((DeviceFaultError, DeviceLostError)):
        read(scanner)
    assert sbi_devices(range(service.port, service.port + 1)) == []


def test_a_record_that_is_no_finger_costs_a_try(service: SbiService) -> None:
    scanner = opened(service)
    service.touch(b"FIR\x00020\x00" + bytes(40))
    assert read(scanner) == Retry(RetryReason.NOT_A_FINGER)


def test_a_service_that_is_gone_is_lost_and_found_again(service: SbiService) -> None:
    scanner = opened(service)
    service.unplug()
    with pytest.raises(DeviceLostError):
        read(scanner)
    with pytest.raises(DeviceLostError):
        scanner.open()
    service.plug_in()
    scanner.open()


@pytest.mark.parametrize(
    "after", [b"\0", BLOCKS[:-1], BLOCKS + b"\0\0\0", b"\0\1\0\3\0", b"\0\1\0\0"]
)
def test_what_follows_the_image_is_whole_blocks(service: SbiService, after: bytes) -> None:
    scanner = opened(service)
    service.touch(finger_record(PIXELS.tobytes(), 120, 90, 0, after=after))
    assert read(scanner) == Retry(RetryReason.NOT_A_FINGER)


@pytest.mark.parametrize("drips", [False, True])
def test_ports_that_never_answer_hold_nobody_up(drips: bool) -> None:
    """A hundred of them, each of which takes connections, and sends a byte now and then."""
    over = threading.Event()
    with ExitStack() as stack:
        listeners = [stack.enter_context(closing(socket.socket())) for _ in range(100)]
        for one in listeners:
            one.bind(("127.0.0.1", 0))
            one.listen()

        def drip(listener: socket.socket) -> None:
            with suppress(OSError), closing(listener.accept()[0]) as link:
                while drips and not over.wait(0.2):
                    link.send(b"H")
                over.wait(60)

        for one in listeners:
            threading.Thread(target=drip, args=(one,), daemon=True).start()
        ports = [one.getsockname()[1] for one in listeners]
        begun = time.monotonic()
        assert sbi_devices(ports) == []
        took = time.monotonic() - begun
        over.set()
    assert took < 20


def test_an_endless_answer_to_the_search_is_left_unread(service: SbiService) -> None:
    """Lists of lists, of which few bytes make much memory, and 25 services at once."""
    service.raw = b"[" + b"[]," * 300_000 + b"[]]"
    assert sbi_devices([service.port] * 3) == []
