"""Keeps what a process has in memory away from files and from other programs of its user."""

import ctypes
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # of <linux/prctl.h>


def keep_memory_private() -> None:
    """No core file of this process, nor of those it starts; no debugger of the same user.

    A debugger of root gets in all the same. Where the system has no `prctl`, only the first
    holds.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
