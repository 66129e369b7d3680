"""A reader's program that was signed, and turns against the station that started it.

Version a9a29b6 hosted no programs. What else such programs are answered with:
`tests/devices/test_hosted_faults.py`.
"""

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.reader_process import Program
from station_app.domain.samples import Stopped

READER = """
import json, os, signal, sys, time
def say(header, raw=b""):
    text = json.dumps(header).encode()
    os.write(1, len(text).to_bytes(4, "big") + text + raw)
def hear():
    size = int.from_bytes(os.read(0, 4), "big")
    return json.loads(os.read(0, size)) if size else sys.exit()
manner = sys.argv[1]
hear()
say({"is": "hello", "protocol": 1})
say({"is": "ready", "name": "N", "ppi": 500, "abilities": ["cancels"]})
to = hear()["number"]
side = 2048
image = {"is": "image", "to": to, "width": side, "height": side, "bytes": side * side}
if manner == "drips":
    say(image | {"padding": "x" * 3900})
    for _ in range(3):
        os.fork()
    while True:
        os.write(1, b"x")
if manner == "drips a header":
    os.write(1, (4096).to_bytes(4, "big"))
    while True:
        os.write(1, b" ")
        time.sleep(0.01)
time.sleep(600)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "reader.py").write_text(READER)
    return tmp_path / "reader.py"


@pytest.fixture
def scanner(request: pytest.FixtureRequest, program: Path) -> Iterator[HostedScanner]:
    made = HostedScanner(lambda: Program([sys.executable, "-IS", str(program), request.param]))
    yield made
    made.close()


@pytest.mark.parametrize("scanner", ["drips", "drips a header"], indirect=True)
def test_bytes_without_end_do_not_outlast_a_stop(scanner: HostedScanner) -> None:
    """A picture byte by byte, so fast that there is always one more to read."""
    scanner.open()
    stop, stopped_at = StopToken(), list[float]()

    def end() -> None:
        stopped_at.append(time.monotonic())
        stop.stop()

    threading.Timer(0.5, end).start()
    assert isinstance(scanner.capture(stop, lambda _: None), Stopped)
    assert time.monotonic() - stopped_at[0] < 1.0
