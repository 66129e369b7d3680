"""`station-app evaluate quality`: does station quality predict who is not recognised?"""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.evaluation.nfiq2 import MISSING, nfiq2_here
from station_app.biometrics.evaluation.quality_curve import (
    Impression,
    QualityFigures,
    measure_quality,
    plot_quality,
)
from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.images import read_finger_image
from station_app.commands.evaluate.folders import HELP, METAVAR, folder_and_ppi
from station_app.commands.evaluate.measuring import measuring
from station_app.domain.decision import verify_threshold
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset
from station_app.synthetic.seeds import derive_seed
from station_app.vault import READABLE, new_file

_SHOWN = (0, 5, 10, 15, 20, 30, 40)  # percent rejected
_STEPS = {"extract": "Extracting", "compare": "Comparing"}


def quality(
    *,
    folders: Annotated[
        list[str] | None,
        typer.Argument(metavar=METAVAR, help=HELP),
    ] = None,
    invented: Annotated[
        int, typer.Option(min=1, max=1000, help="Invented fingers, where no folder is given.")
    ] = 20,
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of folders that state none.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the curves here.")
    ] = None,
) -> None:
    """Reject genuine pairs from the lowest quality on, and see how many of the rest fail.

    Invented fingers are pressed once in every condition there is, good to bad, dry to wet.
    With nbis-py installed the same is done by NFIQ 2.
    """
    with measuring(_STEPS) as tell:
        impressions = _real(folders, dpi) if folders else _invented(invented)
        figures = measure_quality(impressions, verify_threshold(PROVISIONAL), tell)
        if plot is not None:
            _save(plot, plot_quality(figures))
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
        return
    Console().print(_table(figures))
    if not nfiq2_here():
        Console(stderr=True).print(MISSING, markup=False)


def _invented(fingers: int) -> list[Impression]:
    return [
        Impression(
            ("invented", finger),
            partial(pressed, derive_seed("quality", finger), number, preset),
        )
        for finger in range(fingers)
        for number, preset in enumerate(Preset)
    ]


def _real(folders: list[str], dpi: int) -> list[Impression]:
    impressions = []
    for name in folders:
        path, ppi = folder_and_ppi(name, dpi)
        impressions += [
            Impression((name, file.finger), partial(read_finger_image, file.path, ppi))
            for file in list_finger_files(path)
        ]
    return impressions


def _save(path: Path, picture: str) -> None:
    try:
        with new_file(path, READABLE) as file:
            file.write(picture.encode())
    except OSError as fault:
        raise KnownError(
            "plot_unwritable",
            f"The plot {path} cannot be written ({fault.strerror}); choose a folder that "
            "exists and that you may write to.",
        ) from fault


def _table(figures: QualityFigures) -> Table:
    table = Table(
        title=f"{figures.pairs} genuine pairs of {figures.images} images, "
        f"FNMR at evidence {figures.threshold:g}",
        box=MARKDOWN,
    )
    table.add_column("Rejected")
    for measure in figures.measures:
        table.add_column(measure.name, justify="right")
    table.add_column("least possible", justify="right")
    for place, rejected in enumerate(figures.rejected):
        if rejected not in _SHOWN:
            continue
        shares = [measure.fnmr[place] for measure in figures.measures]
        shares.append(figures.ideal[place])
        table.add_row(f"{rejected:g} %", *(f"{share:.2f} %" for share in shares))
    for name, texts in (
        ("FNMR, worst fifth", [f"{m.worst_fifth:.2f} %" for m in figures.measures]),
        ("FNMR, the rest", [f"{m.rest:.2f} %" for m in figures.measures]),
        ("Worst fifth is below", [str(m.floor_at_fifth) for m in figures.measures]),
        ("Rank correlation with evidence", [f"{m.to_evidence:.2f}" for m in figures.measures]),
    ):
        table.add_row(name, *texts)
    if figures.between is not None:
        table.add_row("Rank correlation of the two", f"{figures.between:.2f}")
    return table
