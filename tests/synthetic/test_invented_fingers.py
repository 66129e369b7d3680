"""Masters and impressions: ridges of the right kind, and the same pixels every time."""

import math
import time

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from station_app.domain.samples import FingerImage
from station_app.synthetic.impressions import empty_glass, press
from station_app.synthetic.masters import (
    FULL,
    HEIGHT,
    NATURAL_FREQUENCY,
    WIDTH,
    Master,
    PatternClass,
    _kernel_bank,
    draw_class,
    grow_master,
    orientation_field,
    smooth_noise,
)
from station_app.synthetic.presets import Preset
from station_app.synthetic.seeds import derive_seed, generator


@pytest.fixture(scope="module")
def master() -> Master:
    return grow_master(11)


def as_array(image: FingerImage) -> NDArray[np.uint8]:
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def ink_share(image: FingerImage) -> float:
    return float((as_array(image) < 160).mean())


def test_classes_come_by_natural_frequency() -> None:
    draws = 6_000
    counts = dict.fromkeys(PatternClass, 0)
    for number in range(draws):
        counts[draw_class(generator("class", number))] += 1
    assert math.isclose(sum(NATURAL_FREQUENCY.values()), 1.0)
    for pattern, share in NATURAL_FREQUENCY.items():
        spread = math.sqrt(share * (1 - share) / draws)
        assert abs(counts[pattern] / draws - share) < 4 * spread, pattern


@pytest.mark.parametrize(
    ("pattern", "loops", "deltas"),
    [
        (PatternClass.ARCH, 0, 0),
        (PatternClass.TENTED_ARCH, 1, 1),
        (PatternClass.LEFT_LOOP, 1, 1),
        (PatternClass.RIGHT_LOOP, 1, 1),
        (PatternClass.WHORL, 2, 2),
        (PatternClass.TWIN_LOOP, 2, 2),
    ],
)
def test_orientation_has_the_singular_points_of_its_class(
    pattern: PatternClass, loops: int, deltas: int
) -> None:
    """Poincare index: the turns of the orientation round every small square, summed up."""
    y, x = np.mgrid[:240, :240].astype(np.float32)
    theta = orientation_field(generator("field", 5), pattern, x - 120, 110 - y, 200.0)
    corners = [theta[:-1, :-1], theta[1:, :-1], theta[1:, 1:], theta[:-1, 1:]]
    turns = np.zeros((239, 239))
    for here, there in zip(corners, [*corners[1:], corners[0]], strict=True):
        step = there - here
        turns += step - math.pi * np.rint(step / math.pi)
    index = np.rint(turns / math.pi).astype(int)
    assert (index == 1).sum() == loops
    assert (index == -1).sum() == deltas


def test_a_loop_opens_to_its_own_side() -> None:
    y, x = np.mgrid[:200, :200].astype(np.float32)
    below_left = (140, 60)
    for pattern, sign in ((PatternClass.LEFT_LOOP, 1), (PatternClass.RIGHT_LOOP, -1)):
        theta = orientation_field(generator("side", 1), pattern, x - 100, 100 - y, 170.0)
        row, column = below_left if sign > 0 else (140, 140)
        angle = (float(theta[row, column]) + math.pi / 2) % math.pi - math.pi / 2
        assert sign * angle > 0.2, "the ridges rise towards the core"


def test_master_is_a_fingertip_of_ridges_about_nine_pixels_apart(master: Master) -> None:
    assert master.ridges.shape == (HEIGHT, WIDTH)
    assert master.ridges.dtype == np.int8
    assert not master.ridges[:4, :4].any(), "outside the finger there is nothing"
    middle = master.ridges[140:300, 90:250].astype(np.float64)
    spectrum = np.abs(np.fft.fftshift(np.fft.fft2(middle - middle.mean())))
    v, u = np.mgrid[-80:80, -80:80] / 160
    frequency = np.hypot(u, v)
    ring = (frequency > 0.04) & (frequency < 0.3)
    peak = float(frequency[ring][spectrum[ring].argmax()])
    assert 7.0 < 1 / peak < 12.0
    assert 0.40 < float((middle > 0).mean()) < 0.60


def test_the_same_seed_grows_the_same_finger_whatever_grew_before(master: Master) -> None:
    grow_master(12)
    again = grow_master(11)
    assert np.array_equal(again.ridges, master.ridges)
    assert not np.array_equal(grow_master(13).ridges, master.ridges)


def test_a_demanded_class_is_grown() -> None:
    assert grow_master(11, PatternClass.ARCH).pattern is PatternClass.ARCH


@pytest.mark.parametrize("preset", list(Preset))
def test_impressions_repeat_and_differ(master: Master, preset: Preset) -> None:
    first = press(master, 1, preset)
    assert (first.width, first.height, first.ppi) == (320, 384, 500)
    assert press(master, 1, preset) == first
    assert press(master, 2, preset) != first


def test_threads_of_opencv_do_not_change_a_pixel(master: Master) -> None:
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = press(master, 4, Preset.FAIR)
        cv2.setNumThreads(4)
        assert press(master, 4, Preset.FAIR) == alone
    finally:
        cv2.setNumThreads(before)


def test_faults_look_like_what_they_are_called(master: Master) -> None:
    shares = {p: np.mean([ink_share(press(master, n, p)) for n in range(4)]) for p in Preset}
    assert shares[Preset.DRY] < 0.5 * shares[Preset.FAIR]
    assert shares[Preset.WET] > 1.2 * shares[Preset.FAIR]
    assert shares[Preset.PARTIAL] < 0.3 * shares[Preset.GOOD]
    off = as_array(press(master, 1, Preset.OFF_CENTRE)) < 160
    assert float(np.nonzero(off)[1].mean()) > 200, "it lies on the right"


def test_empty_glass_is_empty() -> None:
    assert ink_share(empty_glass(1)) == 0.0
    assert float(as_array(empty_glass(1)).std()) < 12
    assert empty_glass(1) == empty_glass(1) != empty_glass(2)


def test_smooth_noise_has_the_spread_it_promises() -> None:
    for scale in (2.2, 9.0, 18.0):
        field = smooth_noise(generator("noise", 1), 384, 320, scale)
        assert abs(float(field.mean())) < 0.15
        assert 0.7 < float(field.std()) < 1.3, scale


def test_seeds_do_not_run_into_each_other() -> None:
    assert derive_seed("a", 1, 23) != derive_seed("a", 12, 3)
    assert derive_seed("a", 1) != derive_seed("a", "1")
    assert derive_seed("voter", 7, 1) == derive_seed("voter", 7, 1) < 2**64


def test_growth_adds_whole_numbers_that_float32_holds_exactly() -> None:
    """So the order in which a BLAS adds cannot change a ridge."""
    bank = _kernel_bank()
    assert np.array_equal(bank, np.rint(bank))
    assert float(np.abs(bank).sum(axis=1).max()) * FULL < 2**24
    patches = generator("exact").integers(-FULL, FULL, (500, bank.shape[1]), endpoint=True)
    exact = patches @ bank.astype(np.int64).T
    assert np.array_equal(patches.astype(np.float32) @ bank.T, exact)


def test_speed_is_sane() -> None:
    start = time.process_time()
    masters = [grow_master(900 + n) for n in range(4)]
    grown = time.process_time()
    for number in range(12):
        press(masters[number % 4], number, Preset.FAIR)
    pressed = time.process_time()
    assert (grown - start) / 4 < 0.8, "aim: 0.2 s of CPU a master"
    assert (pressed - grown) / 12 < 0.1, "aim: 0.015 s of CPU an impression"
