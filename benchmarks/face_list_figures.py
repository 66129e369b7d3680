"""What faces cost a list: `python benchmarks/face_list_figures.py [--voters 10000] [--json]`.

The same list of invented fingers without and with a face for every voter, each opened in a process
of its own as an unlocking opens it: hashed, opened, its matchers made, tried. Milliseconds of the
processor, the least of `--runs`, so that other work disturbs little; megabytes of the file and of
the process.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from big_list import write_big_list

from station_app.evaluation.timing import this_machine
from station_app.flow.list_trial import matchers_of
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList, list_hash

Figures = dict[str, float]


def opened(path: Path) -> Figures:
    """One opening in this process."""
    laps: Figures = {}
    begun = time.process_time()

    def lap(name: str) -> None:
        nonlocal begun
        now = time.process_time()
        laps[name], begun = round((now - begun) * 1000, 1), now

    before = _resident_mb()
    list_hash(path)
    lap("hash, ms")
    voters = VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
    matchers = matchers_of(voters)
    lap("open, with matchers, ms")
    for matcher in matchers.values():  # fingers that come thirty times do not all find themselves
        matcher.finds_its_own()
    lap("trial, ms")
    laps["memory, MB"] = round(_resident_mb() - before, 1)
    laps["file, MB"] = round(path.stat().st_size / 1e6, 1)
    voters.close()
    return laps


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [one for one in status.splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    """Measure both lists and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.open is not None:
        print(json.dumps(opened(asked.open)))
        return
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, has_faces in (("without faces", False), ("with faces", True)):
            path = Path(folder) / f"{has_faces}.vlist"
            write_big_list(path, asked.voters, shuffled=False, faces=has_faces)
            runs = [_in_a_process(path) for _ in range(asked.runs)]
            found[name] = {key: min(run[key] for run in runs) for key in runs[0]}
    machine = asdict(this_machine())
    if asked.json:
        print(json.dumps({"machine": machine, "voters": asked.voters, "figures": found}))
        return
    print(f"{asked.voters} voters, two fingers each; {machine}")
    for key in found["with faces"]:
        print(f"{key:<26}" + "".join(f"{name}: {one[key]:<12}" for name, one in found.items()))


def _in_a_process(path: Path) -> Figures:
    command = [sys.executable, __file__, "--open", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: Figures = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
