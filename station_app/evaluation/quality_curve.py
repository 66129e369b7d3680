"""`station-app evaluate quality`: does quality predict? The error-versus-reject curve.

Grother and Tabassi, "Performance of Biometric Quality Measures", IEEE TPAMI 29(4), 2007:
pairs are rejected from the lowest quality on, the quality of a pair being that of its worse
image, and the FNMR of the rest is taken at a threshold that stays. A quality that predicts
brings it down fast; one that does not leaves it level.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import read_finger_image
from station_app.commands.answers import AsJson, measuring
from station_app.domain.decision import verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation.fingerprints import AllTogether
from station_app.evaluation.folders import Dpi, Folders, Invented, folder_and_ppi
from station_app.evaluation.line_plot import Axis, Line, line_plot
from station_app.evaluation.nbis import NFIQ2_MISSING, nfiq2_here, nfiq2_of
from station_app.evaluation.result_files import refuse_no_folder, write_result
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset
from station_app.synthetic.seeds import derive_seed

Progress = Callable[[str, int, int], None]
"""Called with the step ("extract" or "compare"), how many are done, and how many there are."""

REJECTED = tuple(float(percent) for percent in range(41))
"""Percent of the pairs rejected."""

_FIFTH = 20.0


@dataclass(frozen=True, slots=True)
class Impression:
    """One image of a finger; `finger` is the same for all images of one finger."""

    finger: tuple[str, int]
    read: Callable[[], FingerImage]


@dataclass(frozen=True, slots=True)
class Measure:
    """How well one quality measure predicts; rates in percent.

    `fnmr`: of the pairs left at each of `REJECTED`. `worst_fifth`, `rest`: FNMR of the fifth
    of the pairs of lowest quality and of the others. `to_evidence`: Spearman's rank
    correlation of a pair's quality with its evidence. `floor_at_fifth`: the quality below
    which a fifth of the pairs lies.
    """

    name: str
    fnmr: tuple[float, ...]
    worst_fifth: float
    rest: float
    to_evidence: float
    floor_at_fifth: int


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """The curves, and what they were measured on.

    `ideal`: FNMR where a measure rejected just the pairs that fail, at each of `REJECTED`.
    `between`: Spearman's rank correlation of the two measures over images, None without
    NFIQ 2.
    """

    images: int
    pairs: int
    threshold: float
    rejected: tuple[float, ...]
    ideal: tuple[float, ...]
    measures: tuple[Measure, ...]
    between: float | None


@dataclass(frozen=True, slots=True)
class _Pairs:
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    evidence: NDArray[np.float64]


def measure_quality(
    impressions: Sequence[Impression], threshold: float, tell: Progress
) -> QualityFigures:
    """Extract all impressions and compare those of the same finger, each pair once.

    `threshold` is the evidence a genuine pair needs. An image without a template has
    evidence 0 with everything. Raises `KnownError("folder_too_few")` without any pair.
    """
    engine = FingerEngine()
    templates, nfiq2 = [], []
    for done, one in enumerate(impressions):
        tell("extract", done, len(impressions))
        image = one.read()
        templates.append(engine.extract(image))
        if nfiq2_here():
            nfiq2.append(nfiq2_of(image))
    tell("extract", len(impressions), len(impressions))
    pairs = _genuine(impressions, AllTogether(engine, templates), tell)
    missed = pairs.evidence < threshold
    station = np.array([template.quality for template in templates])
    measures = [_measured("station quality", station, pairs, missed)]
    between = None
    if nfiq2:
        known = np.array(nfiq2)
        measures.append(_measured("NFIQ 2", known, pairs, missed))
        between = rank_correlation(station, known)
    return QualityFigures(
        images=len(impressions),
        pairs=len(missed),
        threshold=threshold,
        rejected=REJECTED,
        ideal=tuple(error_after_rejecting(~missed, missed, share) for share in REJECTED),
        measures=tuple(measures),
        between=between,
    )


def _genuine(impressions: Sequence[Impression], table: AllTogether, tell: Progress) -> _Pairs:
    by_finger: dict[tuple[str, int], list[int]] = {}
    for place, one in enumerate(impressions):
        by_finger.setdefault(one.finger, []).append(place)
    first, second, scores, support = [], [], [], []
    for place, one in enumerate(impressions):
        tell("compare", place, len(impressions))
        later = [other for other in by_finger[one.finger] if other > place]
        if later:
            wanted = np.array(later) - place
            scores.append(table.scores(place, place)[wanted])
            support.append(table.support(place, place)[wanted])
            first += [place] * len(later)
            second += later
    tell("compare", len(impressions), len(impressions))
    if not scores:
        raise KnownError(
            Code.FOLDER_TOO_FEW, "There are no two images of one finger to compare; add images."
        )
    return _Pairs(
        np.array(first, np.intp),
        np.array(second, np.intp),
        evidence(np.concatenate(scores), np.concatenate(support)),
    )


def _measured(
    name: str, quality: NDArray[np.int_], pairs: _Pairs, missed: NDArray[np.bool_]
) -> Measure:
    of_pair = np.minimum(quality[pairs.first], quality[pairs.second])
    rest = error_after_rejecting(of_pair, missed, _FIFTH)
    share = _FIFTH / 100
    worst = (100 * float(missed.mean()) - (1 - share) * rest) / share
    return Measure(
        name=name,
        fnmr=tuple(error_after_rejecting(of_pair, missed, share) for share in REJECTED),
        worst_fifth=worst,
        rest=rest,
        to_evidence=rank_correlation(of_pair, pairs.evidence),
        floor_at_fifth=int(np.quantile(of_pair, share)),
    )


def error_after_rejecting(
    quality: NDArray[np.generic], missed: NDArray[np.bool_], percent: float
) -> float:
    """FNMR, in percent, of the pairs left when `percent` of lowest quality are rejected.

    Pairs of the same quality are rejected in equal parts, so that their order is nothing.
    """
    values, group = np.unique(quality, return_inverse=True)
    sizes = np.bincount(group, minlength=len(values))
    errors = np.bincount(group, weights=missed, minlength=len(values))
    out = percent / 100 * len(missed)
    taken = np.clip(out - (np.cumsum(sizes) - sizes), 0, sizes)
    left = float(errors.sum() - (errors * taken / sizes).sum())
    return 100 * left / (len(missed) - out)


def rank_correlation(one: NDArray[np.generic], other: NDArray[np.generic]) -> float:
    """Spearman's coefficient, ties sharing their mean rank; `nan` where one side is level."""
    a, b = _ranks(one), _ranks(other)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else float("nan")


