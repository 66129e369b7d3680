"""Fair timing on a known machine: cases take turns, medians, CPU time beside the wall's.

On a shared machine the wall clock measures the neighbours too. The CPU time of the process
counts all its threads, and only them.
"""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import cv2
import numpy as np
import onnxruntime

_PROC = Path("/proc")
_CGROUP = Path("/sys/fs/cgroup")
_SIDE = 1024
_VECTOR_SETS = ("avx2", "fma", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni")


@dataclass(frozen=True, slots=True)
class Machine:
    """`cores` may be used by this process. `load` is of the last minute, at the start; None
    where the system has no such figure. `vector_sets` are those of the CPU that matter here.
    `product_ms` is the fastest product of two 1024 x 1024 float32 matrices, CPU
    milliseconds: times of different machines can be compared in it.
    """

    cpu: str
    cores: int
    vector_sets: tuple[str, ...]
    memory_mb: int | None
    system: str
    python: str
    numpy: str
    onnxruntime: str
    opencv: str
    numerics_threads: str
    load: float | None
    product_ms: float


def this_machine() -> Machine:
    """The machine as it is now; takes a quarter of a second."""
    memory = _kilobytes(_PROC / "meminfo", "MemTotal")
    return Machine(
        cpu=_cpu_fact("model name") or platform.processor() or platform.machine(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _cores(),
        vector_sets=tuple(one for one in _VECTOR_SETS if one in _cpu_fact("flags").split()),
        memory_mb=None if memory is None else memory // 1024,
        system=platform.platform(),
        python=platform.python_version(),
        numpy=np.__version__,
        onnxruntime=onnxruntime.__version__,
        opencv=cv2.__version__,
        numerics_threads=os.environ.get("OPENBLAS_NUM_THREADS", ""),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        product_ms=round(product_ms(), 2),
    )


def product_ms() -> float:
    """The fastest of several products of two 1024 x 1024 float32 matrices, CPU milliseconds."""
    one = np.random.default_rng(1).random((_SIDE, _SIDE), np.float32)
    times = []
    for _ in range(9):
        begun = process_time()
        one @ one
        times.append((process_time() - begun) * 1000)
    return min(times)


def free_bytes() -> int | None:
    """Memory this process may still take, None where the system does not tell.

    In a container that is what its control group leaves, if less than the machine's.
    """
    free = _kilobytes(_PROC / "meminfo", "MemAvailable")
    if free is None:
        return None
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = int((_CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        limit, used = "max", 0
    return free * 1024 if limit == "max" else min(free * 1024, int(limit) - used)


def resident_mb(peak: bool = False) -> float | None:
    """Memory this process holds, or the most it ever held; None where nobody tells."""
    size = _kilobytes(_PROC / "self" / "status", "VmHWM" if peak else "VmRSS")
    return None if size is None else round(size / 1024, 1)


def _cores() -> int:
    return os.cpu_count() or 1


def _cpu_fact(name: str) -> str:
    try:
        lines = (_PROC / "cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _kilobytes(file: Path, name: str) -> int | None:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(name + ":")), None)


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
