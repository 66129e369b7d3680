"""A print service that is a program of the test: IPP on the loopback, `lp` and `cancel` on a path.

For machines without CUPS, and for answers that CUPS does not give. `tests/devices/private_cups.py`
has the real one.
"""

import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from station_app.devices.printers.print_service import JobState

_KEYWORD, _NAME, _ENUM, _BOOLEAN, _INTEGER = 0x44, 0x42, 0x23, 0x22, 0x21
_GET_JOB, _GET_DEFAULT = 0x0009, 0x4001


class StandIn:
    """`default` is the only printer; `states` are those of its job, the last one stays."""

    def __init__(self, default: str = "office", states: Sequence[JobState] = ()) -> None:
        self.default = default
        self.states = list(states) or [JobState.COMPLETED]
        self.reasons = ["none"]
        self.raw: bytes | None = None
        self.status = 200
        self.server = ""

    def answer(self, asked: bytes) -> bytes:
        """The answer to a request."""
        if self.raw is not None:
            return self.raw
        (operation,) = struct.unpack_from(">H", asked, 2)
        if operation == _GET_JOB:
            state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            return answered(0x02, [("job-state", _ENUM, struct.pack(">i", state))])
        if not self.default:
            return answered(0x04, [], status=0x0406)
        facts = [("printer-name", _NAME, self.default.encode())]
        if operation != _GET_DEFAULT:
            facts += [
                ("printer-state", _ENUM, struct.pack(">i", 3)),
                ("printer-is-accepting-jobs", _BOOLEAN, b"\x01"),
                *(
                    ("" if place else "printer-state-reasons", _KEYWORD, one.encode())
                    for place, one in enumerate(self.reasons)
                ),
            ]
        return answered(0x04, facts)


def answered(group: int, facts: Sequence[tuple[str, int, bytes]], status: int = 0) -> bytes:
    """An answer with one group of attributes."""
    parts = [struct.pack(">BBHI", 2, 0, status, 1)]
    if facts:
        parts.append(bytes((group,)))
    for name, tag, value in facts:
        parts.append(struct.pack(">BH", tag, len(name)) + name.encode())
        parts.append(struct.pack(">H", len(value)) + value)
    return b"".join((*parts, b"\x03"))


@contextmanager
def stand_in(made: StandIn) -> Iterator[StandIn]:
    """Serve it; `made.server` is what `CUPS_SERVER` has to say."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(made.status)
            self.end_headers()
            self.wfile.write(made.answer(asked))

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.server = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def put_commands(place: Path, lp: str = "exit 0", cancel: str = "exit 0") -> None:
    """Programs of these names in a folder that is the path; a plain `lp` names its job."""
    place.mkdir(exist_ok=True)
    said = "echo 'request id is office-7 (1 file(s))'\n" if lp == "exit 0" else ""
    for name, line in (("lp", said + lp), ("cancel", cancel)):
        (place / name).write_text(f"#!/bin/sh\n{line}\n")
        (place / name).chmod(0o755)
