"""Emulated devices in a process of their own, led over a pipe.

In the same process, a station that waits in an ioctl with Python's lock held would wait for a
device that needs that lock. `python -m tests.vm.emulator KIND WORD...` reads an order a line (JSON:
the method's name and its words) and answers each with one.
"""

import atexit
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from station_app.domain.slips import SlipImage
from tests.vm.fs81 import Fs81
from tests.vm.uareu4500 import UareU4500
from tests.vm.uvc_camera import UvcCamera
from tests.vm.wire_printer import USBLP, WirePrinter


class Device(Protocol):
    """What every emulated device can do."""

    def plug(self) -> None: ...

    def unplug(self) -> None: ...

    def close(self) -> None: ...


def slip_printer(folder: str) -> WirePrinter:
    """Its slips are files in `folder`: 001.pbm and so on."""
    numbers = itertools.count(1)

    def take(paper: SlipImage) -> None:
        path = Path(folder) / f"{next(numbers):03}.pbm"
        draft = path.with_suffix(".part")
        draft.write_bytes(b"P4\n%d %d\n" % (paper.width, paper.height) + paper.pixels)
        draft.rename(path)

    return WirePrinter(USBLP, Path(folder), take)


_KINDS: Final[dict[str, Callable[..., Device]]] = {
    "uareu4500": UareU4500,
    "fs81": Fs81,
    "uvc_camera": UvcCamera,
    "printer": slip_printer,
}
_ROOT: Final = Path(__file__).parents[2]


class Emulator:
    """A device: `Emulator("uareu4500")`, then `do("plug")`, `do("lay", FILE)`, `do("lift")`.

    `lay` takes a file of raw pixels.
    """

    def __init__(self, kind: str, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.vm.emulator", kind, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT,
        )  # fmt: skip
        self._lock = threading.Lock()
        self._read()

    def do(self, order: str, *words: str) -> object:
        """Do it and wait until it is done, from any thread; what the device answers."""
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps([order, *words]) + "\n")
            self._process.stdin.flush()
            return self._read()

    def close(self) -> None:
        """Unplug it and end its process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self) -> object:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer, "the emulator has failed; see its traceback"
        return json.loads(answer)


@cache
def kept_emulator(kind: str, *words: str) -> Emulator:
    """One process for all tests, which starts in seconds: they plug its device in and pull it."""
    made = Emulator(kind, *words)
    atexit.register(made.close)
    return made


def _answer(device: Device) -> None:
    print(json.dumps(None), flush=True)
    for line in sys.stdin:
        order, *words = json.loads(line)
        given = [Path(word).read_bytes() for word in words] if order == "lay" else words
        print(json.dumps(getattr(device, order)(*given)), flush=True)


def main() -> None:
    kind, *words = sys.argv[1:]
    device = _KINDS[kind](*words)
    try:
        _answer(device)
    finally:
        device.close()


if __name__ == "__main__":
    main()
