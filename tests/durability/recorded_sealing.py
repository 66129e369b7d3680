"""The recorded program of `test_cut_sealing.py`: the centre seals lists, each over the last.

    recorded_sealing.py DISK SHELF NUMBER...

Seals the lists of these numbers, which lie on the shelf, to one file. Says "sealing N" before
each and "sealed N" after it.
"""

import sys
from pathlib import Path

from tests.durability.snapshots_after_cut import SNAPSHOT, seal_numbered


def say(*words: object) -> None:
    """In one write, which is one operation of the record."""
    print(" ".join(map(str, words)) + "\n", end="")


def main(disk: Path, shelf: Path, *numbers: str) -> None:
    for number in map(int, numbers):
        say("sealing", number)
        seal_numbered(shelf, number, disk / SNAPSHOT)
        say("sealed", number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
