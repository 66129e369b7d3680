"""What is written to the log is a word of the code, with fields that the log knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import station_app
from station_app.assembly.program_log import FIELDS

PACKAGE = Path(station_app.__file__).parent
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"), attr=name)):
                assert name in METHODS, f"{path}:{node.lineno}"
                yield node


LOGGING = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "logging.getLogger(__name__)" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", LOGGING, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_record_is_a_word_with_known_fields(path: Path) -> None:
    calls = list(_calls(path))
    assert calls, "the module's logger is `_log`"
    for call in calls:
        where = f"{path}:{call.lineno}"
        words = [one.value for one in call.args if isinstance(one, ast.Constant)]
        assert len(words) == 1, where
        assert str(words[0]).isidentifier(), where
        assert len(call.args) <= 2, f"{where}: nothing is put into the sentence"
        for keyword in call.keywords:
            assert keyword.arg in ("extra", "exc_info"), where
            if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                keys = {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
                assert keys <= set(FIELDS), where
                assert len(keys) == len(keyword.value.keys), where
