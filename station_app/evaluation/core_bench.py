"""The whole measurement of the matching core's speed in one run, beside mindtct and bozorth3."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from station_app.biometrics.fingerprint.engine import STATION_THREADS, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.samples import FingerImage
from station_app.evaluation.finger_speed import (
    BOZORTH3,
    MINDTCT,
    NOBODY,
    ONE_THREAD,
    OURS,
    TWO_THREADS,
    ExtractionTimes,
    VerdictCase,
    VerdictTimes,
    at_size,
    mirrored,
    time_close_look,
    time_comparisons,
    time_extraction,
    time_verdicts,
)
from station_app.evaluation.gallery_growth import (
    DEFAULT,
    WHOLE,
    FingerMaker,
    Growth,
    Line,
    fit_lines,
    grow,
)
from station_app.evaluation.nbis import MISSING, bozorth_here
from station_app.evaluation.timing import Machine, Spread, Tell, resident_mb, this_machine


@dataclass(frozen=True, slots=True)
class Yardstick:
    """CPU of mindtct (milliseconds an image, by size) and of one bozorth3 comparison
    (microseconds): median and mean over different fingers, median over the same finger.
    `ours_us` is this core's median 1:1 comparison of different fingers, from what a list
    stores of them.
    """

    mindtct_ms: dict[str, float]
    compare_us: float
    compare_us_mean: float
    compare_same_us: float
    ours_us: float


def yardstick_of(
    extraction: Mapping[str, ExtractionTimes], comparison: Mapping[str, Mapping[str, Spread]]
) -> Yardstick | None:
    """The yardstick out of what was timed, None when nbis-py was not there."""
    different, same = comparison["different_fingers"], comparison["same_finger"]
    if BOZORTH3 not in different:
        return None
    return Yardstick(
        mindtct_ms={size: one.times[MINDTCT].cpu_p50 for size, one in extraction.items()},
        compare_us=round(different[BOZORTH3].cpu_p50 * 1000, 1),
        compare_us_mean=round(different[BOZORTH3].cpu_mean * 1000, 1),
        compare_same_us=round(same[BOZORTH3].cpu_p50 * 1000, 1),
        ours_us=round(different[OURS].cpu_p50 * 1000, 1),
    )


def times_as_fast(
    yardstick: Yardstick,
    extraction: Mapping[str, ExtractionTimes],
    rerank: Mapping[str, Spread],
    grown: Mapping[str, Growth],
    verdict: Mapping[str, VerdictTimes],
) -> dict[str, float]:
    """How many times as fast this core is (below 1: slower), by work.

    A search of N fingers by bozorth3 is taken as N of its median comparisons; its mean,
    which a search really pays, is higher.
    """
    ratios = {
        f"extraction {size}": yardstick.mindtct_ms[size] / one.times[ONE_THREAD].cpu_p50
        for size, one in extraction.items()
    }
    ratios["comparison 1:1"] = yardstick.compare_us / yardstick.ours_us
    for count, looked in rerank.items():
        theirs = int(count) * yardstick.compare_us / 1000
        ratios[f"comparison, {count} candidates"] = theirs / looked.cpu_p50
    for size, growth in grown.items():
        if growth.times:
            rate = growth.templates_per_s[DEFAULT]
            ratios[f"prefilter of {size}"] = rate * yardstick.compare_us / 1e6
            whole = growth.times[WHOLE].cpu_p50
            ratios[f"search of {size}"] = _search_ms(yardstick, growth.fingers) / whole
    for name, one in verdict.items():
        theirs = yardstick.mindtct_ms[one.image] + _search_ms(yardstick, one.fingers)
        ratios[f"verdict {name}"] = theirs / one.time.cpu_p50
    return {name: float(f"{ratio:.3g}") for name, ratio in ratios.items()}


def _search_ms(yardstick: Yardstick, fingers: int) -> float:
    return fingers * yardstick.compare_us / 1000


@dataclass(frozen=True, slots=True)
class BenchFinger:
    """One finger: the image that is enrolled, and others of the same finger."""

    enrolled: FingerImage
    probes: tuple[FingerImage, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """At most how many images a size, probes of searches, verdicts, pairs of fingers; the
    sizes of the galleries; the two lists for verdicts, as voters and fingers a voter.
    """

    images: int
    probes: int
    verdicts: int
    pairs: int
    galleries: tuple[int, ...]
    lists: tuple[tuple[int, int], tuple[int, int]] = ((2_500, 2), (10_000, 10))


FULL = Effort(40, 40, 100, 400, (1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000))
QUICK = Effort(6, 6, 6, 60, (1_000, 10_000, 100_000))


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of both galleries, and what the process held at each point, with its peak.

    None where the system does not tell.
    """

    gallery_mb: dict[str, float]
    resident_mb: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class CoreFigures:
    """Everything measured: the object `station-app bench --json` prints.

    Single figures are CPU time: `extract_ms_p50` on one thread at 256x288;
    `prefilter_templates_per_s` by number of fingers, in the way the station searches, None
    where it was skipped; `rerank20_ms`; `verdict_ms_p50` and `_p95` with 2,500 voters x 2
    fingers, on a station's threads together; `bozorth3_us`, the median comparison of different
    fingers, None without nbis-py; `gallery_bytes_per_finger` of that list. The details have
    the wall clock beside it.
    `ratios` are how many times as fast this core is as mindtct and bozorth3.
    """

    extract_ms_p50: float
    prefilter_templates_per_s: dict[str, float | None]
    rerank20_ms: float
    verdict_ms_p50: float
    verdict_ms_p95: float
    bozorth3_us: float | None
    gallery_bytes_per_finger: float
    notes: dict[str, str]
    machine: Machine
    extraction: dict[str, ExtractionTimes]
    prefilter: dict[str, Growth]
    growth_line: dict[str, Line]
    rerank: dict[str, Spread]
    comparison: dict[str, dict[str, Spread]]
    verdict: dict[str, VerdictTimes]
    memory: Memory
    bozorth3: Yardstick | None
    ratios: dict[str, float]


