"""Passphrases as people give them: typed unseen, or in a file of mode 0600. Never an argument."""

import sys
from getpass import getpass
from pathlib import Path

import typer

from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.vault import Passphrase


def known(prompt: str, file: Path | None) -> Passphrase:
    """A passphrase that exists already: the file's, or the one typed now.

    Raises `KnownError` as `Passphrase.from_file` does, `typer.BadParameter` where there is
    neither a file nor a terminal.
    """
    return Passphrase(_typed(prompt)) if file is None else Passphrase.from_file(file)


def chosen(prompt: str, file: Path | None, *words: str) -> Passphrase:
    """A new passphrase. Typed ones are typed twice, and again until they are good.

    `words` are names that it may not be made of. Raises as `known` does; a file's
    passphrase that is weak raises as `Passphrase.refuse_weak` does.
    """
    if file is not None:
        passphrase = Passphrase.from_file(file)
        passphrase.refuse_weak(*words)
        return passphrase
    while True:
        try:
            passphrase = Passphrase(_typed(prompt))
            passphrase.refuse_weak(*words)
            if passphrase.is_same(Passphrase(_typed("The same again"))):
                return passphrase
            typer.echo("The two were not the same. Type both again.", err=True)
        except KnownError as fault:
            typer.echo(terminal_text(fault.message), err=True)


def in_folder(folder: Path | None, name: str) -> Path | None:
    """Where a batch has the passphrase of that name; None without a folder."""
    return None if folder is None else folder / f"{name}.passphrase"


def _typed(prompt: str) -> str:
    # Without a terminal getpass would read, and show, what comes from standard input.
    if not sys.stdin.isatty():
        raise typer.BadParameter("There is no terminal to ask in; name a file of mode 0600.")
    return getpass(f"{prompt}: ")
