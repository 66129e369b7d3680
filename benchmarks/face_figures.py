"""What faces cost: loading, a frame of the live view, a decision, a search, memory.

`python -m benchmarks.face_figures PICTURE [--json] [--voters 10000]` puts a picture of one face
into frames of 640 x 480. Every part runs in a process of its own; times are CPU milliseconds of one
core, the median, unless they say otherwise.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from station_app import __version__
from station_app.biometrics.engines import FACES, FUSED, usable
from station_app.biometrics.face.assessment import assess_face
from station_app.biometrics.face.dlib_network import is_installed
from station_app.biometrics.face.embedders import LENGTH
from station_app.biometrics.face.engine import packer
from station_app.biometrics.face.pictures import read_face_image
from station_app.biometrics.face.search import FaceGallery, FaceSearcher
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FaceImage, FaceShots
from station_app.evaluation.timing import resident_mb, this_machine

_WIDTH, _HEIGHT = 640, 480
_TIMES = 20
_SHOTS = 3
"""Frames that a sample of a station has: the best of about a second."""

Figures = dict[str, float | str]


class RandomFaces:
    """A list of `voters` embeddings that belong to nobody."""

    def __init__(self, voters: int) -> None:
        values = np.random.default_rng(1).normal(size=(voters, LENGTH)).astype(np.float32)
        self._faces = values / np.linalg.norm(values, axis=1, keepdims=True)

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        """See `TemplateStore`."""
        faces = (
            (row, EnrolledTemplate(engine, FACE_POSITION, 80, b"", one.tobytes()))
            for row, one in enumerate(self._faces)
        )
        yield from packer(engine)(faces)

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        """See `TemplateStore`."""
        return [self._faces[row].tobytes() for row, _ in keys]


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("picture", type=Path)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--voters", type=int, default=10_000)
    asked.add_argument("--part", default="", choices=["", *_PARTS])
    arguments = asked.parse_args()
    if arguments.part:
        cv2.setNumThreads(1)
        print(json.dumps(_PARTS[arguments.part](arguments.picture, arguments.voters)))
        return
    machine = this_machine()
    figures: Figures = {
        "version": __version__,
        "machine": f"{machine.cpu}, load {machine.load}, product {machine.product_ms} ms",
    }
    for part in _PARTS if is_installed() else [name for name in _PARTS if name != "fused"]:
        command = [sys.executable, "-m", "benchmarks.face_figures", str(arguments.picture)]
        command += ["--part", part, "--voters", str(arguments.voters)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        figures |= json.loads(answer.stdout)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:55} {value}")


def frame_of(picture: Path) -> FaceImage:
    """The picture in the middle of a grey frame, as high as the frame allows."""
    image = read_face_image(picture)
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)
    scale = min(_WIDTH / image.width, _HEIGHT / image.height)
    size = round(image.width * scale), round(image.height * scale)
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    frame = np.full((_HEIGHT, _WIDTH, 3), 128, np.uint8)
    top, left = (_HEIGHT - size[1]) // 2, (_WIDTH - size[0]) // 2
    frame[top : top + size[1], left : left + size[0]] = small
    return FaceImage(frame.tobytes(), _WIDTH, _HEIGHT)


def _timed(act: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    began = clock()
    act()
    return 1000 * (clock() - began)


def _median(act: Callable[[], object], times: int = _TIMES) -> float:
    return round(statistics.median(_timed(act) for _ in range(times)), 2)


def live_view(picture: Path, _voters: int) -> Figures:
    """One frame looked at as a whole: found, judged, angles."""
    frame = frame_of(picture)
    first = _timed(lambda: assess_face(frame))
    return {
        "first frame, detector loaded": round(first, 1),
        "a frame of 640 x 480, found and judged": _median(lambda: assess_face(frame)),
    }


def _decision(names: Sequence[str], picture: Path, voters: int) -> Figures:
    called = " + ".join(name.partition("/")[0] for name in names)
    engine = usable(names)[FaceShots]
    before = resident_mb() or 0.0
    loading = _timed(engine.prepare, time.perf_counter)
    after = resident_mb() or 0.0
    store = RandomFaces(voters)
    opening = _timed(lambda: engine.matcher(store), time.perf_counter)
    matcher = engine.matcher(store)
    sample = FaceShots((frame_of(picture),) * _SHOTS)
    matcher.examine(sample, None)
    found = [matcher.examine(sample, None) for _ in range(5)]
    whole = _median(lambda: matcher.examine(sample, None), 5)
    return {
        f"{called}: networks loaded, wall": round(loading, 1),
        f"{called}: memory of the networks, MB": round(after - before, 1),
        f"{called}: list of {voters:,} opened, wall": round(opening, 1),
        f"{called}: memory of the list, MB": round(_memory(matcher) / 2**20, 1),
        f"{called}: search of {voters:,}, wall": round(
            statistics.median(one.search_ms for one in found), 2
        ),
        f"{called}: {_SHOTS} frames to candidates": whole,
    }


def _memory(matcher: object) -> int:
    assert isinstance(matcher, FaceSearcher)
    gallery: FaceGallery = matcher.gallery
    return gallery.memory


def sface(picture: Path, voters: int) -> Figures:
    """The default engine."""
    return _decision([FACES.name], picture, voters)


def fused(picture: Path, voters: int) -> Figures:
    """Both engines."""
    return _decision([one.name for one in FUSED[0]], picture, voters)


_PARTS: dict[str, Callable[[Path, int], Figures]] = {
    "live": live_view,
    "sface": sface,
    "fused": fused,
}


if __name__ == "__main__":
    main()
