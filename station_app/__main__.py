"""Starts the program; the last net under every fault."""

import sys

from station_app.assembly.command_line import run


def main() -> None:
    """The console script `station-app`."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
