"""Runs as root of a namespace of its own: the demonstration on a disk that is too small.

`python -m tests.assembly.cramped_demo FOLDER SIZE [FINGERS]`; prints one line of JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = (sys.executable, "-m", "station_app")


def main(disk: Path, size: str, *fingers: str) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    subprocess.run(mount, check=True)
    given = ["--fingers", fingers[0]] if fingers else []
    done = subprocess.run(
        [*PROGRAM, "demo", "--headless", "--out", str(disk / "out"), *given],
        capture_output=True,
        text=True,
        check=False,
    )
    journal = disk / "out" / "station" / "journal.db"
    code = None
    if journal.exists():
        verify = [*PROGRAM, "journal", "verify", str(journal)]
        code = subprocess.run(verify, capture_output=True, check=False).returncode
    told = {"code": done.returncode, "out": done.stdout, "err": done.stderr, "journal": code}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
