"""Whether a window can be shown here, asked of Qt itself."""

import os
import subprocess
import sys

_TRIAL = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
_TRIAL_S = 10.0
"""A display that answers later than this is as good as none (s)."""


def why_no_window() -> str | None:
    """None where Qt can open a window, else a sentence that says why not and what to do.

    Qt aborts the whole process when the display refuses it (no server, no permission, a library
    missing), and no exception can be caught; so a process of its own tries first.
    """
    named = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if not named:
        return "There is no display, so this runs without a window."
    try:
        trial = subprocess.run(  # noqa: S603  # this Python, with a constant
            [sys.executable, "-c", _TRIAL], capture_output=True, check=False, timeout=_TRIAL_S
        )
    except subprocess.TimeoutExpired:
        opened = False
    else:
        opened = trial.returncode == 0
    if opened:
        return None
    return (
        f"The display {named} does not let this program open a window, so this runs without one. "
        "For a window, set DISPLAY to a display of yours; HEADLESS=1 leaves this question out."
    )
