from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.minutiae import (
    Minutiae,
    nothing_found,
    pack_minutiae,
    unpack_minutiae,
)
from station_app.domain.errors import KnownError


@pytest.mark.parametrize("count", [0, 1, 48, 255])
def test_round_trip(random_minutiae: Callable[..., Minutiae], count: int) -> None:
    finger = random_minutiae(count, count)
    record = pack_minutiae(finger)
    assert len(record) == 4 + 6 * count
    back = unpack_minutiae(record)
    for name in ("xs", "ys", "directions", "confidences"):
        np.testing.assert_array_equal(getattr(back, name), getattr(finger, name))
        assert getattr(back, name).dtype == getattr(finger, name).dtype


def test_what_does_not_fit_is_refused(random_minutiae: Callable[..., Minutiae]) -> None:
    with pytest.raises(ValueError, match="fit"):
        pack_minutiae(random_minutiae(256, 1))
    far = random_minutiae(3, 1, 70_000)
    far.xs[0] = 65_536
    with pytest.raises(ValueError, match="fit"):
        pack_minutiae(far)


@pytest.mark.parametrize(
    "record", [b"", b"LM", b"LM\x02\x01", b"LM\x01\x00", b"XX\x02\x00", b"LM\x02\x00extra"]
)
def test_damaged_records(record: bytes) -> None:
    with pytest.raises(KnownError) as caught:
        unpack_minutiae(record)
    assert caught.value.code == "minutiae_damaged"


def test_nothing_found_is_empty() -> None:
    assert len(nothing_found()) == 0
