"""How the commands answer: in sentences or in JSON, with an exit code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import typer

from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.snapshots import Manifest
from station_app.vault import access_fault
from station_app.vault.spoken import spoken_digits, spoken_words


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    GOOD = 0
    REFUSED = 1


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
