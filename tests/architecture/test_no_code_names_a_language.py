"""A language is its folder: no line of code names one, but for that of the command line."""

import ast
from importlib import resources
from pathlib import Path

from station_app.languages import languages

PACKAGE = Path(str(resources.files("station_app")))
NAMED = {"commands/readiness.py": {"en"}}
"""Commands speak English, and readiness takes its reasons from a catalogue."""


def test_no_code_names_a_language() -> None:
    known = {name for one in languages() for name in (one.code, one.name, one.short_name)}
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in known:
                found.setdefault(path.relative_to(PACKAGE).as_posix(), set()).add(node.value)
    assert found == NAMED
