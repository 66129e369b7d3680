"""Whether an image's ridges are as far apart as a finger's are at the resolution it claims.

From ridge to ridge a man's measure 0.47 mm and a woman's 0.41 mm on average: R. T. Moore, An
analysis of ridge-to-ridge distance on fingerprints, Journal of Forensic Identification 39(4), 1989;
about 9 and 8 pixels at 500 ppi.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage

ADULT_MM: Final = (0.32, 0.64)
"""What an adult's finger may measure: a fifth below and a third above the averages. All of 420
impressions of the FVC and FCJ sets that were tried are inside (0.32 to 0.59 mm); a resolution
that is wrong by half or twice is far outside."""
_WINDOW: Final = 64
_STEP: Final = 32
_PADDED: Final = 256
_PERIODS: Final = (3.5, 32.0)
"""Pixels in which a period is looked for: a finger's from 250 to 1300 ppi."""
_LEAST_CONTRAST: Final = 12.0
"""Standard deviation of a window's grey levels, below which it is not looked at."""
_LEAST_SHARE: Final = 0.4
"""Of a window's power near the peak's frequency; below it the ridges are not clear."""
_LEAST_WINDOWS: Final = 6
_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, slots=True)
class RidgeDistance:
    """`pixels` from ridge to ridge, 0.0 where too few ridges are clear to tell; `mm` as claimed."""

    pixels: float
    mm: float

    @property
    def is_known(self) -> bool:
        """Whether there were enough clear ridges."""
        return self.pixels > 0

    @property
    def fits(self) -> bool:
        """Whether nothing is against the claimed resolution."""
        return not self.is_known or ADULT_MM[0] <= self.mm <= ADULT_MM[1]

    def likely_ppi(self, claimed: int) -> int:
        """The resolution at which an average finger would measure this; for a sentence only."""
        return round(claimed * self.mm / 0.44)


def refuse_contradicted_ppi(image: FingerImage) -> None:
    """Raises `KnownError` `scanner_resolution` where the ridges say that the image has another one.

    For a trial of a scanner; an image without clear ridges says nothing.
    """
    found = ridge_distance(image)
    if not found.fits:
        raise KnownError(
            Code.SCANNER_RESOLUTION,
            f"At {image.ppi} ppi the finger's ridges would be {found.mm:.2f} mm apart, and no "
            f"finger's are. About {found.likely_ppi(image.ppi)} ppi is likelier: use another "
            "scanner, and tell whoever wrote its driver.",
        )


def ridge_distance(image: FingerImage) -> RidgeDistance:
    """The median over the image's windows of the period with the most power."""
    grey = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    periods = _periods(grey)
    if len(periods) < _LEAST_WINDOWS:
        return RidgeDistance(0.0, 0.0)
    pixels = float(np.median(periods))
    return RidgeDistance(pixels, pixels * _MM_PER_INCH / image.ppi)


def _periods(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The period of each window with clear ridges, in pixels."""
    height, width = grey.shape
    if height < _WINDOW or width < _WINDOW:
        return np.zeros(0)
    tiles = np.lib.stride_tricks.sliding_window_view(grey, (_WINDOW, _WINDOW))
    tiles = tiles[::_STEP, ::_STEP].reshape(-1, _WINDOW, _WINDOW).astype(np.float32)
    tiles = tiles - tiles.mean((1, 2), keepdims=True)
    tiles = tiles[tiles.std((1, 2)) >= _LEAST_CONTRAST]
    hann = np.hanning(_WINDOW).astype(np.float32)
    rings = _rings()
    sizes = np.bincount(rings.ravel())
    found = []
    for tile in tiles:
        power = np.abs(np.fft.rfft2(tile * np.outer(hann, hann), (_PADDED, _PADDED))) ** 2
        radial = np.bincount(rings.ravel(), power.ravel()).astype(np.float64)
        low, high = (int(_PADDED / one) for one in _PERIODS[::-1])
        peak = low + int(np.argmax(radial[low : high + 1]))
        if not low < peak < high:
            continue
        near = radial[int(peak / 1.25) : int(peak * 1.25) + 1].sum()
        if near < _LEAST_SHARE * radial[1:].sum():
            continue
        # A ring's sum grows with the ring: its mean has its top at the true period.
        mean = radial / sizes
        begin = int(peak / 1.25)
        found.append(_PADDED / _between(mean, begin + int(np.argmax(mean[begin : peak + 2]))))
    return np.asarray(found)


def _rings() -> NDArray[np.intp]:
    """The distance from the origin of every place of a spectrum, in whole steps."""
    across = np.fft.rfftfreq(_PADDED, 1 / _PADDED)
    down = np.fft.fftfreq(_PADDED, 1 / _PADDED)
    rings: NDArray[np.intp] = np.rint(np.hypot(down[:, None], across[None, :])).astype(np.intp)
    return rings


def _between(radial: NDArray[np.float64], peak: int) -> float:
    """The top of the parabola through the peak and its neighbours."""
    before, top, after = radial[peak - 1 : peak + 2]
    bend = before - 2 * top + after
    return peak if bend >= 0 else peak + 0.5 * float((before - after) / bend)
