"""Fits the mapping from score to evidence on impostors, and holds it against others.

What a decision sees is one probe compared with one enrolled finger, so a comparison here is
one direction of two images: every image of a set as probe against every image of every other
finger. Each set is one sensor, because a station has one.

The tail of every set is fitted (`tail_fit`); at each level of evidence the upper edge of the
set that needs the most decides. Sets to check, and fingers drawn by a computer, decide nothing:
how often they exceed what was decided is counted and told. So is what joining two fingers buys.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.finger_folder import FingerFile, list_finger_files
from station_app.biometrics.fingerprint.calibration import MOST_EVIDENCE, Calibration
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import read_finger_image
from station_app.domain.decision import identify_threshold, verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fusion import combine
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation import line_plot as drawn
from station_app.evaluation.alterations import piece_of
from station_app.evaluation.fingerprints import AllTogether, compare_all, extract_all
from station_app.evaluation.tail_fit import Band, SensorScores, fit_band

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

    `held`: at no level that expects one or more is it more often than it says, three
    standard deviations allowed.
    """

    name: str
    comparisons: int
    shares: tuple[float, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class CalibrationRun:
    """A calibration with everything it was made from.

    `sets` and `band` (rows in the same order) decided; `others` and what there is of `invented`
    fingers, by name, were only checked. `checks` has one row for each.
    """

    calibration: Calibration
    sets: tuple[SensorScores, ...]
    band: Band
    others: tuple[SensorScores, ...]
    invented: dict[str, NDArray[np.float32]]
    checks: tuple[Checked, ...]


def decisions() -> dict[str, float]:
    """The evidence decisions are made at, by name."""
    searched = identify_threshold(SEARCHED, 1, PROVISIONAL)
    return {"1:1": verify_threshold(PROVISIONAL), f"1:N, {SEARCHED} fingers": searched}


def compare_folder(engine: FingerEngine, folder: Path, ppi: int, tell: Tell) -> SensorScores:
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
        whole.scores(piece, len(pieces))[owners != owners[piece]] for piece in range(len(pieces))
    ]
    return SensorScores(name, owners, table.scores, np.concatenate(rows))


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
        rows.append(table.scores(probe, max(probe + 1, small)))
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
    invented: dict[str, NDArray[np.float32]],
    made_from: dict[str, Any],
    resamples: int = RESAMPLES,
) -> CalibrationRun:
    """The mapping that `sets` decide for `engine`, checked on them and on the rest.

    `made_from` goes into the calibration, with the fit's own numbers added.
    """
    band = fit_band(sets, LEVELS, TAIL_SHARE, CONFIDENCE, resamples, SEED)
    highest = np.maximum.accumulate(band.high.max(axis=0))
    # Two points at one score would be no function: evidence there is the lower of both.
    needed = np.round(highest, 6) + 1e-6 * np.arange(len(highest))
    levels = LEVELS.copy()
    levels[0] = 0.0
    calibration = Calibration(
        engine=engine,
        scores=tuple(np.round(needed, 6).tolist()),
        evidence=tuple(levels.round(6).tolist()),
        made_from=made_from | _told(sets, band),
    )
    counted = [(one.name, one.impostors) for one in sets]
    counted.append(("pieces of all these", np.concatenate([one.pieces for one in sets])))
    counted += [(one.name, one.impostors) for one in others]
    counted += invented.items()
    checks = tuple(_checked(name, of, calibration) for name, of in counted if len(of))
    return CalibrationRun(calibration, tuple(sets), band, tuple(others), invented, checks)


