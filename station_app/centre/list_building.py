"""Lists of invented voters: of an invented precinct, or of a folder of real finger images.

The images of a folder are named as in the Fingerprint Verification Competitions:
`<finger>_<impression>.png`, `.tif` or `.bmp`. The lowest impression of each finger is
enrolled for an invented voter, the others form the queue. Nothing is copied.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from station_app.biometrics.engines import FINGERS, packed
from station_app.biometrics.finger_folder import list_finger_files
from station_app.centre.enrolment import pairs_of
from station_app.centre.finger_sources import FingerFile, FingerImageOf, PortraitOf, VoterFiles
from station_app.centre.workers import EnrolmentWorkers
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter
from station_app.snapshots import ListHeader, write_list
from station_app.synthetic.register import invent_register
from station_app.vault import Secret

Progress = Callable[[int, int], None]
"""Is told how many voters are done, of how many."""

_SEED: Final = 1
POSITION: Final = FingerPosition.RIGHT_INDEX
"""The position under which every finger of a folder is enrolled: file names do not give one."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result for the images.

    `faces` are the voters whose portrait made a template. `failures` counts the images left out
    by the code of their fault, portraits without a template by their flaw;
    `voters_without_finger` are the list numbers without an enrolled finger.
    """

    voters: int
    enrolled: int
    faces: int
    failures: Mapping[str, int]
    voters_without_finger: tuple[int, ...]


def build_list(
    path: Path,
    key: Secret,
    header: ListHeader,
    *,
    voters: Sequence[Voter],
    fingers: Sequence[Sequence[FingerFile | FingerImageOf]],
    portraits: Sequence[PortraitOf | None] = (),
    ppi: int = 500,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Enrol each voter's `fingers` and write the list file at `path` (see `write_list`).

    `portraits` are drawn, one or None a voter, or none at all. Of the engines in `header` the list
    names those that made a template, and in any case the one for fingers.

    `jobs` processes work, without it as many as are worth it; the list does not depend on their
    number. An image that cannot be used is left out and counted. Raises `KnownError` as
    `write_list` and `EnrolmentWorkers.enrol` do.
    """
    files = [
        VoterFiles(row, tuple(own), portraits[row] if portraits else None)
        for row, own in enumerate(fingers)
    ]
    enrolled = []
    with EnrolmentWorkers.for_voters(len(voters), jobs) as workers:
        for done, one in enumerate(workers.enrol(files, ppi, invented=True), 1):
            enrolled.append(one)
            if progress:
                progress(done, len(files))
    pairs = list(pairs_of(enrolled))
    made = {template.engine for _, template in pairs}
    used = tuple(one for one in header.engines if one in made or one == FINGERS.name)
    header = replace(header, engines=used)
    drawn = {one.row: one.portrait for one in enrolled if one.portrait}
    people = (replace(one, portrait=drawn.get(row, one.portrait)) for row, one in enumerate(voters))
    write_list(path, key, header, voters=people, templates=pairs, chunks=packed(pairs))
    failures = Counter(fault.code for one in enrolled for fault in one.fingers_left_out)
    left_out = failures.total()
    covered = {one.row for one in enrolled if one.fingers}
    failures.update(one.face_flaw[0] for one in enrolled if one.face_flaw and not one.faces)
    return BuildReport(
        voters=len(voters),
        enrolled=sum(map(len, fingers)) - left_out,
        faces=sum(bool(one.faces) for one in enrolled),
        failures=dict(sorted(failures.items())),
        voters_without_finger=tuple(
            voter.list_number for row, voter in enumerate(voters) if row not in covered
        ),
    )


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
