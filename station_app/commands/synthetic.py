"""`station-app synthetic`: invented people for demonstrations, training and tests."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import measuring
from station_app.synthetic.export import FINGERS_FOLDER, REGISTER_NAME, write_precinct
from station_app.synthetic.precinct import FINGER_ORDER, PRECINCT_NUMBER, invent_precinct
from station_app.synthetic.presets import Preset

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
    portraits: Annotated[
        bool, typer.Option("--portraits", help="Draw everybody's portrait too (0.4 s each).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON summary.")] = False,
) -> None:
    """Invent a precinct: a register (CSV) and fingerprint images (PNG, 500 ppi).

    OUT is what `snapshot build` reads: --register OUT/register.csv --fingers OUT/fingers.
    Enrolments are fingers/<voter_id>_<ISO finger position>.png, further images
    impressions/<voter_id>_<position>_<number>.png. Portraits are portraits/<voter_id>.jpg:
    `snapshot build --portraits OUT/portraits --invented-people` takes them.
    """
    with measuring({"voters": "voters"}, "Stopped. Nothing was written.") as tell:
        people = invent_precinct(voters, seed, FINGER_ORDER[:fingers])
        images = write_precinct(
            people, out, impressions, preset, partial(tell, "voters"), portraits=portraits
        )
    summary = {
        "precinct": PRECINCT_NUMBER,
        "seed": seed,
        "voters": voters,
        "fingers": fingers,
        "impressions": impressions,
        "preset": preset.value,
        "images": images,
        "portraits": voters if portraits else 0,
        "register": str(out / REGISTER_NAME),
        "fingers_folder": str(out / FINGERS_FOLDER),
    }
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        typer.echo(f"Invented {voters} voters with {images} finger images in {out}.")
