"""A fingerprint scanner whose glass is a program's: fingers are laid on it by a script or a dock.

The simulator never invents a finger: whoever connects it injects the impressions.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from station_app.devices.finger_scanner import ScannerInfo, StopToken, Tell
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import (
    CaptureResult,
    FingerImage,
    FingerOnGlass,
    LiveFrame,
    Retry,
    RetryReason,
    Stopped,
)

_POLL_S = 0.02


class Manner(Enum):
    """How a scanner gives a finger: real ones differ in it."""

    STREAMS = "streams"
    """Frames, then its image."""
    AFTER_LIFT = "after_lift"
    """No frames, and the image when the finger is off."""
    ONLY_FRAMES = "only_frames"
    """Frames for as long as the finger lies there."""


@dataclass(frozen=True, slots=True)
class _Touch:
    number: int
    impression: Callable[[], FingerImage]
    seconds: float


class SimulatedFingerScanner:
    """A scanner with a glass that can be touched, and a cable that can be pulled.

    `place`, `lift`, `unplug`, `plug_in` and `set_seconds` may be called from any thread; the rest
    is the `FingerScanner` contract. A capture takes `seconds` and shows `frames` live frames in
    that time. `images` is the folder of the impressions for the code that injects them, empty for
    invented ones.
    """

    is_simulated = True

    def __init__(
        self,
        frames: int = 12,
        seconds: float = 0.6,
        images: str = "",
        manner: Manner = Manner.STREAMS,
    ) -> None:
        self.images = images
        self._manner = manner
        self._frames = frames
        self._frame_s = 0.0
        self.set_seconds(seconds)
        self._lock = threading.Lock()
        self._touch: _Touch | None = None
        self._touches = 0
        self._seen = 0
        self._plugged = True

    # --- the hand on the glass and on the cable ---

    def place(self, impression: Callable[[], FingerImage], *, seconds: float = 0.0) -> None:
        """Lay a finger on the glass; `impression` is called on the scanner's lane.

        Its capture takes `seconds` at least, for what is to happen meanwhile.
        """
        with self._lock:
            self._touches += 1
            self._touch = _Touch(self._touches, impression, seconds)

    def lift(self) -> None:
        """Take the finger off."""
        with self._lock:
            self._touch = None

    def unplug(self) -> None:
        """Pull the cable; a capture that is under way is lost."""
        with self._lock:
            self._plugged = False

    def plug_in(self) -> None:
        """Put the cable back; the scanner has to be opened again."""
        with self._lock:
            self._plugged = True

    def set_seconds(self, seconds: float) -> None:
        """Let a capture take so long from now on."""
        self._frame_s = seconds / self._frames

    # --- the FingerScanner contract ---

    def open(self) -> ScannerInfo:
        """Ready, unless the cable is pulled."""
        self._check_cable()
        lifts, frames = self._manner is Manner.AFTER_LIFT, self._manner is Manner.ONLY_FRAMES
        return ScannerInfo(
            "Simulated scanner",
            500,
            0,
            0,
            streams=not lifts,
            senses_finger=lifts or frames,
            gives_after_lift=lifts,
            only_frames=frames,
        )

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The next new touch: its live frames, then its impression."""
        while not stop.stopped:
            self._check_cable()
            touch = self._on_glass()
            if touch is not None and touch.number > self._seen:
                self._seen = touch.number
                match self._manner:
                    case Manner.STREAMS:
                        return self._read(touch, stop, tell)
                    case Manner.AFTER_LIFT:
                        return self._read_after_lift(touch, stop, tell)
                    case Manner.ONLY_FRAMES:
                        self._stream(touch, stop, tell)
                        continue
            stop.wait(_POLL_S)
        return Stopped()

    def wait_finger_off(self, stop: StopToken) -> bool:
        """True when the glass is empty."""
        while not stop.stopped:
            self._check_cable()
            if self._on_glass() is None:
                return True
            stop.wait(_POLL_S)
        return False

    def is_plugged_in(self) -> bool:
        """See `SensesCable`."""
        with self._lock:
            return self._plugged

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, touch: _Touch, stop: StopToken, tell: Tell) -> CaptureResult:
        image = touch.impression()
        for frame in range(1, self._frames + 1):
            progress = frame / self._frames
            tell(LiveFrame(_settling(image, progress), progress))
            ends = time.monotonic() + max(self._frame_s, touch.seconds / self._frames)
            while (left := ends - time.monotonic()) > 0:
                if stop.wait(min(left, _POLL_S)):
                    return Stopped()
                self._check_cable()
                if self._on_glass() is not touch:
                    return Retry(RetryReason.LIFTED_EARLY)
        return image

    def _read_after_lift(self, touch: _Touch, stop: StopToken, tell: Tell) -> CaptureResult:
        read_at = time.monotonic() + self._frames * self._frame_s
        tell(FingerOnGlass(is_on=True))
        image = touch.impression()
        while self._on_glass() is touch:
            if stop.wait(_POLL_S):
                return Stopped()
            self._check_cable()
        is_early = time.monotonic() < read_at
        tell(FingerOnGlass(is_on=False))
        return Retry(RetryReason.LIFTED_EARLY) if is_early else image

    def _stream(self, touch: _Touch, stop: StopToken, tell: Tell) -> None:
        tell(FingerOnGlass(is_on=True))
        image, frame = touch.impression(), 0
        while self._on_glass() is touch:
            frame += 1
            tell(LiveFrame(_settling(image, min(1.0, frame / self._frames)), 0.0))
            if stop.wait(self._frame_s):
                return
            self._check_cable()
        tell(FingerOnGlass(is_on=False))

    def _on_glass(self) -> _Touch | None:
        with self._lock:
            return self._touch

    def _check_cable(self) -> None:
        with self._lock:
            if not self._plugged:
                raise DeviceLostError("the simulated scanner's cable is pulled")


def _settling(image: FingerImage, progress: float) -> FingerImage:
    """The impression while the finger settles: paler at first, whole from half way on."""
    strength = min(1.0, 0.25 + 1.5 * progress)
    if strength >= 1.0:
        return image
    pixels = np.frombuffer(image.pixels, np.uint8).astype(np.float32)
    pale = 255.0 - (255.0 - pixels) * strength
    return FingerImage(pale.astype(np.uint8).tobytes(), image.width, image.height, image.ppi)
