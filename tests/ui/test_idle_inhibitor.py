"""The desktop is asked to leave the screen on."""

import json
import shutil
import subprocess
import sys

import pytest


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs the package dbus")
def test_the_desktop_is_asked_and_asked_again_when_it_comes_back() -> None:
    words = ["dbus-run-session", "--", sys.executable, "-m", "tests.ui.desktop_bus"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    told = json.loads(done.stdout)
    assert told["granted"] == [False, True, True], "none has the service at first"
    assert told["asked"] == ["station-app: People are being identified"] * 2
