"""How far turns of invented heads are measured, and what prints of them look like.

    python -m benchmarks.head_turns [--people 6]

The rules of `station_app/domain/liveness.py` are set by these two tables. Angles are degrees from
where the person looks straight, `wider` is how much wider a face is than the cosine of its angle:
below 0 it is narrower, as a print that is turned gets.
"""

import argparse
from dataclasses import replace
from math import cos, radians

import cv2
import numpy as np

from station_app.biometrics.face.assessment import assess_face
from station_app.domain.faces import FaceSeen
from station_app.domain.liveness import width_of
from station_app.domain.samples import FaceImage
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import WEBCAM, Picture, portrait

TURNS = (8, 16, 20, 24, 30, 36)
PRINTED = (15, 25, 35, 45, 55)
BENDS = (0, 300, 150, 80)
"""Radius in pixels of the tube under the print, 0 for a flat one; 63 are between the eyes."""
_FOCAL, _HALF = 650.0, 150.0


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=6)
    people = [
        InventedFace(500 + n, "fm"[n % 2], 20 + 11 * n % 70)
        for n in range(parser.parse_args().people)
    ]
    cv2.setNumThreads(1)
    print("heads: turned by, measured (least to most, both sides), wider (least)")
    fronts = [portrait(one, replace(WEBCAM, light=n)) for n, one in enumerate(people)]
    for turn in TURNS:
        found = [
            _against(_seen(front), _seen(portrait(one, replace(WEBCAM, light=n, yaw=yaw))))
            for n, (one, front) in enumerate(zip(people, fronts, strict=True))
            for yaw in (turn, -turn)
        ]
        _tell(f"{turn:>3}", [(abs(yaw), wider) for yaw, wider in found])
    for bend in BENDS:
        print(f"prints, bend {bend}: turned by, measured (least to most), wider (least)")
        for turn in PRINTED:
            for yaw in (turn, -turn):
                found = [_against(_seen(one), _seen(_print(one, yaw, bend))) for one in fronts]
                _tell(f"{yaw:>4}", found)


def _tell(what: str, found: list[tuple[float, float]]) -> None:
    yaws, wider = zip(*found, strict=True)
    print(f"{what}: {min(yaws):6.1f} to {max(yaws):5.1f}   {min(wider):6.2f}")


def _seen(picture: Picture) -> FaceSeen:
    height, width = picture.shape[:2]
    return assess_face(FaceImage(picture.tobytes(), width, height))


def _against(straight: FaceSeen, turned: FaceSeen) -> tuple[float, float]:
    """Degrees from straight, and how much wider than their cosine; nothing where no face is."""
    if straight.box is None or turned.box is None:
        return 0.0, 0.0
    yaw = turned.yaw - straight.yaw
    return yaw, width_of(turned.landmarks) / width_of(straight.landmarks) - cos(radians(yaw))


def _print(front: Picture, yaw: float, bend: float) -> Picture:
    """A print of the middle of a picture, bent about a vertical axis and turned about it."""
    height, width = front.shape[:2]
    across = np.arange(-_HALF, _HALF, 0.5)
    x, z = across, np.zeros_like(across)
    if bend:
        x, z = bend * np.sin(across / bend), bend * (np.cos(across / bend) - 1)
    turn = radians(yaw)
    x, z = x * cos(turn) + z * np.sin(turn), z * cos(turn) - x * np.sin(turn)
    scale = _FOCAL / (_FOCAL - z)
    column = x * scale + width / 2
    faces_us = np.gradient(column) > 0.02
    nearest = np.full(width, -np.inf)
    source, shrunk = np.full(width, np.nan), np.ones(width)
    for part in np.flatnonzero(faces_us):
        at = round(column[part])
        if 0 <= at < width and z[part] > nearest[at]:
            nearest[at], source[at], shrunk[at] = z[part], across[part] + width / 2, scale[part]
    drawn = np.flatnonzero(np.isfinite(nearest))
    between = np.arange(drawn[0], drawn[-1] + 1)
    from_column = np.full(width, -5.0)
    from_column[between] = np.interp(between, drawn, source[drawn])
    shrunk[between] = np.interp(between, drawn, shrunk[drawn])
    rows = (np.arange(height)[:, None] - height / 2) / shrunk[None] + height / 2
    columns = np.repeat(from_column[None], height, axis=0)
    return np.asarray(
        cv2.remap(
            front,
            columns.astype(np.float32),
            rows.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(110, 110, 110),
        ),
        np.uint8,
    )


if __name__ == "__main__":
    main()
