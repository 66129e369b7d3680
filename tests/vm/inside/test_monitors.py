"""The voter's display on a monitor of the kernel's, through an X server and a window manager."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from station_app.devices.monitors import monitors
from tests.devices.monitor_edid import edid
from tests.vm.inside.test_machine import udev  # noqa: F401  # a fixture
from tests.vm.wire_monitor import OTHER, OWN, WireMonitor, missing_programs

PORT = "edid:ACR:0319:LX_7_1"
ALONE = {"on": False, "screen": "", "keyboard": True}
SHOWN = {"on": True, "screen": OTHER, "covers": True, "glows": True, "keyboard": True}
WAIT_S = 60


class Shown:
    """`tests.vm.desk_and_display` at work."""

    def __init__(self, monitor: WireMonitor) -> None:
        words = [sys.executable, "-m", "tests.vm.desk_and_display", PORT]
        environment = {**os.environ, **monitor.environment(), "QT_QPA_PLATFORM": "xcb"}
        self._running = subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.monitor, self.typed = monitor, ""
        self._answer()

    def tell(self, word: str) -> dict[str, Any]:
        assert self._running.stdin is not None
        self._running.stdin.write(f"{word}\n")
        self._running.stdin.flush()
        return self._answer()

    def becomes(self, wanted: dict[str, object]) -> None:
        """Waits until it looks so; a key that is typed then has come to the desk."""
        self._until(lambda seen: wanted.items() <= seen.items())
        self.types()

    def types(self) -> None:
        self.monitor.type("a")
        self.typed += "a"
        self._until(lambda seen: seen["typed"] == self.typed)

    def close(self) -> None:
        self._running.kill()
        self._running.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self._running.stdout is not None
        answer: dict[str, Any] = json.loads(self._running.stdout.readline())
        return answer

    def _until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        end = time.monotonic() + WAIT_S
        while not holds(seen := self.tell("look")):
            if time.monotonic() > end:
                pytest.fail(f"is {seen}")
            time.sleep(0.2)


@pytest.fixture(scope="module")
def shown(udev: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:  # noqa: F811
    if lacking := missing_programs():
        pytest.skip(f"not installed here: {', '.join(lacking)}")
    with (
        closing(WireMonitor(tmp_path_factory.mktemp("x"))) as monitor,
        closing(Shown(monitor)) as made,
    ):
        yield made


def test_it_comes_and_goes_with_the_monitor_and_never_takes_the_keyboard(shown: Shown) -> None:
    monitor = shown.monitor
    shown.becomes(ALONE)
    monitor.plug(edid())
    assert [one.identity for one in monitors() if one.connector == OTHER] == [PORT]
    monitor.use(other=True)
    shown.becomes(SHOWN)
    shown.tell("identify")
    shown.becomes(SHOWN)
    monitor.pull()  # nobody tells the server to leave the screen
    shown.becomes(ALONE)
    monitor.plug(edid())
    shown.becomes(SHOWN)
    monitor.pull()
    monitor.use(other=False)
    shown.becomes({**ALONE, "screens": [OWN]})


def test_another_monitor_in_its_place_shows_nothing(shown: Shown) -> None:
    shown.monitor.plug(edid(serial=b"99\n"))
    shown.monitor.use(other=True)
    shown.becomes({**ALONE, "screens": [OWN, OTHER]})
    shown.monitor.pull()
    shown.becomes({**ALONE, "plugs": 1})  # it looks once a second
    shown.monitor.plug(edid())
    shown.becomes(SHOWN)
