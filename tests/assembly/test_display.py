"""A display that cannot be used is told in a sentence, not by Qt's abort."""

import os
import sys

import pytest

from station_app.assembly.screen_commands import why_no_window
from station_app.assembly.window_trial import run_window_trial, window_trial


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_no_display() -> None:
    assert why_no_window() == "There is no display, so this runs without a window."


@pytest.mark.parametrize("name", [":7777", "nowhere", "/dev/null"])
def test_a_display_nobody_serves(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert f"The display {name} does not let" in (why_no_window() or "")


def test_a_display_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7777")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() is None


def test_a_desktop_with_both_shows_windows_through_x11(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Wayland gives the keyboard to the voter's display."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7777")
    monkeypatch.setenv("DISPLAY", ":7777")
    why_no_window()
    assert os.environ["QT_QPA_PLATFORM"].split(";")[0] == "xcb"


def test_a_packed_program_tries_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no `-c`: that would be a wrong command of its own, and no window ever opened."""
    assert not run_window_trial(["--window-trial"]), "only a packed program is asked this"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert window_trial() == [sys.executable, "--window-trial"]
    assert not run_window_trial(["technician"])
