"""One sample of a face against the list: cosines with all of it, evidence, candidates."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.face.embedders import Embedder, Embedding
from station_app.biometrics.face.engine import best_shots, pooled, unpacked
from station_app.biometrics.face.evidence import calibration_of
from station_app.biometrics.face.fusion import fused_name, fused_score
from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.domain.decision import identify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import FACE_POSITION, TemplateStore
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import Policy
from station_app.domain.samples import Face, FaceShots, Sample

TRIED: Final = 3
"""Parts of the list; one face of each has to find itself."""

_BLOCK: Final = 256
"""Faces that are held against the list at once, where all are."""

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class FacePart:
    """Voters whose faces were enrolled by the same engines.

    `rows` int32 (n,), rising; `faces` by engine, float32 (n, 128). `calibration` is that of these
    engines' fused score.
    """

    rows: Rows
    faces: dict[str, Embedding]
    calibration: Calibration

    def evidence(self, probe: dict[str, Embedding]) -> NDArray[np.float64]:
        """Of a probe, (128,) an engine, with each of them, float64 (n,); of k, (128, k): (n, k)."""
        cosines = {name: faces @ probe[name] for name, faces in self.faces.items()}
        return self.calibration.of(fused_score(cosines))


class FaceGallery:
    """All faces of a list in memory, 512 bytes a face and engine.

    `embedders` name the engines; a voter enrolled by only some of them is compared by those.
    Raises `KnownError` `gallery_damaged`.
    """

    def __init__(self, store: TemplateStore, embedders: Sequence[Embedder]) -> None:
        each = {one.name: _stored(store, one.name) for one in embedders}
        made_by: dict[int, tuple[str, ...]] = {}
        for name, (rows, _) in each.items():
            for row in rows.tolist():
                made_by[row] = (*made_by.get(row, ()), name)
        self.parts = tuple(
            _part(names, sorted(row for row, by in made_by.items() if by == names), each)
            for names in sorted(set(made_by.values()))
        )
        self.size = len(made_by)
        """Number of faces that a probe is compared with."""

    @property
    def memory(self) -> int:
        """Bytes kept for all faces."""
        return sum(
            part.rows.nbytes + sum(faces.nbytes for faces in part.faces.values())
            for part in self.parts
        )

    def evidence(self, probe: dict[str, Embedding]) -> tuple[Rows, NDArray[np.float64]]:
        """Rows and their evidence, every voter with a face once."""
        if not self.parts:
            return np.zeros(0, np.int32), np.zeros(0)
        rows = np.concatenate([part.rows for part in self.parts])
        return rows, np.concatenate([part.evidence(probe) for part in self.parts])

    def face_of(self, row: int) -> dict[str, Embedding]:
        """One voter's embedding by engine; empty without a face."""
        for part in self.parts:
            place = int(np.searchsorted(part.rows, row))
            if place < len(part.rows) and part.rows[place] == row:
                return {name: faces[place] for name, faces in part.faces.items()}
        return {}


