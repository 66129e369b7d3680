"""A folder of real finger images as an invented precinct.

The images are named as in the Fingerprint Verification Competitions:
`<finger>_<impression>.png`, `.tif` or `.bmp`. The lowest impression of each finger is
enrolled for an invented voter, the others stand in the queue. Nothing is copied.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.images import read_finger_image
from station_app.centre.list_building import EnrolmentImage
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter
from station_app.synthetic.register import invent_register

_SEED: Final = 1
POSITION: Final = FingerPosition.RIGHT_INDEX
"""What every finger is enrolled as: the file names do not say which finger it is."""


@dataclass(frozen=True, slots=True)
class RealFinger:
    """One finger: `enrolled` is its lowest impression, `queue` the others by number."""

    name: str
    enrolled: Path
    queue: tuple[Path, ...]


def find_real_fingers(folder: Path) -> tuple[RealFinger, ...]:
    """The fingers of `folder` by number. Raises `KnownError` as `list_finger_files` does."""
    impressions: defaultdict[int, list[Path]] = defaultdict(list)
    for file in list_finger_files(folder):
        impressions[file.finger].append(file.path)
    return tuple(
        RealFinger(str(finger), first, tuple(others))
        for finger, (first, *others) in impressions.items()
    )


def invent_voters(fingers: Sequence[RealFinger]) -> tuple[Voter, ...]:
    """An invented voter for each finger: the voter in row r owns `fingers[r]`."""
    return tuple(entry.voter for entry in invent_register(len(fingers), _SEED))


def enrolment_images(fingers: Sequence[RealFinger], ppi: int = 500) -> Sequence[EnrolmentImage]:
    """The images to enrol, for `build_list`; `ppi` is the resolution they were scanned at."""
    return [
        EnrolmentImage(row, POSITION, partial(read_finger_image, finger.enrolled, ppi))
        for row, finger in enumerate(fingers)
    ]
