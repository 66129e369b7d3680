"""Enrolled fingers in any number, made by perturbing a few real templates.

What is measured with them is time and memory, never accuracy.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.chunk_content import chunk_content
from station_app.biometrics.fingerprint.engine import ENGINE, pack
from station_app.biometrics.fingerprint.gallery import Fetch
from station_app.biometrics.fingerprint.minutiae import Minutiae, pack_minutiae, unpack_minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk

HOW = (
    "each made finger takes the number of cylinders of one of the {fingers} fingers, draws its "
    "cylinders from those of all of them, and adds noise: as long, and alike to nobody"
)
_A_CHUNK = 8192
_NOISE = 4  # half the width of the noise on an int8 value; values are about 27 in size
_SCRAMBLED = 64


class FingerMaker:
    """Makes lists out of `templates` (at least one): those first, made fingers after them.

    Finger number f of a list with `per_voter` fingers a voter is in row f // per_voter and
    has the position 1 + f % per_voter. The same templates always give the same list.
    """

    def __init__(self, templates: Sequence[EnrolledTemplate]) -> None:
        self._templates = list(templates)
        self._counts = np.array(
            [len(one.encoding) // STANDARD.code_size for one in templates], np.uint8
        )
        codes = np.frombuffer(b"".join(one.encoding for one in templates), np.int8)
        # Noise must not carry a value over the edge of int8.
        self._codes = codes.reshape(-1, STANDARD.code_size).clip(-127 + _NOISE, 127 - _NOISE)
        self._scrambled = [
            _scrambled(unpack_minutiae(self._templates[turn % len(templates)].content), turn)
            for turn in range(_SCRAMBLED)
        ]

    @property
    def how(self) -> str:
        """One sentence for those who read the figures."""
        return HOW.format(fingers=len(self._templates))

    @property
    def bytes_per_finger(self) -> float:
        """Bytes of the codes of a made finger, on average."""
        return float(self._counts.mean()) * STANDARD.code_size

    def chunks(self, fingers: int, per_voter: int) -> Iterator[GalleryChunk]:
        """A list of `fingers` fingers, a chunk at a time."""
        own = self._templates[:fingers]
        yield from pack(
            (number // per_voter, replace(one, position=FingerPosition(1 + number % per_voter)))
            for number, one in enumerate(own)
        )
        rng = np.random.default_rng(fingers)
        for begin in range(len(own), fingers, _A_CHUNK):
            numbers = np.arange(begin, min(begin + _A_CHUNK, fingers))
            counts = self._counts[numbers % _SCRAMBLED % len(self._templates)]
            cylinders = int(counts.sum(dtype=np.int64))
            codes = self._codes[rng.integers(len(self._codes), size=cylinders)]
            # Three random bits with a sign: -4..3.
            codes += np.frombuffer(rng.bytes(codes.size), np.int8).reshape(codes.shape) >> 5
            yield GalleryChunk(
                engine=ENGINE,
                rows=(numbers // per_voter).astype("<i4").tobytes(),
                content=chunk_content(
                    (1 + numbers % per_voter).astype(np.uint8).tobytes(),
                    counts.tobytes(),
                    codes.tobytes(),
                ),
            )

    def records(self, numbers: Iterable[int]) -> list[bytes]:
        """The minutiae records of fingers of a list; those of made fingers are scrambled."""
        return [
            self._templates[number].content
            if number < len(self._templates)
            else self._scrambled[number % _SCRAMBLED]
            for number in numbers
        ]

    def made(self, count: int) -> list[tuple[bytes, NDArray[np.int8]]]:
        """Minutiae records and codes of `count` made fingers."""
        rng = np.random.default_rng(count)
        found = []
        for number in range(count):
            turn = number % _SCRAMBLED
            size = int(self._counts[turn % len(self._templates)])
            codes = self._codes[rng.integers(len(self._codes), size=size)]
            found.append((self._scrambled[turn], codes))
        return found

    def fetch(self, per_voter: int) -> Fetch:
        """What reads the records of a list with `per_voter` fingers a voter for a `Searcher`."""
        return lambda keys: self.records(row * per_voter + position - 1 for row, position in keys)


def _scrambled(minutiae: Minutiae, seed: int) -> bytes:
    """The same points with each other's directions: as long to compare, alike to nobody."""
    order = np.random.default_rng(seed).permutation(len(minutiae))
    return pack_minutiae(
        Minutiae(minutiae.xs, minutiae.ys, minutiae.directions[order], minutiae.confidences)
    )
