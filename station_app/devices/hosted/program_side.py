"""The side of a reader's program in the protocol (docs/reader-protocol.md): what the product's own
programs share. Standard library only.
"""

import ctypes
import json
import os
from collections.abc import Callable, Mapping
from typing import Protocol

_PROTOCOL = 1
_DUMPABLE = 4  # of <linux/prctl.h>


class EndError(Exception):
    """The process ends: all is said."""


class Orders:
    """The station's messages, as they come on standard input."""

    def __init__(self) -> None:
        self._box = b""

    def read(self) -> list[dict[str, object]]:
        """What has come, waiting for some of it. Raises `EOFError` once the station is gone."""
        data = os.read(0, 1 << 16)
        if not data:
            raise EOFError
        self._box += data
        found = []
        while len(self._box) >= 4 and len(self._box) >= (
            end := 4 + int.from_bytes(self._box[:4], "big")
        ):
            found.append(json.loads(self._box[4:end]))
            self._box = self._box[end:]
        return found


class Runs(Protocol):
    """A reader that was found."""

    def run(self) -> None:
        """Open it and do what the station asks, until one of them is gone."""
        ...


def say(header: Mapping[str, object], raw: bytes = b"") -> None:
    """A message to the station; waits until it is taken."""
    text = json.dumps({**header, "bytes": len(raw)} if raw else dict(header)).encode()
    rest = memoryview(len(text).to_bytes(4, "big") + text + raw)
    while rest:
        rest = rest[os.write(1, rest) :]


def serve(reader: Callable[[Orders], Runs]) -> int:
    """Answer the station's hello, and be its reader; the process's exit code.

    `reader` raises `OSError` where the library that drives it is missing.
    """
    ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)  # no debugger of this user lays a finger here
    orders = Orders()
    try:
        while not orders.read():
            pass  # the first order is hello
        say({"is": "hello", "protocol": _PROTOCOL})
        try:
            found = reader(orders)
        except OSError:
            say({"is": "fault", "code": "driver_missing"})
            return 1
        found.run()
    except (EndError, EOFError, BrokenPipeError):
        return 1
    return 0
