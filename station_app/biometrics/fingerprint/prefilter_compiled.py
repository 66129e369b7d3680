"""The prefilter compiled from C: the same sums as the numpy kernel's, several times as fast.

`make kernel` builds it, where there is a C compiler, and writes its digest beside it. A library
is only loaded if its name has the checksum of the source this program came with, if it is the
file that was built, and if nobody but the program's owner can have changed either: loading runs
what is in it. Then it has to say the same ABI number and get a small sum right. An old or a
foreign one is not used, and numpy does the work.

The digest is no signature: who may write the program's own files can write both, and the
program too (ADR 0027).
"""

import ctypes
import hashlib
import os
import platform
from ctypes import c_float, c_int32, c_int64, c_void_p
from functools import lru_cache
from pathlib import Path
from stat import S_ISLNK

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.packed_codes import PackedCodes, pack_codes
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.prefilter_numpy import NumpyKernel

SOURCE = Path(__file__).with_name("kernel") / "prefilter.c"
ABI = 1
PATHS = ("portable", "avx2", "avx-vnni", "avx512-vnni")
"""Processor features in the library's numbering; the last available one is used."""

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


def digest_path(library: Path) -> Path:
    """Where the build says what it built."""
    return library.with_name(library.name + ".sha256")


def record_build(library: Path) -> None:
    """Say that the library is what was built; nobody else may write it from now on."""
    digest = digest_path(library)
    digest.write_text(hashlib.sha256(library.read_bytes()).hexdigest() + "\n", encoding="ascii")
    for path, mode in ((digest, 0o644), (library, 0o755), (library.parent, 0o755)):
        path.chmod(mode)


def refuse_unbuilt(library: Path) -> None:
    """Raise `KernelMissingError` unless the library is the one that was built, and nobody but
    the owner of the program, this user or root may have written it or its digest.
    """
    digest = digest_path(library)
    try:
        owners = {0, os.geteuid(), SOURCE.stat().st_uid}
        for path in (library.parent, library, digest):
            about = path.lstat()
            if about.st_mode & 0o022 or about.st_uid not in owners or S_ISLNK(about.st_mode):
                raise KernelMissingError(f"others may write {path}; `make kernel` builds it anew")
        content, expected = library.read_bytes(), digest.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as fault:
        raise KernelMissingError(f"{library} cannot be checked: {fault}") from fault
    if hashlib.sha256(content).hexdigest() != expected:
        raise KernelMissingError(f"{library} is not what was built; `make kernel` builds it anew")


def library_path() -> Path:
    """Where the library of `SOURCE` for this machine is built and looked for."""
    checksum = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return SOURCE.parent / "build" / f"prefilter-{checksum}-{machine}.so"


@lru_cache
def compiled_kernel() -> CompiledKernel:
    """The kernel that `make kernel` built. Raises `KernelMissingError`."""
    try:
        path = library_path()
    except OSError as fault:
        raise KernelMissingError(f"the kernel's source cannot be read: {fault}") from fault
    if not path.exists():
        raise KernelMissingError("it is not built; `make kernel` builds it")
    refuse_unbuilt(path)
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
