"""What a hosted reader costs: each image on its way to the station, and an armed reader at rest.

python benchmarks/reader_figures.py [--images 200] [--idle 20]
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from station_app.devices.finger_scanner import StopToken
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.reader_process import Program
from station_app.domain.samples import FingerImage, Stopped

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


def scanner(script: Path, *words: str) -> HostedScanner:
    program = [sys.executable, "-I", "-S", str(script), *words]
    return HostedScanner(lambda: Program(program))


def images(script: Path, count: int) -> dict[str, float]:
    """From `capture` to its image, of a reader that has it at once."""
    one = scanner(script)
    begun = time.monotonic()
    one.open()
    opened = time.monotonic() - begun
    times = []
    for _ in range(count):
        begun = time.monotonic()
        found = one.capture(StopToken(), lambda _: None)
        times.append((time.monotonic() - begun) * 1000)
        assert isinstance(found, FingerImage)
    one.close()
    times.sort()
    return {
        "open_ms": round(opened * 1000, 1),
        "image_median_ms": round(statistics.median(times), 2),
        "image_p95_ms": round(times[int(0.95 * count)], 2),
    }


def idle(script: Path, seconds: float) -> dict[str, float]:
    """Processor time of station lane, warden and reader while a capture waits for a finger."""
    one = scanner(script, "idle")
    one.open()
    stop, before = StopToken(), _spent()
    timer = threading.Timer(seconds, stop.stop)
    timer.start()
    begun = time.monotonic()
    assert isinstance(one.capture(stop, lambda _: None), Stopped)
    share = (_spent() - before) / (time.monotonic() - begun)
    one.close()
    return {"idle_cpu_percent": round(100 * share, 2)}


def _spent() -> float:
    """Seconds of processor time of this process and of all that descend from it."""
    ticks, pids = 0.0, [os.getpid()]
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += [int(one) for one in (task / "children").read_text().split()]
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--images", type=int, default=200)
    words.add_argument("--idle", type=float, default=20.0, help="seconds")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "reader.py"
        script.write_text(READER)
        print(json.dumps(images(script, asked.images) | idle(script, asked.idle)))


if __name__ == "__main__":
    main()
