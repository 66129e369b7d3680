"""Words of the house: what screens, commands and documents never say."""

import re
from importlib import resources
from pathlib import Path

import pytest

PACKAGE = Path(str(resources.files("station_app")))
ROOT = Path(__file__).parents[2]
SCREENS = [
    *(PACKAGE / "content" / "languages" / "en").glob("*.po"),
    *(PACKAGE / "content" / "languages" / "en" / "help").glob("*.md"),
]
TEXTS = [*SCREENS, *PACKAGE.rglob("*.py"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
COMMANDS = re.compile(r"provision|--\w|chmod|\.toml|\.py\b|\{code\}|\{path\}")
STIFF = re.compile(r"^(msgstr|-) .*\b(rests|mend(ed)?|at hand|by itself)\b")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_cannot_is_one_word(path: Path) -> None:
    assert not re.search(r"\bcan not\b", path.read_text(encoding="utf-8"), re.IGNORECASE)


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.name)
def test_screens_say_no_command_and_no_code(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line.startswith(("msgstr", "- ", '"'))]
    assert [line for line in said if STIFF.search(line)] == []
    found = [line for line in said if COMMANDS.search(line) and "217" not in line]
    assert [line for line in found if "code {code}" not in line] == [], "the safe screen's number"
