"""How enrolled fingers lie in memory, so that one search can run through all of them.

Fingers are sorted by their number of cylinders, most first, and cut into blocks. Within a
block the first cylinders of all its fingers lie together, then the second ones, and so on: a
whole block is one matrix product with the probe, and the best of every finger's cylinders an
element-wise maximum of equal arrays. The values the first stage reads lie apart from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import Parameters

BLOCK = 64
"""Fingers a block: its numbers, and what comes of them, then stay in the second-level cache."""

COARSE = 32
"""Values of a cylinder that the first stage reads."""


@dataclass(frozen=True, slots=True)
class PackedCodes:
    """The codes of n fingers, most cylinders first; a place is an index in that order.

    `coarse`: int8 (rows, 32), `fine`: int8 (rows, the others), a row a cylinder. Block b has
    the fingers from place b * `block` on; its rows begin at `starts[b]`, int64 (blocks + 1,),
    and slot s of its i-th finger is row `starts[b] + s * (fingers in the block) + i`. A block
    has the slots of its longest finger; what the others lack is zero.
    `counts`: uint8 (n,), cylinders, falling; `order`: intp (n,), index in list order.
    """

    coarse: NDArray[np.int8]
    fine: NDArray[np.int8]
    starts: NDArray[np.int64]
    counts: NDArray[np.uint8]
    order: NDArray[np.intp]
    block: int

    def __len__(self) -> int:
        """Number of fingers."""
        return len(self.counts)

    @property
    def memory(self) -> int:
        """Bytes of all arrays."""
        return sum(
            array.nbytes for array in (self.coarse, self.fine, self.starts, self.counts, self.order)
        )

    def codes_at(self, place: int) -> NDArray[np.int8]:
        """The codes of one finger as `pack_codes` got them, int8 (count, 64)."""
        first, step = self.first_rows(np.array([place]))
        rows = first + np.arange(self.counts[place]) * step
        ordered = np.concatenate([self.coarse[rows], self.fine[rows]], axis=1)
        return ordered[:, np.argsort(_column_order(ordered.shape[1]))]

    def first_rows(self, places: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row of the first cylinder of the fingers at `places`, and the step to their next."""
        blocks = places // self.block
        firsts = blocks * self.block
        steps = np.minimum(len(self) - firsts, self.block)
        rows: NDArray[np.intp] = self.starts[blocks] + places - firsts
        return rows, steps


class Kernel(Protocol):
    """Compares packed codes. All kernels give the same sums, up to rounding."""

    name: str

    def sums(
        self,
        packed: PackedCodes,
        probe: NDArray[np.int8],
        floor: float,
        whole: bool,
        places: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """Sum over the probe's cylinders of max(0, best dot product - `floor`)^2, a finger.

        `probe` is int8 (1..48, 64), columns as `columns_first` orders them; `floor`, not
        negative, is in units of the dot product of two codes, which is over all 64 values when
        `whole`, else over the first 32. `places` are the fingers wanted, all without it.
        """
        ...


def columns_first(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """`codes`, int8 (n, size), with the columns of the first stage in front.

    Those are the first principal components, which carry most, and the two of the direction,
    which `encode` puts last.
    """
    return np.ascontiguousarray(codes[:, _column_order(codes.shape[1])])


def _column_order(size: int) -> list[int]:
    return [*range(COARSE - 2), size - 2, size - 1, *range(COARSE - 2, size - 2)]


def pack_codes(
    parts: Sequence[tuple[NDArray[np.uint8], NDArray[np.int8]]], p: Parameters
) -> PackedCodes:
    """Packs (counts, codes) pairs of fingers in list order; codes are int8 (sum, 64)."""
    counts = np.concatenate([part[0] for part in parts])
    order = np.argsort(-counts.astype(np.int16), kind="stable")
    falling = counts[order]
    widths = np.diff(np.append(np.arange(0, len(counts), BLOCK), len(counts)))
    longest = np.maximum(falling[::BLOCK], 1).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(widths * longest)]).astype(np.int64)
    packed = PackedCodes(
        coarse=np.zeros((starts[-1], COARSE), np.int8),
        fine=np.zeros((starts[-1], p.code_size - COARSE), np.int8),
        starts=starts,
        counts=falling,
        order=order,
        block=BLOCK,
    )
    place_of = np.empty(len(order), np.intp)
    place_of[order] = np.arange(len(order))
    done = 0
    for part_counts, codes in parts:
        own = part_counts.astype(np.intp)
        rows, steps = packed.first_rows(place_of[done : done + len(own)])
        slots = np.arange(len(codes)) - np.repeat(np.cumsum(own) - own, own)
        into = np.repeat(rows, own) + slots * np.repeat(steps, own)
        ordered = columns_first(codes)
        packed.coarse[into], packed.fine[into] = ordered[:, :COARSE], ordered[:, COARSE:]
        done += len(own)
    return packed
