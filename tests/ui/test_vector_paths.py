"""The reader of drawing strings."""

import pytest

from station_app.ui.widgets.icons import vector_path


def test_absolute_and_relative_commands_meet() -> None:
    assert vector_path("M10 10L20 10V20H10Z") == vector_path("M10 10l10 0v10h-10z")


def test_a_smooth_curve_reflects_the_last_control_point() -> None:
    smooth = vector_path("M0 0c0 10 10 10 10 0s10-10 10 0")
    spelled = vector_path("M0 0C0 10 10 10 10 0C10-10 20-10 20 0")
    assert smooth == spelled


def test_repeated_numbers_repeat_the_command() -> None:
    assert vector_path("M0 0 10 0 10 10") == vector_path("M0 0L10 0L10 10")


@pytest.mark.parametrize("drawing", ["", "10 10", "L10 10"])
def test_what_is_no_path_is_refused(drawing: str) -> None:
    with pytest.raises(ValueError, match="not path data"):
        vector_path(drawing)
