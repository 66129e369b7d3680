"""What a person is asked for, and what a sensor makes of it: samples, hints, live meters."""

from dataclasses import dataclass, field
from enum import StrEnum

from station_app.domain.fingers import FingerPosition


@dataclass(frozen=True, slots=True)
class Finger:
    """This finger is asked for, or was met."""

    position: FingerPosition


@dataclass(frozen=True, slots=True)
class Face:
    """The face is asked for, or was met."""


Asked = Finger | Face


def position_of(asked: Asked) -> FingerPosition:
    """The finger asked for, `UNKNOWN` where it is none."""
    return asked.position if isinstance(asked, Finger) else FingerPosition.UNKNOWN


@dataclass(frozen=True, slots=True)
class FingerImage:
    """An 8-bit grey fingerprint image, ridges dark, row-major from the top left.

    `pixels` holds exactly `width * height` bytes; `ppi` is pixels per inch.
    Raises `ValueError` when the sizes disagree.
    """

    pixels: bytes = field(repr=False)  # no log and no crash text has a person's picture
    width: int
    height: int
    ppi: int

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0 or self.ppi <= 0:
            raise ValueError(f"image of {self.width}x{self.height} at {self.ppi} ppi")
        if len(self.pixels) != self.width * self.height:
            raise ValueError(
                f"{len(self.pixels)} bytes do not make a {self.width}x{self.height} image"
            )


@dataclass(frozen=True, slots=True)
class FaceImage:
    """An 8-bit RGB picture of a face, row-major from the top left.

    `pixels` holds exactly `3 * width * height` bytes. Raises `ValueError` when the sizes disagree.
    """

    pixels: bytes = field(repr=False)  # no log and no crash text has a person's picture
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"picture of {self.width}x{self.height}")
        if len(self.pixels) != 3 * self.width * self.height:
            raise ValueError(
                f"{len(self.pixels)} bytes do not make a {self.width}x{self.height} picture"
            )


@dataclass(frozen=True, slots=True)
class FaceShots:
    """Pictures of one person's face, taken one after another; one picture at enrolment.

    Raises `ValueError` without a picture.
    """

    frames: tuple[FaceImage, ...]

    def __post_init__(self) -> None:
        if not self.frames:
            raise ValueError("no pictures")


Sample = FingerImage | FaceShots


class RetryReason(StrEnum):
    """Why another sample is needed; every reason has a hint in every language."""

    TOO_DRY = "too_dry"
    TOO_WET = "too_wet"
    OFF_CENTRE = "off_centre"
    TOO_LIGHT = "too_light"
    TOO_HARD = "too_hard"
    SMEARED = "smeared"
    LIFTED_EARLY = "lifted_early"
    TWO_FINGERS = "two_fingers"
    NOT_A_FINGER = "not_a_finger"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class Meters:
    """What the operator sees while a finger lies on the glass, each 0 (bad) to 5 (good).

    `skin_hint` says in which direction the skin is off, or None when it is good.
    """

    position: int
    pressure: int
    skin: int
    skin_hint: RetryReason | None = None


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame of the live view; `progress` is 0.0 to 1.0 of the capture."""

    image: FingerImage
    progress: float


@dataclass(frozen=True, slots=True)
class FingerOnGlass:
    """The scanner senses that a finger was laid on its glass (`is_on`), or that it was lifted."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Retry:
    """The capture ended without a sample, and the person can mend it."""

    reason: RetryReason


@dataclass(frozen=True, slots=True)
class Stopped:
    """The capture ended because it was told to stop."""


CaptureResult = Sample | Retry | Stopped
