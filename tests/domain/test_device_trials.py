"""When a device counts as tried, and when not any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from station_app.domain.device_trials import TestKind, Trial, Trials, Verdict, Wanted

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
NOW = AT + timedelta(days=1)
FULL = Trial("printer", TestKind.FULL, AT, "escpos", "usb:0416:5011", True, "0.3")
MORNING = replace(FULL, test=TestKind.MORNING, at=NOW)
WANTED = Wanted("printer", "escpos", "usb:0416:5011")


def verdict(*trials: Trial, wanted: Wanted = WANTED, app: str = "0.3") -> tuple[Verdict, bool]:
    found = Trials(trials).judge(wanted, app, NOW.astimezone().date())
    return found.verdict, found.is_of_today


def test_a_full_test_counts_until_something_changes() -> None:
    assert verdict() == (Verdict.UNTRIED, False)
    assert verdict(FULL) == (Verdict.TRIED, False)
    assert verdict(FULL, MORNING) == (Verdict.TRIED, True)
    assert verdict(FULL, app="0.4") == (Verdict.CHANGED, False)
    assert verdict(FULL, wanted=replace(WANTED, driver="other")) == (Verdict.CHANGED, False)
    assert verdict(FULL, wanted=replace(WANTED, hardware="usb:1:2"))[0] is Verdict.CHANGED


def test_a_device_that_is_not_there_was_not_exchanged() -> None:
    assert verdict(FULL, wanted=replace(WANTED, hardware="")) == (Verdict.TRIED, False)


def test_a_morning_check_alone_is_no_full_test() -> None:
    assert verdict(MORNING) == (Verdict.UNTRIED, True)
    late = replace(MORNING, hardware="usb:1:2")
    assert verdict(FULL, late)[0] is Verdict.CHANGED
    assert verdict(FULL, late, wanted=replace(WANTED, hardware="usb:1:2"))[0] is Verdict.CHANGED


def test_what_failed_last_is_not_ready() -> None:
    failed = replace(MORNING, passed=False)
    assert verdict(FULL, failed) == (Verdict.FAILED, False)
    assert Trials((FULL, failed)).failed_parts() == ("printer",)
    again = replace(MORNING, at=NOW + timedelta(minutes=1))
    assert verdict(FULL, failed, again) == (Verdict.TRIED, True)


def test_other_parts_are_other_parts() -> None:
    assert verdict(replace(FULL, part="camera")) == (Verdict.UNTRIED, False)


@pytest.mark.parametrize("text", ["a\nb", "x" * 201, "\x1b[2J"])
def test_a_trial_is_told_in_short_lines(text: str) -> None:
    with pytest.raises(ValueError, match="short lines"):
        replace(FULL, hardware=text)
    with pytest.raises(ValueError, match="of a part"):
        replace(FULL, part="")


def test_a_file_of_many_parts_is_not_taken_in() -> None:
    many = Trials(replace(FULL, part=f"p{number}") for number in range(1000))
    assert len(many.each) == 64
    assert many.each[-1].part == "p999", "whoever writes many keeps nobody from a test"


def test_a_clock_that_was_wrong_decides_nothing() -> None:
    """A check that failed with the clock in another year is answered by the one after it."""
    ahead = replace(MORNING, passed=False, at=AT.replace(year=2031))
    assert verdict(ahead, FULL) == (Verdict.TRIED, False)
    assert verdict(FULL, replace(MORNING, passed=False, at=AT.replace(year=2001))) == (
        Verdict.FAILED,
        False,
    )
