"""A searcher over fingers that are in memory, as evaluations need it."""

from collections.abc import Iterable

from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.gallery import EnrolledTemplate


def searcher_of(engine: FingerEngine, fingers: Iterable[tuple[int, EnrolledTemplate]]) -> Searcher:
    """Searches `fingers`, pairs of a voter's row and one finger, each position once a row."""
    enrolled = list(fingers)
    records = {(row, int(finger.position)): finger.content for row, finger in enrolled}
    gallery = Gallery(pack(enrolled), engine.name, engine.parameters)
    return Searcher(engine, gallery, lambda wanted: [records[place] for place in wanted])
