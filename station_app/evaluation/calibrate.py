"""`station-app calibrate`: fits weighed scores to -log10 FMR on impostors of real sensors."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from station_app.biometrics.fingerprint.calibration import Calibration, save_calibration
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.commands.answers import AsJson, counted
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.evaluation.by_kind import FINGERPRINTS, FingerprintsUnlessNamed
from station_app.evaluation.calibrate_faces import calibrate_faces
from station_app.evaluation.calibration_run import (
    ACROSS,
    CHECKED_AT,
    INVENTED,
    SEARCHED,
    CalibrationRun,
    Checked,
    SameFinger,
    Tell,
    compare_across,
    compare_folder,
    compare_invented,
    decisions,
    plot_calibration,
)
from station_app.evaluation.calibration_run import (
    calibrate as fit,
)
from station_app.evaluation.folders import folder_and_ppi
from station_app.evaluation.operating_point import (
    JOINED_AT,
    OperatingPoint,
    TwoFingers,
    measure_operating_point,
    measure_two_fingers,
)
from station_app.evaluation.result_files import refuse_no_folder, write_result
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import grow_master
from station_app.synthetic.presets import Preset

FIRST_SEED = 8_000_000
"""Far from the seeds of the demo, the tests and the cylinder basis."""

FIRST_SEED_SMALL = 8_500_000

PRESETS = (Preset.GOOD, Preset.FAIR, Preset.POOR)

_LEAST_INVENTED = 8
_WHOLE_FOR_A_SMALL = 8
_WIDTH = 180
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
    same_finger: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIR/FINGER=DIR/FINGER",
            help="A finger that two of the folders have, by the folders' names.",
        ),
    ] = None,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the fit here.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the mapping here.")
    ] = None,
) -> None:
    """Fit the mapping from weighed score to -log10 FMR on all impostors of real sensors.

    The upper edge of what one sensor more would need decides. Then every set is judged at the
    operating point: one finger, one try, 5,000 fingers searched; by the mapping, and by one fitted
    without that set.
    """
    if 0 < invented < _LEAST_INVENTED:
        raise typer.BadParameter(f"at least {_LEAST_INVENTED}, or 0", param_hint="--invented")
    with counted("Stopped; nothing was fitted.") as progress:
        refuse_no_folder(plot, out)
        run = _run(folders, check or [], invented, same_finger or [], _teller(progress))
        data = save_calibration(run.calibration)
        write_result(plot, plot_calibration(run).encode())
        write_result(out, data)
    sets = (*run.sets, *run.others)
    joined = [measure_two_fingers(one, run.calibration, SEARCHED) for one in sets]
    points = measure_operating_point(run)
    if as_json:
        measured = {
            "checks": [asdict(one) for one in run.checks],
            "operating_point": [asdict(one) for one in points],
            "two_fingers": [asdict(one) for one in joined],
        }
        typer.echo(json.dumps(asdict(run.calibration) | measured, indent=2))
        return
    # For copying into a document: as wide as they are, in a pipe too.
    for table in tables(run, points, joined):
        Console(width=_WIDTH).print(table)
    if out is not None:
        typer.echo(f'EVIDENCE_CHECKSUM = "{hashlib.sha256(data).hexdigest()}"')


def _run(
    folders: list[str], check: list[str], invented: int, same_finger: list[str], tell: Tell
) -> CalibrationRun:
    given = [folder_and_ppi(text) for text in folders]
    checked = [folder_and_ppi(text) for text in check]
    names = [folder.resolve().name for folder, _ in given + checked] + [INVENTED]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise KnownError(
            Code.FOLDER_TWICE, f"Two of the sets are named {twice}; give each folder its own name."
        )
    same = [_same(text, names) for text in same_finger]
    engine = FingerEngine()
    sets = [compare_folder(engine, *one, tell) for one in given]
    others = [compare_folder(engine, *one, tell) for one in checked]
    further = {}
    if len(sets) + len(others) > 1:
        further[ACROSS] = compare_across(engine, [*sets, *others], same, tell)
    small = invented // _WHOLE_FOR_A_SMALL
    images = chain(small_contacts(small), invented_impressions(invented))
    strangers = compare_invented(engine, images, small, invented, tell)
    made_from = {
        "command": _command(given, checked, invented, same_finger),
        "invented": {
            "fingers": invented,
            "first_seed": FIRST_SEED,
            "presets": [str(preset) for preset in PRESETS],
            "small": small,
            "witnesses": [round(float(score), 5) for score in strangers.witnesses],
        },
    }
    decide, only_checked = ([one.scores for one in folders] for folders in (sets, others))
    return fit(engine.name, decide, only_checked, further | strangers.by_name(), made_from)


_SAME = re.compile(r"(?P<first>[^/=]+)/(?P<one>\d{1,9})=(?P<second>[^/=]+)/(?P<other>\d{1,9})")


def _same(text: str, names: list[str]) -> SameFinger:
    found = _SAME.fullmatch(text)
    if found is None or not {found["first"], found["second"]} <= set(names):
        raise typer.BadParameter(
            f"{text} is not DIR/FINGER=DIR/FINGER with two of the folders",
            param_hint="--same-finger",
        )
    return (found["first"], int(found["one"])), (found["second"], int(found["other"]))


def _command(
    given: list[tuple[Path, int]],
    checked: list[tuple[Path, int]],
    invented: int,
    same_finger: list[str],
) -> str:
    """The command line for the file; folders by name, wherever they lay on this machine."""
    words = ["station-app", "calibrate", *(_named(*one) for one in given)]
    for one in checked:
        words += ["--check", _named(*one)]
    for text in same_finger:
        words += ["--same-finger", text]
    return " ".join([*words, "--invented", str(invented)])


def _named(folder: Path, ppi: int) -> str:
    name = folder.resolve().name
    return name if ppi == 500 else f"{name}:{ppi}"


def _teller(progress: Progress) -> Tell:
    task = progress.add_task("", total=None)

    def tell(name: str, step: str, done: int, of: int) -> None:
        described = f"{name}, {_STEPS[step]}"
        progress.update(task, description=described, completed=done, total=of)

    return tell


def tables(
    run: CalibrationRun, points: Sequence[OperatingPoint], joined: Sequence[TwoFingers]
) -> list[Table]:
    """The fit, its checks, the thresholds, the operating point, and two fingers joined."""
    left_out = [point.without.check for point in points if point.without]
    return [
        _fits(run.calibration.made_from),
        _checks("Share of impostors counted where the mapping says 10^-n", run.checks),
        _checks("The same by a mapping fitted without the set", left_out),
        _thresholds(run.calibration),
        _points(points),
        _joined(joined),
    ]


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.MARKDOWN)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _fits(told: dict[str, Any]) -> Table:
    shape, least, most = told["shape"]
    levels = list(told["needed"])
    needs = (f"needed at 10^-{level}: fit, edge" for level in levels)
    table = _table(
        f"Tails of common shape {shape} ({least} to {most})", "set", "comparisons", *needs
    )
    for one in told["sets"]:
        edges = (one["needed"][level] for level in levels)
        scores = (f"{fitted:.4f}, {high:.4f}" for fitted, high in edges)
        table.add_row(one["name"], f"{one['comparisons']:,}", *scores)
    both = (told["needed"][level] for level in levels)
    table.add_row("one sensor more", "", *(f"{middle:.4f}, {limit:.4f}" for middle, limit in both))
    return table


def _checks(title: str, checks: Sequence[Checked]) -> Table:
    levels = (f"10^-{level:g}" for level in CHECKED_AT)
    table = _table(title, "set", "comparisons", *levels, "held", "within a decade")
    for check in checks:
        counted = (
            f"{_share(share)} ({_edge(low)} to {_edge(high)})"
            for share, (low, high) in zip(check.shares, check.intervals, strict=True)
        )
        answers = ("yes" if answer else "no" for answer in (check.held, check.decade))
        table.add_row(check.name, f"{check.comparisons:,}", *counted, *answers)
    return table


def _thresholds(calibration: Calibration) -> Table:
    table = _table("Thresholds", "decision", "-log10 FMR", "weighed score")
    for name, level in decisions().items():
        table.add_row(name, f"{level:.2f}", f"{calibration.needed(level):.4f}")
    return table


def _points(points: Sequence[OperatingPoint]) -> Table:
    causes = ("among strangers", "unproven", "margin")
    left_out = ("missed, set left out", "strangers, set left out")
    table = _table(
        f"Genuine tries missed at the operating point, {SEARCHED} searched",
        "set", "tries", "missed", *causes, "strangers", *left_out,
    )  # fmt: skip
    for point in points:
        shares = (point.missed, point.among_strangers, point.unproven, point.margin)
        row = [f"{point.tries:,}", *(f"{share:.2f} %" for share in shares)]
        row.append(f"{point.strangers} of {point.impostors:,}")
        rest = point.without
        row += [f"{rest.missed:.2f} %", str(rest.strangers)] if rest else ["", ""]
        table.add_row(point.name, *row)
    return table


def _joined(joined: Sequence[TwoFingers]) -> Table:
    strangers = (f"strangers at 10^-{level:g}" for level in JOINED_AT)
    missed = ("missed by one", "by two", "by two joined")
    table = _table(f"Two fingers joined, {SEARCHED} searched", "set", *strangers, *missed)
    for two in joined:
        missed_shares = (two.missed_one, two.missed_two, two.missed_joined)
        shares = (f"{share:.1f} %" for share in missed_shares)
        table.add_row(two.name, *map(_share, two.impostors), *shares)
    return table


def _share(share: float) -> str:
    return f"{share:.1e}" if share else "0"


def _edge(share: float) -> str:
    return f"{share:.0e}" if share else "0"


app = typer.Typer(
    help="Fit the mapping from raw score to -log10 FMR on all impostors of real sensors.",
    cls=FingerprintsUnlessNamed,
)
app.command(FINGERPRINTS)(calibrate)
app.command("faces")(calibrate_faces)
