"""A voter's files to what the list stores; runs in the processes that share the work.

Portraits are stored as PNG or JPEG, small, and known to open.
"""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from station_app.biometrics.engines import Enrollers, engine_names
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import read_record
from station_app.biometrics.interchange.conversion import ForeignFinger, foreign_fingers
from station_app.centre.finger_sources import FingerFile, FingerImageOf, VoterFiles, shown_name
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.vault import read_regular

MOST_BYTES: Final = 32 * 1024
"""A file of this size is taken as it is, a larger one made smaller."""
MOST_PIXELS_A_SIDE: Final = 1000
"""So is one with more pixels: a small file can say that it is a large picture."""

_BOX: Final = (400, 400)
_QUALITY: Final = 85
_LARGEST_FILE: Final = 20 * 1024 * 1024
_MOST_PIXELS: Final = 50_000_000
"""Of a JPEG that is made smaller while it is decoded."""
_MOST_WHOLE_PIXELS: Final = 12_000_000
"""Of a PNG or a progressive JPEG, which are decoded whole."""


def read_portrait(path: Path) -> bytes:
    """The portrait in a PNG or JPEG file; above `MOST_BYTES` as a JPEG of 400 pixels a side.

    Raises `KnownError`: `portrait_unreadable` (missing, cut off, no PNG or JPEG),
    `portrait_too_large` (over 20 MB; over 50 megapixels, or 12 of a PNG or a progressive JPEG).
    The size is known before any pixel is decoded.
    """
    try:
        data = read_regular(path, _LARGEST_FILE)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        is_whole = picture.format == "PNG" or "progressive" in picture.info
        if picture.width * picture.height > (_MOST_WHOLE_PIXELS if is_whole else _MOST_PIXELS):
            raise _too_large(path)
        if len(data) <= MOST_BYTES and max(picture.size) <= MOST_PIXELS_A_SIDE:
            picture.load()  # a file that is cut off ends here
            return data
        return _made_smaller(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_large(path) from fault
    except KnownError as fault:
        is_none = fault.code == Code.NOT_A_REGULAR_FILE
        raise (_unreadable(path) if is_none else _too_large(path)) from fault
    except (OSError, ValueError, SyntaxError) as fault:  # what Pillow says of broken files
        raise _unreadable(path) from fault


def _made_smaller(picture: Image.Image) -> bytes:
    """As it was meant to be seen, on white, without anything else that the file held."""
    picture.draft("RGB", _BOX)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail(_BOX)
    seen = upright.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    packed = io.BytesIO()
    flat.save(packed, "JPEG", quality=_QUALITY)
    return packed.getvalue()


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        Code.PORTRAIT_UNREADABLE, f"{path.name} is not a whole PNG or JPEG image; give another one."
    )


def _too_large(path: Path) -> KnownError:
    return KnownError(Code.PORTRAIT_TOO_LARGE, f"{path.name} is too large for a portrait.")


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


def enrollers() -> Enrollers:
    """Those of this process."""
    return _enrollers(engine_names())


@lru_cache(maxsize=1)
def _enrollers(_names: tuple[str, ...]) -> Enrollers:
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


def pairs_of(enrolled: Iterable[EnrolledVoter]) -> Iterator[tuple[int, EnrolledTemplate]]:
    """Row and template of every finger, in list order."""
    return ((voter.row, finger) for voter in enrolled for finger in voter.fingers)


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
