"""The picture of a calibration: impostors as counted, the fit with its band, the thresholds."""

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.evaluation.calibration_run import (
    INVENTED,
    LEVELS,
    TAIL_SHARE,
    CalibrationRun,
    decisions,
)
from station_app.biometrics.evaluation.line_plot import Axis, Band, Line, Mark, line_plot

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
    lines.append(Line(f"fit to {name}", _list(fitted[tail]), _list(LEVELS[tail]), _BLACK, True))
    rising = np.linspace(0, _HIGHEST, _POINTS)
    needed = [run.calibration.needed(float(level)) for level in rising]
    lines.append(Line("what decides", needed, _list(rising), _BLACK))
    return line_plot(
        "How rare an impostor is: evidence against raw score",
        Axis("raw score", 0.0, widest * 1.02),
        Axis("evidence, -log10 FMR", 0.0, _HIGHEST),
        lines,
        [_sideways(f"its {run.calibration.made_from['confidence']:.0%} band", run, strictest)],
        [Mark(name, level) for name, level in decisions().items()],
    )


def _sideways(label: str, run: CalibrationRun, row: int) -> Band:
    """The band as evidence over score: between the evidence the high and the low edge give."""
    levels = LEVELS[LEVELS <= _HIGHEST]
    low, high = (edge[row, : len(levels)] for edge in (run.band.low, run.band.high))
    at = np.linspace(low[0], high[-1], _POINTS)
    return Band(
        label, _list(at), _list(np.interp(at, high, levels)), _list(np.interp(at, low, levels))
    )


def _counted(name: str, scores: NDArray[np.float32], colour: str = "") -> Line:
    """-log10 of the share of impostors at or above a score, as counted; thinned to be drawn."""
    ordered = np.sort(scores)[::-1]
    ranks = np.unique(np.geomspace(1, len(ordered), _POINTS).astype(np.intp))
    shares = -np.log10(ranks / len(ordered))
    return Line(f"{name}, counted", _list(ordered[ranks - 1]), _list(shares), colour)


def _list(values: NDArray[np.float64] | NDArray[np.float32]) -> list[float]:
    return [float(value) for value in values]
