"""The voter's display follows its monitor, and the keyboard stays at the desk."""

import json
import subprocess
import sys
from typing import Any

import pytest


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "tests.ui.two_screens",
        str(tmp_path_factory.mktemp("screens")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "requestActivate" not in done.stderr, "the display asks for the keyboard"
    return json.loads(done.stdout)


ON = (
    "plugged",
    "shown",
    "kept",
    "two",
    "chosen",
    "chosen_again",
    "any",
    "again",
    "desk_moved_unheard",
    "desk_moved",
)
OFF = ("alone", "kept_by_the_desktop", "chosen_pulled", "pulled", "desk_hidden", "wayland")


def test_it_fills_a_screen_that_is_not_the_desks(steps: dict[str, Any]) -> None:
    assert {step: steps[step]["screen"] for step in (*ON, *OFF)} == {
        "plugged": "HDMI-1",
        "shown": "HDMI-1",
        "kept": "HDMI-1",
        "two": "HDMI-1",
        "chosen": "DP-2",
        "chosen_again": "DP-2",
        "any": "HDMI-1",
        "again": "HDMI-1",
        "desk_moved_unheard": "eDP-1",
        "desk_moved": "eDP-1",
        "alone": "",
        "kept_by_the_desktop": "",
        "chosen_pulled": "",
        "pulled": "",
        "desk_hidden": "",
        "wayland": "",
    }
    assert all(steps[step]["covers"] for step in ON)
    assert not any(steps[step]["over_the_desk"] for step in (*ON, *OFF))
    assert steps["renamed"], "a window system may name the only other screen as it likes"
    assert steps["of_several"], "which of them is the chosen one, nobody knows"
    assert steps["mirrored"], "a screen that lies over the desk's is none for voters"


def test_it_comes_and_goes_with_the_plug_and_says_so(steps: dict[str, Any]) -> None:
    assert {steps[step]["on"] for step in ON} == {True}
    assert {steps[step]["on"] for step in OFF} == {False}
    assert steps["said"] == [True, False] * 5


def test_the_keyboard_never_leaves_the_desk(steps: dict[str, Any]) -> None:
    at_work = [step for step in (*ON, *OFF) if step != "desk_hidden"]
    assert [step for step in at_work if not steps[step]["focus"]] == []
    assert steps["again"]["typed"] == 12, "each key that was typed meanwhile came to the desk"
