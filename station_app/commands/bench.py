"""`station-app bench`: how fast the matching core is on this machine."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from station_app.biometrics.evaluation.core_bench import Say, measure_core
from station_app.biometrics.evaluation.core_figures import FULL, QUICK, BenchFinger, CoreFigures
from station_app.biometrics.evaluation.timing import Tell
from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.images import read_finger_image
from station_app.commands.bench_tables import tables
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset

_REFUSED, _INTERRUPTED = 1, 130
_FINGERS, _FINGERS_QUICK = 40, 8
_PROBES, _PROBES_QUICK = 3, 1
_WIDTH = 140


def bench(
    *,
    images: Annotated[
        Path | None,
        typer.Option(
            "--images",
            metavar="DIR",
            help="Real images named <finger>_<impression>.png|tif|bmp instead of invented ones.",
        ),
    ] = None,
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer images, no list of a million: 20 seconds.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Time extraction, search and verdict of the matching core, beside bozorth3.

    bozorth3 is measured where the package nbis-py is installed.
    """
    console = Console(stderr=True)
    try:
        with _progress(console) as progress:
            say = _steps(progress)
            fingers = list(_invented(quick, say) if images is None else _read(images, dpi, say))
            count = f"{len(fingers)} fingers, {sum(1 + len(one.probes) for one in fingers)} images"
            source = f"{count}, invented" if images is None else f"{count}, {images.name}"
            figures = measure_core(fingers, source, QUICK if quick else FULL, say)
    except KnownError as refusal:
        console.print(terminal_text(refusal.message), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_REFUSED) from refusal
    except KeyboardInterrupt as stop:
        console.print("Stopped; nothing was measured.")
        raise typer.Exit(_INTERRUPTED) from stop
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        _show(figures)


def _show(figures: CoreFigures) -> None:
    facts = asdict(figures.machine) | {"vector_sets": " ".join(figures.machine.vector_sets)}
    for name, fact in (facts | figures.notes).items():
        typer.echo(f"{name:>18}  {fact}")
    # Tables are for copying into a document: as wide as they are, in a pipe too.
    console = Console(width=max(_WIDTH, Console().width))
    for table in tables(figures):
        console.print(table)


def _steps(progress: Progress) -> Say:
    def say(step: str) -> Tell:
        task = progress.add_task(step, total=None)

        def tell(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of, visible=done < of)

        return tell

    return say


def _invented(quick: bool, say: Say) -> Iterator[BenchFinger]:
    count, others = (_FINGERS_QUICK, _PROBES_QUICK) if quick else (_FINGERS, _PROBES)
    tell = say("Inventing fingers")
    for seed in range(count):
        tell(seed, count)
        probes = tuple(pressed(seed, number, Preset.GOOD) for number in range(1, 1 + others))
        yield BenchFinger(pressed(seed, 0, Preset.GOOD), probes)
    tell(count, count)


def _read(folder: Path, dpi: int, say: Say) -> Iterator[BenchFinger]:
    files = list_finger_files(folder)
    tell, done = say("Reading images"), 0
    for _, impressions in groupby(files, lambda file: file.finger):
        tell(done, len(files))
        first, *others = [read_finger_image(file.path, dpi) for file in impressions]
        done += 1 + len(others)
        yield BenchFinger(first, tuple(others))
    tell(done, len(files))


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
