"""What a camera costs: a frame, a look for codes, and the processor while nobody asks.

`python benchmarks/camera_figures.py [--json] [--opens 50] [--port PORT]` plays an invented clip of
1280x720 at 30 a second; with `--port` (`usb:046d:0825:SERIAL`) it measures a real camera instead.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from station_app import __version__
from station_app.devices.camera import Camera
from station_app.devices.cameras.camera_child import codes_in
from station_app.devices.drivers import CAMERAS, DriverContext, named
from station_app.devices.finger_scanner import StopToken

_SIZE = (1280, 720)
_SPEED = 30
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--opens", type=int, default=50)
    asked.add_argument("--port", default="")
    arguments = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.port:
            camera = named(CAMERAS, "v4l2").open(arguments.port, DriverContext(Path(folder)))
        else:
            clip = _clip(Path(folder) / "clip.avi")
            camera = named(CAMERAS, "video").open(str(clip), DriverContext(Path(folder)))
        with closing(camera):
            figures = measure(camera, arguments.opens)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:45} {value}")


def measure(camera: Camera, opens: int) -> dict[str, str | float]:
    """Every figure; times are milliseconds."""
    figures: dict[str, str | float] = {"version": __version__}
    cv2.setNumThreads(1)
    figures["open"] = round(_timed(camera.open), 1)
    stop = StopToken()
    ages, began, first = [], time.monotonic(), None
    last = None
    for _ in range(60):
        last = camera.frame(stop)
        assert last is not None
        first = first or last
        ages.append(1000 * (time.monotonic() - last.taken))
    assert first is not None
    assert last is not None
    seconds = time.monotonic() - began
    figures["frames a second, each handed over"] = round((last.number - first.number) / seconds, 1)
    figures["from the frame's arrival to its caller, p50"] = round(statistics.median(ages), 1)
    child = _only_child()
    for name, act in (
        ("processor, nobody asks, percent of a core", lambda: None),
        ("processor, codes at 5 a second, percent", lambda: camera.codes(stop)),
        ("processor, every frame, percent", lambda: camera.frame(stop)),
    ):
        before, began = _seconds_of(child), time.monotonic()
        while time.monotonic() < began + 4:
            act()
            if "every" not in name:
                time.sleep(0.2)
        used = _seconds_of(child) - before
        figures[name] = round(100 * used / (time.monotonic() - began), 1)
    for name, picture in _pictures().items():
        looks = [_timed(partial(codes_in, picture), time.process_time) for _ in range(20)]
        figures[f"codes in {name}, processor time, p50"] = round(statistics.median(looks), 1)
    camera.close()
    held = _held()
    for _ in range(opens):
        camera.open()
        camera.frame(stop)
        camera.close()
    figures[f"descriptors more after {opens} opens"] = _held()[0] - held[0]
    figures[f"MB more after {opens} opens"] = round(_held()[1] - held[1], 1)
    return figures


def _timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    act()
    return 1000 * (clock() - began)


def _clip(path: Path) -> Path:
    noise = np.random.default_rng(1).integers(0, 60, (*_SIZE[::-1], 3), dtype=np.uint8)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), _SPEED, _SIZE)
    for number in range(60):
        picture = cv2.GaussianBlur(noise, (0, 0), 2) + 90
        cv2.circle(picture, (200 + 14 * number, 360), 120, (190, 170, 210), -1)
        writer.write(picture)
    writer.release()
    return path


def _pictures() -> dict[str, np.ndarray]:
    """RGB pictures of 1280x720, from a plain wall to the worst that there can be."""
    random = np.random.default_rng(1)
    noise = random.integers(0, 255, (*_SIZE[::-1], 3), dtype=np.uint8)
    room = cv2.GaussianBlur(noise, (0, 0), 3)
    shown = {"a wall": np.full((*_SIZE[::-1], 3), 128, np.uint8), "a room": room, "noise": noise}
    for kind in ("QRCode", "PDF417"):
        code = zxingcpp.create_barcode("21501199000015 " * 6, getattr(zxingcpp.BarcodeFormat, kind))
        drawn = np.array(zxingcpp.write_barcode_to_image(code, scale=3))
        height, width = drawn.shape[:2]
        page = room.copy()
        page[200 : 200 + height, 300 : 300 + width] = drawn[..., None]
        shown[f"a room with a {kind}"] = page
    return shown


def _only_child() -> int:
    """The camera's process."""
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    names = {int(one): Path(f"/proc/{one}/cmdline").read_text() for one in text.split()}
    return next(one for one, name in names.items() if "spawn_main" in name)


def _seconds_of(process: int) -> float:
    """The processor time of a process and of this one."""
    own = os.times()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return own.user + own.system + (int(fields[11]) + int(fields[12])) / _TICKS


def _held() -> tuple[int, float]:
    """Descriptors and resident MB of this process."""
    resident = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]
    return len([*Path("/proc/self/fd").iterdir()]), int(resident) / 1024


if __name__ == "__main__":
    main()
