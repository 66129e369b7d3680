"""What a process holds stays with it."""

import subprocess
import sys

PROGRAM = """
import ctypes, resource, sys
from station_app.devices.computer import keep_memory_private
keep_memory_private()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def said(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_no_core_file_and_no_debugger() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True
    )
    assert done.stdout == "(0, 0) 0\n", done.stderr


def test_every_command_does_it() -> None:
    program = (
        "import ctypes, sys; sys.argv = ['station-app', '--help']\n"
        "import station_app.__main__ as program\n"
        "try: program.main()\nexcept SystemExit: pass\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "0", done.stderr
