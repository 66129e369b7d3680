"""Files, targets and commands that the documents name are there.

A path may be written from the checkout's root, from `station_app` or from `tests`; a bare name of
a module or test is one of any folder.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.core
from typer.main import get_command

from station_app.assembly.command_line import DeferredCommand, app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "voter_snapshots/README.md"]
)
HISTORY = {"CHANGELOG.md"}
"""Names what is gone."""
OF_OTHERS = {"serialposix.py"}
SPAN = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
PLACES = (ROOT, ROOT / "station_app", ROOT / "station_app/content", ROOT / "tests")
MADE = {"build", "dist"}
"""What commands make here; no document is wrong because it is not there yet."""
ROOMS = {path.name for place in PLACES for path in place.iterdir() if path.is_dir()} - MADE
EVERYWHERE = {path.name for place in PLACES[1::2] for path in place.rglob("*.py")}
EVERYWHERE |= {path.name for path in (*ROOT.glob("scripts/*"), *ROOT.glob("benchmarks/*"))}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def spans(document: Path) -> list[str]:
    """What is written as code, blocks too, with continued lines joined."""
    text = document.read_text(encoding="utf-8")
    return [span.strip("`").replace("\\\n", " ") for span in SPAN.findall(text)]


def named_paths(document: Path) -> Iterator[str]:
    for span in spans(document):
        for word in re.findall(r"(?<![\w<{./-])[\w.*-]+(?:/[\w.*-]+)*/?(?![\w<{/>])", span):
            first, *rest = word.rstrip("/").split("/")
            is_module = word.endswith(".py") and (rest or "*" not in word)
            if (rest and first in ROOMS and not word.endswith(".pdf")) or is_module:
                yield word.rstrip("/")


def is_there(path: str) -> bool:
    if "/" not in path:
        return path in EVERYWHERE | OF_OTHERS
    found = [one for place in PLACES for name in (path, f"{path}.py") for one in place.glob(name)]
    return bool(found)


def commands() -> dict[str, set[str]]:
    """Every command and group, with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, path: tuple[str, ...]) -> None:
        one = command.loaded() if isinstance(command, DeferredCommand) else command
        assert isinstance(one, typer.core.TyperCommand | typer.core.TyperGroup)
        found[" ".join(path)] = {name for option in one.params for name in option.opts}
        if isinstance(one, typer.core.TyperGroup):
            for name, part in one.commands.items():
                walk(part, (*path, name))

    walk(get_command(app), ())
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths(document: Path) -> None:
    if document.name in HISTORY:
        pytest.skip("names what is gone")
    assert {path for path in named_paths(document) if not is_there(path)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_targets_of_make(document: Path) -> None:
    named = {name for span in spans(document) for name in re.findall(r"\bmake ([a-z-]+)", span)}
    assert named <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_their_options(document: Path) -> None:
    if document.name in HISTORY:
        pytest.skip("names what is gone")
    known, wrong = commands(), []
    for span in spans(document):
        for line in re.findall(r"station-app ((?:[a-z][a-z-]*|--)[^\n]*)", span):
            if "|" in line or line == "public demo list key":
                continue  # README's list, which tests/commands holds; a name
            words = shlex.split(re.sub(r"['#].*", "", line))
            path = ""
            while words and (longer := f"{path} {words[0]}".strip()) in known:
                path, words = longer, words[1:]
            options = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
            if (not path and not options) or options - known[path] - {"--help"}:
                wrong.append(line)
    assert wrong == []
