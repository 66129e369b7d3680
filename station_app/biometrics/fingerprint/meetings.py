"""Which fingers of one list are fingers of another: every one of these against all of those.

Both are stored templates, so a comparison costs no image. A finger is looked at closely where
the prefilter ranks it among the `CLOSE` most alike; it is not tried upside down.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.chunk_content import chunk_arrays, chunk_content
from station_app.biometrics.fingerprint.close_look import comparison_scores
from station_app.biometrics.fingerprint.comparable import comparables
from station_app.biometrics.fingerprint.gallery import Fetch, Gallery
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.domain.gallery import GalleryChunk

CLOSE: Final = 4
"""How many of the most alike are compared closely, a finger."""

Key = tuple[int, int]
"""Row and finger position."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The strongest of the others that a finger meets: its `row`, and the evidence."""

    finger: Key
    row: int
    evidence: float


class FingerSet:
    """Stored fingers of one list: their gallery and `fetch`, which reads their minutiae."""

    def __init__(self, gallery: Gallery, fetch: Fetch) -> None:
        self.gallery, self.fetch = gallery, fetch

    def __len__(self) -> int:
        """Number of fingers."""
        return len(self.gallery)

    def indices(self, keys: Collection[Key]) -> list[int]:
        """Where these fingers lie in the gallery; those it lacks are left out."""
        places = zip(self.gallery.rows.tolist(), self.gallery.positions.tolist(), strict=True)
        return [index for index, key in enumerate(places) if key in keys]

    def key(self, index: int) -> Key:
        """Row and position of the finger at `index`."""
        return int(self.gallery.rows[index]), int(self.gallery.positions[index])


def meetings(
    probes: FingerSet, chosen: Sequence[int], known: FingerSet, least: float
) -> Iterator[Meeting | None]:
    """One answer for each of the `chosen` fingers of `probes`, in their order.

    It is the strongest finger of `known` with evidence of `least` or more, None where there is
    none. Raises `KnownError` `minutiae_damaged`, `gallery_damaged`.
    """
    for index in chosen:
        yield _strongest(probes, index, known, least)


def _strongest(probes: FingerSet, index: int, known: FingerSet, least: float) -> Meeting | None:
    key = probes.key(index)
    (codes,) = probes.gallery.codes_of(np.array([index]))
    if not len(codes) or not len(known):
        return None
    found, _ = known.gallery.best(codes, CLOSE)
    pairs = [
        (unpack_minutiae(record), own)
        for record, own in zip(
            known.fetch([known.key(int(one)) for one in found]),
            known.gallery.codes_of(found),
            strict=True,
        )
    ]
    alone = comparables([(unpack_minutiae(probes.fetch([key])[0]), codes)], STANDARD)
    strengths = evidence(comparison_scores(alone, comparables(pairs, STANDARD), STANDARD, None))
    best = int(np.argmax(strengths))
    if strengths[best] < least:
        return None
    return Meeting(key, int(known.gallery.rows[found[best]]), float(strengths[best]))


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
