"""The camera's lane: what it shows of a person's face while the desk asks for it."""

from dataclasses import dataclass

from station_app.domain.faces import FaceFlaw
from station_app.domain.liveness import FaceStep, Turn
from station_app.domain.samples import FaceImage


@dataclass(frozen=True, slots=True)
class FaceView:
    """One picture of the live view, and what is asked of the person in it.

    `image` is as the camera sees it, not mirrored; `box` (left, top, width, height, in its pixels)
    is where the face is. `flaw` is the one thing to mend first while `step` is LOOK. `turn` is the
    turn asked for, number `made` + 1 of `of`. `progress` is 0.0 to 1.0 of the whole try.
    """

    step: FaceStep
    image: FaceImage | None = None
    box: tuple[int, int, int, int] | None = None
    flaw: FaceFlaw | None = None
    turn: Turn | None = None
    made: int = 0
    of: int = 0
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class CameraNow:
    """What is known of the camera: `fault` is the code of why it gives no pictures, or empty."""

    fault: str = ""
    is_simulated: bool = False
