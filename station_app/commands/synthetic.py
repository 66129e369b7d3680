"""`station-app synthetic`: invented people for demonstrations, training and tests."""

import json
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.synthetic.export import FINGERS_FOLDER, REGISTER_NAME, write_precinct
from station_app.synthetic.precinct import FINGER_ORDER, PRECINCT_NUMBER, invent_precinct
from station_app.synthetic.presets import Preset


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    DONE = 0
    FAILED = 1
    INTERRUPTED = 130


_MOST_VOTERS = 100_000

app = typer.Typer(
    name="synthetic",
    help="Invent people: registers and fingerprints that belong to nobody.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Keeps `precinct` a command of its own while the group has only one."""


@app.command()
def precinct(
    *,
    voters: Annotated[int, typer.Option(min=1, max=_MOST_VOTERS, help="People on the list.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")],
    out: Annotated[Path, typer.Option(help="New or empty folder to write to.")],
    fingers: Annotated[
        int, typer.Option(min=1, max=len(FINGER_ORDER), help="Enrolled fingers a person.")
    ] = 2,
    impressions: Annotated[
        int, typer.Option(min=1, max=100, help="Images a finger; the first is the enrolment.")
    ] = 1,
    preset: Annotated[
        Preset, typer.Option(help="Condition of the impressions after the first.")
    ] = Preset.FAIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON summary.")] = False,
) -> None:
    """Invent a precinct: a register (CSV) and fingerprint images (PNG, 500 ppi).

    OUT is what `snapshot build` reads: --register OUT/register.csv --fingers OUT/fingers.
    Enrolments are fingers/<voter_id>_<ISO finger position>.png, further images
    impressions/<voter_id>_<position>_<number>.png.
    """
    console = Console(stderr=True)
    try:
        people = invent_precinct(voters, seed, FINGER_ORDER[:fingers])
        with _progress(console) as progress:
            bar = progress.add_task("voters", total=voters)
            images = write_precinct(
                people,
                out,
                impressions,
                preset,
                lambda done, _total: progress.update(bar, completed=done),
            )
    except KnownError as fault:
        console.print(terminal_text(fault.message), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(ExitCode.FAILED) from fault
    except KeyboardInterrupt as stop:
        console.print("Stopped. Nothing was written.", markup=False)
        raise typer.Exit(ExitCode.INTERRUPTED) from stop
    summary = {
        "precinct": PRECINCT_NUMBER,
        "seed": seed,
        "voters": voters,
        "fingers": fingers,
        "impressions": impressions,
        "preset": preset.value,
        "images": images,
        "register": str(out / REGISTER_NAME),
        "fingers_folder": str(out / FINGERS_FOLDER),
    }
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        typer.echo(f"Invented {voters} voters with {images} finger images in {out}.")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
