"""Starts one program of others, and ends it with everything that it started.

A process of its own between the station and a reader's program, standard library only:

    warden.py LIFELINE PROGRAM [NAME=VALUE...] -- WORD...

LIFELINE is the number of a pipe whose other end only the station has. PROGRAM is a path, or the
number of an open file, so that what was checked is what is started; the words begin with its
name, and its environment is what stands here and nothing else. Standard input and output are the
program's. When the program ends, or the lifeline closes (the station is done with the program, or
is dead), every process that descends from it is killed, whatever session it has moved to: orphans
come to the warden, their subreaper (prctl(2)). The program dies with the warden.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress

_PDEATHSIG, _DUMPABLE, _SUBREAPER, _NO_NEW_PRIVILEGES = 1, 4, 36, 38  # of <linux/prctl.h>
_MOST_FILES = 256
_EVERY_FILE = 1 << 20
"""No number is above it: the limit of a moment is not that of what is open already."""
_MOST_FILE_BYTES = 16 << 20
_MOST_DATA_BYTES = 1 << 30
_KILLING_S = 2.0
_NOT_STARTED = 127

_prctl = ctypes.CDLL(None).prctl


def main(arguments: list[str]) -> int:
    """Run the program until it or the station ends."""
    lifeline, program = int(arguments[0]), arguments[1]
    _prctl(_SUBREAPER, 1, 0, 0, 0)
    _prctl(_DUMPABLE, 0, 0, 0, 0)
    ended, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    warden = os.getpid()
    child = os.fork()
    if child == 0:
        at = arguments.index("--")
        environment = dict(one.split("=", 1) for one in arguments[2:at])
        _become(warden, program, arguments[at + 1 :], environment)
    for number in (0, 1, *([int(program)] if program.isdigit() else [])):
        os.close(number)  # so that the station sees the program's end
    while True:
        ready = select.select([lifeline, ended], [], [])[0]
        if ended in ready:
            os.read(ended, 512)
        if lifeline in ready or _has_ended(child):
            break
    _kill_all()
    return 0


def _become(warden: int, program: str, words: list[str], environment: dict[str, str]) -> None:
    """Turn this fresh process into the program; does not return."""
    try:
        _prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != warden:
            os._exit(_NOT_STARTED)
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        for limit, most in (
            (resource.RLIMIT_CORE, 0),  # a core file would hold a finger
            (resource.RLIMIT_NOFILE, _MOST_FILES),
            (resource.RLIMIT_FSIZE, _MOST_FILE_BYTES),
            (resource.RLIMIT_DATA, _MOST_DATA_BYTES),
        ):
            hard = resource.getrlimit(limit)[1]
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (least, least))
        os.chdir("/")
        kept = int(program) if program.isdigit() else 2
        os.closerange(3, max(kept, 3))
        os.closerange(max(kept, 2) + 1, _EVERY_FILE)
        if program.isdigit():
            os.set_inheritable(kept, True)  # a script's interpreter opens it once more
            program = f"/proc/self/fd/{kept}"
        os.execve(program, words, environment)  # noqa: S606  (no shell is wanted)
    finally:
        os._exit(_NOT_STARTED)


def _has_ended(child: int) -> bool:
    """Take leave of all that have ended; whether the program is among them."""
    has_ended = False
    try:
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            has_ended = has_ended or pid == child
    except ChildProcessError:
        return True
    return has_ended


def _kill_all() -> None:
    """Kill children until there are none: those of a killed one become the warden's own."""
    until = time.monotonic() + _KILLING_S
    while time.monotonic() < until:
        for pid in _children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _children() -> list[int]:
    """The processes whose parent is this one."""
    me, found = str(os.getpid()), []
    for name in os.listdir("/proc"):  # noqa: PTH208  (pathlib takes long to import)
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                # the name, in brackets, may hold anything; then the state and the parent
                parent = file.read().rpartition(b")")[2].split()[1]
        except (OSError, IndexError):
            continue
        if parent.decode() == me:
            found.append(int(name))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
