"""Fits the mapping from score to evidence on impostors, and holds it against others.

What a decision sees is one probe compared with one enrolled finger, so a comparison here is
one direction of two images: every image of a set as probe against every image of every other
finger. Each set is one sensor, because a station has one.

The tail of every set is fitted (`tail_fit`); at each level of evidence the upper edge of what
one sensor more would need decides. Sets to check, and fingers drawn by a computer, decide nothing:
how often they exceed what was decided is counted and told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.finger_folder import FingerFile, list_finger_files
from station_app.biometrics.fingerprint.calibration import (
    MOST_EVIDENCE,
    Calibration,
    weighed_scores,
)
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.images import read_finger_image
from station_app.domain.decision import identify_threshold, verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation import line_plot as drawn
from station_app.evaluation.alterations import piece_of
from station_app.evaluation.fingerprints import AllTogether, compare_all, extract_all
from station_app.evaluation.tail_fit import Band, SensorScores, fit_band, redrawn_shares

TAIL_SHARE = 0.05
"""The tail is where the strongest twentieth of a set's impostors lie: 288 comparisons of
10 fingers x 8 impressions. Fewer leave two or three pairs of fingers to speak for all."""

CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 1

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 1.0, *np.arange(1.25, MOST_EVIDENCE + 0.1, 0.25)])
"""Evidence of the mapping's points. The first gets evidence 0: 89 % of impostors exceed it."""

CHECKED_AT = (2.0, 3.0, 4.0, 5.0)
SEARCHED = 5000
"""Fingers of the 1:N decision shown as an example: 2,500 voters with two each."""

WITNESSES, SMALL_WITNESSES = 5, 2
"""So many invented prints' and small contacts' scores are kept in the file, to know the way of
scoring again."""

INVENTED = "invented"
"""The name of the fingers drawn by a computer."""

ACROSS = "across sensors"
"""The name of the comparisons between images of different sensors."""

PIECE = 1 / 6
"""Share of a print's area that small pieces have; what a finger's tip leaves."""

_FEWEST_FINGERS = 3
_FEWEST_COMPARISONS = 40

Tell = Callable[[str, str, int, int], None]
"""Called with the set's name, the step ("extract", "compare" or "cut"), and how many of how many
are done."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How often impostors exceed the scores of `CHECKED_AT`, as counted shares.

    `intervals`: their 95 % intervals, whole fingers drawn again where fingers are known; where
    none was counted up to three over the number of pairs of images (rule of three).
    `held`: at no level that expects one or more is it more often than it says, three
    standard deviations allowed. `decade`: at every such level the interval reaches to within a
    tenth and ten times of what it says.
    """

    name: str
    comparisons: int
    shares: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    held: bool
    decade: bool


@dataclass(frozen=True, slots=True)
class CalibrationRun:
    """A calibration with everything it was made from.

    `sets` and `band` (rows in the same order) decided; `others` and the `further` impostor scores,
    by name, were only checked. `checks` has one row for each.
    """

    calibration: Calibration
    sets: tuple[SensorScores, ...]
    band: Band
    others: tuple[SensorScores, ...]
    further: dict[str, NDArray[np.float32]]
    checks: tuple[Checked, ...]


def decisions() -> dict[str, float]:
    """The evidence decisions are made at, by name."""
    searched = identify_threshold(SEARCHED, 1, PROVISIONAL)
    return {"1:1": verify_threshold(PROVISIONAL), f"1:N, {SEARCHED} fingers": searched}


@dataclass(frozen=True, slots=True)
class ComparedFolder:
    """A folder of one sensor: its `scores`, and by image the `template` and the number of the
    finger, int (n,)."""

    scores: SensorScores
    fingers: NDArray[np.intp]
    templates: list[Template]


SameFinger = tuple[tuple[str, int], tuple[str, int]]
"""A finger that two sets have: the set's name and the finger's number in it, twice."""


