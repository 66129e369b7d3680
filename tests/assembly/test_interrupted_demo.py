"""Ctrl-C in the terminal closes the demonstration's window, and is no fault of the program."""

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_ctrl_c_closes_the_window(tmp_path: Path) -> None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "DISPLAY": ":never-opened",
        "STATION_APP_HOME": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "station_app", "demo", "--language", "en"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "Ctrl+D" in line:  # the window is shown
                break
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert "went wrong" not in said
    assert "bug" not in (tmp_path / "log" / "station-app.log").read_text()
