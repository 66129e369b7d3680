"""How the commands answer: in sentences or in JSON, with bars meanwhile and an exit code."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.snapshots import Manifest
from station_app.vault import access_fault
from station_app.vault.identity import spoken_digits, spoken_words

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    GOOD = 0
    REFUSED = 1
    ALARM = 3
    INTERRUPTED = 130


@contextmanager
def answering(as_json: bool, **facts: Any) -> Iterator[None]:
    """A refusal inside ends the command with its code, or its sentence, and 1.

    `facts` are what JSON says of a refusal beside that.
    """
    try:
        with _permissions_said():
            yield
    except KnownError as fault:
        if as_json:
            typer.echo(json.dumps(facts | {"code": fault.code, "reason": fault.message}))
        else:
            typer.echo(terminal_text(fault.message), err=True)
        raise typer.Exit(ExitCode.REFUSED) from fault


@contextmanager
def _permissions_said() -> Iterator[None]:
    try:
        yield
    except PermissionError as fault:
        raise access_fault(fault) from fault


def facts_of(manifest: Manifest) -> dict[str, Any]:
    """The manifest for people: without the sealed key, with what to compare aloud."""
    facts = manifest.to_values()
    del facts["sealed_key"]
    digest = bytes.fromhex(manifest.list_sha256)
    return facts | {"words": spoken_words(digest), "digits": spoken_digits(digest)}


def as_lines(facts: dict[str, Any]) -> str:
    """Facts as lines `name: value`, for a terminal."""
    return terminal_text("\n".join(f"{name}: {_shown(value)}" for name, value in facts.items()))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    if isinstance(value, list):
        return "".join(f"\n  {_shown(part)}" for part in value)
    return str(value)


Tell = Callable[[str, int, int], None]
"""Is told of a step how much of it is done, of how much."""


@contextmanager
def watched(steps: Mapping[str, str]) -> Iterator[Tell]:
    """One bar on standard error for each of `steps` (code to name)."""
    with _bars(TaskProgressColumn()) as progress:
        yield _teller(progress, steps)


@contextmanager
def measuring(
    steps: Mapping[str, str], stopped: str = "Stopped; nothing was measured."
) -> Iterator[Tell]:
    """As `watched`, counting; ends the command as `counted` does."""
    with counted(stopped) as progress:
        yield _teller(progress, steps)


@contextmanager
def counted(stopped: str) -> Iterator[Progress]:
    """Bars that count, on standard error.

    A refusal ends the command with its sentence and 1, an interruption with `stopped` and 130.
    """
    console = Console(stderr=True)
    try:
        with _bars(MofNCompleteColumn()) as progress:
            yield progress
    except KnownError as refusal:
        console.print(terminal_text(refusal.message), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(ExitCode.REFUSED) from refusal
    except KeyboardInterrupt as stop:
        console.print(stopped)
        raise typer.Exit(ExitCode.INTERRUPTED) from stop


def _bars(done: ProgressColumn) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _teller(progress: Progress, steps: Mapping[str, str]) -> Tell:
    tasks = {step: progress.add_task(name, total=None, start=False) for step, name in steps.items()}

    def tell(step: str, done: int, of: int) -> None:
        progress.start_task(tasks[step])
        progress.update(tasks[step], completed=done, total=of)

    return tell
