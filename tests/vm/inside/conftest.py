"""These tests plug emulated devices into the kernel that they run under."""

import os

collect_ignore_glob = [] if os.environ.get("STATION_IN_VM") else ["test_*.py"]
