"""The trial of a list: a few enrolled fingers have to find themselves in it."""

import numpy as np

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.search import Fetch, Searcher

TRIED = 3
"""Enough to find parts that were mixed up as a whole; every byte is checked elsewhere."""


def finds_its_own(engine: FingerEngine, gallery: Gallery, fetch: Fetch) -> bool:
    """Whether fingers from all over the list are found where they are enrolled.

    In each of `TRIED` equal parts the finger with the most codes is tried: its codes are made
    anew from its stored minutiae, so that minutiae, codes and rows must belong together. No
    other voter may have stronger evidence (an equal one may: two voters can share a finger).
    A list without fingers has nothing to try. Raises `KnownError` `gallery_damaged`,
    `minutiae_damaged`.
    """
    searcher = Searcher(engine, gallery, fetch)
    parts = np.array_split(np.arange(len(gallery)), TRIED)
    tried = [int(part[np.argmax(gallery.counts[part])]) for part in parts if len(part)]
    return all(_is_found(engine, gallery, fetch, searcher, finger) for finger in tried)


def _is_found(
    engine: FingerEngine, gallery: Gallery, fetch: Fetch, searcher: Searcher, finger: int
) -> bool:
    row, position = int(gallery.rows[finger]), int(gallery.positions[finger])
    minutiae = unpack_minutiae(fetch([(row, position)])[0])
    # A template has the minutiae with a code first; the engine wants the surest first.
    surest_first = np.argsort(-minutiae.confidences.astype(np.int32), kind="stable")
    found = searcher.candidates(engine.template_of(minutiae.picked(surest_first)))
    own = [one.evidence for one in found if one.row == row]
    return bool(own) and own[0] > 0 and own[0] >= found[0].evidence
