"""`station-app calibrate faces`: fits faces' scores to -log10 FMR on pairs of different people."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from station_app.biometrics.face.dlib_network import is_installed
from station_app.biometrics.face.evidence import read_calibrations, save_calibrations
from station_app.biometrics.face.fusion import IMPOSTORS
from station_app.commands.answers import AsJson, measuring
from station_app.evaluation import line_plot as drawn
from station_app.evaluation.calibration_run import CONFIDENCE, LEVELS, decisions
from station_app.evaluation.face_calibration import CHECKED_AT, TAIL_SHARE, FaceFit, fit_faces
from station_app.evaluation.face_folder import list_face_files
from station_app.evaluation.face_scores import FaceEngineName, Kept, embedded
from station_app.evaluation.result_files import refuse_no_folder, write_result

_WIDTH = 170
_HIGHEST = 8.0
_STEPS = {"embed": "Embedding", "redraw": "Drawing people again"}


def calibrate_faces(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Photographs <Name>/<Name>_0001.jpg.")
    ],
    engine: Annotated[
        FaceEngineName | None, typer.Option(help="Without, what a station uses.")
    ] = None,
    kept: Kept = None,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the first fit here.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the mappings here.")
    ] = None,
) -> None:
    """Fit the mapping from score to -log10 FMR of each engine on all pairs of different people.

    The upper edge of the fit's band decides. Mappings that this run does not make are kept as they
    are shipped: those of the other engines, and of invented people without --engine invented.
    """
    with measuring(_STEPS, "Stopped; nothing was fitted.") as tell:
        refuse_no_folder(plot, out)
        files = list_face_files(folder)
        chosen = engine or (FaceEngineName.FUSED if is_installed() else FaceEngineName.SFACE)
        all_of_them = embedded(files, chosen.embedders, kept, tell)
        tables_of = [all_of_them.of(one.name) for one in chosen.embedders]
        if len(tables_of) > 1:
            tables_of.append(all_of_them)
        asked = "" if engine is None else f" --engine {engine}"
        told = {"command": f"station-app calibrate faces {folder.resolve().name}{asked}"}
        fits = [fit_faces(table, told, tell) for table in tables_of]
        made = {fit.calibration.engine: fit.calibration for fit in fits}
        data = save_calibrations({**read_calibrations(), **made})
        write_result(plot, plot_fit(fits[0]).encode())
        write_result(out, data)
    if as_json:
        typer.echo(json.dumps([asdict(fit.calibration) | _checks(fit) for fit in fits], indent=2))
        return
    for table in tables(fits):
        Console(width=_WIDTH).print(table)
    for name, weights in IMPOSTORS.items():
        typer.echo(f"{name}: fused with mean and deviation {weights}")
    if out is not None:
        typer.echo(f'EVIDENCE_CHECKSUM = "{hashlib.sha256(data).hexdigest()}"')


def _checks(fit: FaceFit) -> dict[str, Any]:
    return {
        "counted": dict(zip(CHECKED_AT, fit.counted, strict=True)),
        "held_out": dict(zip(CHECKED_AT, fit.held_out, strict=True)),
    }


def tables(fits: Sequence[FaceFit]) -> list[Table]:
    """What each score needs, and how often impostors reach what the mapping says."""
    needed = _table("Scores needed: fit, edge", "engine", "people", "comparisons", "shape", *_AT)
    counted = _table("Share of impostors counted where the mapping says 10^-n", "engine", *_LEVELS)
    left_out = _table("The same of people left out of the fit, by the estimate", "engine", *_LEVELS)
    for fit in fits:
        told = fit.calibration.made_from
        shape, least, most = fit.shape
        needed.add_row(
            fit.calibration.engine,
            f"{told['people']:,}",
            f"{fit.comparisons:,}",
            f"{shape:.3f} ({least:.3f} to {most:.3f})",
            *(_edge(fit, level) for level in (3.0, 4.0, 5.0, 6.75)),
        )
        counted.add_row(fit.calibration.engine, *(f"{share:.1e}" for share in fit.counted))
        left_out.add_row(fit.calibration.engine, *(f"{share:.1e}" for share in fit.held_out))
    return [needed, counted, left_out]


_AT = ("10^-3", "10^-4", "10^-5", "10^-6.75")
_LEVELS = tuple(f"10^-{level:g}" for level in CHECKED_AT)


def _edge(fit: FaceFit, level: float) -> str:
    at = int(np.argmin(np.abs(LEVELS - level)))
    return f"{fit.fitted[at]:.3f}, {fit.high[at]:.3f}"


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.MARKDOWN)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def plot_fit(fit: FaceFit) -> str:
    """SVG: evidence against score."""
    shown = LEVELS <= _HIGHEST
    tail = shown & (-np.log10(TAIL_SHARE) <= LEVELS)
    levels = LEVELS[shown].tolist()
    widest = fit.calibration.needed(_HIGHEST)
    scores, shares = zip(*fit.line, strict=True)
    at = np.linspace(float(fit.low[shown][0]), widest, len(fit.line))
    band = drawn.Band(
        f"its {CONFIDENCE:.0%} band",
        at.tolist(),
        np.interp(at, fit.high[shown], LEVELS[shown]).tolist(),
        np.interp(at, fit.low[shown], LEVELS[shown]).tolist(),
    )
    lines = [
        drawn.Line("counted", scores, shares),
        drawn.Line("fit", fit.fitted[tail].tolist(), LEVELS[tail].tolist(), "#000000", True),
        drawn.Line("decides", [fit.calibration.needed(one) for one in levels], levels, "#000000"),
    ]
    return drawn.line_plot(
        "How rarely two people look alike: evidence against cosine",
        drawn.Axis("cosine", 0.0, widest * 1.02),
        drawn.Axis("evidence, -log10 FMR", 0.0, _HIGHEST),
        lines,
        [band],
        [drawn.Mark(name, level) for name, level in decisions().items()],
    )
