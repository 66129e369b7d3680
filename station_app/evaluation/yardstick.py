"""This core against mindtct and bozorth3, all from the same run."""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.evaluation.finger_speed import (
    BOZORTH3,
    MINDTCT,
    ONE_THREAD,
    OURS,
    ExtractionTimes,
    VerdictTimes,
)
from station_app.evaluation.gallery_growth import DEFAULT, WHOLE, Growth
from station_app.evaluation.timing import Spread


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
