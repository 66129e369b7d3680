"""Fingers of different voters that are one finger: every finger against the whole precinct.

The matching core says how strong the evidence is; the threshold is that of a 1:N search in
this list. A person decides what it means: a clerk's finger, one person twice, or chance.
Prints that lie upside down to each other are not found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.template import Template
from station_app.centre.enrolment import own_engine
from station_app.domain.decision import identify_threshold
from station_app.domain.gallery import GalleryChunk
from station_app.domain.policy import Policy
from station_app.domain.samples import position_of


@dataclass(frozen=True, slots=True)
class SharedFinger:
    """Two voters' fingers with evidence (-log10 FMR) above the threshold; `row` < `other_row`."""

    row: int
    position: int
    other_row: int
    other_position: int
    evidence: float


@dataclass(frozen=True, slots=True)
class PrecinctFingers:
    """All fingers of a precinct: packed, and their minutiae records in the same order."""

    chunks: tuple[GalleryChunk, ...]
    minutiae: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.minutiae)


class SharedSearch:
    """Searches a precinct's fingers in the precinct; in one process at a time."""

    def __init__(self, fingers: PrecinctFingers) -> None:
        self._minutiae = fingers.minutiae
        self._gallery = Gallery(fingers.chunks, ENGINE)
        keys = zip(self._gallery.rows.tolist(), self._gallery.positions.tolist(), strict=True)
        self._places = {key: place for place, key in enumerate(keys)}
        self._searcher = Searcher(
            own_engine(),
            self._gallery,
            lambda wanted: [self._minutiae[self._places[key]] for key in wanted],
        )

    def shared(self, places: range, policy: Policy) -> list[SharedFinger]:
        """Matches of the fingers at `places` with other voters' fingers, from either side."""
        threshold = identify_threshold(len(self._gallery), 1, policy)
        return [
            found
            for place in places
            for found in self._shared_by(place)
            if found.evidence >= threshold
        ]

    def _shared_by(self, place: int) -> Iterator[SharedFinger]:
        row, position = int(self._gallery.rows[place]), int(self._gallery.positions[place])
        (codes,) = self._gallery.codes_of(np.array([place], np.intp))
        probe = Template(unpack_minutiae(self._minutiae[place]), codes, 0, None, 0.0)
        # Its own finger is the first candidate, so that the list is not searched a second
        # time with the probe turned.
        for one in self._searcher.candidates(probe):
            if one.row != row:
                ends = sorted([(row, position), (one.row, int(position_of(one.met)))])
                yield SharedFinger(*ends[0], *ends[1], one.evidence)


def strongest(found: Iterable[SharedFinger]) -> list[SharedFinger]:
    """Each pair of fingers once, by the stronger of both looks; strongest first."""
    pairs: dict[tuple[int, int, int, int], SharedFinger] = {}
    for one in found:
        key = (one.row, one.position, one.other_row, one.other_position)
        if key not in pairs or pairs[key].evidence < one.evidence:
            pairs[key] = one
    return sorted(pairs.values(), key=lambda one: (-one.evidence, one.row, one.other_row))
