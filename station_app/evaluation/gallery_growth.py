"""How the search grows with the list: fingers in any number, timed by size and way, and a line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.chunk_content import chunk_content
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Fetch, Gallery, KernelName
from station_app.biometrics.fingerprint.minutiae import Minutiae, pack_minutiae, unpack_minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.evaluation.timing import Spread, Tell, free_bytes, interleaved

HOW = (
    "each made finger takes the number of cylinders of one of the {fingers} fingers, draws its "
    "cylinders from those of all of them, and adds noise: as long, and alike to nobody"
)
_A_CHUNK = 8192
_NOISE = 4  # half the width of the noise on an int8 value; values are about 27 in size
_SCRAMBLED = 64


class FingerMaker:
    """Makes lists out of `templates` (at least one): those first, made fingers after them.

    Finger number f of a list with `per_voter` fingers a voter is in row f // per_voter and
    has the position 1 + f % per_voter. The same templates always give the same list.
    """

    def __init__(self, templates: Sequence[EnrolledTemplate]) -> None:
        self._templates = list(templates)
        self._counts = np.array(
            [len(one.encoding) // STANDARD.code_size for one in templates], np.uint8
        )
        codes = np.frombuffer(b"".join(one.encoding for one in templates), np.int8)
        # Noise must not carry a value over the edge of int8.
        self._codes = codes.reshape(-1, STANDARD.code_size).clip(-127 + _NOISE, 127 - _NOISE)
        self._scrambled = [
            _scrambled(unpack_minutiae(self._templates[turn % len(templates)].content), turn)
            for turn in range(_SCRAMBLED)
        ]

    @property
    def how(self) -> str:
        """One sentence for those who read the figures."""
        return HOW.format(fingers=len(self._templates))

    @property
    def bytes_per_finger(self) -> float:
        """Bytes of the codes of a made finger, on average."""
        return float(self._counts.mean()) * STANDARD.code_size

    def chunks(self, fingers: int, per_voter: int) -> Iterator[GalleryChunk]:
        """A list of `fingers` fingers, a chunk at a time."""
        own = self._templates[:fingers]
        yield from pack(
            (number // per_voter, replace(one, position=FingerPosition(1 + number % per_voter)))
            for number, one in enumerate(own)
        )
        rng = np.random.default_rng(fingers)
        for begin in range(len(own), fingers, _A_CHUNK):
            numbers = np.arange(begin, min(begin + _A_CHUNK, fingers))
            counts = self._counts[numbers % _SCRAMBLED % len(self._templates)]
            cylinders = int(counts.sum(dtype=np.int64))
            codes = self._codes[rng.integers(len(self._codes), size=cylinders)]
            # Three random bits with a sign: -4..3.
            codes += np.frombuffer(rng.bytes(codes.size), np.int8).reshape(codes.shape) >> 5
            yield GalleryChunk(
                engine=ENGINE,
                rows=(numbers // per_voter).astype("<i4").tobytes(),
                content=chunk_content(
                    (1 + numbers % per_voter).astype(np.uint8).tobytes(),
                    counts.tobytes(),
                    codes.tobytes(),
                ),
            )

    def records(self, numbers: Iterable[int]) -> list[bytes]:
        """The minutiae records of fingers of a list; those of made fingers are scrambled."""
        return [
            self._templates[number].content
            if number < len(self._templates)
            else self._scrambled[number % _SCRAMBLED]
            for number in numbers
        ]

    def made(self, count: int) -> list[tuple[bytes, NDArray[np.int8]]]:
        """Minutiae records and codes of `count` made fingers."""
        rng = np.random.default_rng(count)
        found = []
        for number in range(count):
            turn = number % _SCRAMBLED
            size = int(self._counts[turn % len(self._templates)])
            codes = self._codes[rng.integers(len(self._codes), size=size)]
            found.append((self._scrambled[turn], codes))
        return found

    def fetch(self, per_voter: int) -> Fetch:
        """What reads the records of a list with `per_voter` fingers a voter for a `Searcher`."""
        return lambda keys: self.records(row * per_voter + position - 1 for row, position in keys)


def _scrambled(minutiae: Minutiae, seed: int) -> bytes:
    """The same points with each other's directions: as long to compare, alike to nobody."""
    order = np.random.default_rng(seed).permutation(len(minutiae))
    return pack_minutiae(
        Minutiae(minutiae.xs, minutiae.ys, minutiae.directions[order], minutiae.confidences)
    )


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
"""The station's own configuration: two stages, with the kernel it chooses."""

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


def searcher_of(engine: FingerEngine, fingers: Iterable[tuple[int, EnrolledTemplate]]) -> Searcher:
    """Searches `fingers`, pairs of a voter's row and one finger, each position once a row."""
    enrolled = list(fingers)
    records = {(row, int(finger.position)): finger.content for row, finger in enrolled}
    gallery = Gallery(pack(enrolled), engine.name, engine.parameters)
    return Searcher(engine, gallery, lambda wanted: [records[place] for place in wanted])
