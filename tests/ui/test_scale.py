"""How large the type is, by the window."""

import pytest

from station_app.ui.tokens import scale_for


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ((1366, 768), 1.0),
        ((1600, 900), 1.0),
        ((1680, 1050), 1.25),
        ((1920, 1080), 1.25),
        ((1600, 1200), 1.25),
        ((1024, 768), 0.8),
        ((1760, 760), 1.0),  # wide and low: larger type would be cut off
    ],
)
def test_larger_type_needs_width_and_height(size: tuple[int, int], scale: float) -> None:
    assert scale_for(*size) == scale