def compare_folder(engine: FingerEngine, folder: Path, ppi: int, tell: Tell) -> ComparedFolder:
    """All comparisons of a folder of images of one sensor, and of small pieces of them.

    Raises what `list_finger_files` and `read_finger_image` raise, and
    `KnownError("folder_too_few")`.
    """
    files = list_finger_files(folder)
    name = folder.resolve().name

    def told(step: str, done: int, of: int) -> None:
        tell(name, step, done, of)

    numbers, owners, images = np.unique(
        [file.finger for file in files], return_inverse=True, return_counts=True
    )
    compared = np.count_nonzero(owners[:, np.newaxis] != owners)
    if len(numbers) < _FEWEST_FINGERS or images.min() < 2 or compared < _FEWEST_COMPARISONS:
        raise KnownError(
            Code.FOLDER_TOO_FEW,
            f"The folder {folder} needs at least {_FEWEST_FINGERS} fingers, two images of each, "
            f"and {_FEWEST_COMPARISONS} comparisons between them; add images.",
        )
    templates, _ = extract_all(engine, files, ppi, told)
    table = compare_all(engine, files, templates, told)
    pieces = []
    for done, piece in enumerate(_pieces(files, ppi)):
        told("cut", done, len(files))
        pieces.append(engine.extract(piece))
    told("cut", len(files), len(files))
    whole = AllTogether(engine, [*pieces, *templates])
    rows = [
        _weighed(whole, piece, len(pieces))[owners != owners[piece]] for piece in range(len(pieces))
    ]
    weighed = weighed_scores(table.scores, table.support)
    scores = SensorScores(name, owners, weighed, np.concatenate(rows))
    return ComparedFolder(scores, numbers[owners], templates)


def compare_across(
    engine: FingerEngine, folders: Sequence[ComparedFolder], same: Sequence[SameFinger], tell: Tell
) -> NDArray[np.float32]:
    """Weighed scores of all images with those of every other sensor, float32 (n,).

    A finger that is in two of the folders, one of `same`, is no impostor of itself.
    """
    names = [one.scores.name for one in folders]
    sensors = np.repeat(np.arange(len(folders)), [len(one.templates) for one in folders])
    fingers = np.concatenate([one.fingers for one in folders])
    table = AllTogether(engine, [template for one in folders for template in one.templates])
    rows = []
    for probe in range(len(sensors)):
        tell(ACROSS, "compare", probe, len(sensors))
        impostors = sensors != sensors[probe]
        key = names[sensors[probe]], int(fingers[probe])
        for name, finger in _elsewhere(key, same):
            impostors &= (sensors != names.index(name)) | (fingers != finger)
        rows.append(_weighed(table, probe, 0)[impostors])
    tell(ACROSS, "compare", len(sensors), len(sensors))
    return np.concatenate(rows)


def _elsewhere(key: tuple[str, int], same: Sequence[SameFinger]) -> Iterator[tuple[str, int]]:
    for first, second in same:
        if key == first:
            yield second
        if key == second:
            yield first


def _weighed(table: AllTogether, probe: int, first: int) -> NDArray[np.float32]:
    return weighed_scores(table.scores(probe, first), table.support(probe, first))


def _pieces(files: Sequence[FingerFile], ppi: int) -> Iterator[FingerImage]:
    """A sixth of every image's print, from somewhere in the middle of it."""
    places = np.random.default_rng(SEED).uniform(0.3, 0.7, (len(files), 2))
    for file, (across, down) in zip(files, places.tolist(), strict=True):
        yield piece_of(read_finger_image(file.path, ppi), PIECE, across, down)


@dataclass(frozen=True, slots=True)
class InventedScores:
    """Impostor scores of fingers drawn by a computer, float32 (n,) each.

    `whole`: every print with all that follow it. `small`: small contacts, as probes, with
    all whole prints. `witnesses`: scores of the first `SMALL_WITNESSES` small contacts with the
    first `WITNESSES` prints, and of those with each other.
    """

    whole: NDArray[np.float32]
    small: NDArray[np.float32]
    witnesses: NDArray[np.float32]

    def by_name(self) -> dict[str, NDArray[np.float32]]:
        """What there is to be checked."""
        named = {INVENTED: self.whole, f"{INVENTED}, small": self.small}
        return {name: scores for name, scores in named.items() if len(scores)}


