"""Invented fingers and one engine for the whole room: growing and loading take time."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.samples import FingerImage
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import Master, grow_master
from station_app.synthetic.presets import Preset

REAL_FINGERS = Path(
    os.environ.get(
        "STATION_REAL_FINGERS",
        Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fingerprints",
    )
)

Impression = Callable[[int, int], FingerImage]
Extracted = Callable[[int, int], Template]


@lru_cache
def _master(seed: int) -> Master:
    return grow_master(seed)


@lru_cache
def _pressed(seed: int, number: int) -> FingerImage:
    return press(_master(seed), number, Preset.GOOD)


@pytest.fixture(scope="session")
def engine() -> FingerEngine:
    return FingerEngine()


@pytest.fixture(scope="session")
def master() -> Callable[[int], Master]:
    """`master(finger)`: the ridges of an invented finger, grown once."""
    return _master


@pytest.fixture(scope="session")
def impression() -> Impression:
    """`impression(finger, number)`: a good impression of an invented finger."""
    return _pressed


@pytest.fixture(scope="session")
def extracted(engine: FingerEngine) -> Extracted:
    """`extracted(finger, number)`: the template of that impression, made once."""

    @lru_cache
    def template(seed: int, number: int) -> Template:
        return engine.extract(_pressed(seed, number))

    return template


@pytest.fixture(scope="session")
def real_fingers() -> Path:
    """The folder of real sets; tests that need it skip where it is absent."""
    if not REAL_FINGERS.is_dir():
        pytest.skip(f"no real fingerprint images in {REAL_FINGERS}")
    return REAL_FINGERS


def scattered(count: int, seed: int, size: int = 320) -> Minutiae:
    """Random minutiae in the middle of a square of `size` pixels."""
    rng = np.random.default_rng(seed)
    return Minutiae(
        xs=rng.integers(60, size - 60, count).astype(np.int32),
        ys=rng.integers(60, size - 60, count).astype(np.int32),
        directions=rng.integers(0, 256, count).astype(np.uint8),
        confidences=np.sort(rng.integers(80, 256, count))[::-1].astype(np.uint8),
    )


@pytest.fixture(scope="session")
def random_minutiae() -> Callable[..., Minutiae]:
    return scattered
