"""libfprint's real driver on a replayed U.are.U 4500; `test_libfprint_replay.py` starts this."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from station_app.devices.drivers import SCANNERS, named
from station_app.devices.finger_scanner import FingerScanner, StopToken
from station_app.devices.hosted.libfprint_reader import LIBFPRINT, LibfprintScanner
from station_app.devices.hosted.reader_process import Program
from station_app.devices.hosted.usb_scanner import looker
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import FingerImage, FingerOnGlass, LiveFrame, Stopped
from tests.devices.footprint import footprint
from tests.devices.hosted.replay import (
    LINES,
    RECORDING,
    WIDTH,
    Packet,
    Recording,
    Testbed,
    is_inside,
)

pytestmark = pytest.mark.skipif(not is_inside(), reason="runs under umockdev-wrapper")

Plug = Callable[[list[Packet]], str]
Open = Callable[..., FingerScanner]
Told = LiveFrame | FingerOnGlass


@pytest.fixture(scope="module")
def bed() -> Testbed:
    return Testbed()


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording()


@pytest.fixture
def plug(bed: Testbed, recording: Recording, tmp_path: Path) -> Iterator[Plug]:
    places: list[str] = []

    def plugged(packets: list[Packet]) -> str:
        made = recording.write(packets, tmp_path / f"{len(places)}.pcapng")
        places.append(bed.plug_in(RECORDING / "device", made))
        return places[-1]

    yield plugged
    for place in places:
        bed.pull_out(place)


@pytest.fixture
def scanner_of(bed: Testbed) -> Iterator[Open]:
    made: list[FingerScanner] = []

    def scanner(port: str = "", wait_limit_s: float = 150, settle_s: float = 0) -> FingerScanner:
        made.append(LibfprintScanner(port, bed.environment(), wait_limit_s, settle_s))
        return made[-1]

    yield scanner
    for one in made:
        one.close()


def ridges(turn: float = 0.0) -> bytes:
    """Ridges 9 dots apart with six forks: where libfprint finds no minutiae it gives no image."""
    forks = [(90 + 70 * i, 70 + 60 * j, 1 if i ^ j else -1) for i in range(3) for j in range(2)]
    rows = bytearray()
    for y in range(LINES):
        for x in range(WIDTH):
            angle = turn + sum(sign * math.atan2(y - fy, x - fx) for fx, fy, sign in forks)
            ink = math.sin(2 * math.pi * y / 9 + angle) > 0
            rows.append(30 if ink and 30 < x < 350 and 10 < y < 270 else 255)
    return bytes(rows)


def taken(scanner: FingerScanner, told: list[Told] | None = None) -> FingerImage:
    result = scanner.capture(StopToken(), (told if told is not None else []).append)
    assert isinstance(result, FingerImage)
    return result


def is_what_was_laid(image: FingerImage, laid: bytes) -> bool:
    """All but the driver's own first line, and the last two, which say that it is not scrambled."""
    return image.pixels[WIDTH : -2 * WIDTH] == laid[: -2 * WIDTH]


def test_images_come_through_the_driver_pixel_by_pixel(
    plug: Plug, recording: Recording, scanner_of: Open
) -> None:
    images = [ridges(), ridges(1.0)]
    plug(recording.fingers([None, *images]))
    scanner = scanner_of()
    info = scanner.open()
    assert (info.ppi, info.width, info.height) == (512, WIDTH, LINES + 1)
    assert info.gives_after_lift
    assert info.senses_finger
    assert not info.streams
    taken(scanner)  # the recorded touch: a picture without a finger
    for laid in images:
        told: list[Told] = []
        image = taken(scanner, told)
        assert image.ppi == 512
        assert is_what_was_laid(image, laid)
        assert told == [FingerOnGlass(True), FingerOnGlass(False)]


def test_it_is_found_by_what_it_is(plug: Plug, recording: Recording, scanner_of: Open) -> None:
    line = named(SCANNERS, "libfprint")
    assert looker(LIBFPRINT)() == ()
    assert not line.find("")
    plug(recording.fingers([None]))
    (found,) = looker(LIBFPRINT)()
    assert (found.port, found.fault) == ("usb:05ba:000a", "")
    assert line.find(found.port)
    assert not line.find("usb:05ba:0007")
    taken_from = scanner_of(found.port)
    taken_from.open()
    with pytest.raises(DeviceLostError):
        scanner_of("usb:05ba:000a:ANOTHER1").open()


def test_a_stopped_capture_is_back_within_200_ms(
    plug: Plug, recording: Recording, scanner_of: Open
) -> None:
    plug(recording.nobody())
    scanner = scanner_of()
    scanner.open()
    stop, stopped_at = StopToken(), list[float]()

    def end() -> None:
        stopped_at.append(time.monotonic())
        stop.stop()

    threading.Timer(0.3, end).start()
    assert isinstance(scanner.capture(stop, lambda _: None), Stopped)
    assert time.monotonic() - stopped_at[0] < 0.2


def test_a_pulled_reader_is_lost_and_opens_again(
    bed: Testbed, plug: Plug, recording: Recording, scanner_of: Open
) -> None:
    place = plug(recording.nobody())
    scanner = scanner_of()
    scanner.open()
    pulling = threading.Timer(0.3, lambda: bed.pull_out(place))
    pulling.start()
    with pytest.raises(DeviceLostError):
        scanner.capture(StopToken(), lambda _: None)
    pulling.join()
    with pytest.raises(DeviceLostError):
        scanner.open()
    plug(recording.fingers([None]))
    scanner.open()
    taken(scanner)


def test_the_reader_is_never_called_hot(bed: Testbed, plug: Plug, recording: Recording) -> None:
    """A fresh child takes over before the limit, and the capture that waits does not notice."""
    plugged = [plug(recording.nobody())]

    class Watched(LibfprintScanner):
        """Its second child meets a finger: a replay answers one opening."""

        started: ClassVar[list[float]] = []

        def _chosen(self) -> Program:
            self.started.append(time.monotonic())
            if len(self.started) == 2:
                bed.pull_out(plugged[0])
                plug(recording.fingers([None]))
            return super()._chosen()

    scanner = Watched("", bed.environment(), wait_limit_s=0.5, settle_s=0)
    scanner.open()
    begun = time.monotonic()
    taken(scanner)
    scanner.close()
    assert len(Watched.started) == 2
    assert Watched.started[1] - begun > 0.4


def test_a_finger_that_lies_there_already_does_not_count(
    plug: Plug, recording: Recording, scanner_of: Open
) -> None:
    laid = ridges()
    plug(recording.fingers([None, laid]))
    scanner = scanner_of(settle_s=0.25)  # a replayed finger is felt at once
    scanner.open()
    told: list[Told] = []
    image = taken(scanner, told)
    assert is_what_was_laid(image, laid), "the first touch was taken"
    assert [isinstance(one, FingerOnGlass) and one.is_on for one in told] == [
        True,
        False,
        True,
        False,
    ]


def test_nothing_is_left_behind(
    bed: Testbed, plug: Plug, recording: Recording, scanner_of: Open
) -> None:
    place = plug(recording.fingers([None]))
    scanner = scanner_of()
    before = (0, 0, 0)
    for number in range(8):
        scanner.open()
        taken(scanner)
        scanner.close()
        bed.pull_out(place)
        place = plug(recording.fingers([None]))
        if number == 2:
            before = _held()
    assert _held() == before


def _held() -> tuple[int, int, int]:
    """Threads, processes and pipes; umockdev keeps sockets of every recording it has played."""
    now = footprint()
    links = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    return now.threads, now.processes, sum(one.startswith("pipe:") for one in links)
