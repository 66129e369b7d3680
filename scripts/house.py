"""Prints the measures of the house: `make house`, or with `ARGS="--json"` for a machine.

How large each room is, how its modules hang together, how long a command and the desk take to
start, and how many files a new part costs, each with the test that proves it. The figures are
compared from version to version in docs/decisions/0038-what-a-station-loads.md.
"""

import argparse
import ast
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "station_app"
DEMO_LIST = ROOT / "voter_snapshots" / "demo.vlist"
SMALL = 100
STARTS = 5

Imports = dict[str, frozenset[str]]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Task:
    """What a newcomer adds, what it costs in the program beside words, and its proof."""

    name: str
    files: str
    proof: str


TASKS = (
    Task("a driver", "1 module + 1 line", "tests/assembly/test_toy_scanner.py"),
    Task("an engine", "1 folder + 1 line", "tests/assembly/test_toy_engine.py"),
    Task("a kind of entry", "1 class + its writer", "tests/centre/test_a_kind_is_a_class.py"),
    Task("a language", "1 folder", "tests/ui/test_pseudo_language.py"),
    Task("a state of the session", "1 state + 1 page", "tests/ui/test_toy_state.py"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="leave out the starts of a desk")
    wanted = parser.parse_args()
    house = read_house(ROOT / PACKAGE)
    with tempfile.TemporaryDirectory() as folder:
        figures = house | {"station-app --help, s": help_seconds(folder)}
        if not wanted.quick:
            figures |= {
                "start of a desk, ms": starts(folder, "start_to_ready.py", str(DEMO_LIST)),
                "start of the demonstration, ms": starts(folder, "first_paint.py"),
            }
    tasks = [asdict(task) | {"proven": (ROOT / task.proof).is_file()} for task in TASKS]
    if wanted.json:
        print(json.dumps(figures | {"tasks": tasks}, indent=2))
        return
    for name, figure in figures.items():
        if isinstance(figure, Mapping):
            print(f"{name}:")
            for part, value in figure.items():
                print(f"  {part:<22} {value}")
        else:
            print(f"{name:<58} {figure}")
    print(f"\n{'a new part':<24} {'in the program':<22} proof")
    for task in tasks:
        missing = "" if task["proven"] else "  (no such test)"
        print(f"{task['name']:<24} {task['files']:<22} {task['proof']}{missing}")


def read_house(package: Path) -> dict[str, object]:
    """The figures that the source alone gives."""
    files = {module_name(path, package): path for path in sorted(package.rglob("*.py"))}
    sources = {name: path.read_text("utf-8") for name, path in files.items()}
    trees = {name: ast.parse(source) for name, source in sources.items()}
    lines = {name: len(source.splitlines()) for name, source in sources.items()}
    at_start = {name: imported(tree.body, name, files) for name, tree in trees.items()}
    ever = {name: imported(ast.walk(tree), name, files) for name, tree in trees.items()}
    rooms: Counter[str] = Counter()
    for name, count in lines.items():
        rooms[room(name)] += count
    names = Counter(path.name for path in files.values() if path.name != "__init__.py")
    callers = sorted(name for name, tree in trees.items() if writes_journal(name, tree))
    return {
        "lines": sum(lines.values()),
        "files": len(files),
        "lines by room": dict(rooms.most_common()),
        "modules outside journal/ that call Journal.append": callers,
        "import cycles": len(cycles(at_start)),
        "import cycles, deferred and type imports counted": len(cycles(ever)),
        "longest import chain": longest_chain(at_start),
        "file names that repeat": sum(count > 1 for count in names.values()),
        f"modules under {SMALL} lines that one neighbour alone imports": len(
            split_for_the_count(ever, lines)
        ),
    }


def module_name(path: Path, package: Path) -> str:
    """`station_app.vault` for its `__init__.py`."""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str:
    """The first folder, or the file of a module that has none."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "station_app"


def imported(
    nodes: Iterator[ast.AST] | list[ast.stmt], name: str, files: Mapping[str, Path]
) -> frozenset[str]:
    """The program's modules that these statements import, without the module itself."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # `from station_app.vault import people` means the module where there is one.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = inner & files.keys()
            found |= modules
            if inner - modules:
                found.add(node.module)
    return frozenset(found & files.keys() - {name})


def writes_journal(name: str, tree: ast.Module) -> bool:
    """Whether it calls `append` or `append_all` of what is called a journal."""
    return room(name) != "journal" and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"append", "append_all"}
        and ast.unparse(node.func.value).split(".")[-1].lstrip("_") == "journal"
        for node in ast.walk(tree)
    )


def cycles(imports: Imports) -> list[list[str]]:
    """Groups of modules that import each other (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in imports[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(group)

    for name in imports:
        if name not in index:
            visit(name)
    return found


def longest_chain(imports: Imports) -> int:
    """How many modules the longest chain of imports has; a cycle counts once."""
    lengths: dict[str, int] = {}

    def length(name: str) -> int:
        if name not in lengths:
            lengths[name] = 1  # of a cycle
            lengths[name] = 1 + max((length(other) for other in imports[name]), default=0)
        return lengths[name]

    return max(map(length, imports))


def split_for_the_count(imports: Imports, lines: Mapping[str, int]) -> list[str]:
    """Small modules that only one neighbour in the same folder imports."""
    importers: dict[str, set[str]] = {}
    for name, others in imports.items():
        for other in others:
            importers.setdefault(other, set()).add(name)
    return [
        name
        for name, by in importers.items()
        if lines[name] < SMALL
        and len(by) == 1
        and name.rpartition(".")[0] == next(iter(by)).rpartition(".")[0]
    ]


def surroundings(folder: str) -> dict[str, str]:
    """Bytecode is kept, as where the program is used; the first run of each kind fills it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": folder,
        "QT_QPA_PLATFORM": "offscreen",
    }


def help_seconds(folder: str) -> Figures:
    """Medians of several runs of `station-app --help`."""
    command = [sys.executable, "-m", PACKAGE, "--help"]
    wall, cpu = [], []
    for _ in range(1 + STARTS):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            command, check=True, capture_output=True, timeout=60, env=surroundings(folder)
        )
        wall.append(time.perf_counter() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "wall": round(statistics.median(wall[1:]), 3),
        "CPU": round(statistics.median(cpu[1:]), 3),
    }


def starts(folder: str, program: str, *words: str) -> Figures:
    """Medians by lap of several starts, each with a folder of its own as its last word."""
    runs = []
    for _ in range(1 + STARTS):
        with tempfile.TemporaryDirectory() as own:
            begun = str(time.monotonic())
            command = [sys.executable, str(ROOT / "benchmarks" / program), begun, *words, own]
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=120,
                env=surroundings(folder),
            )  # fmt: skip
        runs.append(json.loads(done.stdout))
    return {lap: round(statistics.median(run[lap] for run in runs[1:]), 1) for lap in runs[0]}


if __name__ == "__main__":
    main()
