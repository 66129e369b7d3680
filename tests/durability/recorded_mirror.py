"""The recorded program of `test_cut_mirror.py`: entries go to a mirror.

    recorded_mirror.py DISK ENTRIES

Opens or begins the mirror and writes so many entries to it, the last two in one frame. Says
"begun" and, once entry N is on the medium, "mirrored N".
"""

import sys
from pathlib import Path

from station_app.journal.mirror import Mirror
from tests.durability.mirror_after_cut import OWNER, record


def say(*words: object) -> None:
    """In one write, which is one operation of the record."""
    print(" ".join(map(str, words)) + "\n", end="")


def main(disk: Path, entries: int) -> None:
    mirror = Mirror.open(disk, OWNER)
    say("begun")
    for _ in range(entries - 2):
        say("mirrored", mirror.append([record(mirror.upto + 1)]))
    say("mirrored", mirror.append([record(mirror.upto + 1), record(mirror.upto + 2)]))
    mirror.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
