"""Starts the program; the last net under every fault."""

import multiprocessing
import sys


def main() -> None:
    """The console script `station-app`."""
    # A packed program starts itself as the processes that check and enrol beside it.
    multiprocessing.freeze_support()
    # Such a process imports this module too: it is not to wait for every command.
    from station_app.assembly.command_line import run  # noqa: PLC0415
    from station_app.assembly.program_log import keep_log  # noqa: PLC0415
    from station_app.vault.private_memory import keep_memory_private  # noqa: PLC0415

    keep_memory_private()
    keep_log()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
