"""`station-app calibrate`: fits raw scores to -log10 FMR on impostors of real sensors."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from station_app.biometrics.evaluation.calibration_plot import plot_calibration
from station_app.biometrics.evaluation.calibration_run import (
    INVENTED,
    SEARCHED,
    CalibrationRun,
    Tell,
    compare_folder,
    compare_invented,
)
from station_app.biometrics.evaluation.calibration_run import (
    calibrate as fit,
)
from station_app.biometrics.evaluation.two_fingers import (
    measure_two_fingers,
)
from station_app.biometrics.fingerprint.calibration import save_calibration
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.commands.calibrate_tables import tables
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.domain.shown_text import terminal_text
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import grow_master
from station_app.synthetic.presets import Preset
from station_app.vault import READABLE, new_file

FIRST_SEED = 8_000_000
"""Far from the seeds of the demo, the tests and the cylinder basis."""

FIRST_SEED_SMALL = 8_500_000

PRESETS = (Preset.GOOD, Preset.FAIR, Preset.POOR)

_REFUSED, _INTERRUPTED = 1, 130
_LEAST_INVENTED = 8
_WHOLE_FOR_A_SMALL = 8
_WIDTH = 140
_STEPS = {"extract": "extracting", "compare": "comparing", "cut": "cutting pieces"}


def invented_impressions(count: int) -> Iterator[FingerImage]:
    """One impression of each of `count` invented fingers, good, fair and poor in turn."""
    for number in range(count):
        master = grow_master(FIRST_SEED + number)
        yield press(master, number, PRESETS[number % len(PRESETS)])


def small_contacts(count: int) -> Iterator[FingerImage]:
    """One small contact each of `count` other invented fingers: about a sixth of a print's area."""
    for number in range(count):
        master = grow_master(FIRST_SEED_SMALL + number)
        yield press(master, number, Preset.PARTIAL)


def calibrate(
    *,
    folders: Annotated[
        list[str],
        typer.Argument(metavar="DIR[:PPI]", help="Real images, one folder a sensor."),
    ],
    check: Annotated[
        list[str] | None,
        typer.Option("--check", metavar="DIR[:PPI]", help="A folder that decides nothing."),
    ] = None,
    invented: Annotated[
        int, typer.Option("--invented", help="Invented fingers to check with; 0 for none.")
    ] = 1500,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the fit here.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the mapping here.")
    ] = None,
) -> None:
    """Fit the mapping from raw score to -log10 FMR on all impostors of real sensors.

    The upper edge of the fit's band decides, set by set; the set that asks for most wins.
    """
    if 0 < invented < _LEAST_INVENTED:
        raise typer.BadParameter(f"at least {_LEAST_INVENTED}, or 0", param_hint="--invented")
    console = Console(stderr=True)
    try:
        for path in (plot, out):
            _refuse_no_folder(path)
        with _progress(console) as progress:
            run = _run(folders, check or [], invented, _teller(progress))
        data = save_calibration(run.calibration)
        _write(plot, plot_calibration(run).encode())
        _write(out, data)
    except KnownError as refusal:
        console.print(terminal_text(refusal.message), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_REFUSED) from refusal
    except KeyboardInterrupt as stop:
        console.print("Stopped; nothing was fitted.")
        raise typer.Exit(_INTERRUPTED) from stop
    sets = (*run.sets, *run.others)
    joined = [measure_two_fingers(one, run.calibration, SEARCHED) for one in sets]
    if as_json:
        measured = {
            "checks": [asdict(one) for one in run.checks],
            "two_fingers": [asdict(one) for one in joined],
        }
        typer.echo(json.dumps(asdict(run.calibration) | measured, indent=2))
        return
    # For copying into a document: as wide as they are, in a pipe too.
    for table in tables(run, joined):
        Console(width=_WIDTH).print(table)
    if out is not None:
        typer.echo(f'EVIDENCE_CHECKSUM = "{hashlib.sha256(data).hexdigest()}"')


def _run(folders: list[str], check: list[str], invented: int, tell: Tell) -> CalibrationRun:
    given = [_folder_and_ppi(text) for text in folders]
    checked = [_folder_and_ppi(text) for text in check]
    names = [folder.resolve().name for folder, _ in given + checked] + [INVENTED]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise KnownError(
            "folder_twice", f"Two of the sets are named {twice}; give each folder its own name."
        )
    engine = FingerEngine()
    sets = [compare_folder(engine, *one, tell) for one in given]
    others = [compare_folder(engine, *one, tell) for one in checked]
    small = invented // _WHOLE_FOR_A_SMALL
    images = chain(small_contacts(small), invented_impressions(invented))
    strangers = compare_invented(engine, images, small, invented, tell)
    made_from = {
        "command": _command(given, checked, invented),
        "invented": {
            "fingers": invented,
            "first_seed": FIRST_SEED,
            "presets": [str(preset) for preset in PRESETS],
            "small": small,
            "witnesses": [round(float(score), 5) for score in strangers.witnesses],
        },
    }
    return fit(engine.name, sets, others, strangers.by_name(), made_from)


def _command(given: list[tuple[Path, int]], checked: list[tuple[Path, int]], invented: int) -> str:
    """The command line for the file; folders by name, wherever they lay on this machine."""
    words = ["station-app", "calibrate", *(_named(*one) for one in given)]
    for one in checked:
        words += ["--check", _named(*one)]
    return " ".join([*words, "--invented", str(invented)])


def _folder_and_ppi(text: str) -> tuple[Path, int]:
    folder, colon, ppi = text.rpartition(":")
    if colon and ppi.isdecimal():
        return Path(folder), int(ppi)
    return Path(text), 500


def _named(folder: Path, ppi: int) -> str:
    name = folder.resolve().name
    return name if ppi == 500 else f"{name}:{ppi}"


def _refuse_no_folder(path: Path | None) -> None:
    """Told before the work of minutes, not after it."""
    if path is not None and not path.absolute().parent.is_dir():
        raise KnownError(
            "file_unwritable", f"There is no folder {path.absolute().parent}; make it first."
        )


def _write(path: Path | None, data: bytes) -> None:
    if path is None:
        return
    try:
        with new_file(path, READABLE) as file:
            file.write(data)
    except OSError as fault:
        raise KnownError(
            "file_unwritable",
            f"{path} cannot be written ({fault.strerror}); give another place.",
        ) from fault


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _teller(progress: Progress) -> Tell:
    task = progress.add_task("", total=None)

    def tell(name: str, step: str, done: int, of: int) -> None:
        described = f"{name}, {_STEPS[step]}"
        progress.update(task, description=described, completed=done, total=of)

    return tell
