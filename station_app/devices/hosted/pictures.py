"""What the pictures of a reader's program are held to."""

from typing import Final

import numpy as np

from station_app.devices.hosted.protocol import Picture, ProtocolError, Ready
from station_app.domain.samples import CaptureResult, FingerImage, Retry, RetryReason

_LEAST_CONTRAST: Final = 16
"""Grey levels between the darkest and the brightest pixel, below which nothing is in a picture."""


class PictureCheck:
    """What the pictures of one capture must agree in."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._size = (ready.width, ready.height) if ready.width and ready.height else None
        self._progress = 0.0

    def check(self, one: Picture) -> None:
        """Raises `ProtocolError` where a picture contradicts what was said before."""
        if one.ppi not in {0, self._ready.ppi}:
            raise ProtocolError(f"a picture of {one.ppi} ppi after {self._ready.ppi}")
        size = (one.width, one.height)
        if self._size is not None and size != self._size:
            raise ProtocolError(f"a picture of {size} after one of {self._size}")
        self._size = size
        if one.progress < self._progress:
            raise ProtocolError("progress goes backwards")
        self._progress = one.progress


def judged(image: FingerImage) -> CaptureResult:
    """The image, or why a person should try again: nothing at all is in it."""
    pixels = np.frombuffer(image.pixels, np.uint8)
    if int(pixels.max()) - int(pixels.min()) < _LEAST_CONTRAST:
        return Retry(RetryReason.NOT_A_FINGER)
    return image
