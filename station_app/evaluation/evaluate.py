"""`station-app evaluate`: measures the engines on folders of images and on invented people."""

import typer

from station_app.evaluation.faces import faces
from station_app.evaluation.fingerprints import fingerprints
from station_app.evaluation.joined import joined
from station_app.evaluation.quality_curve import quality
from station_app.evaluation.robustness import robustness
from station_app.evaluation.strangers import strangers

app = typer.Typer(help="Measure the engines.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure the engines on folders of images and on invented people."""


app.command()(fingerprints)
app.command()(faces)
app.command()(joined)
app.command()(robustness)
app.command()(quality)
app.command()(strangers)
