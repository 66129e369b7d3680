"""README's list of commands: each is there and has --help, and the list is all of them."""

import re
import subprocess
import sys
from pathlib import Path

import typer.core
from typer.main import get_command

from station_app.assembly.command_line import AllCommands, DeferredCommand, app
from tests.commands.typed_words import run

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def listed() -> set[str]:
    """The commands of the block, `a b|c` as `a b` and `a c`, `a|b c` as `a c` and `b c`."""
    block = README.split("## The commands")[1].split("```")[1]
    found = set()
    for line in block.strip().splitlines():
        usage = re.split(r" {2,}", line)[0].removeprefix("station-app ")
        for part in usage.split(", "):
            words = [word for word in part.split() if re.fullmatch(r"[a-z|-]+", word)]
            words = [word for word in words if not word.startswith("--")][:2]
            firsts, *seconds = [word.split("|") for word in words]
            found |= {" ".join((first, *rest)) for first in firsts for rest in ends(seconds)}
    return found


def ends(seconds: list[list[str]]) -> list[tuple[str, ...]]:
    return [(word,) for word in seconds[0]] if seconds else [()]


def there_are(command: object, path: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Every command that does something, with its options."""
    if isinstance(command, DeferredCommand):
        command = command.loaded()
    if isinstance(command, typer.core.TyperGroup):
        found = {}
        for name, one in command.commands.items():
            found |= there_are(one, (*path, name))
        return found
    assert isinstance(command, typer.core.TyperCommand)
    return {" ".join(path): {opt for one in command.params for opt in one.opts}}


def test_the_list_is_all_of_them() -> None:
    assert listed() == set(there_are(get_command(app)))


def test_each_has_help_and_prints_json() -> None:
    for command, options in there_are(get_command(app)).items():
        assert "Usage" in run(*command.split(), "--help").stdout
        assert "--json" in options or command == "technician", command


def test_the_whole_tells_of_a_command_what_it_tells_itself() -> None:
    for name, told in AllCommands().commands.items():
        assert isinstance(told, DeferredCommand)
        first = told.loaded().help.partition("\n\n")[0].replace("\n", " ")
        assert told.help == first, name


def test_help_imports_no_command() -> None:
    words = (
        "import sys\nfrom station_app.assembly.command_line import run\nrun(['--help'])\n"
        "print(sorted(set(sys.modules) & {'numpy', 'cryptography', 'PySide6', 'babel'}),"
        "[name for name in sys.modules if name.startswith('station_app.commands')])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "[] []"
