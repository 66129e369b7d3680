"""The mean embedding of invented faces, and how well the engine tells invented people apart.

Usage: python scripts/invented_faces.py mean [FILE]     fits the mean on 200 people
       python scripts/invented_faces.py measure [N]     N other people, four views each; N is 100
       python scripts/invented_faces.py draw N DIR      N more people, two views each, as files

All invented faces share what makes them computer graphics: without their mean, two of them are as
alike as two pictures of one real person. It is subtracted for invented people only (ADR 0053).
`station-app calibrate faces DIR --engine invented` fits their evidence on what `draw` wrote.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from station_app.biometrics.face.detector import bgr_of, find_faces
from station_app.biometrics.face.embedders import INVENTED_MEAN, SFACE_ENGINE, Embedding
from station_app.biometrics.face.pose import head_angles
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FaceImage
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, Picture, any_view, portrait
from station_app.synthetic.precinct import invent_precinct

FITTED_ON, MEASURED_ON, DRAWN = 41, 42, 43
"""Seeds of precincts; the demonstration's is another."""
VIEWS: Final = 4


def main() -> None:
    """Fit or measure, as asked."""
    match sys.argv[1:]:
        case ["mean", *rest]:
            _fit(Path(rest[0]) if rest else _shipped())
        case ["measure", *rest]:
            _measure(int(rest[0]) if rest else 100)
        case ["draw", count, folder]:
            _draw(int(count), Path(folder))
        case _:
            raise SystemExit(__doc__)


def _shipped() -> Path:
    return Path(__file__).parents[1] / "station_app" / "content" / "models" / INVENTED_MEAN


def _people(seed: int, count: int) -> list[InventedFace]:
    precinct = invent_precinct(count, seed, (FingerPosition.RIGHT_INDEX,))
    return [precinct.face(row) for row in range(count)]


def _embedded(picture: Picture) -> tuple[Embedding, float] | None:
    """The largest face's embedding and confidence."""
    height, width = picture.shape[:2]
    bgr = bgr_of(FaceImage(picture.tobytes(), width, height))
    faces = find_faces(bgr)
    return (SFACE_ENGINE.load()(bgr, faces[0]), faces[0].confidence) if len(faces) == 1 else None


def _fit(path: Path) -> None:
    found = []
    for number, face in enumerate(_people(FITTED_ON, 200)):
        for view in (ENROLMENT, any_view(number, WEBCAM)):
            embedded = _embedded(portrait(face, view))
            if embedded is not None:
                found.append(embedded[0])
    np.save(path, np.mean(found, axis=0).astype("<f4"), allow_pickle=False)
    print(f"{path}: the mean of {len(found)} embeddings")


def _draw(count: int, folder: Path) -> None:
    for number, face in enumerate(_people(DRAWN, count)):
        name = f"Invented_{number:04}"
        (folder / name).mkdir(parents=True)
        for at, view in enumerate((ENROLMENT, any_view(number, WEBCAM)), 1):
            path = folder / name / f"{name}_{at:04}.png"
            cv2.imwrite(str(path), cv2.cvtColor(portrait(face, view), cv2.COLOR_RGB2BGR))
    print(f"{folder}: {count} people, two pictures each")


def _measure(count: int) -> None:
    began, missed, sure, rows = time.process_time(), 0, [], []
    for number, face in enumerate(_people(MEASURED_ON, count)):
        row = []
        for place in range(VIEWS):
            like = WEBCAM if place % 2 else ENROLMENT
            view = any_view(VIEWS * number + place, like) if place else ENROLMENT
            embedded = _embedded(portrait(face, view))
            missed += embedded is None
            if embedded is not None:
                row.append(embedded[0])
                sure.append(embedded[1])
        if len(row) == VIEWS:
            rows.append(row)
    spent = (time.process_time() - began) / (count * VIEWS)
    print(f"{count} people, {VIEWS} views each, {spent:.2f} s of a core a view with its embedding")
    print(f"not exactly one face: {missed}; least confidence {min(sure):.2f}")
    print(f"angle measured where the head is turned by 30: {_turned():.0f}")
    whole = np.array(rows)
    _compare("as they are", whole, (0.363, 0.70))
    centred = whole - np.load(_shipped())
    centred /= np.linalg.norm(centred, axis=-1, keepdims=True)
    _compare("without the mean", centred, (0.363, 0.415, 0.45, 0.50, 0.55))


def _turned() -> float:
    angles = []
    for face in _people(MEASURED_ON, 5):
        picture = portrait(face, replace(WEBCAM, yaw=30))
        bgr = bgr_of(FaceImage(picture.tobytes(), WEBCAM.width, WEBCAM.height))
        angles.append(head_angles(find_faces(bgr)[0].landmarks)[0])
    return float(np.mean(angles))


def _compare(name: str, rows: np.ndarray, thresholds: tuple[float, ...]) -> None:
    """Enrolments, the first of each row, against all other views."""
    scores = np.einsum("nvd,md->nvm", rows[:, 1:], rows[:, 0])
    own = np.eye(len(rows), dtype=bool)[:, None, :].repeat(VIEWS - 1, axis=1)
    genuine, impostor = scores[own], scores[~own]
    rank_1 = float((scores.argmax(axis=2) == np.arange(len(rows))[:, None]).mean())
    print(
        f"{name}: rank 1 {rank_1:.1%}; same {genuine.min():.2f} to {np.median(genuine):.2f}, ",
        end="",
    )
    print(f"others mean {impostor.mean():.2f}, 99.9 % below {np.quantile(impostor, 0.999):.2f}")
    for threshold in thresholds:
        missed, taken = (genuine < threshold).mean(), (impostor >= threshold).mean()
        print(f"  at {threshold:.3f}: FNMR {missed:.2%}, FMR {taken:.3%}")


if __name__ == "__main__":
    main()
