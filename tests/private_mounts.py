"""Runs a program where it may mount disks that nobody else sees."""

import json
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_WAYS = (
    ["unshare", "--user", "--map-root-user", "--mount"],
    ["unshare", "--mount"],  # where user namespaces are closed, but this is root
)


def run_with_mounts(module: str, *words: str | Path) -> Any:
    """What the program `module` prints as JSON, as root of a namespace of its own.

    The test is skipped where this machine lets nobody do that.
    """
    way = _way()
    if way is None:
        pytest.skip("this machine lets nobody mount a small disk in a namespace")
    run = subprocess.run(
        [*way, sys.executable, "-m", module, *map(str, words)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@cache
def _way() -> list[str] | None:
    if shutil.which("unshare") is None:
        return None
    mount = ["mount", "-t", "tmpfs", "none", tempfile.gettempdir()]
    for way in _WAYS:
        if subprocess.run([*way, *mount], capture_output=True, check=False).returncode == 0:
            return way
    return None
