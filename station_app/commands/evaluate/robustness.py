"""`station-app evaluate robustness`: what the fingerprint path holds out, and what not."""

import json
from dataclasses import asdict
from functools import partial
from itertools import groupby
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.evaluation.robustness import (
    Cases,
    Read,
    RobustnessFigures,
    measure_robustness,
)
from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.images import read_finger_image
from station_app.commands.evaluate.folders import HELP, METAVAR, folder_and_ppi
from station_app.commands.evaluate.measuring import measuring
from station_app.domain.decision import identify_threshold, verify_threshold
from station_app.domain.policy import PROVISIONAL
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset
from station_app.synthetic.seeds import derive_seed

_WIDTH = 120
_STEPS = {"enrol": "Enrolling", "search": "Searching"}
_COLOURS = {"holds": "green", "weakens": "yellow", "fails": "red"}


def robustness(
    *,
    folders: Annotated[
        list[str] | None,
        typer.Argument(metavar=METAVAR, help=HELP),
    ] = None,
    invented: Annotated[
        int, typer.Option(min=1, max=1000, help="Invented fingers, where no folder is given.")
    ] = 20,
    padding: Annotated[
        int, typer.Option(min=0, max=10_000, help="Invented strangers enrolled beside them.")
    ] = 50,
    probes: Annotated[int, typer.Option(min=1, max=50, help="Probes a finger.")] = 2,
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of folders that state none.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Alter prints in known ways and search them: what holds and what fails.

    Rotation, partial contact, a wrong resolution, inverted polarity, dry, wet, moved and dirty
    prints, light and noise. Impression 1 is enrolled as it is, later ones are the probes.
    """
    with measuring(_STEPS) as tell:
        enrolments, queue = _real(folders, dpi, probes) if folders else _invented(invented, probes)
        enrolments += [_press("stranger", number, 0, Preset.GOOD) for number in range(padding)]
        cases = Cases(enrolments, queue, ghost=_press("ghost", 0, 1, Preset.GOOD)())
        figures = measure_robustness(
            cases,
            verify_threshold(PROVISIONAL),
            lambda fingers: identify_threshold(fingers, 1, PROVISIONAL),
            tell,
        )
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console(width=_WIDTH).print(_table(figures))


def _invented(fingers: int, probes: int) -> tuple[list[Read], list[tuple[int, Read]]]:
    enrolments = [_press("finger", finger, 0, Preset.GOOD) for finger in range(fingers)]
    queue = [
        (finger, _press("finger", finger, number, Preset.FAIR))
        for finger in range(fingers)
        for number in range(1, probes + 1)
    ]
    return enrolments, queue


def _real(folders: list[str], dpi: int, probes: int) -> tuple[list[Read], list[tuple[int, Read]]]:
    enrolments: list[Read] = []
    queue: list[tuple[int, Read]] = []
    for name in folders:
        folder, ppi = folder_and_ppi(name, dpi)
        for _, group in groupby(list_finger_files(folder), key=lambda file: file.finger):
            first, *others = group
            queue += [
                (len(enrolments), partial(read_finger_image, file.path, ppi))
                for file in others[:probes]
            ]
            enrolments.append(partial(read_finger_image, first.path, ppi))
    return enrolments, queue


def _press(who: str, number: int, impression: int, preset: Preset) -> Read:
    return partial(pressed, derive_seed("robustness", who, number), impression, preset)


def _table(figures: RobustnessFigures) -> Table:
    table = Table(
        title=f"{figures.rows[0].probes} probes of {figures.fingers} fingers, each row; "
        f"{figures.gallery} fingers enrolled",
        caption=f"Identified: first, and {figures.threshold_1_n:.1f} reached (1:N). FNMR: below "
        f"{figures.threshold_1_1:.1f} (1:1). Wrong: somebody else reached "
        f"{figures.threshold_1_n:.1f}.",
        box=MARKDOWN,
    )
    for name in (
        "Alteration",
        "",
        "Rank-1",
        "Identified",
        "FNMR",
        "Evidence",
        "Others",
        "Wrong",
        "Verdict",
    ):
        left = name in {"Alteration", "", "Verdict"}
        table.add_column(name, justify="left" if left else "right", no_wrap=True)
    group = ""
    for row in figures.rows:
        table.add_row(
            row.group if row.group != group else "",
            row.name,
            f"{row.rank1:.0f} %",
            f"{row.identified:.0f} %",
            f"{row.fnmr:.1f} %",
            f"{row.median_evidence:.1f}",
            f"{row.strongest_other:.1f}",
            str(row.wrongly_accepted),
            f"[{_COLOURS[row.verdict]}]{row.verdict}[/]",
        )
        group = row.group
    return table
