"""What comes from a fingerprint scanner: images, hints, and meters for the live view."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FingerImage:
    """An 8-bit grey fingerprint image, ridges dark, row-major from the top left.

    `pixels` holds exactly `width * height` bytes; `ppi` is pixels per inch.
    Raises `ValueError` when the sizes disagree.
    """

    pixels: bytes
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


class RetryReason(StrEnum):
    """Why a finger has to be placed again; every reason has a hint in every language."""

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
class Retry:
    """The capture ended without an image, and the person can mend it."""

    reason: RetryReason


@dataclass(frozen=True, slots=True)
class Stopped:
    """The capture ended because it was told to stop."""


CaptureResult = FingerImage | Retry | Stopped
