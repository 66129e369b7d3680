"""Fair timing: cases take turns, medians, CPU time of the process beside the wall's.

On a shared machine the wall clock measures the neighbours too. The CPU time of the process
counts all its threads, and only them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

Tell = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of `runs` calls: median, 95th percentile, mean; CPU and wall clock."""

    cpu_p50: float
    cpu_p95: float
    cpu_mean: float
    wall_p50: float
    wall_p95: float
    runs: int


def interleaved(
    cases: Mapping[str, Callable[[Input], object]], inputs: Sequence[Input], tell: Tell
) -> dict[str, Spread]:
    """Time every case on every input (at least one), all cases on one input before the next.

    So a busy moment of the machine falls on all of them. Which case begins changes from
    input to input, and each is called once beforehand, untimed.
    """
    names = list(cases)
    cpu: dict[str, list[float]] = {name: [] for name in names}
    wall: dict[str, list[float]] = {name: [] for name in names}
    tell(0, len(inputs))
    for case in cases.values():
        case(inputs[0])
    for turn, one in enumerate(inputs):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            begun, spent = perf_counter(), process_time()
            cases[name](one)
            cpu[name].append((process_time() - spent) * 1000)
            wall[name].append((perf_counter() - begun) * 1000)
        tell(turn + 1, len(inputs))
    return {name: _spread(cpu[name], wall[name]) for name in names}


def _spread(cpu: Sequence[float], wall: Sequence[float]) -> Spread:
    figures = (*np.percentile(cpu, [50, 95]), np.mean(cpu), *np.percentile(wall, [50, 95]))
    c50, c95, mean, w50, w95 = (round(float(figure), 4) for figure in figures)
    return Spread(c50, c95, mean, w50, w95, runs=len(cpu))
