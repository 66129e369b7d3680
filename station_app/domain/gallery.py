"""The doorway between the list file and the matching core: enrolled fingers as bytes.

The layouts inside `encoding`, `minutiae` and the chunk arrays belong to
`biometrics.fingerprint`; everybody else stores and carries them.
"""

from dataclasses import dataclass

from station_app.domain.fingers import FingerPosition


@dataclass(frozen=True, slots=True)
class EnrolledFinger:
    """What the engine made of one enrolment image.

    `engine` names the engine, its version and its parameters; fingers of different ones are
    never compared. `cylinders` is the number of encoded cylinders (1..48); `encoding` holds
    `cylinders * 64` int8 values; `minutiae` is the engine's minutiae record, needed
    for re-ranking only. `quality` is 0..100.
    """

    engine: str
    position: FingerPosition
    cylinders: int
    encoding: bytes
    minutiae: bytes
    quality: int


@dataclass(frozen=True, slots=True)
class GalleryChunk:
    """About 256 enrolled fingers packed for reading at speed, all arrays little-endian.

    `rows`: int32, the voter's row number in the list (0-based, list order);
    `positions`: uint8, ISO finger positions; `counts`: uint8, cylinders per finger;
    `encodings`: int8, `sum(counts) * 64` values. `engine` names engine and version:
    a gallery never mixes them.
    """

    engine: str
    rows: bytes
    positions: bytes
    counts: bytes
    encodings: bytes
