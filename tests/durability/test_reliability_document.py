"""docs/reliability.md names tests that exist, and none that a test file has not."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)))
FAULTS = (
    "kill -9",
    "power cut",
    "disk full",
    "read-only",
    "corrupted page",
    "clock back",
    "clock forward",
    "mirror pulled",
    "printer dead",
    "scanner unplugged",
    "two stations with one identity",
    "old copy of the journal put back",
)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file: str, test: str) -> None:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert test in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_every_fault_has_a_row_with_a_test() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")][1:]
    assert all("::test_" in row for row in rows)
    assert [fault for fault in FAULTS if not any(f"**{fault}" in row for row in rows)] == []
