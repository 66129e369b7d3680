"""Stage 6: the enrolled fingers in memory, and the search that scores all of them.

Templates are sorted by their number of cylinders and cut into blocks; within a block the
first cylinders of all templates lie together, then the second ones, and so on. One matrix
product a slot then compares every template's cylinder with all of the probe's, and the
maximum over slots is an element-wise maximum of equal arrays.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.errors import KnownError
from station_app.domain.gallery import GalleryChunk

BLOCK = 2048
_STRIP = 1024  # templates a product: the product's result then stays in the cache


@dataclass(frozen=True, slots=True)
class _Block:
    """Templates `start`.. of the sorted order; `slots[s]` is int8 (n_s, 64), n_s falling."""

    start: int
    counts: NDArray[np.float32]
    slots: tuple[NDArray[np.int8], ...]


class Gallery:
    """All enrolled fingers of one list, 64 bytes a cylinder, at most 3.1 kB a finger.

    Built once from chunks in list order. Raises `KnownError("gallery_engine")` when a chunk
    was made by another engine, `KnownError("gallery_damaged")` when its arrays disagree.
    """

    def __init__(
        self, chunks: Iterable[GalleryChunk], engine: str, p: Parameters = STANDARD
    ) -> None:
        self._p = p
        parts = [_unpacked(chunk, engine, p) for chunk in chunks]
        if not parts:
            parts = [_unpacked(GalleryChunk(engine, b"", b"", b"", b""), engine, p)]
        self.rows = np.concatenate([part[0] for part in parts])
        self.positions = np.concatenate([part[1] for part in parts])
        self.counts = np.concatenate([part[2] for part in parts])
        self._order = np.argsort(-self.counts.astype(np.int32), kind="stable")
        self._blocks = _sorted_blocks([part[3] for part in parts], self.counts, self._order)
        by_row = np.argsort(self.rows, kind="stable")
        self._by_row, self._sorted_rows = by_row, self.rows[by_row]
        # Work arrays: one search at a time uses a gallery, on the matching lane.
        self._floats = np.empty((_STRIP, p.code_size), np.float32)
        self._products = np.empty((_STRIP, p.max_cylinders), np.float32)
        self._best = np.empty((_STRIP, p.max_cylinders), np.float32)

    def __len__(self) -> int:
        """Number of fingers."""
        return len(self.rows)

    @property
    def memory(self) -> int:
        """Bytes kept for all fingers together."""
        codes = sum(slot.nbytes for block in self._blocks for slot in block.slots)
        index = (self.rows, self.positions, self.counts, self._order, self._by_row)
        return codes + sum(array.nbytes for array in (*index, self._sorted_rows))

    def fingers_of(self, row: int) -> NDArray[np.intp]:
        """Indices of the fingers of the voter in `row`, possibly none."""
        first, last = np.searchsorted(self._sorted_rows, [row, row + 1])
        return np.asarray(self._by_row[first:last], np.intp)

    def codes_of(self, fingers: NDArray[np.intp]) -> list[NDArray[np.int8]]:
        """The codes of the fingers at these indices, int8 (count, 64) each."""
        places = np.empty(len(self), np.intp)
        places[self._order] = np.arange(len(self))
        found = []
        for finger in fingers:
            number, inside = divmod(int(places[finger]), BLOCK)
            slots = self._blocks[number].slots[: int(self.counts[finger])]
            found.append(np.stack([slot[inside] for slot in slots]))
        return found

    def scores(self, probe: NDArray[np.int8]) -> NDArray[np.float32]:
        """Prefilter score of every finger, float32 (len(self),), in list order.

        `probe` is int8 (n, 64), n at most 48. The score is the sum over the probe's
        cylinders of max(0, best similarity - `prefilter_floor`)^2, over sqrt(n1 n2).
        """
        answer = np.zeros(len(self), np.float32)
        if len(probe) == 0:
            return answer
        scaled = probe.T.astype(np.float32) / np.float32(self._p.code_scale**2)
        for block in self._blocks:
            for start in range(0, len(block.counts), _STRIP):
                counts = block.counts[start : start + _STRIP]
                sums = self._strip_sums(block, start, len(counts), scaled)
                places = self._order[block.start + start :][: len(counts)]
                answer[places] = sums / np.sqrt(counts * len(probe))
        return answer

    def _strip_sums(
        self, block: _Block, start: int, size: int, scaled: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        best = self._best[:size, : scaled.shape[1]]
        best.fill(self._p.prefilter_floor)
        for slot in block.slots:
            codes = slot[start : start + size]
            n = len(codes)
            if n == 0:
                break
            floats, products = self._floats[:n], self._products[:n, : scaled.shape[1]]
            floats[:] = codes
            np.matmul(floats, scaled, out=products)
            np.maximum(best[:n], products, out=best[:n])
        best -= np.float32(self._p.prefilter_floor)
        return np.asarray(np.einsum("ij,ij->i", best, best), np.float32)


def _sorted_blocks(
    codes: list[NDArray[np.int8]], counts: NDArray[np.uint8], order: NDArray[np.intp]
) -> list[_Block]:
    whole = np.concatenate(codes)
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.intp)])[:-1]
    blocks = []
    for begin in range(0, len(order), BLOCK):
        members = order[begin : begin + BLOCK]
        sizes = counts[members].astype(np.intp)
        slots = tuple(
            whole[starts[members[sizes > slot]] + slot] for slot in range(int(sizes.max(initial=0)))
        )
        blocks.append(_Block(begin, np.maximum(sizes, 1).astype(np.float32), slots))
    return blocks


def _unpacked(
    chunk: GalleryChunk, engine: str, p: Parameters
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int8]]:
    if chunk.engine != engine:
        raise KnownError(
            "gallery_engine",
            f"The voter list was made for the engine {chunk.engine}, this program has {engine}; "
            "ask the commission's centre for a list made for this version.",
        )
    counts = np.frombuffer(chunk.counts, np.uint8)
    cylinders = int(counts.sum(dtype=np.int64))
    consistent = (
        len(chunk.rows) == 4 * len(counts)
        and len(chunk.positions) == len(counts)
        and len(chunk.encodings) == cylinders * p.code_size
        and int(counts.max(initial=0)) <= p.max_cylinders
    )
    if not consistent:
        raise KnownError(
            "gallery_damaged",
            "The fingers of the voter list are damaged; load the list again from its medium.",
        )
    rows = np.frombuffer(chunk.rows, "<i4").astype(np.int32)
    positions = np.frombuffer(chunk.positions, np.uint8)
    codes = np.frombuffer(chunk.encodings, np.int8).reshape(cylinders, p.code_size)
    return rows, positions, counts, codes
