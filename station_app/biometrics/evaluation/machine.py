"""What figures were measured on: the machine, its load, its memory."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from time import process_time

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
