"""A print service of its own for a test: cupsd on the loopback, as root, its spool in a folder.

Its printers are made with `lpadmin`. A backend of ours, `station:`, reports the state that a file
names (`+media-empty-error`) and keeps the job until the file says `done`.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.devices.free_ports import free_port

CUPSD: Final = Path("/usr/sbin/cupsd")
_PPD: Final = "drv:///cupsfilters.drv/pwgrast.ppd"
_PARTS: Final = ("root", "spool", "cache", "state", "tmp", "log")
_BACKEND: Final = """#!/bin/sh
[ $# -eq 0 ] && exit 0
cat ${6:+"$6"} >/dev/null
told=
while :; do
    now=$(cat STATE)
    [ "$now" = done ] && exit 0
    if [ "$now" != "$told" ]; then
        [ -n "$told" ] && echo "STATE: -${told#+}" >&2
        [ -n "$now" ] && echo "STATE: $now" >&2
        told=$now
    fi
    sleep 0.1
done
"""


def why_not() -> str:
    """Why there can be no private service here, empty where there can."""
    if not CUPSD.exists() or shutil.which("lp") is None or shutil.which("lpadmin") is None:
        return "cups and cups-client are not installed"
    if not Path("/usr/lib/cups/filter/pdftopdf").exists():
        return "cups-filters is not installed"
    return "" if os.geteuid() == 0 else "a print service of one's own needs root"


class PrivateCups:
    """A running service; `server` is what `CUPS_SERVER` has to say."""

    def __init__(self, place: Path, server: str) -> None:
        self.place, self.server = place, server
        self.printed = place / "tmp/printed"
        self.state = place / "tmp/state"

    def add(self, name: str, device: str = "", *options: str) -> None:
        """A printer, to a file if no other device is named."""
        self.run("lpadmin", "-p", name, "-E", "-v", device or f"file://{self.printed}",
                 "-m", _PPD, *options)  # fmt: skip

    def report(self, state: str) -> None:
        """What printers at `station:/` report from now on; `done` prints."""
        new = self.state.with_suffix(".new")
        new.write_text(state)
        new.chmod(0o644)
        new.replace(self.state)

    def run(self, *command: str) -> str:
        """One of its commands."""
        env = os.environ | {"CUPS_SERVER": self.server, "LC_ALL": "C"}
        done = subprocess.run(
            command, env=env, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def page_sizes(self) -> list[tuple[int, int]]:
        """Points across and down of the pages that were printed (PWG 5102.4, 4.3.2)."""
        data = self.printed.read_bytes()
        assert data.startswith(b"RaS2")
        size = data[4 + 352 : 4 + 360]
        return [(int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big"))]


@contextmanager
def private_cups() -> Iterator[PrivateCups]:
    """Start one, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        port = free_port()
        cups = PrivateCups(place, f"127.0.0.1:{port}")
        _write_files(place, port)
        cups.report("done")
        cups.printed.touch()
        cups.printed.chmod(0o666)
        files = ("-c", place / "cupsd.conf", "-s", place / "cups-files.conf")
        with subprocess.Popen([CUPSD, "-f", *files]) as running:
            try:
                _wait_for(cups)
                yield cups
            finally:
                running.terminate()


def _write_files(place: Path, port: int) -> None:
    for part in _PARTS:
        (place / part).mkdir()
        if part != "root":
            shutil.chown(place / part, group="lp")
            (place / part).chmod(0o770)
    (place / "tmp").chmod(0o775)
    library = place / "library"
    library.mkdir()
    for one in Path("/usr/lib/cups").iterdir():
        if one.name != "backend":
            (library / one.name).symlink_to(one)
    (library / "backend").mkdir()
    for name in ("socket",):
        (library / "backend" / name).symlink_to(f"/usr/lib/cups/backend/{name}")
    backend = library / "backend" / "station"
    backend.write_text(_BACKEND.replace("STATE)", f"{place / 'tmp/state'})"))
    backend.chmod(0o755)
    (place / "cupsd.conf").write_text(
        f"Listen 127.0.0.1:{port}\nBrowsing No\nWebInterface No\nLogLevel warn\n"
        "<Location />\nOrder allow,deny\nAllow from 127.0.0.1\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder allow,deny\nAllow from 127.0.0.1\n</Limit>\n"
        "</Policy>\n"
    )
    (place / "cups-files.conf").write_text(
        f"SystemGroup root\nServerRoot {place}/root\nServerBin {library}\n"
        f"RequestRoot {place}/spool\nCacheDir {place}/cache\nStateDir {place}/state\n"
        f"TempDir {place}/tmp\nErrorLog {place}/log/error\nAccessLog {place}/log/access\n"
        f"PageLog {place}/log/page\nFileDevice Yes\nUser lp\nGroup lp\n"
    )


def _wait_for(cups: PrivateCups) -> None:
    until = time.monotonic() + 30
    while "is running" not in cups.run("lpstat", "-r"):
        assert time.monotonic() < until, "cupsd does not start"
        time.sleep(0.1)