def compare_invented(
    engine: FingerEngine, images: Iterable[FingerImage], small: int, whole: int, tell: Tell
) -> InventedScores:
    """Compare `small` small contacts and then `whole` prints, all of different fingers."""
    count, templates = small + whole, []
    for done, image in enumerate(images):
        tell(INVENTED, "extract", done, count)
        templates.append(engine.extract(image))
    tell(INVENTED, "extract", count, count)
    table = AllTogether(engine, templates)
    rows: list[NDArray[np.float32]] = []
    for probe in range(count):
        tell(INVENTED, "compare", probe, count)
        rows.append(_weighed(table, probe, max(probe + 1, small)))
    tell(INVENTED, "compare", count, count)
    nothing = np.zeros(0, np.float32)
    kept = [row[:WITNESSES] for row in rows[: min(small, SMALL_WITNESSES)]]
    kept += [row[: WITNESSES - 1 - probe] for probe, row in enumerate(rows[small:][:WITNESSES])]
    return InventedScores(
        whole=np.concatenate([nothing, *rows[small:]]),
        small=np.concatenate([nothing, *rows[:small]]),
        witnesses=np.concatenate([nothing, *kept]),
    )


def calibrate(
    engine: str,
    sets: Sequence[SensorScores],
    others: Sequence[SensorScores],
    further: dict[str, NDArray[np.float32]],
    made_from: dict[str, Any],
    resamples: int = RESAMPLES,
) -> CalibrationRun:
    """The mapping that `sets` decide for `engine`, checked on them and on the rest.

    `made_from` goes into the calibration, with the fit's own numbers added.
    """
    band = fit_band(sets, LEVELS, TAIL_SHARE, CONFIDENCE, resamples, SEED)
    # Two points at one score would be no function: evidence there is the lower of both.
    needed = np.round(band.limit, 6) + 1e-6 * np.arange(len(LEVELS))
    levels = LEVELS.copy()
    levels[0] = 0.0
    calibration = Calibration(
        engine=engine,
        scores=tuple(np.round(needed, 6).tolist()),
        evidence=tuple(levels.round(6).tolist()),
        made_from=made_from | _told(sets, band),
    )
    checks = [check(one, calibration) for one in sets]
    pieces = np.concatenate([one.pieces for one in sets])
    if len(pieces):
        checks.append(check_scores("pieces of all these", pieces, calibration))
    checks += [check(one, calibration) for one in others]
    checks += [check_scores(name, of, calibration) for name, of in further.items()]
    return CalibrationRun(calibration, tuple(sets), band, tuple(others), further, tuple(checks))


def _told(sets: Sequence[SensorScores], band: Band) -> dict[str, Any]:
    """The numbers of the fit, for the file and for JSON."""
    at = {f"{level:g}": int(np.argmin(np.abs(LEVELS - level))) for level in (2, 4, 6.75)}
    return {
        "tail_share": TAIL_SHARE,
        "confidence": CONFIDENCE,
        "seed": SEED,
        "shape": [round(shape, 4) for shape in band.shapes],
        "needed": {
            name: [round(float(score[place]), 5) for score in (band.middle, band.limit)]
            for name, place in at.items()
        },
        "spread": {name: round(float(band.spread[place]), 4) for name, place in at.items()},
        "sets": [
            {
                "name": one.name,
                "fingers": one.fingers,
                "comparisons": len(one.impostors),
                "needed": {
                    name: [round(float(edge[row, place]), 5) for edge in (band.fitted, band.high)]
                    for name, place in at.items()
                },
            }
            for row, one in enumerate(sets)
        ],
    }


def check(one: SensorScores, calibration: Calibration) -> Checked:
    """How often the impostors of a set exceed what `calibration` says."""
    at = _needed_at(calibration)
    return _checked(one.name, one.impostors, at, redrawn_shares(one, at, CONFIDENCE, SEED))


