"""What a reader costs beside extraction: each image on its way, and an armed reader at rest.

`python -m benchmarks.reader_figures` takes 1,000 images from each adapter that runs without its
hardware, says what they have left behind in memory, threads and descriptors, and what an armed
reader takes of a core. `--json` prints for a machine. `libfprint` replays a recording in a
process of its own, where umockdev and `STATION_READER_RECORDINGS` are there.
"""

import argparse
import dataclasses
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import finger_image_of
from station_app.devices.drivers import SCANNERS
from station_app.devices.finger_scanner import FingerScanner, StopToken
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.libfprint_reader import LibfprintScanner
from station_app.devices.hosted.reader_process import Program
from station_app.devices.scanners.folder_scanner import FolderScanner
from station_app.devices.scanners.sbi_scanner import SbiScanner
from station_app.devices.scanners.uart_scanner import UartScanner
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage, FingerOnGlass, LiveFrame, Stopped
from station_app.evaluation.timing import this_machine
from station_app.synthetic.precinct import invent_precinct
from station_app.synthetic.presets import Preset
from station_app.vault import DeviceRoots
from tests.devices import uart_module
from tests.devices.footprint import footprint
from tests.devices.hosted.replay import RECORDING, Recording, Testbed
from tests.devices.hosted.replayed_libfprint import ridges
from tests.devices.sbi_service import SbiService, authority, finger_record
from tests.devices.uart_module import UartModule
from tests.vm import fs81

FINGER = FingerPosition.RIGHT_INDEX
REPLAYED = 60
"""Images in a recording: each is kept in memory."""
_LOOKS, _EXTRACTIONS = 100, 5

WIDTH, HEIGHT = 500, 550
"""A large single finger; a U.are.U gives 384 x 290."""
READER = """
import json, os, select, sys, time
SIZE = {"width": WIDTH, "height": HEIGHT}
def say(header, raw=b""):
    text = json.dumps({**header, "bytes": len(raw)}).encode()
    rest = memoryview(len(text).to_bytes(4, "big") + text + raw)
    while rest:
        rest = rest[os.write(1, rest):]
def hear():
    head = os.read(0, 4)
    if len(head) < 4:
        sys.exit(0)
    return json.loads(os.read(0, int.from_bytes(head, "big")))
hear()
say({"is": "hello", "protocol": 1})
say({"is": "ready", "name": "bench", "ppi": 500, "abilities": ["cancels"], **SIZE})
pixels = os.urandom(WIDTH * HEIGHT)
while True:
    order = hear()
    if order["do"] == "ping":
        say({"is": "pong"})
    elif order["do"] == "cancel":
        say({"is": "cancelled", "to": order["number"]})
    elif order["do"] == "capture" and "idle" not in sys.argv:
        say({"is": "image", "to": order["number"], **SIZE}, pixels)
""".replace("WIDTH", str(WIDTH)).replace("HEIGHT", str(HEIGHT))


@dataclass(frozen=True)
class Bench:
    """A reader with a hand: `touch` lays a finger, `lift` takes it off; `idle` gets none.

    `most` is how many images it can give.
    """

    scanner: FingerScanner
    touch: Callable[[], None] = lambda: None
    lift: Callable[[], None] = lambda: None
    most: int = sys.maxsize


def hosted(script: Path, is_idle: bool) -> Bench:
    """A program of its own, which has an image at once."""
    program = [sys.executable, "-I", "-S", str(script), *(["idle"] if is_idle else [])]
    return Bench(HostedScanner(lambda: Program(program)))


def simulated(_script: Path, _is_idle: bool) -> Bench:
    """The demonstration's scanner: it looks at its glass every 20 ms."""
    glass = SimulatedFingerScanner(frames=1, seconds=0.001)
    image = FingerImage(os.urandom(WIDTH * HEIGHT), WIDTH, HEIGHT, 500)
    return Bench(glass, lambda: glass.place(lambda: image), glass.lift)


def folder(script: Path, _is_idle: bool) -> Bench:
    """A watched folder: it looks every 50 ms, and takes a file that no longer grows."""
    place = script.parent / "images"
    place.mkdir(exist_ok=True)
    picture = cv2.imencode(".png", np.full((HEIGHT, WIDTH), 90, np.uint8))[1].tobytes()
    numbers = itertools.count()

    def lift() -> None:
        for path in place.iterdir():
            path.unlink()

    lift()
    scanner = FolderScanner(str(place), finger_image_of)
    return Bench(scanner, lambda: _write(place / f"{next(numbers)}.png", picture), lift)


