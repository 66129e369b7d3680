"""Measures the fingerprint path on a folder of images: FVC protocol, all pairs, 1:N.

FVC protocol (Maio et al., "FVC2002", ICPR 2002): genuine are all pairs of impressions of a
finger, impostors the first impressions of all fingers pairwise. All pairs: the same
genuine pairs, impostors are all pairs of different fingers. 1:N: impression 1 of every
finger is enrolled, all others are probes. An image without a template scores 0 everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.evaluation.metrics import (
    equal_error_rate,
    fnir_at_fpir,
    fnmr_at_fmr,
    rank_one,
)
from station_app.biometrics.finger_folder import FingerFile, list_finger_files
from station_app.biometrics.fingerprint.close_look import comparison_scores
from station_app.biometrics.fingerprint.comparable import comparables
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.fingerprint.trace import Trace
from station_app.biometrics.images import read_finger_image
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import csv_text
from station_app.vault import READABLE, replace_file

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

    `fingers`, `impressions`: int (n,). `compare_us`: CPU microseconds a comparison.
    """

    scores: NDArray[np.float32]
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
            "folder_too_few",
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
