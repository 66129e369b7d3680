"""The sizes of text, one after the other."""

from station_app.domain.appearance import STANDARD, TEXT_PERCENTS


def test_text_grows_and_shrinks_in_steps_and_no_further() -> None:
    up = [STANDARD]
    for _ in TEXT_PERCENTS:
        up.append(up[-1].with_text(1))
    assert [one.text_percent for one in up] == [*TEXT_PERCENTS, TEXT_PERCENTS[-1]]
    assert up[-1].with_text(-3) == STANDARD.with_text(-1) == STANDARD
    assert up[-1].text_scale == 2.0
    assert STANDARD.with_other_contrast().with_other_contrast() == STANDARD
