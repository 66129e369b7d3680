from collections.abc import Callable
from time import process_time

import numpy as np
import pytest

from station_app.biometrics.fingerprint.live import assess
from station_app.domain.samples import FingerImage, Meters, RetryReason
from station_app.synthetic.impressions import empty_glass, press
from station_app.synthetic.masters import Master
from station_app.synthetic.presets import Preset

Impression = Callable[[int, int], FingerImage]
NOBODY = Meters(0, 0, 0)


def shifted(image: FingerImage, across: int, down: int) -> FingerImage:
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    moved = np.full_like(pixels, 245)
    height, width = pixels.shape
    moved[max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)] = pixels[
        max(0, -down) : height - max(0, down), max(0, -across) : width - max(0, across)
    ]
    return FingerImage(moved.tobytes(), width, height, image.ppi)


def test_a_good_finger_is_good_on_every_meter(impression: Impression) -> None:
    meters = assess(impression(1, 1))
    assert min(meters.position, meters.pressure, meters.skin) >= 4
    assert meters.skin_hint is None
    assert assess(impression(1, 1)) != NOBODY


def test_empty_glass() -> None:
    assert assess(empty_glass(1)) == NOBODY


@pytest.mark.parametrize(("across", "down"), [(150, 0), (-150, 0), (0, -170)])
def test_position_falls_off_centre(impression: Impression, across: int, down: int) -> None:
    centred = assess(impression(1, 1))
    assert assess(shifted(impression(1, 1), across, down)).position < centred.position


@pytest.mark.parametrize(
    ("preset", "hint"), [(Preset.DRY, RetryReason.TOO_DRY), (Preset.WET, RetryReason.TOO_WET)]
)
def test_skin_says_in_which_direction(
    master: Callable[[int], Master], impression: Impression, preset: Preset, hint: RetryReason
) -> None:
    seen = [assess(press(master(1), number, preset)) for number in range(4)]
    assert {meters.skin_hint for meters in seen} <= {hint, None}
    assert NOBODY not in seen
    assert np.mean([meters.skin for meters in seen]) < assess(impression(1, 1)).skin


def test_a_frame_takes_no_time(impression: Impression) -> None:
    image = impression(1, 1)
    start = process_time()
    for _ in range(10):
        assess(image)
    assert (process_time() - start) / 10 < 0.01  # 1 ms alone; others may be at work
