"""The finger engine's content of a gallery chunk, and its layout.

For n fingers, one array after the other without gaps:

| bytes | type | what |
|---|---|---|
| n | uint8 | ISO/IEC 19794-2 finger positions |
| n | uint8 | cylinders of each finger, 1 to 48 |
| 64 a cylinder | int8 | the cylinders' codes, finger after finger |
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import GalleryChunk


@dataclass(frozen=True, slots=True)
class ChunkArrays:
    """A chunk's arrays, the last three without copying: rows int32, positions uint8 and counts
    uint8 (n,), codes int8 (sum of counts, 64).
    """

    rows: NDArray[np.int32]
    positions: NDArray[np.uint8]
    counts: NDArray[np.uint8]
    codes: NDArray[np.int8]


def chunk_content(positions: bytes, counts: bytes, codes: bytes) -> bytes:
    """The content of a chunk."""
    return b"".join((positions, counts, codes))


def chunk_arrays(chunk: GalleryChunk, p: Parameters = STANDARD) -> ChunkArrays:
    """The inverse of `chunk_content`. Raises `KnownError` `gallery_damaged`."""
    n, content = len(chunk), chunk.content
    counts = np.frombuffer(content, np.uint8)[n : 2 * n]
    cylinders = int(counts.sum(dtype=np.int64))
    consistent = (
        len(chunk.rows) == 4 * n
        and len(content) == 2 * n + cylinders * p.code_size
        and int(counts.max(initial=0)) <= p.max_cylinders
    )
    if not consistent:
        raise KnownError(
            Code.GALLERY_DAMAGED,
            "The fingers of the voter list are damaged; load the list again from its medium.",
        )
    codes = np.frombuffer(content, np.int8)[2 * n :]
    return ChunkArrays(
        rows=np.frombuffer(chunk.rows, "<i4").astype(np.int32),
        positions=np.frombuffer(content, np.uint8)[:n],
        counts=counts,
        codes=codes.reshape(cylinders, p.code_size),
    )
