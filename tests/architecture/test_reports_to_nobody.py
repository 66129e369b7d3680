"""The station keeps no usage statistics and tells nobody anything."""

import os
import subprocess
import sys
from pathlib import Path


def test_loading_the_matching_core_leaves_nothing_in_the_home(tmp_path: Path) -> None:
    program = "from station_app.biometrics.fingerprint.engine import FingerEngine\nFingerEngine()\n"
    home = tmp_path / "home"
    home.mkdir()
    keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    subprocess.run(
        [sys.executable, "-c", program], env={**keep, "HOME": str(home)}, check=True, timeout=60
    )
    assert sorted(home.rglob("*")) == []
