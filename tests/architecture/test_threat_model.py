"""The threat model names every attack that is played, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs/threat-model.md").read_text("utf-8")


def test_every_attack_stands_in_the_model() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", MODEL))
    played = {path.name for path in (ROOT / "tests/attacks").glob("test_*.py")}
    assert named == played


def test_every_attack_says_what_it_tries() -> None:
    for path in (ROOT / "tests/attacks").glob("test_*.py"):
        docstring = path.read_text("utf-8").split('"""')[1]
        assert "a9a29b6" in docstring, path.name
