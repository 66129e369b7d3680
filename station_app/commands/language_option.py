"""The option `--language` of commands that show or print something."""

from typing import Any

import typer

from station_app.languages import language_codes


def language_option(text: str) -> Any:
    """The option with its line of help; a language without a folder is wrong usage."""
    return typer.Option(help=text, metavar=f"[{'|'.join(language_codes())}]", parser=_known)


def _known(code: str) -> str:
    if code and code not in language_codes():
        raise typer.BadParameter(f"{code!r} is not one of {', '.join(language_codes())}.")
    return code