def _told(sets: Sequence[SensorScores], band: Band) -> dict[str, Any]:
    """The numbers of the fit, for the file and for JSON."""
    at = {f"{level:g}": int(np.argmin(np.abs(LEVELS - level))) for level in (2, 4, 6.75)}
    deciding = [sets[int(row)].name for row in band.high.argmax(axis=0)]
    return {
        "tail_share": TAIL_SHARE,
        "confidence": CONFIDENCE,
        "seed": SEED,
        "shape": [round(shape, 4) for shape in band.shapes],
        "decided_by": {name: deciding[place] for name, place in at.items()},
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


def _checked(name: str, scores: NDArray[np.float32], calibration: Calibration) -> Checked:
    n, shares, held = len(scores), [], True
    for level in CHECKED_AT:
        seen = int(np.count_nonzero(scores >= calibration.needed(level)))
        said = n * 10.0**-level
        held &= said < 1 or seen <= said + 3 * said**0.5
        shares.append(seen / n)
    return Checked(name, n, tuple(shares), held)


_HIGHEST = 8.0
_BLACK, _GREYS = "#000000", ("#666666", "#B0B0B0")
_POINTS = 150


def plot_calibration(run: CalibrationRun) -> str:
    """SVG: evidence against raw score."""
    strictest = int(run.band.high[:, np.searchsorted(LEVELS, _HIGHEST)].argmax())
    name, fitted = run.sets[strictest].name, run.band.fitted[strictest]
    widest = run.calibration.needed(_HIGHEST)
    lines = [_counted(one.name, one.impostors) for one in (*run.sets, *run.others)]
    lines += [
        _counted(name, scores, _GREYS[name != INVENTED]) for name, scores in run.invented.items()
    ]
    tail = (-np.log10(TAIL_SHARE) <= LEVELS) & (LEVELS <= _HIGHEST)
    lines.append(
        drawn.Line(f"fit to {name}", _list(fitted[tail]), _list(LEVELS[tail]), _BLACK, True)
    )
    rising = np.linspace(0, _HIGHEST, _POINTS)
    needed = [run.calibration.needed(float(level)) for level in rising]
    lines.append(drawn.Line("what decides", needed, _list(rising), _BLACK))
    return drawn.line_plot(
        "How rare an impostor is: evidence against raw score",
        drawn.Axis("raw score", 0.0, widest * 1.02),
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


JOINED_AT = (1.0, 2.0, 3.0)

_TRIALS = 50_000
_SEED = 1

Evidence = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwoFingers:
    """Two tries at a list of `searched` fingers.

    `impostors`: the share of strangers whose joined evidence reaches each of `JOINED_AT`,
    though they laid the same finger down twice, in two images, for two fingers of one voter.
    `missed_*`: of voters, the share in percent not identified by one finger, by two fingers
    each on its own, and by two fingers joined.
    """

    name: str
    searched: int
    impostors: tuple[float, ...]
    missed_one: float
    missed_two: float
    missed_joined: float


def measure_two_fingers(one: SensorScores, calibration: Calibration, searched: int) -> TwoFingers:
    """Every finger of `one` may be the other finger of every other one."""
    evidence = calibration.of(one.table)
    joined = np.array([combine(pair) for pair in _strangers(one, evidence)])
    first, second = (identify_threshold(searched, n, PROVISIONAL) for n in (1, 2))
    mated = np.array([(*pair, combine(pair)) for pair in _voters(one, evidence)])
    alone = mated[:, 0] >= first
    return TwoFingers(
        name=one.name,
        searched=searched,
        impostors=tuple(float(np.mean(joined >= level)) for level in JOINED_AT),
        missed_one=_missed(alone),
        missed_two=_missed(alone | (mated[:, 1] >= second)),
        missed_joined=_missed(alone | (mated[:, 2] >= second)),
    )


def _strangers(one: SensorScores, evidence: Evidence) -> Iterator[tuple[float, float]]:
    """Two images of a finger against one image each of two other fingers, drawn at random."""
    rng = np.random.default_rng(_SEED)
    probe, again, right, left = rng.integers(0, len(one.owners), (4, _TRIALS * 2 * one.fingers))
    stranger, owner_right, owner_left = one.owners[probe], one.owners[right], one.owners[left]
    told_apart = (stranger == one.owners[again]) & (probe != again) & (owner_right != owner_left)
    chosen = np.flatnonzero(told_apart & (stranger != owner_right) & (stranger != owner_left))
    chosen = chosen[:_TRIALS]
    yield from zip(
        evidence[probe[chosen], right[chosen]].tolist(),
        evidence[again[chosen], left[chosen]].tolist(),
        strict=True,
    )


def _voters(one: SensorScores, evidence: Evidence) -> Iterator[tuple[float, float]]:
    """Mated evidence of two fingers: the n-th mated comparison of each, for every two fingers."""
    same = one.owners[:, np.newaxis] == one.owners
    np.fill_diagonal(same, val=False)
    mated = [evidence[finger_rows & same] for finger_rows in _rows_of(one)]
    for right, right_mated in enumerate(mated):
        for left, left_mated in enumerate(mated):
            if right != left:
                yield from zip(right_mated.tolist(), left_mated.tolist(), strict=False)


def _rows_of(one: SensorScores) -> Iterator[NDArray[np.bool_]]:
    for finger in range(one.fingers):
        yield (one.owners == finger)[:, np.newaxis]


def _missed(identified: NDArray[np.bool_]) -> float:
    return round(100 * (1 - float(np.mean(identified))), 2)
