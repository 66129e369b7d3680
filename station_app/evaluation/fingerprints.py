"""`station-app evaluate fingerprints`: FVC protocol, all pairs and 1:N on a folder of images.

FVC protocol (Maio et al., "FVC2002", ICPR 2002): genuine are all pairs of impressions of a
finger, impostors the first impressions of all fingers pairwise. All pairs: the same
genuine pairs, impostors are all pairs of different fingers. 1:N: impression 1 of every
finger is enrolled, all others are probes. An image without a template scores 0 everywhere.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from station_app.biometrics.finger_folder import FingerFile, list_finger_files
from station_app.biometrics.fingerprint.close_look import comparison_scores
from station_app.biometrics.fingerprint.comparable import comparables
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.fingerprint.trace import Trace
from station_app.biometrics.images import read_finger_image
from station_app.commands.answers import AsJson, measuring
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import csv_text
from station_app.vault import READABLE, replace_file

Scores = NDArray[np.float32]


def equal_error_rate(genuine: Scores, impostor: Scores) -> float:
    """EER where FNMR and FMR meet; where they jump past each other, as FVC settles it.

    FNMR(t) is the share of genuine scores below t, FMR(t) that of impostor scores at or
    above t. Of the last threshold with FNMR <= FMR and the first with FNMR >= FMR the one
    with the smaller sum gives the EER as the mean of both rates (Maio et al., "FVC2000",
    IEEE TPAMI 24(3), 2002, section 4.2). `nan` when either side is empty.
    """
    if len(genuine) == 0 or len(impostor) == 0:
        return float("nan")
    genuine, impostor = np.sort(genuine), np.sort(impostor)
    thresholds = np.unique(np.concatenate([genuine, impostor]))
    fnmr = np.searchsorted(genuine, thresholds, "left") / len(genuine)
    fmr = 1 - np.searchsorted(impostor, thresholds, "left") / len(impostor)
    # Thresholds above all scores: everything is rejected.
    fnmr, fmr = np.append(fnmr, 1.0), np.append(fmr, 0.0)
    first = int(np.argmax(fnmr >= fmr))
    last = int(np.flatnonzero(fnmr <= fmr)[-1])
    return float(50 * min(fnmr[first] + fmr[first], fnmr[last] + fmr[last]))


def fnmr_at_fmr(genuine: Scores, impostor: Scores, fmr: float) -> float:
    """FNMR at the lowest threshold whose FMR is at most `fmr` (0..1).

    A threshold lies just above an impostor score: a genuine score equal to it is rejected.
    FMR100 is this at .01, FMR1000 at .001. `nan` when either side is empty.
    """
    if len(genuine) == 0 or len(impostor) == 0:
        return float("nan")
    allowed = int(fmr * len(impostor) + 1e-9)
    strongest = np.sort(impostor)[::-1]
    if allowed >= len(strongest):
        return 0.0
    return float(100 * np.mean(genuine <= strongest[allowed]))


def rank_one(mated: Scores, strongest_other: Scores) -> float:
    """Share of probes whose mate scores above every other finger; ties are misses."""
    if len(mated) == 0:
        return float("nan")
    return float(100 * np.mean(mated > strongest_other))


def fnir_at_fpir(mated: Scores, strongest_other: Scores, fpir: float) -> float:
    """FNIR at the threshold that the share `fpir` (0..1) of non-mated probes exceed.

    `mated`: score of each probe with its mate; `strongest_other`: its best score with any
    other finger, which is what a search without the mate would return.
    """
    return fnmr_at_fmr(mated, strongest_other, fpir)


_STRIP = 64  # candidates of one probe at a time: their products then stay in the cache

Progress = Callable[[str, int, int], None]
"""Called with the step ("extract" or "compare"), how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class FingerFigures:
    """What was measured; rates in percent, times in milliseconds or microseconds of CPU.

    `eer_fvc`, `eer_all_pairs`, `fmr100`, `fmr1000` (both on all pairs), `rank1`,
    `fnir_at_fpir_1pct`; `failed_to_extract` is the share of images too poor to enrol or
    compare. `compare_us` is a full comparison, close look included.
    """

    images: int
    fingers: int
    eer_fvc: float
    eer_all_pairs: float
    fmr100: float
    fmr1000: float
    rank1: float
    fnir_at_fpir_1pct: float
    extract_ms_p50: float
    compare_us: float
    failed_to_extract: float


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Raw scores of every image as probe (row) against every image (column), float32 (n, n).

    `support` (n, n), 0..1, is less where few codes were compared. `fingers`, `impressions`: int
    (n,). `compare_us`: CPU microseconds a comparison.
    """

    scores: NDArray[np.float32]
    support: NDArray[np.float32]
    fingers: NDArray[np.intp]
    impressions: NDArray[np.intp]
    compare_us: float


def evaluate_fingerprints(
    folder: Path,
    ppi: int,
    tell: Progress,
    trace: Path | None = None,
    scores: Path | None = None,
) -> FingerFigures:
    """Extract and compare everything in `folder`; every score goes to the CSV file `scores`.

    Raises what `list_finger_files`, `read_finger_image` and `vault.replace_file` raise, and
    `KnownError("folder_too_few")` when there is nothing to compare.
    """
    files = list_finger_files(folder)
    impressions_of = {f.finger: sum(g.finger == f.finger for g in files) for f in files}
    if len(impressions_of) < 2 or max(impressions_of.values()) < 2:
        raise KnownError(
            Code.FOLDER_TOO_FEW,
            f"The folder {folder} needs at least two fingers, and two impressions of one of "
            "them; add images.",
        )
    engine = FingerEngine()
    templates, cpu = extract_all(engine, files, ppi, tell, trace)
    table = compare_all(engine, files, templates, tell)
    if scores is not None:
        replace_file(scores, score_csv(files, table).encode(), READABLE)
    failed = sum(len(t.encoding) < engine.parameters.min_cylinders for t in templates)
    return figures_of(table, float(np.median(cpu)), 100 * failed / len(files))


def score_csv(files: Sequence[FingerFile], table: ScoreTable) -> str:
    """A line for each comparison of two images: probe, enrolled, mated (1 or 0), raw score.

    Each image is a probe against every other one, so a pair stands there in both directions.
    """
    rows: list[tuple[object, ...]] = [("probe", "enrolled", "mated", "score")]
    for one, probe in enumerate(files):
        rows += [
            (probe.path.name, other.path.name, int(probe.finger == other.finger), f"{score:.4f}")
            for at, (other, score) in enumerate(zip(files, table.scores[one], strict=True))
            if at != one
        ]
    return csv_text(rows, "\n")


def extract_all(
    engine: FingerEngine,
    files: Sequence[FingerFile],
    ppi: int,
    tell: Progress,
    trace: Path | None = None,
) -> tuple[list[Template], list[float]]:
    """Templates of all files and the CPU milliseconds each took."""
    templates, cpu = [], []
    for done, file in enumerate(files):
        tell("extract", done, len(files))
        image = read_finger_image(file.path, ppi)
        stages = Trace(trace / file.path.stem) if trace else None
        start = process_time()
        templates.append(engine.extract(image, stages))
        cpu.append((process_time() - start) * 1000)
    tell("extract", len(files), len(files))
    return templates, cpu


def compare_all(
    engine: FingerEngine,
    files: Sequence[FingerFile],
    templates: Sequence[Template],
    tell: Progress,
) -> ScoreTable:
    """Every template against every template, prefilter and close look for all of them."""
    n = len(templates)
    table = AllTogether(engine, templates)
    scores = np.zeros((n, n), np.float32)
    start = process_time()
    for probe in range(n):
        tell("compare", probe * n, n * n)
        scores[probe] = table.scores(probe)
    compare_us = (process_time() - start) * 1e6 / max(1, len(table.fit) ** 2)
    tell("compare", n * n, n * n)
    return ScoreTable(
        scores,
        np.stack([table.support(probe) for probe in range(n)]),
        np.array([file.finger for file in files], np.intp),
        np.array([file.impression for file in files], np.intp),
        compare_us,
    )


class AllTogether:
    """Templates in memory, each to be compared in full with many: what a search does to a few.

    `fit`: places of the templates with enough cylinders, int (k,).
    """

    def __init__(self, engine: FingerEngine, templates: Sequence[Template]) -> None:
        p = engine.parameters
        self._p, self._templates = p, templates
        self.fit = np.array(
            [i for i, t in enumerate(templates) if len(t.encoding) >= p.min_cylinders], np.intp
        )
        self._codes = np.array([len(one.encoding) for one in templates])
        self._whole = comparables(
            [(templates[i].minutiae, templates[i].encoding) for i in self.fit], p
        )

    def scores(self, probe: int, first: int = 0) -> NDArray[np.float32]:
        """Raw scores of template `probe` against those from place `first` on, float32 (n - first,).

        A template that is not fit scores 0 on either side.
        """
        scores = np.zeros(len(self._templates), np.float32)
        alone = self._templates[probe].alone(self._p)
        for start in range(int(np.searchsorted(self.fit, first)), len(self.fit), _STRIP):
            strip = slice(start, start + _STRIP)
            others = self._whole.picked(strip)
            scores[self.fit[strip]] = comparison_scores(alone, others, self._p)
        return scores[first:]

    def support(self, probe: int, first: int = 0) -> NDArray[np.float32]:
        """Support of the same comparisons, float32 (n - first,)."""
        codes = np.minimum(self._codes[first:], self._codes[probe])
        return np.asarray(np.minimum(1, codes / self._p.full_support), np.float32)


def figures_of(table: ScoreTable, extract_ms: float, failed: float) -> FingerFigures:
    """All error rates of a score table."""
    scores, fingers, impressions = table.scores, table.fingers, table.impressions
    same = fingers[:, np.newaxis] == fingers[np.newaxis, :]
    once = np.triu(np.ones_like(same), 1)
    genuine, impostor = scores[same & once], scores[~same & once]
    first = np.array([impressions[fingers == f].min() for f in fingers]) == impressions
    fvc_impostor = scores[~same & once & first[:, np.newaxis] & first[np.newaxis, :]]
    searches = scores[np.ix_(~first, first)]
    mate = same[np.ix_(~first, first)]
    mated = searches[mate]
    strongest_other = np.where(mate, -np.inf, searches).max(axis=1).astype(np.float32)
    return FingerFigures(
        images=len(fingers),
        fingers=len(set(fingers.tolist())),
        eer_fvc=equal_error_rate(genuine, fvc_impostor),
        eer_all_pairs=equal_error_rate(genuine, impostor),
        fmr100=fnmr_at_fmr(genuine, impostor, 0.01),
        fmr1000=fnmr_at_fmr(genuine, impostor, 0.001),
        rank1=rank_one(mated, strongest_other),
        fnir_at_fpir_1pct=fnir_at_fpir(mated, strongest_other, 0.01),
        extract_ms_p50=extract_ms,
        compare_us=table.compare_us,
        failed_to_extract=failed,
    )


_STEPS = {"extract": "Extracting", "compare": "Comparing"}


def fingerprints(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Images named <finger>_<impression>.png|tif|bmp.")
    ],
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    as_json: AsJson = False,
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
