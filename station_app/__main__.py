"""Starts the program; the last net under every fault."""

import resource
import sys

from station_app.assembly.command_line import run


def main() -> None:
    """The console script `station-app`."""
    # A core file would hold keys and passphrases, of this process and of those it starts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
