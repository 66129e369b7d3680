"""Runs one command as a user who owns nothing; file modes do not bind root.

The program is loaded first, because that user may not even read a checkout in /root.
"""

import os
import sys

from station_app.assembly import command_line, headless

NOBODY = 65534

if __name__ == "__main__":
    assert headless.run_headless
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    sys.exit(command_line.run(sys.argv[1:]))
