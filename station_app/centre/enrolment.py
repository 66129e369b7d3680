"""A voter's files to what the list stores; runs in the processes that share the work."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from station_app.biometrics.engines import Enrollers
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import read_record
from station_app.biometrics.interchange.conversion import ForeignFinger, foreign_fingers
from station_app.centre.finger_sources import FingerFile, VoterFiles, shown_name
from station_app.centre.portraits import read_portrait
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a finger of one, that is not in the list, and the code of its fault."""

    row: int
    position: int | None
    code: str
    file: str


@dataclass(frozen=True, slots=True)
class EnrolledVoter:
    """What became of the files of the voter in `row`; `portrait` is empty without one.

    `portrait_left_out` is the code of its fault and the file's name.
    """

    row: int
    fingers: tuple[EnrolledTemplate, ...]
    portrait: bytes
    fingers_left_out: tuple[LeftOut, ...]
    portrait_left_out: tuple[str, str] | None = None


def enrol_voters(batch: list[VoterFiles], ppi: int) -> list[EnrolledVoter]:
    """Enrol a batch; no file stops it. `ppi` is the images' resolution."""
    return [_enrol(files, ppi) for files in batch]


@cache
def enrollers() -> Enrollers:
    """Those of this process."""
    return Enrollers()


def own_engine() -> FingerEngine:
    """The fingerprint engine of this process."""
    return next(one for _, one in enrollers().each if isinstance(one, FingerEngine))


def _enrol(files: VoterFiles, ppi: int) -> EnrolledVoter:
    fingers: dict[tuple[int, str], EnrolledTemplate] = {}
    faults = [
        LeftOut(files.row, None, code, name)
        for code, name in files.faults
        if not code.startswith("portrait")
    ]
    for file in files.fingers:
        try:
            for finger in _fingers_of(file, ppi):
                if (finger.position, finger.engine) in fingers:
                    faults.append(LeftOut(files.row, finger.position, "finger_given", file.name))
                else:
                    fingers[finger.position, finger.engine] = finger
        except KnownError as fault:
            faults.append(LeftOut(files.row, file.position, fault.code, file.name))
    portrait, why = b"", next((one for one in files.faults if one[0].startswith("portrait")), None)
    if files.portrait is not None:
        try:
            portrait = read_portrait(files.portrait)
        except KnownError as fault:
            why = fault.code, shown_name(files.portrait.name)
    ordered = tuple(fingers[key] for key in sorted(fingers))
    return EnrolledVoter(files.row, ordered, portrait, tuple(faults), why)


def _fingers_of(file: FingerFile, ppi: int) -> Iterator[EnrolledTemplate]:
    if not file.is_record:
        image = read_finger_image(file.path, ppi)
        yield from enrollers().enrol(image, file.position or FingerPosition.UNKNOWN)
        return
    for finger in _in_record(file):
        position = finger.position if file.position is None else file.position
        yield own_engine().enrol_minutiae(finger.minutiae, position, finger.quality)


def _in_record(file: FingerFile) -> tuple[ForeignFinger, ...]:
    """The fingers of a record, or the one that the file's name says it is.

    A record that knows its finger has to agree with its name.
    """
    fingers = foreign_fingers(read_record(file.path))
    if file.position is None:
        return fingers
    named = tuple(one for one in fingers if one.position == file.position)
    if not named and len(fingers) == 1 and fingers[0].position is FingerPosition.UNKNOWN:
        named = fingers
    if not named:
        raise KnownError(
            "finger_disagrees",
            f"{file.name} does not hold the finger that its name says; name it rightly.",
        )
    return named
