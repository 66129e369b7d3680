"""Build the demo list again: needed whenever the engine's name changes.

Usage: python scripts/build_demo_list.py [FILE]   (default: voter_snapshots/demo.vlist)
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from station_app.training.lists import build_precinct_list, demo_precinct, shipped_demo_list


def main() -> None:
    """Enrol the invented precinct on all cores; about three minutes on two."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_demo_list()
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Enrolling", total=None)
        precinct = demo_precinct()
        report = build_precinct_list(
            path,
            precinct,
            lambda done, total: bar.update(task, completed=done, total=total),
            photographed=range(len(precinct.voters)),
        )
    print(f"{path}: {report.voters} voters, {report.enrolled} fingers, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
