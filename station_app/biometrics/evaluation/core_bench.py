"""The whole measurement of the matching core's speed, in one run."""

from collections import Counter
from collections.abc import Callable, Sequence

from station_app.biometrics.evaluation.bozorth import MISSING, bozorth_here
from station_app.biometrics.evaluation.core_figures import (
    FULL,
    BenchFinger,
    CoreFigures,
    Effort,
    Memory,
)
from station_app.biometrics.evaluation.finger_speed import (
    NOBODY,
    ONE_THREAD,
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
from station_app.biometrics.evaluation.gallery_growth import (
    DEFAULT,
    fit_lines,
    grow,
)
from station_app.biometrics.evaluation.machine import resident_mb, this_machine
from station_app.biometrics.evaluation.made_fingers import FingerMaker
from station_app.biometrics.evaluation.timing import Spread, Tell
from station_app.biometrics.evaluation.yardstick import times_as_fast, yardstick_of
from station_app.biometrics.fingerprint.engine import STATION_THREADS, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.errors import KnownError
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.samples import FingerImage

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
                "bench_too_few",
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
