"""`station-app evaluate fingerprints`: error rates of a folder of finger images."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from station_app.biometrics.evaluation.fingerprints import (
    FingerFigures,
    evaluate_fingerprints,
)
from station_app.commands.evaluate.measuring import measuring

_STEPS = {"extract": "Extracting", "compare": "Comparing"}


def fingerprints(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Images named <finger>_<impression>.png|tif|bmp.")
    ],
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", metavar="DIR", help="Write every stage of every image here."),
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write every comparison as CSV, for DET curves: probe,enrolled,mated,score.",
        ),
    ] = None,
) -> None:
    """Run the FVC protocol, all pairs and 1:N on a folder of finger images."""
    with measuring(_STEPS) as tell:
        figures = evaluate_fingerprints(folder, dpi, tell, trace, scores)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console().print(_table(figures))


def _table(figures: FingerFigures) -> Table:
    table = Table(title=f"{figures.images} images of {figures.fingers} fingers")
    table.add_column("Measure")
    table.add_column("Value", justify="right")
    for name, value in (
        ("EER, FVC protocol", f"{figures.eer_fvc:.2f} %"),
        ("EER, all pairs", f"{figures.eer_all_pairs:.2f} %"),
        ("FMR100 (FNMR at FMR 1 %)", f"{figures.fmr100:.2f} %"),
        ("FMR1000 (FNMR at FMR 0.1 %)", f"{figures.fmr1000:.2f} %"),
        ("Rank-1, 1:N", f"{figures.rank1:.2f} %"),
        ("FNIR at FPIR 1 %", f"{figures.fnir_at_fpir_1pct:.2f} %"),
        ("Failed to extract", f"{figures.failed_to_extract:.2f} %"),
        ("Extraction, median CPU", f"{figures.extract_ms_p50:.1f} ms"),
        ("Comparison, CPU", f"{figures.compare_us:.0f} us"),
    ):
        table.add_row(name, value)
    return table
