"""Prints the constants of `station_app/biometrics/fingerprint/calibration.py`.

    python scripts/fit_calibration.py FOLDER[:PPI] FOLDER[:PPI] ...

Each folder holds the images of one sensor, named <finger>_<impression>.png. The rule: the
tail of real, same-sensor impostors decides, set by set; the upper edge of the band is used;
the set that asks for the highest score wins.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.evaluation.fingerprints import compare_all, extract_all
from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.engine import FingerEngine

TAIL_SHARE = 0.01
BAND_Z = 1.645  # one-sided 95 %
COMPARED_AT = 6.7  # evidence that a search of 5,000 fingers needs


def silent(_step: str, _done: int, _of: int) -> None:
    """No progress: the sets are printed one by one."""


def impostor_scores(engine: FingerEngine, folder: Path, ppi: int) -> NDArray[np.float32]:
    """The stronger of both directions of every pair of different fingers."""
    files = list_finger_files(folder)
    templates, _ = extract_all(engine, files, ppi, silent)
    table = compare_all(engine, files, templates, silent)
    both = np.maximum(table.scores, table.scores.T)
    upper = np.triu(table.fingers[:, np.newaxis] != table.fingers[np.newaxis, :], 1)
    return np.asarray(both[upper], np.float32)


def tail(scores: NDArray[np.float32]) -> tuple[float, float, float]:
    """Start of the tail, decade, and the decade's upper edge.

    The sum of n exponential excesses is chi-square with 2n degrees of freedom; its lower
    quantile by Wilson and Hilferty (PNAS 17, 1931).
    """
    ordered = np.sort(scores)[::-1].astype(np.float64)
    n = int(TAIL_SHARE * len(ordered))
    start = float(ordered[n])
    decade = float(np.mean(ordered[:n] - start)) * np.log(10)
    spread = 2 / (9 * 2 * n)
    lower = 2 * n * (1 - spread - BAND_Z * np.sqrt(spread)) ** 3
    return start, decade, decade * 2 * n / lower


def main() -> None:
    """Fit every set and print the strictest."""
    engine = FingerEngine()
    strictest = (0.0, 0.0, 0.0)
    for argument in sys.argv[1:]:
        name, _, ppi = argument.partition(":")
        scores = impostor_scores(engine, Path(name), int(ppi or 500))
        start, decade, edge = tail(scores)
        needed = start + edge * (COMPARED_AT + np.log10(TAIL_SHARE))
        print(
            f"{Path(name).name}: {len(scores)} pairs, start {start:.4f}, decade {decade:.4f}, "
            f"upper edge {edge:.4f}, most {scores.max():.4f}, {COMPARED_AT} needs {needed:.4f}",
            flush=True,
        )
        strictest = max(strictest, (needed, start, edge))
    print(f"TAIL_START = {strictest[1]:.4f}\nTAIL_DECADE = {strictest[2]:.4f}")


if __name__ == "__main__":
    main()
