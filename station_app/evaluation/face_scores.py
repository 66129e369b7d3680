"""All photographs of a set as embeddings, and every comparison between them.

In each photograph the face nearest to its middle counts: sets of press photographs are cut round
the person whom they name. One without any face compares with nothing: its score is below all.
"""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from pathlib import Path
from time import process_time
from typing import Annotated, Final
from zipfile import BadZipFile

import numpy as np
import typer
from numpy.typing import NDArray

from station_app.biometrics.face.assessment import seen_in
from station_app.biometrics.face.detector import Detection, Pixels, bgr_of, find_faces
from station_app.biometrics.face.dlib_network import DLIB_ENGINE, is_installed
from station_app.biometrics.face.embedders import (
    INVENTED_ENGINE,
    LENGTH,
    SFACE_ENGINE,
    Embedder,
)
from station_app.biometrics.face.fusion import fused_name, fused_score
from station_app.biometrics.face.pictures import read_face_image
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw
from station_app.evaluation.face_folder import FaceFile
from station_app.vault import replace_file

NO_FACE: Final = -10.0
"""Score of a comparison with a photograph without a face."""

Kept = Annotated[
    Path | None,
    typer.Option(
        "--embeddings",
        metavar="FILE.npz",
        help="Keep the embeddings here, or read them from here: one run serves several commands.",
    ),
]

Tell = Callable[[str, int, int], None]
"""Called with the step, how many are done, and how many there are."""


class FaceEngineName(StrEnum):
    """Engines as commands call them."""

    SFACE = "sface"
    DLIB = "dlib"
    FUSED = "fused"
    INVENTED = "invented"
    """For people who were drawn."""

    @property
    def embedders(self) -> tuple[Embedder, ...]:
        """The networks of it. Raises `KnownError` `face_engine_missing` where dlib is not there."""
        if DLIB_ENGINE in (each := _EMBEDDERS[self]) and not is_installed():
            raise KnownError(
                Code.FACE_ENGINE_MISSING,
                "dlib and face_recognition are not installed; choose the engine sface.",
            )
        return each


_EMBEDDERS: Final[Mapping[FaceEngineName, tuple[Embedder, ...]]] = {
    FaceEngineName.SFACE: (SFACE_ENGINE,),
    FaceEngineName.DLIB: (DLIB_ENGINE,),
    FaceEngineName.FUSED: (SFACE_ENGINE, DLIB_ENGINE),
    FaceEngineName.INVENTED: (INVENTED_ENGINE,),
}


@dataclass(frozen=True, slots=True)
class FaceTable:
    """The photographs of a set, in order.

    `people` int (n,): whose each is, from 0 without gaps. `found` bool (n,). `embeddings` by
    engine, float32 (n, 128), zeros without a face. `flaws`: how many have each. Times are CPU
    milliseconds, median: detection, and embedding by engine.
    """

    files: tuple[FaceFile, ...]
    people: NDArray[np.intp]
    found: NDArray[np.bool_]
    embeddings: Mapping[str, NDArray[np.float32]]
    flaws: Mapping[FaceFlaw, int]
    detect_ms: float
    embed_ms: Mapping[str, float]

    @property
    def engine(self) -> str:
        """The engine whose scores these are, or those fused."""
        return fused_name(self.embeddings)

    def of(self, *engines: str) -> "FaceTable":
        """The same photographs by some of the engines."""
        chosen = {name: self.embeddings[name] for name in engines}
        return FaceTable(
            self.files, self.people, self.found, chosen, self.flaws, self.detect_ms, self.embed_ms
        )

    def scores(self) -> NDArray[np.float32]:
        """Scores of each with each, float32 (n, n)."""
        scores = fused_score({name: one @ one.T for name, one in self.embeddings.items()})
        scores[~self.found] = NO_FACE
        scores[:, ~self.found] = NO_FACE
        return scores


def nearest_the_middle(bgr: Pixels, faces: Sequence[Detection]) -> Detection:
    """The face whose middle is nearest to the picture's."""
    height, width = bgr.shape[:2]

    def distance(face: Detection) -> float:
        left, top, wide, high = face.box
        return float(abs(left + wide / 2 - width / 2) + abs(top + high / 2 - height / 2))

    return min(faces, key=distance)


