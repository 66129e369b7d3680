"""A reader's program for the conformance suite: its glass and its cable are files of a folder.

    scripted_reader.py FOLDER streams|after_lift|only_frames|blocking

`glass` holds the number of the touch that lies there, `unplugged`, `silent` and `garbage` do what
their names say. `blocking` cannot cancel, as many makers' libraries.
"""

import fcntl
import json
import os
import select
import sys
import time
from pathlib import Path

ABILITIES = {
    "streams": ["streams", "senses_finger", "cancels", "finger_off"],
    "after_lift": ["senses_finger", "gives_after_lift", "cancels"],
    "only_frames": ["streams", "senses_finger", "cancels", "only_frames", "finger_off"],
    "blocking": [],
}
PIXELS = bytes(range(256)) * 4
STEPS = 4


class ReaderProgram:
    """One run of the program."""

    def __init__(self, folder: str, manner: str) -> None:
        self.folder, self.manner = Path(folder), manner
        self.box = b""
        self.work, self.number = "", 0
        self.seen, self.was_on = 0, False
        self.step, self.stepped = 0, 0.0

    def run(self) -> int:
        while "hello" not in self.orders(1.0):
            pass
        self.say({"is": "hello", "protocol": 1})
        if self.there("garbage"):
            os.write(1, os.urandom(4096))
        while self.there("silent"):
            time.sleep(0.01)
        if self.there("unplugged"):
            self.say({"is": "lost"})
            return 1
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.say({"is": "fault", "code": "busy"})
            return 1
        size = {"ppi": 500, "width": 32, "height": 32}
        self.say({"is": "ready", "name": "Script", "abilities": ABILITIES[self.manner], **size})
        while not self.there("unplugged"):
            is_blocked = self.manner == "blocking" and self.work
            if is_blocked:
                time.sleep(0.005)
            else:
                self.orders(0.005)
            while self.there("silent") and not self.there("unplugged"):
                time.sleep(0.005)
            if self.there("garbage"):
                os.write(1, os.urandom(1 << 16))
            elif self.work:
                self.look()
        self.say({"is": "lost"})
        return 1

    def look(self) -> None:
        try:
            touch = int((self.folder / "glass").read_text())
        except FileNotFoundError:
            touch = 0
        is_on, is_new = touch > 0, touch > self.seen
        if self.work == "await_off":
            if not is_on:
                self.say({"is": "finger", "to": self.number, "on": False})
                self.work = ""
        elif self.step and not is_on and self.manner == "streams":
            self.done({"is": "retry", "reason": "lifted_early"})
        elif self.step or (is_on and is_new):
            self.read(touch, is_on)
        elif not is_on and self.was_on and self.manner == "only_frames":
            self.say({"is": "finger", "to": self.number, "on": False})
        self.was_on = is_on

    def read(self, touch: int, is_on: bool) -> None:
        streams = "streams" in ABILITIES[self.manner]
        if not self.step:
            self.step = 1
            if self.manner != "blocking":
                self.say({"is": "finger", "to": self.number, "on": True})
        if not is_on and self.manner == "only_frames":
            self.say({"is": "finger", "to": self.number, "on": False})
            self.step = 0
        elif streams and time.monotonic() - self.stepped > 0.01:
            self.stepped = time.monotonic()
            if self.manner == "streams" and self.step > STEPS:
                self.seen = touch
                self.done({"is": "image", "width": 32, "height": 32}, PIXELS)
                return
            self.frame()
        elif self.manner == "blocking":
            self.seen = touch
            self.done({"is": "image", "width": 32, "height": 32}, PIXELS)
        elif self.manner == "after_lift" and not is_on:
            self.say({"is": "finger", "to": self.number, "on": False})
            self.done({"is": "image", "width": 32, "height": 32}, PIXELS)

    def frame(self) -> None:
        progress = min(100, 100 * self.step // STEPS)
        header = {"is": "frame", "to": self.number, "width": 32, "height": 32}
        self.say({**header, "progress": progress}, PIXELS)
        self.step += 1

    def done(self, header: dict[str, object], raw: bytes = b"") -> None:
        self.say({**header, "to": self.number}, raw)
        self.work, self.step = "", 0

    def there(self, name: str) -> bool:
        return (self.folder / name).exists()

    def say(self, header: dict[str, object], raw: bytes = b"") -> None:
        text = json.dumps({**header, "bytes": len(raw)}).encode()
        rest = len(text).to_bytes(4, "big") + text + raw
        while rest:
            rest = rest[os.write(1, rest) :]

    def orders(self, seconds: float) -> list[str]:
        if not select.select([0], [], [], seconds)[0]:
            return []
        data = os.read(0, 65536)
        if not data:
            sys.exit(0)
        self.box += data
        found = []
        while len(self.box) >= 4 and len(self.box) >= (
            end := 4 + int.from_bytes(self.box[:4], "big")
        ):
            order = json.loads(self.box[4:end])
            self.box = self.box[end:]
            found.append(order["do"])
            self.obey(order)
        return found

    def obey(self, order: dict[str, object]) -> None:
        match order["do"]:
            case "capture" | "await_off" as work:
                self.work, self.number, self.step = str(work), int(str(order["number"])), 0
            case "cancel" if self.work and order["number"] == self.number:
                self.done({"is": "cancelled"})
            case "ping":
                self.say({"is": "pong"})


if __name__ == "__main__":
    try:
        sys.exit(ReaderProgram(*sys.argv[1:3]).run())
    except BrokenPipeError:
        sys.exit(0)
