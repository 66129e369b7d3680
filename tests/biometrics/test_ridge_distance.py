"""Whether an image's resolution is contradicted by the distance of its ridges."""

from dataclasses import replace

import numpy as np
import pytest

from station_app.biometrics.fingerprint.ridge_distance import (
    refuse_contradicted_ppi,
    ridge_distance,
)
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from tests.biometrics.conftest import Impression


@pytest.mark.parametrize("finger", range(4))
def test_a_finger_fits_its_own_resolution_and_no_other(impression: Impression, finger: int) -> None:
    image = impression(finger, 1)
    found = ridge_distance(image)
    assert found.is_known
    refuse_contradicted_ppi(image)
    assert 6.5 < found.pixels < 12.5
    for wrong in (image.ppi // 2, image.ppi * 2):
        contradicted = ridge_distance(replace(image, ppi=wrong))
        assert contradicted.pixels == found.pixels
        assert not contradicted.fits
        with pytest.raises(KnownError, match="mm apart") as caught:
            refuse_contradicted_ppi(replace(image, ppi=wrong))
        assert caught.value.code == "scanner_resolution"
        assert 0.7 * image.ppi < contradicted.likely_ppi(wrong) < 1.4 * image.ppi


@pytest.mark.parametrize("period", [5.0, 9.0, 18.0])
def test_stripes_are_measured(period: float) -> None:
    across = np.arange(400)
    wave = 127 + 100 * np.sin(2 * np.pi * (across[:, None] + across[None, :]) / period / 2**0.5)
    image = FingerImage(wave.astype(np.uint8).tobytes(), 400, 400, 500)
    assert ridge_distance(image).pixels == pytest.approx(period, rel=0.06)


def test_what_shows_no_ridges_says_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8)
    for pixels in (noise, np.full((300, 300), 200, np.uint8), np.zeros((40, 40), np.uint8)):
        height, width = pixels.shape
        found = ridge_distance(FingerImage(pixels.tobytes(), width, height, 500))
        assert not found.is_known
        assert found.fits
