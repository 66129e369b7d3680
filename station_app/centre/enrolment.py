"""A voter's files to what the list stores; runs in the processes that share the work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from station_app.biometrics.engines import FACES, Enrollers, engine_names
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import read_record
from station_app.biometrics.interchange.conversion import ForeignFinger, foreign_fingers
from station_app.centre.finger_sources import (
    FingerFile,
    FingerImageOf,
    PortraitOf,
    VoterFiles,
    shown_name,
)
from station_app.centre.portraits import Portrait, portrait_in, read_portrait
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.samples import FaceImage, FaceShots

NO_TEMPLATE: Final = frozenset(
    {
        FaceFlaw.NO_FACE,
        FaceFlaw.SEVERAL_FACES,
        FaceFlaw.TOO_SMALL,
        FaceFlaw.TOO_DARK,
        FaceFlaw.TOO_BRIGHT,
        FaceFlaw.BLURRED,
        FaceFlaw.EYES_HIDDEN,
    }
)
"""Portraits with these flaws make no template: faces that show little are like each other, and
would be like strangers too. A face turned far is refused by its engine."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a finger of one, that is not in the list, and the code of its fault."""

    row: int
    position: int | None
    code: str
    file: str


@dataclass(frozen=True, slots=True)
class EnrolledVoter:
    """The result for the files of the voter in `row`; `portrait` is empty without one.

    `portrait_left_out` is the code of its fault and the file's name. `faces` are the portrait's
    templates, one an engine. `face_flaw` is the worst flaw of a portrait and the file's name: the
    reason why there are no `faces`, or else something to look at.
    """

    row: int
    fingers: tuple[EnrolledTemplate, ...]
    portrait: bytes
    fingers_left_out: tuple[LeftOut, ...]
    portrait_left_out: tuple[str, str] | None = None
    faces: tuple[EnrolledTemplate, ...] = ()
    face_flaw: tuple[str, str] | None = None


def enrol_voters(batch: list[VoterFiles], ppi: int, invented: bool) -> list[EnrolledVoter]:
    """Enrol a batch; no file stops it.

    `ppi` is the finger images' resolution. Portraits drawn by a computer, `invented`, have
    engines of their own. Raises `KnownError` `model_damaged`.
    """
    return [_enrol(files, ppi, invented) for files in batch]


def enrollers(invented: bool = False) -> Enrollers:
    """Those of this process, for real or for invented people."""
    return _enrollers(engine_names(), invented)


@lru_cache(maxsize=2)
def _enrollers(_names: tuple[str, ...], invented: bool) -> Enrollers:
    return Enrollers(invented)


def own_engine() -> FingerEngine:
    """The fingerprint engine of this process."""
    return next(one for _, one in enrollers().each if isinstance(one, FingerEngine))


def _enrol(files: VoterFiles, ppi: int, invented: bool) -> EnrolledVoter:
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
    ordered = tuple(fingers[key] for key in sorted(fingers))
    unnamed = next((one for one in files.faults if one[0].startswith("portrait")), None)
    if files.portrait is None:
        return EnrolledVoter(files.row, ordered, b"", tuple(faults), unnamed)
    name = shown_name(files.portrait.name)
    try:
        portrait = _portrait_of(files.portrait)
    except KnownError as fault:
        return EnrolledVoter(files.row, ordered, b"", tuple(faults), (fault.code, name))
    faces, flaw = _faces_of(portrait.seen, invented)
    told = None if flaw is None else (flaw, name)
    return EnrolledVoter(files.row, ordered, portrait.stored, tuple(faults), unnamed, faces, told)


def _portrait_of(given: Path | PortraitOf) -> Portrait:
    if isinstance(given, PortraitOf):
        return portrait_in(given.read(), given.name)
    return read_portrait(given)


def _faces_of(image: FaceImage, invented: bool) -> tuple[tuple[EnrolledTemplate, ...], str | None]:
    """A portrait's templates, none where it shows too little, and its worst flaw."""
    flaws = FACES.assess(image).flaws
    if hindering := next((one for one in flaws if one in NO_TEMPLATE), None):
        return (), hindering.value
    worst = next((one.value for one in flaws), None)
    try:
        made = enrollers(invented).enrol(FaceShots((image,)), FingerPosition.UNKNOWN)
    except KnownError as fault:
        if fault.code != Code.NOT_ENROLLABLE:
            raise
        return (), worst or str(fault.code)
    return made, worst


def pairs_of(enrolled: Iterable[EnrolledVoter]) -> Iterator[tuple[int, EnrolledTemplate]]:
    """Row and template of every finger and face, in list order."""
    return ((voter.row, one) for voter in enrolled for one in (*voter.fingers, *voter.faces))


def _fingers_of(file: FingerFile | FingerImageOf, ppi: int) -> Iterator[EnrolledTemplate]:
    if isinstance(file, FingerImageOf):
        yield from enrollers().enrol(file.read(), file.position)
        return
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
            Code.FINGER_DISAGREES,
            f"{file.name} does not hold the finger that its name says; name it rightly.",
        )
    return named
