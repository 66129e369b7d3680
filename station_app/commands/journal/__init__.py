"""`station-app journal`: judge a journal, look into it, prove what it says, hand it over.

The journal may be a station's file, or a log that has left the station (a tlog-tiles folder or
tar). One file a command; `sources` opens what they are given.
"""

import typer

from station_app.commands.journal.export import export
from station_app.commands.journal.prove import prove
from station_app.commands.journal.show import head, show
from station_app.commands.journal.verify import verify

app = typer.Typer(
    name="journal",
    help="Examine a station's journal, prove what it says, export it.",
    no_args_is_help=True,
)
for _command in (verify, show, head, prove, export):
    app.command()(_command)

__all__ = ["app"]