@dataclass(frozen=True, slots=True)
class EmbeddingStore:
    """Embeddings of photographs kept in a file, so that several commands need one run.

    They are biometric templates of those people: the file is readable for its owner alone.
    """

    path: Path

    def embed(
        self, files: Mapping[FaceFile, Path], embedders: Sequence[Embedder], tell: Tell
    ) -> FaceTable:
        """Those of the file where there is one, or else as `embed_all`, and written there.

        Raises what `embed_all` and `vault.replace_file` raise, and `KnownError`
        `embeddings_unreadable` for a file of other photographs or engines.
        """
        if self.path.exists():
            return self._read(files, [one.name for one in embedders])
        table = embed_all(files, embedders, tell)
        packed = io.BytesIO()
        told = {
            "engines": list(table.embeddings),
            "flaws": {flaw.value: count for flaw, count in table.flaws.items()},
            "detect_ms": table.detect_ms,
            "embed_ms": dict(table.embed_ms),
        }
        np.savez(
            packed,
            allow_pickle=False,
            files=np.array([file.stem for file in table.files]),
            found=table.found,
            embeddings=np.stack(list(table.embeddings.values())),
            told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        )
        replace_file(self.path, packed.getvalue())
        return table

    def _read(self, files: Mapping[FaceFile, Path], engines: Sequence[str]) -> FaceTable:
        try:
            with np.load(self.path, allow_pickle=False) as stored:
                told = json.loads(stored["told"].tobytes())
                places = {str(stem): at for at, stem in enumerate(stored["files"])}
                rows = np.array([places[file.stem] for file in files], np.intp)
                each = dict(zip(told["engines"], stored["embeddings"], strict=True))
                made = {name: np.asarray(each[name][rows], np.float32) for name in engines}
                found = np.asarray(stored["found"][rows], np.bool_)
        except (OSError, ValueError, KeyError, BadZipFile) as fault:
            raise KnownError(
                Code.EMBEDDINGS_UNREADABLE,
                f"{self.path.name} has no embeddings of these photographs by these engines; "
                "name a file that does not exist, and it is made.",
            ) from fault
        flaws = {FaceFlaw(name): int(count) for name, count in told["flaws"].items()}
        times = {name: float(told["embed_ms"][name]) for name in engines}
        people = _people(files)
        return FaceTable(tuple(files), people, found, made, flaws, float(told["detect_ms"]), times)


def embedded(
    files: Mapping[FaceFile, Path], embedders: Sequence[Embedder], kept: Path | None, tell: Tell
) -> FaceTable:
    """As `EmbeddingStore.embed` where a file is named, or else as `embed_all`."""
    if kept is None:
        return embed_all(files, embedders, tell)
    return EmbeddingStore(kept).embed(files, embedders, tell)


def embed_all(
    files: Mapping[FaceFile, Path], embedders: Sequence[Embedder], tell: Tell
) -> FaceTable:
    """Find and embed the face in every photograph; `tell` is told of the step "embed".

    Raises what `read_face_image` raises, and `KnownError("model_damaged")`.
    """
    networks = {one.name: one.load() for one in embedders}
    made = {name: np.zeros((len(files), LENGTH), np.float32) for name in networks}
    times: dict[str, list[float]] = {name: [] for name in ("", *networks)}
    found, flaws = np.zeros(len(files), np.bool_), dict.fromkeys(FaceFlaw, 0)
    for at, path in enumerate(files.values()):
        tell("embed", at, len(files))
        bgr = bgr_of(read_face_image(path))
        begun = process_time()
        faces = find_faces(bgr)
        times[""].append(process_time() - begun)
        chosen = [nearest_the_middle(bgr, faces)] if faces else []
        for flaw in seen_in(bgr, chosen).flaws:
            flaws[flaw] += 1
        for face in chosen:
            found[at] = True
            for name, embed in networks.items():
                begun = process_time()
                made[name][at] = embed(bgr, face)
                times[name].append(process_time() - begun)
    tell("embed", len(files), len(files))
    medians = {
        name: round(1000 * float(np.median(some)), 2) if some else 0.0
        for name, some in times.items()
    }
    detect_ms = medians.pop("")
    return FaceTable(tuple(files), _people(files), found, made, flaws, detect_ms, medians)


def _people(files: Iterable[FaceFile]) -> NDArray[np.intp]:
    _, people = np.unique([file.name for file in files], return_inverse=True)
    return np.asarray(people, np.intp)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, in percent (E. B. Wilson, JASA 22(158), 1927).

    It takes the trials as independent; those that share a person are less than that.
    """
    if of == 0:
        return 0.0, 100.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return round(100 * max(0.0, middle - half), 4), round(100 * min(1.0, middle + half), 4)
