"""Fingers that two lists share: each finger of the one searched in the other.

Both are stored templates, so a comparison costs no image. A finger is looked at closely where
the prefilter ranks it among the `CLOSE` most alike; it is not tried upside down.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

import numpy as np

from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.chunk_content import chunk_arrays, chunk_content
from station_app.biometrics.fingerprint.close_look import comparison_scores, support_of
from station_app.biometrics.fingerprint.comparable import comparables
from station_app.biometrics.fingerprint.gallery import Fetch, Gallery
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.domain.gallery import GalleryChunk

CLOSE: Final = 4
"""How many of the most alike are compared closely, a finger."""


def strongest(
    own: Gallery, own_fetch: Fetch, index: int, known: Gallery, known_fetch: Fetch
) -> tuple[int, float] | None:
    """The row in `known` whose finger is most like the one at `index` of `own`; the evidence.

    None where there is nothing to compare. Raises `KnownError` `minutiae_damaged`,
    `gallery_damaged`.
    """
    (codes,) = own.codes_of(np.array([index]))
    if not len(codes) or not len(known):
        return None
    found, _ = known.best(codes, CLOSE)
    records = known_fetch([known.key(int(one)) for one in found])
    pairs = list(zip(map(unpack_minutiae, records), known.codes_of(found), strict=True))
    (record,) = own_fetch([own.key(index)])
    alone = comparables([(unpack_minutiae(record), codes)], STANDARD)
    others = comparables(pairs, STANDARD)
    strengths = evidence(comparison_scores(alone, others), support_of(alone, others))
    best = int(np.argmax(strengths))
    return int(known.rows[found[best]]), float(strengths[best])


def only_rows(chunks: Iterable[GalleryChunk], rows: Collection[int]) -> Iterator[GalleryChunk]:
    """The fingers of these rows, chunk by chunk."""
    wanted = np.array(sorted(rows), np.int32)
    for chunk in chunks:
        arrays = chunk_arrays(chunk)
        is_in = np.isin(arrays.rows, wanted)
        if is_in.any():
            codes = arrays.codes[np.repeat(is_in, arrays.counts)]
            parts = (arrays.positions[is_in], arrays.counts[is_in], codes)
            content = chunk_content(*(one.tobytes() for one in parts))
            yield GalleryChunk(chunk.engine, arrays.rows[is_in].astype("<i4").tobytes(), content)
