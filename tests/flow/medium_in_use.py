"""A mirror on a small disk of its own, which is pulled out, exchanged, full and grown.

python -m tests.flow.medium_in_use FOLDER      (where it may mount; prints what was told)
"""

import json
import subprocess
import sys
from pathlib import Path

from station_app.domain.entries import MirrorLost
from station_app.flow.mirroring import MirrorBehind, MirrorState, MirrorUpToDate
from station_app.journal.leaves import read_leaf
from tests.flow.mirrored_station import AtWork

SMALL, LARGE = "size=16k", "size=4m"


class Told:
    """The codes there were, each once."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def mirror_changed(self, state: MirrorState) -> None:
        if isinstance(state, MirrorBehind) and state.code not in self.codes:
            self.codes.append(state.code)


def mount(place: Path, *words: str) -> None:
    subprocess.run(["mount", *words, "none", str(place)], check=True)


def main(folder: Path) -> None:
    station, told = AtWork(folder), Told()
    medium, station.stick = station.stick, station.stick / "journal"

    def put_in() -> None:
        mount(medium, "-t", "tmpfs", "-o", SMALL)
        station.stick.mkdir()

    put_in()
    station.start()
    station.mirroring.observe(told)
    station.sessions(1, 5)
    station.wait(MirrorUpToDate)
    subprocess.run(["umount", "-l", str(medium)], check=True)
    station.sessions(6, 8)
    station.wait(MirrorBehind)
    put_in()
    station.wait(MirrorUpToDate)
    station.sessions(9, 120)
    station.wait(MirrorBehind)
    mount(medium, "-o", f"remount,{LARGE}")
    station.wait(MirrorUpToDate)
    station.bridge.run(lambda: False, 0.1)
    station.wait(MirrorUpToDate)
    entries = [read_leaf(one.leaf)[0] for one in station.lane.call(station.all_records)]
    station.stop()
    mirror = station.open_mirror()
    print(
        json.dumps(
            {
                "codes": told.codes,
                "lost": [one.code for one in entries if isinstance(one, MirrorLost)],
                "upto": mirror.upto,
                "size": len(entries),
            }
        )
    )
    mirror.close()


main(Path(sys.argv[1]))