def _ranks(values: NDArray[np.generic]) -> NDArray[np.float64]:
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - (sizes - 1) / 2
    return np.asarray(middle[group], np.float64)


def plot_quality(figures: QualityFigures) -> str:
    """The curves as an SVG file's text."""
    highest = max(measure.fnmr[0] for measure in figures.measures)
    lines = [Line(m.name, figures.rejected, m.fnmr) for m in figures.measures]
    ideal = Line("the least possible", figures.rejected, figures.ideal, dashed=True)
    return line_plot(
        f"Genuine pairs missed when those of lowest quality are rejected ({figures.pairs} pairs)",
        Axis("pairs rejected, %", 0, max(figures.rejected)),
        Axis(f"FNMR at evidence {figures.threshold:g}, %", 0, max(1.0, 1.1 * highest)),
        [*lines, ideal],
    )


_SHOWN = (0, 5, 10, 15, 20, 30, 40)  # percent rejected
_STEPS = {"extract": "Extracting", "compare": "Comparing"}


def quality(
    *,
    folders: Folders = None,
    invented: Invented = 20,
    dpi: Dpi = 500,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the curves here.")
    ] = None,
) -> None:
    """Reject genuine pairs from the lowest quality on, and see how many of the rest fail.

    Invented fingers are pressed once in every condition there is, good to bad, dry to wet.
    With nbis-py installed the same is done by NFIQ 2.
    """
    with measuring(_STEPS) as tell:
        refuse_no_folder(plot)
        impressions = _real(folders, dpi) if folders else _invented(invented)
        figures = measure_quality(impressions, verify_threshold(PROVISIONAL), tell)
        if plot is not None:
            write_result(plot, plot_quality(figures).encode())
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
        return
    Console().print(_table(figures))
    if not nfiq2_here():
        Console(stderr=True).print(NFIQ2_MISSING, markup=False)


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
