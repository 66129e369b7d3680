"""Starts the program; the last net under every fault."""

import multiprocessing
import sys

from station_app.assembly.window_trial import run_window_trial
from station_app.devices.hosted.own_program import run_own_program


def main() -> None:
    """The console script `station-app`."""
    # A packed program is a reader's warden too, which is up before anything heavy is imported.
    code = run_own_program(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    if run_window_trial(sys.argv[1:]):
        return
    # A packed program starts itself as the processes that check and enrol beside it.
    multiprocessing.freeze_support()
    # Such a process imports this module too: it is not to wait for the command line.
    from station_app.assembly.command_line import run
    from station_app.assembly.program_log import keep_log
    from station_app.devices.computer import keep_memory_private

    keep_memory_private()
    keep_log()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
