"""The `libfprint` driver on recordings of a real U.are.U 4500, replayed by umockdev.

umockdev preloads a library into the whole process, so the tests run in one of their own.
"""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.devices.hosted import replayed_libfprint
from tests.devices.hosted.replay import RECORDING

ROOT = Path(__file__).resolve().parents[2]


def _missing() -> str:
    if shutil.which("umockdev-wrapper") is None:
        return "umockdev is not installed (apt-get install umockdev)"
    for library in ("libfprint-2.so.2", "libumockdev.so.0"):
        try:
            ctypes.CDLL(library)
        except OSError:
            return f"{library} is not installed (apt-get install libfprint-2-2 umockdev)"
    return "" if RECORDING.is_dir() else "libfprint's recording is not here"


@pytest.mark.skipif(bool(_missing()), reason=_missing() or "all is there")
def test_the_real_driver_on_a_recorded_reader() -> None:
    command = ["umockdev-wrapper", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(replayed_libfprint.__file__)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout
