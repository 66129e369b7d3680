"""A reader's program of another maker, which the signed settings name with its hash.

What is hashed is what is started: a sealed copy in memory. Whoever writes to the station's
folder can exchange the file at any time, and gains nothing by it.
"""

import fcntl
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.reader_process import Program
from station_app.devices.signed_files import INSIDE_PATH, SignedFile
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, KnownError
from station_app.vault.untrusted_files import open_regular

MOST_BYTES: Final = 64 << 20
"""Of a program."""
_CHUNK: Final = 1 << 20
_MFD_EXEC: Final = 0x10
"""Of <linux/memfd.h>, from Linux 6.3 on; before it every such file may be started."""
_SEALS: Final = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class SignedScanner(HostedScanner):
    """The reader of the program that `port` names among `executables`; the only one without."""

    def __init__(self, port: str, folder: Path, executables: Sequence[SignedFile]) -> None:
        self._port, self._folder, self._executables = _known(port), folder, tuple(executables)
        super().__init__(self._chosen)

    def _chosen(self) -> Program:
        named = [one for one in self._executables if self._port in {"", one.path}]
        if len(named) != 1:
            raise _refused("names no program for the scanner, or several")
        return signed_program(self._folder, named[0])


def find_signed(port: str) -> bool:
    """True: whether its reader is plugged in only the program can say.

    Raises `KnownError` `settings_refused` where the port is no program's name.
    """
    _known(port)
    return True


def signed_program(folder: Path, signed: SignedFile) -> Program:
    """A copy of the program, whole and as it was signed, which nobody can change any more.

    Raises `DeviceFaultError` `scanner_program_refused`.
    """
    if not INSIDE_PATH.fullmatch(signed.path):
        raise _refused(f"names {signed.path}, which is no path inside the station's folder")
    try:
        handle, digest = sealed_copy(folder / signed.path)
    except (OSError, KnownError) as error:
        raise _refused(f"names {signed.path}, which cannot be read") from error
    if digest != signed.sha256:
        os.close(handle)
        raise _refused(f"has another hash for {signed.path} than the file has")
    return Program([signed.path.rpartition("/")[2]], file=handle)


def sealed_copy(path: Path) -> tuple[int, str]:
    """A file in memory with the content of `path`, which nobody can change any more, and its hex
    SHA-256. Raises `OSError` and as `open_regular` does.
    """
    handle = _memory_file()
    try:
        digest, left = hashlib.sha256(), MOST_BYTES
        with open_regular(path, MOST_BYTES) as file:
            while data := file.read(min(_CHUNK, left)):
                digest.update(data)
                left -= len(data)
                while data:
                    data = data[os.write(handle, data) :]
        os.fchmod(handle, 0o500)
        fcntl.fcntl(handle, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(handle)
        raise
    return handle, digest.hexdigest()


def _memory_file() -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    with suppress(OSError):  # an older kernel does not know the flag
        return os.memfd_create("reader", flags | _MFD_EXEC)
    return os.memfd_create("reader", flags)


def _known(port: str) -> str:
    if port and not INSIDE_PATH.fullmatch(port):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            "The port of a hosted scanner is the name of a program in the signed settings, such "
            "as readers/acme. Write it into the station's settings.",
        )
    return port


def _refused(what: str) -> DeviceFaultError:
    return DeviceFaultError(
        Code.SCANNER_PROGRAM_REFUSED,
        f"The signed list of programs {what}. Nothing was started. Put the maker's file in its "
        "place, or let two persons sign another one with `station-app settings apply`.",
    )
