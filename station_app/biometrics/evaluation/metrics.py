"""Error rates from scores, all in percent; higher scores mean more alike."""

import numpy as np
from numpy.typing import NDArray

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
