"""What is seen of a face in one picture: where it is, where it looks, what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


class FaceFlaw(StrEnum):
    """Why a picture of a face is not good enough; worst first, the order in which they are told."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    AT_THE_EDGE = "at_the_edge"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNEVEN_LIGHT = "uneven_light"
    BLURRED = "blurred"
    EYES_HIDDEN = "eyes_hidden"
    TURNED = "turned"
    TILTED = "tilted"


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """The largest face of a picture, in the picture's pixels, x to the right, y down.

    `box` is left, top, width, height; None without a face, and then `landmarks` is empty and the
    angles are 0. `landmarks` are the person's right eye, left eye, nose tip, right and left mouth
    corner. Angles are degrees: `yaw` > 0 where the person turns to their own left, `pitch` > 0
    where they look up, `roll` > 0 where the head leans towards their own left shoulder.
    `flaws` worst first; `quality` is 0..100, the station's own scale.
    """

    box: tuple[int, int, int, int] | None
    landmarks: tuple[Point, ...]
    yaw: float
    pitch: float
    roll: float
    flaws: tuple[FaceFlaw, ...]
    quality: int