class FaceSearcher:
    """Compares samples of a face with one list, always with all of it; the matching lane owns it.

    The networks are loaded with the first sample, unless `Engine.prepare` did so before.
    """

    def __init__(self, store: TemplateStore, embedders: Sequence[Embedder]) -> None:
        self.engine = fused_name([one.name for one in embedders])
        self._store, self._embedders = store, tuple(embedders)
        self.gallery = FaceGallery(store, embedders)

    def examine(self, sample: Sample, named_row: int | None, limit: int = 10) -> Examination:
        """Quality and candidates of the best pictures of a sample, pooled.

        At most `limit` candidates, and the voter in `named_row` in any case if they have a
        face in the list. Without a picture that can be compared: quality 0, none.
        """
        assert isinstance(sample, FaceShots)
        start = perf_counter()
        shots = best_shots(sample)
        if not shots:
            return Examination(0, None, (), 0, (perf_counter() - start) * 1000, 0.0)
        probe = {one.name: pooled(one, shots) for one in self._embedders}
        made = perf_counter()
        candidates = self.candidates(probe, named_row, limit)
        return Examination(
            quality=shots[0].seen.quality,
            hint=None,
            candidates=candidates,
            fingers_compared=self.gallery.size,
            extract_ms=(made - start) * 1000,
            search_ms=(perf_counter() - made) * 1000,
        )

    def candidates(
        self, probe: dict[str, Embedding], named_row: int | None = None, limit: int = 10
    ) -> tuple[Candidate, ...]:
        """The candidates of embeddings by engine, strongest evidence first."""
        rows, strengths = self.gallery.evidence(probe)
        kept = np.argsort(-strengths, kind="stable")[:limit].tolist()
        kept += [at for at in np.flatnonzero(rows == named_row).tolist() if at not in kept]
        return tuple(Candidate(int(rows[at]), Face(), float(strengths[at])) for at in kept)

    def finds_its_own(self) -> bool:
        """Whether faces from all over the list, as they are stored, find themselves in it.

        No other voter may have stronger evidence; an equal one may: two can have one portrait.
        Raises `KnownError` `gallery_damaged`.
        """
        return all(
            self._finds(part, int(piece[len(piece) // 2]))
            for part in self.gallery.parts
            for piece in np.array_split(part.rows, TRIED)
            if len(piece)
        )

    def _finds(self, part: FacePart, row: int) -> bool:
        probe = {}
        for name in part.faces:
            (stored,) = self._store.templates(name, [(row, FACE_POSITION)])
            (probe[name],) = unpacked(stored)
        strengths = part.evidence(probe)
        own = float(strengths[np.searchsorted(part.rows, row)])
        return own > 0 and own >= float(strengths.max())

    def alike(self, least: float) -> Iterator[tuple[int, int, float]]:
        """Pairs of rows, the lower first, whose faces meet with at least this evidence.

        Faces that have no engine in common meet nobody.
        """
        for part in self.gallery.parts:
            others = [one for one in self.gallery.parts if one.faces.keys() <= part.faces.keys()]
            for start in range(0, len(part.rows), _BLOCK):
                block = slice(start, start + _BLOCK)
                probe = {name: faces[block].T for name, faces in part.faces.items()}
                for other in others:
                    strengths = other.evidence(probe)
                    is_new = strengths >= least
                    if other is part:
                        is_new &= part.rows[:, None] > part.rows[None, block]
                    for at, by in np.argwhere(is_new).tolist():
                        first, second = sorted((int(other.rows[at]), int(part.rows[block][by])))
                        yield first, second, float(strengths[at, by])

    def meetings(
        self,
        keys: Collection[tuple[int, int]],
        before: TemplateStore,
        rows: Collection[int],
        policy: Policy,
    ) -> Iterator[tuple[tuple[int, int], int | None]]:
        """See `ListMatcher.meetings`."""
        known = FaceGallery(before, self._embedders)
        of_these = [key for key in keys if self.gallery.face_of(key[0])]
        least = identify_threshold(len(of_these) * len(rows), 1, policy)
        for key in of_these:
            yield key, _met(known, self.gallery.face_of(key[0]), rows, least)


def _met(
    known: FaceGallery, face: dict[str, Embedding], rows: Collection[int], least: float
) -> int | None:
    """The one of `rows` whose face is most like this one, if its evidence is `least`."""
    best: tuple[float, int] | None = None
    for part in known.parts:
        if not part.faces.keys() <= face.keys():
            continue
        is_in = np.isin(part.rows, np.array(sorted(rows), np.int32))
        strengths = np.where(is_in, part.evidence(face), -1.0)
        at = int(np.argmax(strengths))
        if strengths[at] >= least and (best is None or strengths[at] > best[0]):
            best = float(strengths[at]), int(part.rows[at])
    return None if best is None else best[1]


def _stored(store: TemplateStore, engine: str) -> tuple[Rows, Embedding]:
    """Rows and faces of an engine in list order."""
    chunks = list(store.chunks(engine))
    rows = np.frombuffer(b"".join(chunk.rows for chunk in chunks), "<i4").astype(np.int32)
    faces = unpacked(b"".join(chunk.content for chunk in chunks))
    if len(rows) != len(faces) or len(np.unique(rows)) != len(rows):
        raise KnownError(
            Code.GALLERY_DAMAGED,
            "The voter list has faces that belong to nobody; load the list again from its medium.",
        )
    return rows, faces


def _part(
    names: tuple[str, ...], rows: list[int], each: dict[str, tuple[Rows, Embedding]]
) -> FacePart:
    chosen = np.array(rows, np.int32)
    faces = {}
    for name in names:
        own_rows, own = each[name]
        order = np.argsort(own_rows, kind="stable")
        faces[name] = own[order[np.searchsorted(own_rows, chosen, sorter=order)]]
    return FacePart(chosen, faces, calibration_of(fused_name(names)))
