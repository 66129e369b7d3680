"""The process that tries whether Qt can open a window, of a checkout or of the packed program."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

_WORD: Final = "--window-trial"
_TRIAL: Final = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def window_trial() -> list[str]:
    """The words that start it. A packed program takes no `-c`: it is told to do nothing else."""
    return [sys.executable, _WORD] if _is_packed() else [sys.executable, "-c", _TRIAL]


def run_window_trial(arguments: Sequence[str]) -> bool:
    """Be that process where a packed program's only argument says so; whether it was.

    Qt ends the whole process where the display refuses it.
    """
    if not _is_packed() or list(arguments) != [_WORD]:
        return False
    import_module("PySide6.QtGui").QGuiApplication([])
    return True


def _is_packed() -> bool:
    return bool(getattr(sys, "frozen", False))
