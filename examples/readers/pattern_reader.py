#!/usr/bin/python3 -IS
"""A fingerprint reader's program in Python: the smallest that a station can host.

Its reader is this pattern of ridges, laid on the glass two seconds after it is asked for. Replace
`wait_for_image` by the calls of a maker's library. docs/reader-protocol.md has the rules.
"""

import json
import math
import os
import select
import sys

WIDTH, HEIGHT, PPI = 256, 360, 500


def say(header: dict[str, object], raw: bytes = b"") -> None:
    """A message: 4 bytes of length, the header, the raw bytes."""
    text = json.dumps({**header, "bytes": len(raw)}).encode()
    rest = len(text).to_bytes(4, "big") + text + raw
    while rest:
        rest = rest[os.write(1, rest) :]


def read(size: int) -> bytes:
    """So many bytes of the station's; ends the program when the station is gone."""
    data = b""
    while len(data) < size:
        more = os.read(0, size - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data


def order(seconds: float | None) -> dict[str, object]:
    """The station's next order; empty after `seconds` without one."""
    if not select.select([0], [], [], seconds)[0]:
        return {}
    found: dict[str, object] = json.loads(read(int.from_bytes(read(4), "big")))
    return found


def wait_for_image(number: object) -> None:
    """One capture: answered by an image, or cancelled."""
    for _ in range(40):
        match order(0.05):
            case {"do": "cancel", "number": cancelled} if cancelled == number:
                say({"is": "cancelled", "to": number})
                return
            case {"do": "ping"}:
                say({"is": "pong"})
    rows = range(HEIGHT), range(WIDTH)
    bend = [[math.hypot(x - WIDTH / 2, 1.3 * (y - HEIGHT / 3)) for x in rows[1]] for y in rows[0]]
    pixels = bytes(int(140 + 110 * math.cos(one * 2 * math.pi / 9)) for row in bend for one in row)
    say({"is": "image", "to": number, "width": WIDTH, "height": HEIGHT}, pixels)


while order(None).get("do") != "hello":
    pass
say({"is": "hello", "protocol": 1})
size = {"width": WIDTH, "height": HEIGHT, "ppi": PPI}
say({"is": "ready", "name": "Pattern of ridges", "abilities": ["cancels"], **size})
while True:
    match order(None):
        case {"do": "capture", "number": number}:
            wait_for_image(number)
        case {"do": "ping"}:
            say({"is": "pong"})