def uart(script: Path, _is_idle: bool) -> Bench:
    """A serial module on a pseudo-terminal without the pace of a wire."""
    (script.parent / "uart").unlink(missing_ok=True)
    module = UartModule(script.parent)
    scanner = UartScanner(str(module.link))
    pixels = bytes(uart_module.WIDTH * uart_module.HEIGHT)

    def lift() -> None:
        module.image = None
        scanner.wait_finger_off(StopToken())

    return Bench(scanner, lambda: setattr(module, "image", pixels), lift)


def sbi(_script: Path, is_idle: bool) -> Bench:
    """A certified reader's service in this process: signing the images is in its time."""
    root = authority("root")
    maker = authority("maker", root)
    service = SbiService([authority("device", maker, may_issue=False), maker])
    pinned = DeviceRoots([root.der])
    scanner = SbiScanner("", lambda: pinned, finger_image_of, ports=[service.port])
    record = finger_record(bytes(WIDTH * HEIGHT), WIDTH, HEIGHT, 0)

    def lift() -> None:
        service.lift()
        scanner.wait_finger_off(StopToken())

    service.waits_s = 3.0 if is_idle else 0.02  # for a finger; it is asked for three seconds
    return Bench(scanner, lambda: service.touch(record), lift)


def futronic(script: Path, _is_idle: bool) -> Bench:
    """The driver's program without libusb and a bus: a finger's first frame, then cancelled."""
    glass = script.parent / "glass"
    glass.unlink(missing_ok=True)
    program = Path(__file__).with_name("futronic_without_bus.py")
    words = [sys.executable, "-I", "-S", str(program), str(program.parents[1]), str(glass)]
    scanner = HostedScanner(lambda: Program(words))
    finger = bytes((x * x + 3 * y) % 251 for y in range(fs81.LINES) for x in range(fs81.WIDTH))

    def lift() -> None:
        glass.unlink(missing_ok=True)
        scanner.wait_finger_off(StopToken())

    return Bench(scanner, lambda: _write(glass, finger), lift)


def libfprint(script: Path, _is_idle: bool) -> Bench:
    """libfprint's driver of a U.are.U 4500 on a replayed recording: its fingers come at once."""
    recording, bed = Recording(), Testbed()
    fingers = recording.fingers([None, *[ridges()] * REPLAYED])
    bed.plug_in(RECORDING / "device", recording.write(fingers, script.parent / "recording.pcapng"))
    scanner = LibfprintScanner("", bed.environment(), settle_s=0.0)
    return Bench(scanner, most=REPLAYED)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


READERS: Final = {
    "hosted": hosted,
    "simulated": simulated,
    "folder": folder,
    "uart": uart,
    "sbi": sbi,
    "futronic": futronic,
    "libfprint": libfprint,
}
"""An adapter a line: whoever adds one that runs without its hardware adds it here."""
REPLAYING: Final = "libfprint"


