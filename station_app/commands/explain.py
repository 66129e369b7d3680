"""`station-app explain`: why two prints were called the same finger or not, as one picture."""

import json
from pathlib import Path
from typing import Annotated

import typer

from station_app.biometrics.explanation import compare_files
from station_app.domain.decision import verify_threshold
from station_app.domain.policy import PROVISIONAL


def explain(
    probe: Annotated[Path, typer.Argument(help="The print in question: an image.")],
    enrolled: Annotated[
        Path,
        typer.Argument(help="What it is compared with: an image, or an ISO/IEC 19794-2 record."),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.png", help="Where the picture goes.")],
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Compare two prints and draw why: the pairs joined, the score, what limited it."""
    dispute = compare_files(
        probe, enrolled, dpi, verify_threshold(PROVISIONAL), PROVISIONAL.quality_floor
    )
    dispute.save_picture(out)
    if as_json:
        typer.echo(json.dumps(dispute.numbers(), indent=2))
        return
    seen = dispute.seen
    word = "above" if seen.matches else "below"
    typer.echo(
        f"Evidence {seen.score.evidence:.1f}, {word} the 1:1 threshold of {seen.threshold:.1f}. "
        f"The picture is {out}."
    )
    for limit in dispute.limits:
        typer.echo(f"- {limit.sentence}")
