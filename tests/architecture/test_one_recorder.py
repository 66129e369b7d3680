"""Only the recorder writes the journal: found in the source, not in what happens to run.

`Journal` is the one class that can be written. Outside its room its name may only make a
recorder, `Recorder(Journal.open(...))` or `Recorder(Journal.create(...))`; whatever else holds a
journal holds a `JournalReader`, which has no `append`. mypy holds annotations to that, and this
test the ways around them.
"""

import ast
from pathlib import Path

import pytest

import station_app
from station_app.journal import Journal, JournalReader

ROOT = Path(station_app.__file__).parent
RECORDER = ROOT / "flow" / "recorder.py"
WRITES = {"append", "append_all", "close_interrupted_sessions"}


def _is_made_into_a_recorder(call: ast.AST) -> bool:
    """`Recorder(Journal.open(...))`, with nothing else."""
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return False
    made = call.args[0]
    return (
        isinstance(call.func, ast.Name)
        and call.func.id == "Recorder"
        and isinstance(made, ast.Call)
        and isinstance(made.func, ast.Attribute)
        and made.func.attr in ("open", "create")
        and isinstance(made.func.value, ast.Name)
        and made.func.value.id == "Journal"
    )


def faults_of(source: str) -> list[str]:
    """What in a module outside the journal's room could write it without the recorder."""
    tree = ast.parse(source)
    allowed = {
        id(call.args[0].func.value)  # type: ignore[attr-defined]
        for call in ast.walk(tree)
        if _is_made_into_a_recorder(call)
    }
    faults = [
        f"line {number}: mypy is told to look away"
        for number, line in enumerate(source.splitlines(), 1)
        if ".append" in line and "type: ignore" in line
    ]
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="Journal") if id(node) not in allowed:
                faults.append(f"line {node.lineno}: Journal is used without a recorder")
            case ast.ImportFrom(names=names):
                faults += [
                    f"line {node.lineno}: Journal gets another name"
                    for one in names
                    if (one.name == "Journal" and one.asname) or one.name == "*"
                ]
                if "journal" in (one.name for one in names) and node.module:
                    faults += [
                        f"line {node.lineno}: the room is imported whole"
                        for _ in [0]
                        if node.module in ("station_app", "station_app.journal")
                    ]
            case ast.Import(names=names) if any("journal" in one.name for one in names):
                faults.append(f"line {node.lineno}: the room is imported whole")
            case ast.Attribute(attr="_journal", value=value) if not _is_self(value):
                faults.append(f"line {node.lineno}: the recorder's own journal is taken")
            case ast.Constant(value="_journal" | "Journal" | "append" | "append_all"):
                faults.append(f"line {node.lineno}: a name that getattr could be given")
            case ast.Call(func=ast.Name(id="cast")) if "Journal" in ast.unparse(node.args[0]):
                faults.append(f"line {node.lineno}: a reader is cast")
            case _:
                pass
    return faults


def _is_self(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "self"


def test_only_the_recorder_writes_the_journal() -> None:
    others = [
        path
        for path in ROOT.rglob("*.py")
        if path != RECORDER and (ROOT / "journal") not in path.parents
    ]
    assert len(others) > 300
    found = {str(path.relative_to(ROOT)): faults_of(path.read_text()) for path in others}
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_the_recorder_writes_in_one_place_each() -> None:
    calls = [
        node.attr
        for node in ast.walk(ast.parse(RECORDER.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in WRITES
        and ast.unparse(node.value) == "self._journal"
    ]
    assert sorted(set(calls)) == sorted(WRITES)


def test_a_reader_cannot_write() -> None:
    assert not [name for name in WRITES if hasattr(JournalReader, name)]
    assert all(hasattr(Journal, name) for name in WRITES)


@pytest.mark.parametrize(
    "source",
    [
        "journal = Journal.open(path)\njournal.append(entry)",
        "def write(journal: Journal) -> None:\n    journal.append(entry)",
        "held = Recorder(journal := Journal.open(path))\njournal.append(entry)",
        "from station_app.journal import Journal as Book\nBook.open(path).append(entry)",
        "from station_app import journal\njournal.Journal.open(path).append(entry)",
        "from station_app.journal import journal as room\nroom.Journal.open(path).append(entry)",
        "import station_app.journal.journal as room",
        "recorder._journal.append(entry)",
        "getattr(recorder, '_journal').append(entry)",
        "getattr(recorder.journal, 'append')(entry)",
        "cast('Journal', recorder.journal).append(entry)",
        "write = Journal.append\nwrite(reader, entry)",
        "recorder.journal.append(entry)  # type: ignore[attr-defined]",
    ],
)
def test_a_second_writer_is_found(source: str) -> None:
    assert faults_of(source)


def test_a_recorder_may_be_made() -> None:
    assert faults_of("recorder = Recorder(Journal.open(path, key))") == []