def images(bench: Bench, count: int) -> dict[str, float]:
    """From a finger to its image, of a reader that has it at once; and what stays behind.

    Where the station chooses among frames: to the first frame, with the capture cancelled.
    """
    one, count = bench.scanner, min(count, bench.most)
    begun = time.monotonic()
    info = one.open()
    opened = time.monotonic() - begun
    bench.lift()
    times: list[float] = []
    before, spent = footprint(), 0.0
    for number in range(count):
        if number == count // 5:  # what is made once is there
            before, spent = footprint(), _spent()
        stop, frames = StopToken(), list[LiveFrame]()

        def told(
            what: LiveFrame | FingerOnGlass,
            stop: StopToken = stop,
            frames: list[LiveFrame] = frames,
        ) -> None:
            if info.only_frames and isinstance(what, LiveFrame):
                frames.append(what)
                stop.stop()

        bench.touch()
        begun = time.monotonic()
        found = one.capture(stop, told)
        times.append((time.monotonic() - begun) * 1000)
        assert isinstance(found, FingerImage) or frames
        bench.lift()
    spent, now = _spent() - spent, footprint()
    one.close()
    times.sort()
    return {
        "images": count,
        "open_ms": round(opened * 1000, 1),
        "image_median_ms": round(statistics.median(times), 2),
        "image_p95_ms": round(times[int(0.95 * count)], 2),
        "image_cpu_ms": round(1000 * spent / (count - count // 5), 2),
        "grown_kb": now.kilobytes - before.kilobytes,
        "grown_threads": now.threads - before.threads,
        "grown_descriptors": now.descriptors - before.descriptors,
    }


def idle(one: FingerScanner, seconds: float) -> dict[str, float]:
    """Processor time of the station's lane and of the reader's programs while armed."""
    one.open()
    stop, before = StopToken(), _spent()
    timer = threading.Timer(seconds, stop.stop)
    timer.start()
    begun = time.monotonic()
    assert isinstance(one.capture(stop, lambda _: None), Stopped)
    share = (_spent() - before) / (time.monotonic() - begun)
    one.close()
    return {"idle_cpu_percent": round(100 * share, 2)}


def looks() -> dict[str, float]:
    """One look at the cable by each driver's `find`, which a desk at rest takes twice a second."""
    figures = {}
    for line in SCANNERS:
        begun = time.process_time()
        try:
            for _ in range(_LOOKS):
                line.find("")
        except KnownError:
            continue
        figures[line.name] = round((time.process_time() - begun) * 1000 / _LOOKS, 3)
    return figures


def extraction() -> float:
    """The template of one image, which follows each capture; CPU milliseconds."""
    image = invent_precinct(1, 7, (FINGER,)).impression(0, FINGER, 1, Preset.GOOD)
    engine = FingerEngine()
    engine.extract(image)
    times = []
    for _ in range(_EXTRACTIONS):
        begun = time.process_time()
        engine.extract(image)
        times.append((time.process_time() - begun) * 1000)
    return round(statistics.median(times), 1)


def _spent() -> float:
    """Seconds of processor time of this process and of all that descend from it."""
    ticks, pids = 0.0, [os.getpid()]
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += [int(one) for one in (task / "children").read_text().split()]
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(name: str, count: int, seconds: float) -> dict[str, float]:
    """Both figures of one reader; not that at rest of a replay, which polls where a bus waits."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "reader.py"
        script.write_text(READER)
        found = images(READERS[name](script, False), count)
        if name == REPLAYING:
            return found
        return found | idle(READERS[name](script, True).scanner, seconds)


def replayed(count: int, seconds: float) -> dict[str, float]:
    """Those of `REPLAYING`: umockdev is preloaded into a whole process, and slows all others."""
    me = [sys.executable, "-m", "benchmarks.reader_figures", "--only", REPLAYING]
    command = ["umockdev-wrapper", *me, "--images", str(count), "--idle", str(seconds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--images", type=int, default=1000)
    words.add_argument("--idle", type=float, default=20.0, help="seconds")
    words.add_argument("--json", action="store_true", help="print one JSON object")
    words.add_argument("--only", choices=READERS, help="one reader, its figures as JSON")
    asked = words.parse_args()
    if asked.only:
        print(json.dumps(measured(asked.only, asked.images, asked.idle)))
        return
    figures: dict[str, dict[str, float]] = {}
    for name in READERS:
        if name != REPLAYING:
            figures[name] = measured(name, asked.images, asked.idle)
        elif shutil.which("umockdev-wrapper") and RECORDING.is_dir():
            figures[name] = replayed(asked.images, asked.idle)
    look_ms, extract_ms = looks(), extraction()
    if asked.json:
        everything = {"readers": figures, "look_cpu_ms": look_ms, "extract_cpu_ms": extract_ms}
        print(json.dumps({"machine": dataclasses.asdict(this_machine()), **everything}))
        return
    print(f"{'':<20}" + "".join(f"{name:>14}" for name in figures))
    for row in next(iter(figures.values())):
        print(f"{row:<20}" + "".join(f"{one.get(row, '-'):>14}" for one in figures.values()))
    print(f"extraction of an image that follows: {extract_ms} ms of a core")
    print(f"one look at the cable, CPU ms: {look_ms}")


if __name__ == "__main__":
    main()
