"""Portraits of different voters that show one face: every face against the whole precinct.

The threshold is that of a 1:N search in this list. A person decides what it means: one photo filed
twice, one person twice, relatives, or chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from station_app.biometrics.engines import packed, usable
from station_app.biometrics.face.search import FaceSearcher
from station_app.domain.decision import identify_threshold
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.policy import Policy
from station_app.domain.samples import FaceShots


@dataclass(frozen=True, slots=True)
class SharedFace:
    """Two voters' faces with evidence (-log10 FMR) above the threshold; `row` < `other_row`."""

    row: int
    other_row: int
    evidence: float


@dataclass(frozen=True, slots=True)
class _PrecinctFaces:
    """A store of a precinct's faces, as a list has them."""

    faces: Sequence[tuple[int, EnrolledTemplate]]

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        """See `TemplateStore`."""
        return packed([pair for pair in self.faces if pair[1].engine == engine])

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        """See `TemplateStore`."""
        known = {row: one.content for row, one in self.faces if one.engine == engine}
        return [known[row] for row, _ in keys]


def shared_faces(faces: Sequence[tuple[int, EnrolledTemplate]], policy: Policy) -> list[SharedFace]:
    """The pairs of voters, strongest evidence first; `faces` are (row, template), all engines'."""
    names = sorted({one.engine for _, one in faces})
    if not names:
        return []
    searcher = usable(names)[FaceShots].matcher(_PrecinctFaces(faces))
    assert isinstance(searcher, FaceSearcher)
    rows = len({row for row, _ in faces})
    found = [SharedFace(*pair) for pair in searcher.alike(identify_threshold(rows, 1, policy))]
    return sorted(found, key=lambda one: (-one.evidence, one.row, one.other_row))