FIRST_SIZE = (256, 288)
SIZES = (FIRST_SIZE, (320, 384), (384, 352))
CANDIDATES = (20, 30, 50, 100, 500)

Say = Callable[[str], Tell]
"""Begins a step by its name; what it gives is told how far the step is."""


def measure_core(
    fingers: Sequence[BenchFinger], source: str, effort: Effort, say: Say
) -> CoreFigures:
    """Measure all of it with `fingers`; `source` says what they are.

    Raises `KnownError("bench_too_few")` when fewer than two can be enrolled and compared.
    """
    machine = this_machine()
    bench = _Bench(fingers, effort, say)
    extraction = bench.extraction()
    verdict, memory, each_finger = bench.verdicts()
    rerank = time_close_look(
        bench.maker, bench.some_templates, CANDIDATES, say("Looking closely at candidates")
    )
    comparison = bench.comparisons()
    grown = grow(
        bench.engine,
        bench.maker,
        bench.some_templates,
        effort.galleries,
        lambda size: say(f"Searching {size:,} fingers"),
    )
    memory.resident_mb["peak of the whole run"] = resident_mb(peak=True)
    by_size = {
        str(size): grown[str(size)].templates_per_s.get(DEFAULT) if str(size) in grown else None
        for size in sorted({*effort.galleries, *FULL.galleries})
    }
    first, usual = _name(FIRST_SIZE), verdict[_list_name(effort.lists[0], bench.native)]
    yardstick = yardstick_of(extraction, comparison)
    return CoreFigures(
        extract_ms_p50=extraction[first].times[ONE_THREAD].cpu_p50,
        prefilter_templates_per_s=by_size,
        rerank20_ms=rerank["20"].cpu_p50,
        verdict_ms_p50=usual.time.cpu_p50,
        verdict_ms_p95=usual.time.cpu_p95,
        bozorth3_us=None if yardstick is None else yardstick.compare_us,
        gallery_bytes_per_finger=round(each_finger, 1),
        notes=bench.notes(source),
        machine=machine,
        extraction=extraction,
        prefilter=grown,
        growth_line=fit_lines(grown.values()),
        rerank=rerank,
        comparison=comparison,
        verdict=verdict,
        memory=memory,
        bozorth3=yardstick,
        ratios={}
        if yardstick is None
        else times_as_fast(yardstick, extraction, rerank, grown, verdict),
    )


