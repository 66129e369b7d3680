"""The camera's card of the self-test: a face seen twice has to match itself."""

import time
from typing import Final

from station_app.biometrics.engines import FACES
from station_app.devices.camera import CameraFrame
from station_app.devices.finger_scanner import LimitedStop
from station_app.domain.faces import FaceFlaw
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage
from station_app.flow.same_person import is_same_face
from station_app.flow.station_devices import camera
from station_app.settings import read_machine
from station_app.ui.technician.self_test import (
    CardFact,
    CardFinding,
    CardProgress,
    CardRun,
    CardState,
)
from station_app.vault import StationFolder

_FACE_WAIT_S: Final = 20.0
_LIGHT_S: Final = 1.0
"""A camera that was just opened looks for the right exposure."""
_BETWEEN_S: Final = 1.0
"""Between both pictures: frames that follow each other are one picture."""
_SHOWN_EVERY_S: Final = 0.25

_TOLD: Final = {
    FaceFlaw.NO_FACE: "camera_no_face",
    FaceFlaw.SEVERAL_FACES: "camera_faces",
    FaceFlaw.AT_THE_EDGE: "camera_place",
    FaceFlaw.TOO_SMALL: "camera_place",
    FaceFlaw.TOO_DARK: "camera_light",
    FaceFlaw.TOO_BRIGHT: "camera_light",
    FaceFlaw.UNEVEN_LIGHT: "camera_light",
    FaceFlaw.BLURRED: "camera_blurred",
    FaceFlaw.EYES_HIDDEN: "camera_turned",
    FaceFlaw.TURNED: "camera_turned",
    FaceFlaw.TILTED: "camera_turned",
}
"""Flaws that the same advice mends have one code."""


class CameraCheck:
    """One run of the check; on a lane, while no desk has the camera open."""

    def __init__(self, folder: StationFolder, run: CardRun) -> None:
        seeing = camera(folder, read_machine(folder.settings))
        assert seeing is not None, "the settings name one"
        self._camera = seeing
        self._run = run
        self._frames: list[CameraFrame] = []
        self._shown_at = 0.0

    def finding(self) -> CardFinding:
        """Both pictures are shown to the engine that decides on the day.

        The morning check is content with one picture of a face that can be compared. Raises
        `KnownError` as the camera does.
        """
        try:
            self._camera.open()
            first = self._seen("camera_first", 0, _LIGHT_S)
            if isinstance(first, str):
                return self._failed(first)
            if self._run.is_morning:
                return CardFinding(CardState.PASSED, "camera_sees", self._facts, self._last)
            second = self._seen("camera_again", 1, _BETWEEN_S)
            if isinstance(second, str):
                return self._failed(second)
        finally:
            self._camera.close()
        self._run.tell(CardProgress("camera_comparing", done=2, of=2, image=self._last))
        if not is_same_face(first, second):
            return self._failed("camera_other")
        return CardFinding(CardState.PASSED, "camera_same", self._facts, self._last)

    def _seen(self, asking: str, done: int, after_s: float) -> FaceImage | str:
        """The next good picture of a face, from `after_s` on; the code of why there is none."""
        stop = LimitedStop(self._run.stop, _FACE_WAIT_S)
        begin, worst = time.monotonic(), "camera_no_picture"
        while not stop.stopped and (frame := self._camera.frame(stop)) is not None:
            self._frames[1:] = [frame]
            image = FaceImage(frame.pixels, frame.width, frame.height)
            seen = FACES.assess(image)
            worst = next((_TOLD[one] for one in seen.flaws), "camera_blurred")
            is_good = not seen.flaws and seen.quality >= PROVISIONAL.quality_floor
            if is_good and frame.taken >= begin + after_s:
                return image
            is_told = worst not in ("camera_no_face", "camera_blurred")
            self._show(frame, worst if is_told and not is_good else asking, done)
        return "camera_dark" if self._frames and self._last.is_dark else worst

    def _show(self, frame: CameraFrame, code: str, done: int) -> None:
        if frame.taken > self._shown_at + _SHOWN_EVERY_S:
            self._run.tell(CardProgress(code, done=done, of=2, image=frame))
            self._shown_at = frame.taken

    def _failed(self, code: str) -> CardFinding:
        image = self._last if self._frames else None
        return CardFinding(CardState.FAILED, code, {}, image)

    @property
    def _last(self) -> CameraFrame:
        return self._frames[-1]

    @property
    def _facts(self) -> dict[str, CardFact]:
        """The frames' size, and how many come in a second."""
        first, last = self._frames[0], self._last
        seconds = last.taken - first.taken
        rate = round((last.number - first.number) / seconds) if seconds > 0 else 0
        return {"size": f"{last.width}×{last.height}", "rate": rate}
