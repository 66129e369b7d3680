"""Run the tests in other orders than `make test` does: what only passes beside others fails here.

    test_order.py [--alone] [--rooms] [--orders N] [PATH...]

Every test file alone in a process of its own, then every room (a folder of `tests/`) in fixed
order and in N random ones (3 without it). PATHs choose files or rooms. Prints what fails and the
command that shows it; ends with 1 when anything did.
"""

import argparse
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
_LONGEST_S = 1800
_TOLD_LINES = 12
_NO_TESTS = 5


def chosen(paths: list[Path]) -> list[Path]:
    """The test files of these files and folders, all of them where none is named."""
    found = {
        file
        for path in paths or [TESTS]
        for file in ([path] if path.is_file() else path.rglob("test_*.py"))
    }
    return sorted(file.resolve() for file in found)


def runs(files: list[Path], orders: int, *, alone: bool, rooms: bool) -> Iterator[list[str]]:
    """What pytest is given, a run each."""
    if alone:
        for file in files:
            yield [str(file.relative_to(ROOT))]
    if rooms:
        for room in sorted({file.parent for file in files}):
            inside = [str(file.relative_to(ROOT)) for file in files if file.parent == room]
            yield ["-pno:randomly", *inside]
            for _ in range(orders):
                yield [f"--randomly-seed={secrets.randbelow(2**31)}", *inside]


def failed(words: list[str]) -> str:
    """What one run says when it fails, "" when it does not."""
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-x", *words]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_LONGEST_S
        )
    except subprocess.TimeoutExpired:
        return f"{' '.join(command)}\n  did not end within {_LONGEST_S} s"
    if done.returncode in (0, _NO_TESTS):
        return ""
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()][-_TOLD_LINES:]
    return "\n  ".join([f"{' '.join(command)}  # ended with {done.returncode}", *lines])


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--alone", action="store_true", help="only every file alone")
    asked.add_argument("--rooms", action="store_true", help="only every room, in several orders")
    asked.add_argument("--orders", type=int, default=3, help="random orders of a room")
    asked.add_argument("paths", nargs="*", type=Path)
    given = asked.parse_args()
    both = given.alone == given.rooms
    faults, count = 0, 0
    for words in runs(
        chosen(given.paths), given.orders, alone=both or given.alone, rooms=both or given.rooms
    ):
        since = time.monotonic()
        said = failed(words)
        count += 1
        faults += bool(said)
        place = words[0] if len(words) == 1 else f"{Path(words[-1]).parent} {words[0]}"
        print(f"{'FAILED' if said else 'passed'} {time.monotonic() - since:5.0f} s  {place}")
        if said:
            print(f"  {said}")
        sys.stdout.flush()
    print(f"{count} runs, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
