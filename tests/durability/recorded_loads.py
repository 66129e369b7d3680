"""The recorded program of `test_cut_lists.py`: lists are loaded, proven and put back.

    recorded_loads.py DISK SHELF ACT...

An act is "prove", "back" or the number of a snapshot on the shelf to load. Says "doing ACT"
before each and "did ACT" after it.
"""

import sys
from pathlib import Path

from station_app.snapshots import prove_list, put_list_back
from station_app.vault import StationFolder
from tests.durability.lists_after_cut import STATION, load_numbered
from tests.snapshots.snapshot_samples import ISSUER


def say(*words: object) -> None:
    """In one write, which is one operation of the record."""
    print(" ".join(map(str, words)) + "\n", end="")


def main(disk: Path, shelf: Path, *acts: str) -> None:
    folder = StationFolder(disk / STATION)
    for act in acts:
        say("doing", act)
        if act == "prove":
            prove_list(folder)
        elif act == "back":
            put_list_back(folder, (ISSUER,))
        else:
            load_numbered(shelf, int(act), folder)
        say("did", act)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
