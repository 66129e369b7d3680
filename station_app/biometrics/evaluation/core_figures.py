"""What goes into the measurement of the core's speed, and what comes out of it."""

from dataclasses import dataclass

from station_app.biometrics.evaluation.finger_speed import ExtractionTimes, VerdictTimes
from station_app.biometrics.evaluation.gallery_growth import Growth, Line
from station_app.biometrics.evaluation.machine import Machine
from station_app.biometrics.evaluation.timing import Spread
from station_app.biometrics.evaluation.yardstick import Yardstick
from station_app.domain.samples import FingerImage


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
