"""The prefilter compiled from C: the same sums as the numpy kernel's, several times as fast.

`make kernel` builds it, where there is a C compiler. A library is only loaded if its name has
the checksum of the source this program came with, if it says the same ABI number, and if it
gets a small sum right: an old or a foreign one is not used, and numpy does the work.
"""

import ctypes
import hashlib
import platform
from ctypes import c_float, c_int32, c_int64, c_void_p
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.packed_codes import PackedCodes, pack_codes
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.prefilter_numpy import NumpyKernel

SOURCE = Path(__file__).with_name("kernel") / "prefilter.c"
ABI = 1
PATHS = ("portable", "avx2", "avx-vnni", "avx512-vnni")
"""What the library may use, in the order of its numbers; the last one it can use is taken."""

_FINE, _MOST_CYLINDERS = 32, 48  # what prefilter.c is written for
_ARGUMENTS = (
    c_int32, c_void_p, c_void_p, c_void_p, c_void_p, c_int64, c_int64, c_void_p, c_int64,
    c_void_p, c_int32, c_float, c_void_p,
)  # fmt: skip


class KernelMissingError(Exception):
    """There is no compiled kernel to use; the message says why."""


class CompiledKernel:
    """The library at `path`, of which the fastest way this processor has is used.

    `way` is one of `PATHS`, to try another. Without vectors numpy is the faster one, as
    `outruns_numpy` tells. Raises `KernelMissingError`.
    """

    def __init__(self, path: Path, way: str | None = None) -> None:
        try:
            library = ctypes.CDLL(str(path))
            abi, can, self._sums = (
                library.prefilter_abi, library.prefilter_can, library.prefilter_sums
            )  # fmt: skip
        except (OSError, AttributeError) as fault:
            raise KernelMissingError(f"{path} cannot be loaded: {fault}") from fault
        if abi() != ABI:
            raise KernelMissingError(f"{path} has the ABI {abi()}, this program has {ABI}")
        self._sums.argtypes, self._sums.restype = _ARGUMENTS, None
        ways = [name for number, name in enumerate(PATHS) if can(number)]
        way = way or ways[-1]
        if way not in ways:
            raise KernelMissingError(f"this processor has no {way}")
        self._way = PATHS.index(way)
        self.name = f"compiled {way}"
        self.outruns_numpy = way != PATHS[0]
        if not _agrees_with_numpy(self):
            raise KernelMissingError(f"{path} computes wrongly")

    def sums(
        self,
        packed: PackedCodes,
        probe: NDArray[np.int8],
        floor: float,
        whole: bool,
        places: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """As `Kernel` promises."""
        if packed.fine.shape[1] != _FINE or len(probe) > _MOST_CYLINDERS:
            raise ValueError("the compiled kernel is for 64 values and at most 48 cylinders")
        probe = np.ascontiguousarray(probe, np.int8)
        if places is not None:
            places = np.ascontiguousarray(places, np.int64)
        answer = np.empty(len(packed) if places is None else len(places), np.float32)
        self._sums(
            self._way,
            packed.coarse.ctypes.data,
            packed.fine.ctypes.data if whole else None,
            packed.starts.ctypes.data,
            packed.counts.ctypes.data,
            len(packed),
            packed.block,
            None if places is None else places.ctypes.data,
            len(answer),
            probe.ctypes.data,
            len(probe),
            floor,
            answer.ctypes.data,
        )
        return answer


def library_path() -> Path:
    """Where the library of `SOURCE` for this machine is built and looked for."""
    checksum = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return SOURCE.parent / "build" / f"prefilter-{checksum}-{machine}.so"


@lru_cache
def compiled_kernel() -> CompiledKernel:
    """The kernel `make kernel` built. Raises `KernelMissingError`."""
    try:
        path = library_path()
    except OSError as fault:
        raise KernelMissingError(f"the kernel's source cannot be read: {fault}") from fault
    if not path.exists():
        raise KernelMissingError("it is not built; `make kernel` builds it")
    return CompiledKernel(path)


def _agrees_with_numpy(kernel: CompiledKernel) -> bool:
    """Compares sums of a few fingers, the largest products among them."""
    rng = np.random.default_rng(0)
    counts = np.array([48, 1, 0, 7], np.uint8)
    codes = rng.integers(-127, 128, (int(counts.sum()), STANDARD.code_size), np.int8)
    codes[0] = -127
    packed, probe = pack_codes([(counts, codes)], STANDARD), codes[:21]
    return all(
        np.allclose(
            kernel.sums(packed, probe, 1000.0, whole, places),
            NumpyKernel().sums(packed, probe, 1000.0, whole, places),
            rtol=1e-5,
        )
        for whole in (True, False)
        for places in (None, np.array([0, 3]))
    )
