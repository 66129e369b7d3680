"""Options that several commands share: which station is meant, and which language."""

from pathlib import Path
from typing import Annotated, Any

import typer

from station_app import settings
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.languages import language_codes
from station_app.vault import StationFolder

StationOption = Annotated[
    Path | None,
    typer.Option(help="The station's folder; without it this user's own (live, else training)."),
]


def station_folder(named: Path | None) -> StationFolder:
    """The folder that was named, or this user's own station.

    Raises `KnownError` `station_missing` where a folder was named that is not there.
    """
    if named is not None:
        if not named.is_dir():
            raise KnownError(
                Code.STATION_MISSING, f"There is no folder {named}. Name the station's folder."
            )
        return StationFolder(named)
    own = [StationFolder(settings.station_home(kind)) for kind in ("live", "training")]
    return next((one for one in own if one.people.exists()), own[0])


def language_option(text: str) -> Any:
    """The option with its line of help; a language without a folder is wrong usage."""
    return typer.Option(help=text, metavar=f"[{'|'.join(language_codes())}]", parser=_known)


def _known(code: str) -> str:
    if code and code not in language_codes():
        raise typer.BadParameter(f"{code!r} is not one of {', '.join(language_codes())}.")
    return code