class _Bench:
    """The fingers in all the forms they are measured in."""

    def __init__(self, fingers: Sequence[BenchFinger], effort: Effort, say: Say) -> None:
        self._effort, self._say = effort, say
        self.engine, self._bozorth = FingerEngine(), bozorth_here()
        self._two_threads = FingerEngine(threads=2)
        self._resident = {"with two engines": resident_mb()}
        self.kernel = Gallery([], self.engine.name).kernel
        self._enrolled: list[tuple[FingerImage, EnrolledTemplate]] = []
        self._probes: list[tuple[int, FingerImage, Template]] = []
        tell = say("Extracting")
        for done, finger in enumerate(fingers):
            tell(done, len(fingers))
            self._take(finger)
        tell(len(fingers), len(fingers))
        if len(self._enrolled) < 2 or not self._probes:
            raise KnownError(
                Code.BENCH_TOO_FEW,
                f"Of {len(fingers)} fingers {len(self._enrolled)} can be enrolled and "
                f"{len(self._probes)} images compared with them; give two images each of at "
                "least two fingers, better of forty.",
            )
        self.maker = FingerMaker([enrolled for _, enrolled in self._enrolled])
        self.some_templates = [one for _, _, one in self._spread(self._effort.probes)]
        shapes = Counter(at_working_ppi(image).shape for _, image, _ in self._probes)
        height, width = shapes.most_common(1)[0][0]
        self.native = (width, height)

    def _take(self, finger: BenchFinger) -> None:
        try:
            enrolled = self.engine.enrol(finger.enrolled)
        except KnownError:  # a poor image is no reason to stop
            return
        for image in finger.probes:
            template = self.engine.extract(image)
            if template.comparable:
                self._probes.append((len(self._enrolled), image, template))
        self._enrolled.append((finger.enrolled, enrolled))

    def _spread(self, most: int) -> list[tuple[int, FingerImage, Template]]:
        """At most `most` of the probes, of as many fingers as there are."""
        return self._probes[:: max(1, len(self._probes) // most)][:most]

    def extraction(self) -> dict[str, ExtractionTimes]:
        """By image size; the probes' own size is among them."""
        engines = {ONE_THREAD: self.engine, TWO_THREADS: self._two_threads}
        images = [image for _, image, _ in self._spread(self._effort.images)]
        return {
            _name(size): time_extraction(
                engines,
                self._bozorth,
                [at_size(image, *size) for image in images],
                self._say(f"Timing extraction at {_name(size)}"),
            )
            for size in dict.fromkeys((*SIZES, self.native))
        }

    def verdicts(self) -> tuple[dict[str, VerdictTimes], Memory, float]:
        """Verdicts by list and image size, memory, and the small list's bytes a finger."""
        galleries, megabytes = {}, {}
        self._resident["after extracting"] = resident_mb()
        small, large = self._effort.lists
        for size in (small, large):
            voters, each = size
            chunks = self.maker.chunks(voters * each, each)
            galleries[size] = Gallery(chunks, self.engine.name, self.engine.parameters)
            name = f"{voters} x {each}"
            megabytes[name] = round(galleries[size].memory / 2**20, 1)
            self._resident[f"with {name}"] = resident_mb()
        probes = [(number, image) for number, image, _ in self._spread(self._effort.verdicts)]
        first = [(number, at_size(image, *FIRST_SIZE)) for number, image in probes]
        # Seen in a mirror, a finger is nobody's.
        strangers = [(NOBODY, mirrored(image)) for _, image in probes]
        cases = {
            _list_name(small, self.native): VerdictCase(*small, probes),
            _list_name(small, FIRST_SIZE): VerdictCase(*small, first),
            f"{_list_name(small, self.native)}, strangers": VerdictCase(*small, strangers),
            _list_name(large, self.native): VerdictCase(*large, probes),
        }
        times = time_verdicts(
            FingerEngine(STATION_THREADS),
            self.maker,
            cases,
            galleries,
            self._say("Image to verdict"),
        )
        self._resident["peak until the verdicts"] = resident_mb(peak=True)
        each_finger = galleries[small].memory / len(galleries[small])
        return times, Memory(megabytes, self._resident), each_finger

    def comparisons(self) -> dict[str, dict[str, Spread]]:
        """Pairs of minutiae, of different fingers and of the same, by us and by bozorth3."""
        same = [(place, number) for place, (number, _, _) in enumerate(self._probes)]
        count = len(self._enrolled)
        different = [
            (place, (number + step) % count) for step in range(1, count) for place, number in same
        ]
        step = max(1, len(different) // self._effort.pairs)
        groups = {
            "different_fingers": different[::step][: self._effort.pairs],
            "same_finger": same[: max(1, self._effort.pairs // 10)],
        }
        return {
            name: time_comparisons(
                self._bozorth,
                [(image, template) for _, image, template in self._probes],
                self._enrolled,
                pairs,
                self._say(f"Comparing pairs, {name.replace('_', ' ')}"),
            )
            for name, pairs in groups.items()
        }

    def notes(self, source: str) -> dict[str, str]:
        """What the reader of the figures has to know."""
        return {
            "images": source,
            "galleries": self.maker.how,
            "clock": "CPU time of the process, all threads, unless it says wall",
            "threads": f"one, where it does not say two; verdicts: {STATION_THREADS}, as a station",
            "bozorth3": MISSING if self._bozorth is None else "nbis-py; images given as PNG",
            "kernel": f"{self.kernel}; the station uses it",
        }


def _name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _list_name(voters: tuple[int, int], size: tuple[int, int]) -> str:
    return f"{voters[0]} x {voters[1]}, {_name(size)}"
