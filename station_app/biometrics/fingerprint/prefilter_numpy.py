"""The prefilter in numpy: the reference, and what runs where nothing is compiled.

Codes are whole numbers, and so are their products: below 2^24 float32 holds them exactly, in
whatever order they are added. Only the last sum over the probe's cylinders rounds.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.packed_codes import COARSE, PackedCodes


class NumpyKernel:
    """One matrix product a block of fingers. One search at a time: it keeps work arrays."""

    name = "numpy"

    def __init__(self) -> None:
        self._codes, self._products = _Room(), _Room()

    def sums(
        self,
        packed: PackedCodes,
        probe: NDArray[np.int8],
        floor: float,
        whole: bool,
        places: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """As `Kernel` promises."""
        columns = probe.shape[1] if whole else COARSE
        against = np.ascontiguousarray(probe[:, :columns].T, np.float32)
        answer = np.empty(len(packed) if places is None else len(places), np.float32)
        for begin in range(0, len(answer), packed.block):
            if places is None:
                codes = self._block(packed, begin // packed.block, columns)
            else:
                chosen = places[begin : begin + packed.block]
                codes = self._chosen(packed, chosen, columns)
            answer[begin : begin + packed.block] = self._over_floor(codes, against, floor)
        return answer

    def _block(self, packed: PackedCodes, block: int, columns: int) -> NDArray[np.float32]:
        """The codes of a whole block, float32 (slots, fingers, columns)."""
        width = min(packed.block, len(packed) - block * packed.block)
        rows = slice(*packed.starts[block : block + 2].tolist())
        codes = self._codes.of(rows.stop - rows.start, columns)
        codes[:, :COARSE] = packed.coarse[rows]
        if columns > COARSE:
            codes[:, COARSE:] = packed.fine[rows]
        return codes.reshape(-1, width, columns)

    def _chosen(
        self, packed: PackedCodes, places: NDArray[np.intp], columns: int
    ) -> NDArray[np.float32]:
        """The codes of some fingers, float32 (slots, fingers, columns).

        Where a finger has fewer cylinders its last one is repeated: no maximum changes.
        """
        lasts = np.maximum(packed.counts[places], 1).astype(np.intp) - 1
        slots = np.minimum(np.arange(int(lasts.max()) + 1)[:, np.newaxis], lasts)
        firsts, steps = packed.first_rows(places)
        rows = (firsts + slots * steps).astype(np.intp).ravel()
        codes = self._codes.of(len(rows), columns)
        codes[:, :COARSE] = packed.coarse.take(rows, axis=0)
        if columns > COARSE:
            codes[:, COARSE:] = packed.fine.take(rows, axis=0)
        return codes.reshape(-1, len(places), columns)

    def _over_floor(
        self, codes: NDArray[np.float32], against: NDArray[np.float32], floor: float
    ) -> NDArray[np.float32]:
        slots, fingers, columns = codes.shape
        products = self._products.of(slots * fingers, against.shape[1])
        np.matmul(codes.reshape(-1, columns), against, out=products)
        best = products.reshape(slots, -1).max(axis=0).reshape(fingers, -1)
        np.maximum(best - np.float32(floor), 0, out=best)
        return np.asarray(np.einsum("ij,ij->i", best, best), np.float32)


class _Room:
    """A float32 array used again and again, and grown when it is too small."""

    def __init__(self) -> None:
        self._numbers = np.empty(0, np.float32)

    def of(self, *shape: int) -> NDArray[np.float32]:
        size = prod(shape)
        if size > len(self._numbers):
            self._numbers = np.empty(size, np.float32)
        return self._numbers[:size].reshape(shape)
