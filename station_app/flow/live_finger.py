"""The live view of a finger: its meters, and the best frame where the scanner leaves the choice.

Used on the scanner's lane only.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from station_app.domain.samples import FingerImage, LiveFrame, Meters, Retry, RetryReason

_SHARE: Final = 0.25
"""The most of one core that meters may take while a finger lies on the glass."""
_GOOD: Final = 4
"""A frame is good where no meter shows less."""
_FAIR: Final = 2
"""What is worth comparing when there is nothing better: the matching core judges it again."""
STEADY_FRAMES: Final = 4
"""So many good frames in a row: the finger has settled."""
GIVE_UP_S: Final = 4.0
"""After this time the best frame so far is taken."""

Clock = Callable[[], float]


class PacedMeters:
    """Reads meters from frames, and passes frames over that would take too much of a processor."""

    def __init__(
        self, assess: Callable[[FingerImage], Meters], seconds: Clock = time.monotonic
    ) -> None:
        self._assess, self._seconds = assess, seconds
        self._free_at = 0.0

    def read(self, image: FingerImage, *, is_last: bool) -> Meters | None:
        """The frame's meters; None where it is passed over, which the last one is not."""
        begun = self._seconds()
        if begun < self._free_at and not is_last:
            return None
        meters = self._assess(image)
        ended = self._seconds()
        self._free_at = begun + (ended - begun) / _SHARE
        return meters


class BestFrame:
    """Chooses a frame of one touch: good and steady, or the best of what came.

    `chosen` is None until then. Without a fair frame it asks for another try and says why.
    """

    def __init__(self, seconds: Clock = time.monotonic) -> None:
        self._seconds = seconds
        self._begun: float | None = None
        self._best: tuple[FingerImage, Meters] | None = None
        self._steady = 0
        self._progress = 0.0
        self.chosen: FingerImage | Retry | None = None

    def see(self, frame: LiveFrame, meters: Meters) -> LiveFrame | None:
        """The frame with the capture's progress; None where no finger lies on the glass."""
        if meters.position == 0:
            self._steady = 0
            self._end_if_late()
            return None
        if self._begun is None:
            self._begun = self._seconds()
        self._steady = self._steady + 1 if _worst(meters) >= _GOOD else 0
        if self._best is None or _rank(meters) >= _rank(self._best[1]):
            self._best = (frame.image, meters)
        self._progress = max(self._progress, self._steady / STEADY_FRAMES)
        if self._steady >= STEADY_FRAMES:
            self.chosen = self._best[0]
        else:
            self._end_if_late()
        return replace(frame, progress=self._progress)

    def lifted(self) -> None:
        """The finger is off."""
        if self._best is not None and self.chosen is None:
            self._take_best(RetryReason.LIFTED_EARLY)

    def _end_if_late(self) -> None:
        if self._begun is not None and self._seconds() - self._begun >= GIVE_UP_S:
            self._take_best(None)

    def _take_best(self, otherwise: RetryReason | None) -> None:
        assert self._best is not None, "there is a first frame"
        image, meters = self._best
        if _worst(meters) >= _FAIR:
            self.chosen = image
        else:
            self.chosen = Retry(otherwise or _reason(meters))


def _worst(meters: Meters) -> int:
    return min(meters.position, meters.pressure, meters.skin)


def _rank(meters: Meters) -> tuple[int, int]:
    return _worst(meters), meters.position + meters.pressure + meters.skin


def _reason(meters: Meters) -> RetryReason:
    """What to mend first."""
    worst = _worst(meters)
    if meters.position == worst:
        return RetryReason.OFF_CENTRE
    if meters.skin == worst and meters.skin_hint is not None:
        return meters.skin_hint
    return RetryReason.TOO_LIGHT
