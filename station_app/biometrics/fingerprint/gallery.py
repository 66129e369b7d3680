"""Stage 6: the enrolled fingers in memory, and the search for the most similar of them.

The search has two stages. The first compares the 32 most confident cylinders of the probe by
the 32 values that carry most; the second compares the best tenth of the list by everything.
"""

from collections.abc import Callable, Iterable
from copy import copy
from math import ceil
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.chunk_content import ChunkArrays, chunk_arrays
from station_app.biometrics.fingerprint.packed_codes import Kernel, columns_first, pack_codes
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.prefilter_compiled import (
    KernelMissingError,
    compiled_kernel,
)
from station_app.biometrics.fingerprint.prefilter_numpy import NumpyKernel
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import GalleryChunk, other_engine

Fetch = Callable[[list[tuple[int, int]]], list[bytes]]
"""(row, finger position) pairs to the minutiae records stored for them, in the same order."""

KernelName = Literal["auto", "compiled", "numpy"]
"""The kernel that compares: `make kernel` builds `compiled`; `auto` uses it where it is faster."""


class Gallery:
    """All enrolled fingers of one list, 64 bytes a cylinder, at most 3.2 kB a finger.

    Built once from chunks in list order; one search at a time uses it. Raises
    `KnownError("gallery_engine")` when a chunk was made by another engine,
    `KnownError("gallery_damaged")` when its arrays disagree, and
    `KnownError("kernel_missing")` when `kernel` is "compiled" and there is none to load.
    """

    def __init__(
        self,
        chunks: Iterable[GalleryChunk],
        engine: str,
        p: Parameters = STANDARD,
        kernel: KernelName = "auto",
    ) -> None:
        self._p, self._kernel = p, _chosen_kernel(kernel)
        parts = [_arrays(chunk, engine, p) for chunk in chunks]
        if not parts:
            parts = [_arrays(GalleryChunk(engine, b"", b""), engine, p)]
        self.rows = np.concatenate([part.rows for part in parts])
        self.positions = np.concatenate([part.positions for part in parts])
        self.counts = np.concatenate([part.counts for part in parts])
        self._packed = pack_codes([(part.counts, part.codes) for part in parts], p)
        self._places = np.argsort(self._packed.order)
        self._by_row = np.argsort(self.rows, kind="stable")
        self._sorted_rows = self.rows[self._by_row]

    def __len__(self) -> int:
        """Number of fingers."""
        return len(self.rows)

    @property
    def memory(self) -> int:
        """Bytes kept for all fingers together."""
        index = (self.rows, self.positions, self.counts, self._places, self._by_row)
        arrays = sum(array.nbytes for array in (*index, self._sorted_rows))
        return self._packed.memory + arrays

    @property
    def kernel(self) -> str:
        """The kernel in use: "numpy", or "compiled" and the processor features it uses."""
        return self._kernel.name

    def with_kernel(self, kernel: KernelName) -> Self:
        """The same fingers, not copied, compared by `kernel`; for measuring."""
        twin = copy(self)
        twin._kernel = _chosen_kernel(kernel)
        return twin

    def key(self, index: int) -> tuple[int, int]:
        """Row and position of the finger at `index`."""
        return int(self.rows[index]), int(self.positions[index])

    def fingers_of(self, row: int) -> NDArray[np.intp]:
        """Indices of the fingers of the voter in `row`, possibly none."""
        first, last = np.searchsorted(self._sorted_rows, [row, row + 1])
        return np.asarray(self._by_row[first:last], np.intp)

    def codes_of(self, fingers: NDArray[np.intp]) -> list[NDArray[np.int8]]:
        """The codes of the fingers at these indices, int8 (count, 64) each."""
        return [self._packed.codes_at(place) for place in self._places[fingers].tolist()]

    def scores(self, probe: NDArray[np.int8]) -> NDArray[np.float32]:
        """Prefilter score of every finger, float32 (len(self),), in list order: one pass.

        `probe` is int8 (n, 64), n at most 48. The score is the sum over the probe's cylinders
        of max(0, best similarity - `prefilter_floor`)^2, over sqrt(n1 n2).
        """
        if len(probe) == 0 or len(self) == 0:
            return np.zeros(len(self), np.float32)
        return np.asarray(self._whole(columns_first(probe))[self._places], np.float32)

    def best(
        self, probe: NDArray[np.int8], count: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The `count` fingers most similar to `probe`: indices and `scores`, highest first.

        Two stages, see the module. The scores are those of `scores`; a finger of them may be
        missed if the first stage ranks it below the best `shortlist_share` of the list.
        """
        p, size = self._p, len(self)
        listed = max(count, p.shortlist_least, ceil(p.shortlist_share * size))
        if 2 * listed >= size or len(probe) == 0:  # the first stage would cost more than it saves
            scores = self.scores(probe)
            chosen = _highest(scores, count)
            return chosen, scores[chosen]
        codes = columns_first(probe)
        floor = p.coarse_floor * p.code_scale**2
        coarse = self._kernel.sums(self._packed, codes[: p.coarse_cylinders], floor, whole=False)
        coarse /= np.sqrt(np.maximum(self._packed.counts, 1), dtype=np.float32)
        places = np.sort(_highest(coarse, listed))  # in the order of memory
        scores = self._whole(codes, places)
        chosen = _highest(scores, count)
        return self._packed.order[places[chosen]], scores[chosen]

    def _whole(
        self, codes: NDArray[np.int8], places: NDArray[np.intp] | None = None
    ) -> NDArray[np.float32]:
        """Scores by all cylinders and values, in the order of `places` or of memory."""
        p, counts = self._p, self._packed.counts
        if places is not None:
            counts = counts[places]
        floor = p.prefilter_floor * p.code_scale**2
        sums = self._kernel.sums(self._packed, codes, floor, True, places)
        lengths = np.sqrt(np.maximum(counts, 1) * np.float32(len(codes)))
        return np.asarray(sums / (lengths * np.float32(p.code_scale**4)), np.float32)


def _chosen_kernel(name: KernelName) -> Kernel:
    if name == "numpy":
        return NumpyKernel()
    try:
        kernel = compiled_kernel()
    except KernelMissingError as why:
        if name == "auto":
            return NumpyKernel()
        raise KnownError(
            Code.KERNEL_MISSING,
            f"The compiled kernel cannot be used: {why}. Run `make kernel`, or choose numpy.",
        ) from why
    return kernel if name == "compiled" or kernel.outruns_numpy else NumpyKernel()


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Indices of the `count` highest scores, highest first."""
    chosen = np.arange(len(scores))
    if len(scores) > count:
        chosen = np.argpartition(-scores, count)[:count]
    return chosen[np.argsort(-scores[chosen], kind="stable")]


def _arrays(chunk: GalleryChunk, engine: str, p: Parameters) -> ChunkArrays:
    if chunk.engine != engine:
        raise other_engine([chunk.engine], engine)
    return chunk_arrays(chunk, p)
