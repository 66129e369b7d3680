"""What the centre's commands have in common: where the database is, and how they end."""

from enum import IntEnum
from typing import Annotated

import typer

Database = Annotated[
    str,
    typer.Option(
        help="The PostgreSQL, postgresql://USER@HOST/NAME; its password comes from ~/.pgpass or "
        "PGPASSWORD, never from here."
    ),
]


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    GOOD = 0
    REFUSED = 1
    ALARM = 3
