"""How the search grows with the list: templates a second by size and way, and a line."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from station_app.biometrics.evaluation.machine import free_bytes
from station_app.biometrics.evaluation.made_fingers import FingerMaker
from station_app.biometrics.evaluation.timing import Spread, Tell, interleaved
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery, KernelName
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.errors import KnownError

WHOLE = "search"
"""The whole search of a finger that is in the list: prefilter, close look, evidence."""

PER_VOTER = 2
_COPIES = 2.5  # lists in memory while a gallery is built: the chunks, and what becomes of them
_SCANNED = 300_000  # fingers scanned a way and size, roughly: big lists get few probes


Scan = Callable[[Template], object]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to look through a whole gallery with one of its kernels; `scan` is timed."""

    name: str
    kernel: KernelName
    scan: Callable[[Gallery], Scan]


def _every_finger(gallery: Gallery) -> Scan:
    return lambda template: gallery.scores(template.encoding)


def _shortlist(gallery: Gallery) -> Scan:
    return lambda template: gallery.best(template.encoding, STANDARD.rerank)


DEFAULT = "station's"
"""What the station does: two stages, with the kernel it takes by itself."""

WAYS = (
    Way(DEFAULT, "auto", _shortlist),
    Way("numpy, two stages", "numpy", _shortlist),
    Way("numpy, 48x64", "numpy", _every_finger),
    Way("compiled, two stages", "compiled", _shortlist),
    Way("compiled, 48x64", "compiled", _every_finger),
)
"""48x64 compares everything: all 64 values of the probe's and the enrolled cylinders."""


@dataclass(frozen=True, slots=True)
class Growth:
    """One size of gallery. `templates_per_s` is by way, from the median CPU time.

    `skipped` says why there are no figures, empty when there are.
    """

    fingers: int
    templates_per_s: dict[str, float]
    times: dict[str, Spread]
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """CPU time over the number of fingers, as a straight line.

    Least squares of the relative error, so that small lists count as much as large ones.
    `r_squared` is the share of the times' variance it explains, `worst_percent` the largest
    distance of a measured time from it. `fitted_ms` is the line at every size.
    """

    ns_per_finger: float
    intercept_ms: float
    r_squared: float
    worst_percent: float
    fitted_ms: dict[str, float]


def grow(
    engine: FingerEngine,
    maker: FingerMaker,
    probes: Sequence[Template],
    sizes: Sequence[int],
    tell: Callable[[int], Tell],
) -> dict[str, Growth]:
    """Search galleries of `sizes` fingers with some of `probes`, each size built anew.

    A size for which memory is not free is skipped. `tell(size)` is told the progress.
    """
    grown = {}
    for size in sizes:
        short = _lacking(maker, size)
        grown[str(size)] = (
            Growth(size, {}, {}, short) if short else _at(engine, maker, probes, size, tell(size))
        )
    return grown


def fit_lines(grown: Iterable[Growth]) -> dict[str, Line]:
    """Lines of the station's prefilter and of the whole search, none for less than three sizes."""
    measured = [one for one in grown if one.times]
    if len(measured) < 3:
        return {}
    return {"prefilter": _line(measured, DEFAULT), WHOLE: _line(measured, WHOLE)}


def _line(measured: Sequence[Growth], what: str) -> Line:
    sizes = np.array([one.fingers for one in measured], np.float64)
    times = np.array([one.times[what].cpu_p50 for one in measured])
    slope, intercept = np.polyfit(sizes, times, 1, w=1 / times)
    fitted = slope * sizes + intercept
    unexplained = np.square(times - fitted).sum() / np.square(times - times.mean()).sum()
    return Line(
        ns_per_finger=round(float(slope) * 1e6, 1),
        intercept_ms=round(float(intercept), 2),
        r_squared=round(float(1 - unexplained), 5),
        worst_percent=round(float(100 * np.abs(fitted / times - 1).max()), 1),
        fitted_ms={
            str(one.fingers): round(float(at), 2) for one, at in zip(measured, fitted, strict=True)
        },
    )


def _lacking(maker: FingerMaker, size: int) -> str:
    free, needed = free_bytes(), int(_COPIES * size * maker.bytes_per_finger)
    if free is None:
        return "" if size <= 100_000 else "this system does not tell how much memory is free"
    if needed <= free:
        return ""
    return f"{needed / 2**30:.1f} GB of free memory are needed, {free / 2**30:.1f} GB are free"


def _at(
    engine: FingerEngine, maker: FingerMaker, probes: Sequence[Template], size: int, tell: Tell
) -> Growth:
    gallery = Gallery(maker.chunks(size, PER_VOTER), engine.name, engine.parameters)
    searcher = Searcher(engine, gallery, maker.fetch(PER_VOTER))
    cases: dict[str, Scan] = {}
    for way in WAYS:
        with suppress(KnownError):  # there is no such kernel here
            cases[way.name] = way.scan(gallery.with_kernel(way.kernel))
    cases[WHOLE] = searcher.candidates
    count = min(len(probes), max(3, _SCANNED // size))
    times = interleaved(cases, probes[:count], tell)
    return Growth(
        fingers=size,
        templates_per_s={
            name: round(size / spread.cpu_p50 * 1000)
            for name, spread in times.items()
            if name != WHOLE
        },
        times=times,
    )