def check_scores(name: str, scores: NDArray[np.float32], calibration: Calibration) -> Checked:
    """The same of scores alone, as if no two had a finger in common; at least one."""
    at = _needed_at(calibration)
    shares = np.array([np.mean(scores >= score) for score in at])
    off = 1.96 * np.sqrt(shares * (1 - shares) / len(scores))
    return _checked(name, scores, at, np.stack([np.maximum(shares - off, 0), shares + off], axis=1))


def _needed_at(calibration: Calibration) -> NDArray[np.float64]:
    return np.array([calibration.needed(level) for level in CHECKED_AT])


def _checked(
    name: str,
    scores: NDArray[np.float32],
    at: NDArray[np.float64],
    intervals: NDArray[np.float64],
) -> Checked:
    n, shares, edges, held, decade = len(scores), [], [], True, True
    for level, score, interval in zip(CHECKED_AT, at, intervals.tolist(), strict=True):
        seen, said = int(np.count_nonzero(scores >= score)), n * 10.0**-level
        share = seen / n
        # A pair of images is compared both ways, with nearly the same score.
        least, most = interval if seen else (0.0, 6 / n)
        edge = min(least, share), max(most, share)
        if said >= 1:
            held &= seen <= said + 3 * said**0.5
            decade &= edge[0] <= 10 * 10.0**-level and edge[1] >= 0.1 * 10.0**-level
        shares.append(share)
        edges.append(edge)
    return Checked(name, n, tuple(shares), tuple(edges), held, decade)


_HIGHEST = 8.0
_BLACK, _GREYS = "#000000", ("#666666", "#B0B0B0")
_POINTS = 150


def plot_calibration(run: CalibrationRun) -> str:
    """SVG: evidence against weighed score."""
    strictest = int(run.band.high[:, np.searchsorted(LEVELS, _HIGHEST)].argmax())
    name, fitted = run.sets[strictest].name, run.band.fitted[strictest]
    widest = run.calibration.needed(_HIGHEST)
    lines = [_counted(one.name, one.impostors) for one in (*run.sets, *run.others)]
    lines += [
        _counted(name, scores, _GREYS[name != INVENTED]) for name, scores in run.further.items()
    ]
    tail = (-np.log10(TAIL_SHARE) <= LEVELS) & (LEVELS <= _HIGHEST)
    lines.append(
        drawn.Line(f"fit to {name}", _list(fitted[tail]), _list(LEVELS[tail]), _BLACK, True)
    )
    rising = np.linspace(0, _HIGHEST, _POINTS)
    needed = [run.calibration.needed(float(level)) for level in rising]
    lines.append(drawn.Line("what decides", needed, _list(rising), _BLACK))
    return drawn.line_plot(
        "How rare an impostor is: evidence against weighed score",
        drawn.Axis("weighed score", 0.0, widest * 1.02),
        drawn.Axis("evidence, -log10 FMR", 0.0, _HIGHEST),
        lines,
        [_sideways(f"its {run.calibration.made_from['confidence']:.0%} band", run, strictest)],
        [drawn.Mark(name, level) for name, level in decisions().items()],
    )


def _sideways(label: str, run: CalibrationRun, row: int) -> drawn.Band:
    """The band as evidence over score: between the evidence the high and the low edge give."""
    levels = LEVELS[LEVELS <= _HIGHEST]
    low, high = (edge[row, : len(levels)] for edge in (run.band.low, run.band.high))
    at = np.linspace(low[0], high[-1], _POINTS)
    return drawn.Band(
        label, _list(at), _list(np.interp(at, high, levels)), _list(np.interp(at, low, levels))
    )


def _counted(name: str, scores: NDArray[np.float32], colour: str = "") -> drawn.Line:
    """-log10 of the share of impostors at or above a score, as counted; thinned to be drawn."""
    ordered = np.sort(scores)[::-1]
    ranks = np.unique(np.geomspace(1, len(ordered), _POINTS).astype(np.intp))
    shares = -np.log10(ranks / len(ordered))
    return drawn.Line(f"{name}, counted", _list(ordered[ranks - 1]), _list(shares), colour)


def _list(values: NDArray[np.float64] | NDArray[np.float32]) -> list[float]:
    return [float(value) for value in values]
