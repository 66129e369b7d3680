"""Starts the program; the last net under every fault."""

import ctypes
import multiprocessing
import resource
import sys
from typing import Final

from station_app.devices.hosted.own_program import run_own_program

_PR_SET_DUMPABLE: Final = 4  # of <linux/prctl.h>


def main() -> None:
    """The console script `station-app`."""
    # A packed program is a reader's warden too, which is up before anything heavy is imported.
    code = run_own_program(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    # A packed program starts itself as the processes that check and enrol beside it.
    multiprocessing.freeze_support()
    # Such a process imports this module too: it is not to wait for the command line.
    from station_app.assembly.command_line import run
    from station_app.assembly.program_log import keep_log

    keep_memory_private()
    keep_log()
    sys.exit(run(sys.argv[1:]))


def keep_memory_private() -> None:
    """No core file of this process, nor of those it starts; no debugger of the same user.

    A debugger of root gets in all the same. Where the system has no `prctl`, only the first
    holds.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    main()
