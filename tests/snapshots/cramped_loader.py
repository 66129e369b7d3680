"""Runs as root of a namespace of its own, on a disk of 1 MB: loads while it is full.

Prints what happened as one line of JSON for `test_faulty_media.py`.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from station_app.snapshots import LoadProgress, LoadStep
from tests.snapshots.snapshot_samples import code_of, count_voters, load_here, names_left, refusal


def _fill(disk: Path, keep: int) -> None:
    """Leave `keep` bytes of the disk."""
    rest = disk / "rest"
    rest.unlink(missing_ok=True)
    with rest.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
        file.truncate(max(0, file.tell() - keep))


def main(disk: Path, shelf: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=True)
    root, new = disk / "station", shelf / "3.vsnap"
    load_here(shelf / "2.vsnap", root)
    told: dict[str, list[object]] = {"code": [], "voters": [], "left": []}

    def note(code: str) -> None:
        told["code"].append(code)
        told["voters"].append(count_voters(root))
        told["left"].append(names_left(root))

    for keep in (0, 8192, 65536):
        _fill(disk, keep)
        note(refusal(new, root))
    for step in (LoadStep.NEWER, LoadStep.COPIED, LoadStep.STORED):
        (disk / "rest").unlink(missing_ok=True)

        def filling(at: LoadProgress, step: LoadStep = step) -> None:
            if at.step is step:
                _fill(disk, 0)

        note(code_of(partial(load_here, new, root, tell=filling)))
    (disk / "rest").unlink(missing_ok=True)
    note(refusal(new, root))
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
