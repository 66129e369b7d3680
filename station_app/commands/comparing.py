"""Whether a public identity is the commission's: its digits, from another hand than its file."""

import sys
from collections.abc import Sequence
from typing import Final

import typer

from station_app.domain.errors import KnownError
from station_app.vault import PublicIdentity

_TRIES: Final = 3
_DIGITS: Final = 20
_BETWEEN: Final = "-\u2010\u2011\u2012\u2013.,_"


def refuse_uncompared(pins: Sequence[PublicIdentity], digits: Sequence[str]) -> None:
    """Every identity's digits are among `digits`, or somebody types them now.

    Raises `KnownError` `digits_of_nobody` (given digits that are none of the identities':
    a file was exchanged, or the digits mistyped), `digits_incomplete` (there are not 20),
    `identity_not_accepted`, and
    `typer.BadParameter` where there is no terminal to type in.
    """
    given = {_whole(one) for one in digits}
    strangers = given - {_plain(one.digits()) for one in pins}
    if strangers:
        raise KnownError(
            "digits_of_nobody",
            f"The digits {', '.join(sorted(strangers))} are of no file that the plan names. "
            "Compare them with what the commission says; if they are right, its files were "
            "exchanged: do not go on, call it.",
        )
    for one in pins:
        if _plain(one.digits()) not in given:
            _ask(one)


def _ask(one: PublicIdentity) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"There is no terminal to type the digits of {one.file_name} in; give them with "
            f"--accept-{one.kind} DIGITS, as the commission says them."
        )
    typer.echo(f"The plan trusts the {one.kind} {one.name}:\n  {one.words()}", err=True)
    for _ in range(_TRIES):
        typed = typer.prompt("Type the 20 digits that the commission has given for it", err=True)
        if _plain(typed) == _plain(one.digits()):
            return
        count = len(_plain(typed))
        said = "not the digits of this file" if count == _DIGITS else f"{count} digits, not 20"
        typer.echo(f"These are {said}.", err=True)
    raise KnownError(
        "identity_not_accepted",
        f"{one.file_name} is not what the commission has said. Nothing was changed: do not go "
        "on with these files, call the commission.",
    )


def _whole(digits: str) -> str:
    plain = _plain(digits)
    if len(plain) != _DIGITS or not plain.isdecimal():
        raise KnownError(
            "digits_incomplete",
            f"{digits!r} is not {_DIGITS} digits. Give all of them, in quotes where there are "
            "spaces between them.",
        )
    return plain


def _plain(digits: str) -> str:
    """Without what people put between groups."""
    return "".join(one for one in digits if not one.isspace() and one not in _BETWEEN)
