"""Station quality and the coaching hint, from what the extraction computes anyway.

Called "station quality" everywhere: it is not NFIQ and is not comparable with it.
"""

import numpy as np

from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.ridges import Ridges
from station_app.biometrics.fingerprint.segmentation import Foreground
from station_app.domain.samples import RetryReason

MIN_CLARITY = 0.12
MIN_TEXTURE = 0.3
MIN_AREA_MM2 = 12.0
DRY_DUTY = 0.35
WET_DUTY = 0.58
_SMALL_MM2 = 80.0
_LARGE_MM2 = 220.0
_OFF_CENTRE = 0.18
_GOOD = 65
_SECOND_FINGER = 0.35
"""Area of a second piece beside the finger: one finger's dirt has at most .01 of it on the
development sets, of two invented fingers that do not touch the second has .6 or more."""


def is_finger(found: Foreground, ridges: Ridges) -> bool:
    """False for blank glass, noise, and pictures of other things.

    The limits lie between the fingers of the development sets (ADR 0003) on one side and
    photographs (too little texture) and noise (texture without clarity) on the other.
    """
    return (
        not found.empty
        and ridges.clarity >= MIN_CLARITY
        and ridges.texture >= MIN_TEXTURE
        and ridges.area_mm2 >= MIN_AREA_MM2
    )


def is_dry_trace(found: Foreground, ridges: Ridges) -> bool:
    """True for the scattered dots a very dry finger leaves: no ridges, but its texture.

    Noise has the period of ridges too, but as many dark pixels as bright ones.
    """
    if is_finger(found, ridges) or found.empty:
        return False
    return ridges.texture >= MIN_TEXTURE and 0 < ridges.duty < DRY_DUTY


def station_quality(found: Foreground, ridges: Ridges, minutiae: Minutiae, cylinders: int) -> int:
    """Quality 0..100: a weighted geometric mean, so that one hopeless part is enough.

    Half its weight is the mean confidence of the 30 best minutiae (the best single
    predictor of a genuine score on the development sets), a quarter ridge clarity, a
    quarter the number of cylinders and the area. 0 when it is not a finger.
    """
    if not is_finger(found, ridges) or cylinders == 0:
        return 0
    confidence = float(minutiae.confidences[:30].mean()) / 255
    sure = float(np.clip((confidence - 0.4) / 0.5, 0, 1))
    enough = min(1.0, cylinders / 30) * min(1.0, ridges.area_mm2 / 100)
    share: float = sure**0.5 * ridges.clarity**0.25 * enough**0.25
    return round(100 * share)


def coaching_hint(found: Foreground, ridges: Ridges, quality: int) -> RetryReason | None:
    """The hint that would improve the next image; None without one."""
    if is_dry_trace(found, ridges):
        return RetryReason.TOO_DRY
    if not is_finger(found, ridges):
        return RetryReason.NOT_A_FINGER
    if found.beside >= _SECOND_FINGER:
        return RetryReason.TWO_FINGERS
    if max(abs(part) for part in off_centre(found)) > _OFF_CENTRE and cut_off(found):
        return RetryReason.OFF_CENTRE
    if quality >= _GOOD:
        return None
    skin = skin_hint(ridges)
    if skin is RetryReason.TOO_WET and ridges.area_mm2 > _LARGE_MM2:
        return RetryReason.TOO_HARD
    if skin is not None:
        return skin
    if ridges.area_mm2 < _SMALL_MM2:
        return RetryReason.TOO_LIGHT
    return RetryReason.SMEARED


def skin_hint(ridges: Ridges) -> RetryReason | None:
    """TOO_DRY when ridges are thin or broken, TOO_WET when valleys fill."""
    if ridges.duty < DRY_DUTY:
        return RetryReason.TOO_DRY
    if ridges.duty > WET_DUTY:
        return RetryReason.TOO_WET
    return None


def off_centre(found: Foreground) -> tuple[float, float]:
    """How far the finger's centre of area lies from the glass's: across, down.

    In parts of the width and height: 0 in the middle, -0.5 and 0.5 at the edges.
    """
    if found.empty:
        return 0.0, 0.0
    rows, columns = np.nonzero(found.blocks)
    height, width = found.blocks.shape
    return (
        float((columns.mean() + 0.5) / width - 0.5),
        float((rows.mean() + 0.5) / height - 0.5),
    )


def cut_off(found: Foreground) -> bool:
    """True when the finger runs over the left, right or upper edge of the glass.

    At the lower edge a finger always does: it is attached to its hand.
    """
    blocks = found.blocks
    return bool(blocks[:, 0].any() or blocks[:, -1].any() or blocks[0].any())
