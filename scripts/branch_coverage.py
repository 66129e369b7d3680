"""How much of the rooms that a journal hangs on is run by their tests: lines and branches.

Prints each room's share and what no test reaches, and fails where one has fallen below its floor in
`tests/coverage.toml`. `--measured` only reads what the last run has left.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "tests" / "coverage.toml"
MEASURED = ROOT / "build" / "coverage.json"


def main() -> int:
    wanted = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    floors: dict[str, float] = wanted["floor"]
    failed = 0 if "--measured" in sys.argv else measure(list(floors), wanted["tests"])
    files = json.loads(MEASURED.read_text(encoding="utf-8"))["files"]
    for room, floor in floors.items():
        share = room_share(room, files)
        fallen = share < floor
        failed = failed or fallen
        print(f"{room}: {share:.2f} %{f', below its floor of {floor} %' if fallen else ''}")
    return 1 if failed else 0


def measure(rooms: list[str], tests: list[str]) -> int:
    """Run the tests; their exit code."""
    MEASURED.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", *(f"tests/{room}" for room in tests)]
    sources = [f"--cov=station_app.{room}" for room in rooms]
    reports = [f"--cov-report=json:{MEASURED}", "--cov-report=term-missing:skip-covered"]
    alone = os.environ | {"COVERAGE_FILE": str(MEASURED.with_name("coverage.data"))}
    run = [*command, *sources, "--cov-branch", *reports]
    return subprocess.run(run, cwd=ROOT, check=False, env=alone).returncode


def room_share(room: str, files: dict[str, dict[str, dict[str, int]]]) -> float:
    """Lines and branches that are run, in per cent of those there are."""
    sums = [one["summary"] for name, one in files.items() if f"station_app/{room}/" in name]
    run = sum(one["covered_lines"] + one["covered_branches"] for one in sums)
    there = sum(one["num_statements"] + one["num_branches"] for one in sums)
    return 100 * run / there


if __name__ == "__main__":
    sys.exit(main())
