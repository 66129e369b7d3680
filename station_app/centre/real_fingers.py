"""A folder of real finger images as an invented precinct.

The images are named as in the Fingerprint Verification Competitions:
`<finger>_<impression>.png`, `.tif` or `.bmp`. The lowest impression of each finger is
enrolled for an invented voter, the others stand in the queue. Nothing is copied.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station_app.biometrics.images import IMAGE_ENDINGS, read_finger_image
from station_app.centre.list_building import EnrolmentImage
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter
from station_app.synthetic.register import invent_register

_NAME: Final = re.compile(r"(?P<finger>.+)_(?P<impression>[0-9]{1,6})")
_SEED: Final = 1
POSITION: Final = FingerPosition.RIGHT_INDEX
"""What every finger is enrolled as: the file names do not say which finger it is."""


@dataclass(frozen=True, slots=True)
class RealFinger:
    """One finger: `enrolled` is its lowest impression, `queue` the others by number."""

    name: str
    enrolled: Path
    queue: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class RealFingers:
    """The fingers by name (numbers by value); `ignored` counts files that are no images of
    this naming, or name an impression that is there already."""

    fingers: tuple[RealFinger, ...]
    ignored: int


def find_real_fingers(folder: Path) -> RealFingers:
    """Look through `folder`, not through folders in it.

    Raises `KnownError`: `fingers_missing` (no such folder, or not readable),
    `fingers_empty` (no PNG, TIFF or BMP file), `fingers_misnamed` (none named so).
    """
    try:
        files = sorted(entry for entry in folder.iterdir() if entry.is_file())
    except OSError as error:
        raise KnownError(
            "fingers_missing",
            f"{folder} is not a folder that can be read. Give the folder with the images.",
        ) from error
    pictures = [file for file in files if file.suffix.lower() in IMAGE_ENDINGS]
    if not pictures:
        raise KnownError(
            "fingers_empty",
            f"There is no PNG, TIFF or BMP image among the {len(files)} files in {folder}. "
            "Give the folder with the images.",
        )
    impressions: defaultdict[str, dict[int, Path]] = defaultdict(dict)
    for picture in pictures:
        if match := _NAME.fullmatch(picture.stem):
            impressions[match["finger"]].setdefault(int(match["impression"]), picture)
    if not impressions:
        raise KnownError(
            "fingers_misnamed",
            f"None of the {len(pictures)} images in {folder} is named "
            "<finger>_<impression>, as 101_1.png. Rename them, then try again.",
        )
    fingers = tuple(
        _finger(name, impressions[name]) for name in sorted(impressions, key=_by_number)
    )
    used = sum(1 + len(finger.queue) for finger in fingers)
    return RealFingers(fingers, ignored=len(files) - used)


def invent_voters(fingers: RealFingers) -> tuple[Voter, ...]:
    """An invented voter for each finger: the voter in row r owns `fingers.fingers[r]`."""
    return tuple(entry.voter for entry in invent_register(len(fingers.fingers), _SEED))


def enrolment_images(fingers: RealFingers, ppi: int = 500) -> Sequence[EnrolmentImage]:
    """The images to enrol, for `build_list`; `ppi` is the resolution they were scanned at."""
    return [
        EnrolmentImage(row, POSITION, partial(read_finger_image, finger.enrolled, ppi))
        for row, finger in enumerate(fingers.fingers)
    ]


def _finger(name: str, impressions: dict[int, Path]) -> RealFinger:
    first, *others = sorted(impressions)
    return RealFinger(name, impressions[first], tuple(impressions[number] for number in others))


def _by_number(name: str) -> tuple[int, str]:
    return (int(name), name) if name.isdecimal() else (-1, name)
