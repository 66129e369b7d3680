from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.ridges import look_at_ridges
from station_app.biometrics.fingerprint.segmentation import (
    block_statistics,
    crop,
    find_foreground,
)
from station_app.domain.samples import FingerImage, RetryReason


def ridged_disc(
    size: tuple[int, int], centre: tuple[int, int], radius: int, period: float = 9
) -> np.ndarray:
    y, x = np.indices(size)
    ridges = 127 + 90 * np.sin(2 * np.pi * x / period)
    inside = np.hypot(x - centre[0], y - centre[1]) < radius
    return np.where(inside, ridges, 240).astype(np.uint8)


def test_block_statistics_by_hand() -> None:
    pixels = np.zeros((32, 48), np.uint8)
    pixels[:16, :8] = 100
    pixels[16:, 32:] = 7
    mean, deviation = block_statistics(pixels, 16)
    np.testing.assert_allclose(mean, [[50, 0, 0], [0, 0, 7]], atol=1e-3)
    np.testing.assert_allclose(deviation, [[50, 0, 0], [0, 0, 0]], atol=1e-2)


@pytest.mark.parametrize("size", [(320, 352), (301, 333), (480, 640)])
def test_the_disc_is_found_and_cropped(size: tuple[int, int]) -> None:
    pixels = ridged_disc(size, (170, 150), 90)
    found = find_foreground(pixels)
    assert found.left <= 80
    assert found.left + found.width >= 260
    assert found.top <= 60
    assert found.top + found.height >= 240
    assert found.width < 240
    assert found.height < 240
    cut = crop(pixels, found)
    assert cut.shape[0] % 32 == cut.shape[1] % 32 == 0
    np.testing.assert_array_equal(
        cut[:200, :200], pixels[found.top : found.top + 200, found.left : found.left + 200]
    )


def test_only_the_largest_piece_counts() -> None:
    pixels = np.minimum(
        ridged_disc((400, 400), (120, 200), 90), ridged_disc((400, 400), (330, 60), 35)
    )
    found = find_foreground(pixels)
    assert found.left + found.width < 290


def test_a_crop_beyond_the_image_is_padded_with_its_corner() -> None:
    pixels = ridged_disc((150, 150), (75, 75), 74)
    pixels[0, 0] = 201
    cut = crop(pixels, find_foreground(pixels))
    assert cut.shape == (160, 160)
    assert (cut[150:] == 201).all()


def test_a_huge_foreground_is_cut_to_its_middle() -> None:
    pixels = ridged_disc((1500, 1400), (700, 750), 690)
    found = find_foreground(pixels)
    assert (found.width, found.height) == (1024, 1024)
    assert abs(found.left + 512 - 700) < 20
    assert abs(found.top + 512 - 750) < 20


def test_clarity_knows_ridges_from_other_texture() -> None:
    ridges = ridged_disc((300, 300), (150, 150), 110)
    broad = ridged_disc((300, 300), (150, 150), 110, period=30)
    noise = np.random.default_rng(1).integers(0, 256, (300, 300)).astype(np.uint8)
    clarity = [look_at_ridges(p, find_foreground(p)).clarity for p in (ridges, broad, noise)]
    assert clarity[0] > 0.8
    assert max(clarity[1:]) < 0.05


def test_duty_follows_the_width_of_the_ridges(
    impression: Callable[[int, int], FingerImage],
) -> None:
    x = np.indices((300, 300))[1]
    wave = np.sin(2 * np.pi * x / 9)
    thin = np.where(wave > 0.6, 40, 220).astype(np.uint8)
    thick = np.where(wave > -0.6, 40, 220).astype(np.uint8)
    duty = [look_at_ridges(p, find_foreground(p)).duty for p in (thin, thick)]
    assert duty[0] < 0.47
    assert duty[1] > 0.53
    image = impression(1, 1)
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    ridges = look_at_ridges(pixels, find_foreground(pixels))
    assert 0.4 < ridges.duty < 0.6
    assert 80 < ridges.area_mm2 < 350


def test_a_second_finger_beside_the_first_is_noticed(
    engine: FingerEngine, impression: Callable[[int, int], FingerImage]
) -> None:
    one, other = (
        np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
        for image in (impression(1, 1), impression(2, 1))
    )
    glass = np.full((one.shape[0], 40), 240, np.uint8)
    both = np.hstack([one, glass, other])
    height, width = both.shape
    template = engine.extract(FingerImage(both.tobytes(), width, height, 500))
    assert template.hint is RetryReason.TWO_FINGERS
    assert find_foreground(one).beside == 0
    above = np.vstack([one, other])
    assert find_foreground(above).beside == 0
