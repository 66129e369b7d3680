"""The child process of `test_cut_loads.py`: does one thing to a station's lists after the
other, each in a process of its own that is cut off or not.

Reads a line of JSON a task: `root`, `do` ("load", "prove", "put_back"), `path` to load, and
either `before`, the number of the file operation before which the process kills itself, or
`seconds` after which it is killed. Answers with a line of JSON: `cut`, whether it was.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from station_app.snapshots import prove_list, put_list_back
from station_app.vault import StationFolder
from tests.snapshots.snapshot_samples import STATION, load_here

OPERATIONS = ("open", "os.rename", "os.remove", "os.mkdir", "os.truncate", "os.listdir")


def _kill_before(number: int) -> None:
    """Python tells an audit hook of every file operation before it is done."""
    left = number

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in OPERATIONS:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    sys.addaudithook(hook)


def _do(task: dict[str, Any]) -> None:
    folder = StationFolder(Path(task["root"]))
    if "before" in task:
        _kill_before(task["before"])
    if task["do"] == "load":
        load_here(Path(task["path"]), folder.root, station=STATION)
    elif task["do"] == "prove":
        prove_list(folder)
    else:
        put_list_back(folder, STATION.trusted)


def _was_cut(task: dict[str, Any]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            _do(task)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if "seconds" in task:
        time.sleep(task["seconds"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, -signal.SIGKILL):
        raise SystemExit("the task failed")
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps({"cut": _was_cut(json.loads(line))}), flush=True)
