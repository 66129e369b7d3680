"""A reader's program that fails in the way that the file `manner` in its folder names.

    faulty_reader.py FOLDER

`good` gives an image at once. What a station makes of it: `test_hosted_faults.py`.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

PIXELS = bytes(range(256)) * 4
SIZE = {"width": 32, "height": 32}
READY = {"is": "ready", "name": "Faulty", "ppi": 500, "abilities": ["cancels", "streams"]}


def write(raw: bytes) -> None:
    while raw:
        raw = raw[os.write(1, raw) :]


def say(header: dict[str, object], raw: bytes = b"") -> None:
    text = json.dumps({**header, "bytes": len(raw)} if raw else header).encode()
    write(len(text).to_bytes(4, "big") + text + raw)


def hear() -> dict[str, object]:
    head = os.read(0, 4)
    if len(head) < 4:
        sys.exit(0)
    order: dict[str, object] = json.loads(os.read(0, int.from_bytes(head, "big")))
    return order


def daemon() -> None:
    """Leave a process behind that has left this one's session, and holds its pipes."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        (folder / "daemon").write_text(str(os.getpid()))
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)


def open_reader(manner: str) -> None:  # noqa: PLR0912  (a table)
    match manner:
        case "crashes at the start":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "ends at the start":
            sys.exit(0)
        case "says nothing at the start":
            time.sleep(600)
        case "speaks another protocol":
            say({"is": "hello", "protocol": 2})
        case "begins with words":
            write(b"Vendor SDK 4.2 loaded\n" * 100)
        case "begins with a giant length":
            write(b"\xff\xff\xff\xff" + bytes(100_000))
        case "begins with no JSON":
            write(b"\0\0\0\4oops")
        case "begins with deep JSON":
            write((4000).to_bytes(4, "big") + b"[" * 4000)
        case "says ready first":
            say(READY)
    say({"is": "hello", "protocol": 1})
    match manner:
        case "has no resolution":
            say(READY | {"ppi": 0})
        case "has a low resolution":
            say(READY | {"ppi": 385})
        case "has a resolution in words":
            say(READY | {"ppi": "500"})
        case "has no name":
            say(READY | {"name": "\x1b\n"})
        case "has an unknown ability":
            say(READY | {"abilities": ["flies"]})
        case "is busy":
            say({"is": "fault", "code": "busy"})
        case "has no permission":
            say({"is": "fault", "code": "no_permission"})
        case "has an unknown fault":
            say({"is": "fault", "code": "tired"})
        case "is lost at the start":
            say({"is": "lost"})
        case "is never ready":
            time.sleep(600)
    say(READY)


def capture(manner: str, to: object) -> None:  # noqa: PLR0912, PLR0915  (a table)
    image: dict[str, object] = {"is": "image", "to": to, **SIZE}
    frame = image | {"is": "frame"}
    other = int(str(to)) + 1
    match manner:
        case "crashes in a capture":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "ends in mid-image":
            text = json.dumps({**image, "bytes": 1024}).encode()
            write(len(text).to_bytes(4, "big") + text + bytes(100))
            sys.exit(0)
        case "is lost in a capture":
            say({"is": "lost"})
            sys.exit(0)
        case "hangs":
            time.sleep(600)
        case "gives too few pixels":
            say(image, PIXELS[:-1])
        case "gives too many pixels":
            say(image, PIXELS + b"0")
        case "gives 16 bits":
            say(image | {"bits": 16}, PIXELS * 2)
        case "gives no pixels":
            say(image)
        case "gives negative sizes":
            say(image | {"width": -32, "height": -32}, PIXELS)
        case "gives giant sizes":
            say(image | {"width": 1 << 30, "height": 1 << 30, "bytes": 1 << 60})
        case "gives another size than announced":
            say(image | {"width": 64, "height": 16}, PIXELS)
        case "changes the size between frames":
            say(frame, PIXELS)
            say(frame | {"width": 64, "height": 16}, PIXELS)
        case "changes the resolution":
            say(image | {"ppi": 1000}, PIXELS)
        case "gives nothing in the picture":
            say(image, bytes(1024))
        case "answers what was not asked":
            say(image | {"to": other}, PIXELS)
        case "answers before it was asked":
            say(image | {"to": 0}, PIXELS)
        case "cancels unasked":
            say({"is": "cancelled", "to": to})
        case "says hello again":
            say({"is": "hello", "protocol": 1})
        case "goes back in progress":
            say(frame | {"progress": 90}, PIXELS)
            say(frame | {"progress": 10}, PIXELS)
        case "has an unknown reason":
            say({"is": "retry", "to": to, "reason": "no_match"})
        case "floods with fingers":
            while True:
                say({"is": "finger", "to": to, "on": True})
        case "floods with frames":
            while True:
                say(frame, PIXELS)
        case "floods with old answers":
            while True:
                say(image | {"to": 1}, PIXELS)
        case "floods with errors and is good":
            os.write(2, b"warning\n" * 500_000)
        case "restarts for ever":
            say({"is": "restart", "to": to})
        case "writes garbage":
            while True:
                write(os.urandom(65536))
        case "gives an old image first and is good":
            say(image | {"to": max(1, other - 2)}, bytes(1024))
    say(image, PIXELS)


folder = Path(sys.argv[1])
how = (folder / "manner").read_text()
(folder / "pid").write_text(str(os.getpid()))
if "daemon" in how:
    daemon()
hear()
open_reader(how)
while True:
    order = hear()
    if order["do"] == "capture":
        (folder / "asked").touch()
        if how == "gives an image after the cancel":
            while hear()["do"] != "cancel":
                pass
            say({"is": "image", "to": order["number"], **SIZE}, bytes(range(255, -1, -1)) * 4)
            how = "good"
            continue
        if "frame" in how and "waits" in how:
            say({"is": "frame", "to": order["number"], **SIZE}, PIXELS)
        if "waits" not in how:
            capture(how, order["number"])
    elif order["do"] == "ping":
        say({"is": "pong"})
