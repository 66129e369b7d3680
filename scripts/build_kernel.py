"""Compiles the prefilter's kernel for this machine and checks it: `make kernel`.

    python scripts/build_kernel.py [--if-missing] [--out FILE]

The library goes to `station_app/biometrics/fingerprint/kernel/build/`, which is not under
version control, and replaces those of older sources. Without a C compiler (`cc`, or what the
variable CC names) the program works all the same, with numpy: exit code 1, and one line says why.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from station_app.biometrics.fingerprint.prefilter_compiled import (
    SOURCE,
    CompiledKernel,
    KernelMissingError,
    digest_path,
    library_path,
    record_build,
    refuse_unbuilt,
)

FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared")
MOST_SECONDS = 120  # it takes one or two; a station's start must not wait for a broken compiler


def build(source: Path, into: Path) -> CompiledKernel:
    """Compile `source` to `into`. Raises `KernelMissingError` and leaves nothing behind."""
    compiler = shlex.split(os.environ.get("CC") or "cc")
    if shutil.which(compiler[0]) is None:
        raise KernelMissingError(f"there is no C compiler ({compiler[0]})")
    try:
        into.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            made = Path(folder) / into.name
            command = [*compiler, *FLAGS, "-o", str(made), str(source)]
            subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=MOST_SECONDS
            )
            kernel = CompiledKernel(made)
            made.replace(into)
            record_build(into)
    except subprocess.CalledProcessError as fault:
        said = (fault.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise KernelMissingError(f"{compiler[0]} fails: {said}") from fault
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise KernelMissingError(str(fault)) from fault
    return kernel


def _works(path: Path) -> bool:
    """Whether it was built here and can be used; nothing else is even loaded."""
    try:
        refuse_unbuilt(path)
        CompiledKernel(path)
    except KernelMissingError:
        return False
    return True


def main() -> int:
    """Build, and say in one line what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--if-missing", action="store_true", help="keep one that works")
    parser.add_argument("--out", type=Path, help="another place, for tests")
    given = parser.parse_args()
    try:
        path = given.out or library_path()
        if given.if_missing and _works(path):
            return 0
        kernel = build(SOURCE, path)
    except KernelMissingError as why:
        print(f"The fast matching kernel is not built, numpy is used: {why}.", file=sys.stderr)
        return 1
    if not given.out:
        for old in set(path.parent.glob("prefilter-*")) - {path, digest_path(path)}:
            old.unlink()
    print(f"The fast matching kernel is built ({kernel.name}).", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
