"""Pictures of faces to templates: found, judged, embedded, pooled."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

import numpy as np

from station_app.biometrics.face.assessment import LIVE_SIDE, seen_in
from station_app.biometrics.face.detector import Detection, Pixels, bgr_of, find_faces
from station_app.biometrics.face.embedders import LENGTH, Embedder, Embedding, unit
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FaceShots, Sample

_CHUNK: Final = 256
_NOT_ENROLLED: Final = {
    FaceFlaw.NO_FACE: "There is no face in this picture; give a portrait of the voter.",
    FaceFlaw.SEVERAL_FACES: "There are several faces in this picture; give one of the voter alone.",
    FaceFlaw.TOO_SMALL: "The face in this picture is too small; give a larger portrait.",
}
"""Flaws with which a portrait is not compared with anybody; others lower its quality."""

MOST_ENROLLED_YAW: Final = 35.0
"""Degrees; a portrait turned further compares badly with a face from the front."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture with the face that counts in it."""

    bgr: Pixels
    face: Detection
    seen: FaceSeen


def best_shots(sample: FaceShots) -> list[Shot]:
    """The pictures of a sample that can be compared, best first.

    A picture without a face, or with several, is left out. Raises `KnownError("model_damaged")`.
    """
    shots = []
    for frame in sample.frames:
        bgr = bgr_of(frame)
        faces = find_faces(bgr, LIVE_SIDE)
        seen = seen_in(bgr, faces)
        if seen.quality > 0:
            shots.append(Shot(bgr, faces[0], seen))
    return sorted(shots, key=lambda shot: -shot.seen.quality)


def pooled(embedder: Embedder, shots: Sequence[Shot]) -> Embedding:
    """The mean of the first shots' embeddings, float32 (128,) of length 1."""
    embed = embedder.load()
    chosen = shots[: embedder.most_shots]
    return unit(np.mean([embed(shot.bgr, shot.face) for shot in chosen], axis=0))


@dataclass(frozen=True, slots=True)
class FaceEnroller:
    """Portraits to templates of one engine."""

    embedder: Embedder

    def enrol(
        self, sample: Sample, position: FingerPosition = FingerPosition.UNKNOWN
    ) -> EnrolledTemplate:
        """The list's content for a portrait. Raises `KnownError("not_enrollable")`."""
        assert isinstance(sample, FaceShots)
        (frame,) = sample.frames
        bgr = bgr_of(frame)
        faces = find_faces(bgr)
        seen = seen_in(bgr, faces)
        for flaw in seen.flaws:
            if flaw in _NOT_ENROLLED:
                raise KnownError(Code.NOT_ENROLLABLE, _NOT_ENROLLED[flaw])
        if abs(seen.yaw) > MOST_ENROLLED_YAW:
            raise KnownError(
                Code.NOT_ENROLLABLE,
                "The face in this picture is turned away; give a portrait from the front.",
            )
        content = pooled(self.embedder, [Shot(bgr, faces[0], seen)]).astype("<f4").tobytes()
        return EnrolledTemplate(self.embedder.name, FACE_POSITION, seen.quality, content, content)


def packer(
    engine: str,
) -> Callable[[Iterable[tuple[int, EnrolledTemplate]]], Iterator[GalleryChunk]]:
    """Packs (row, face) pairs of one engine in list order; a chunk is its embeddings in a row."""
    return partial(_packed, engine)


def _packed(engine: str, faces: Iterable[tuple[int, EnrolledTemplate]]) -> Iterator[GalleryChunk]:
    left = iter(faces)
    while some := list(islice(left, _CHUNK)):
        if other := next((one.engine for _, one in some if one.engine != engine), None):
            raise KnownError(
                Code.TEMPLATE_ENGINE,
                f"A stored face was made by the engine {other}, this program has {engine}; "
                "the two cannot be compared. Enrol the face again from its portrait.",
            )
        rows = np.array([row for row, _ in some], "<i4").tobytes()
        yield GalleryChunk(engine, rows, b"".join(one.encoding for _, one in some))


def unpacked(content: bytes) -> Embedding:
    """Embeddings stored one after another, float32 (n, 128).

    Raises `KnownError("gallery_damaged")` for bytes that are no embeddings of length 1.
    """
    try:
        found = np.frombuffer(content, "<f4").reshape(-1, LENGTH).astype(np.float32)
    except ValueError as fault:
        raise _damaged() from fault
    lengths = np.linalg.norm(found, axis=1)
    if not np.all(np.abs(lengths - 1) < 0.01):  # NaN fails too
        raise _damaged()
    return found


def _damaged() -> KnownError:
    return KnownError(
        Code.GALLERY_DAMAGED,
        "The voter list has faces that are damaged; load the list again from its medium.",
    )
