"""The small programs beside the station, from a checkout and from the packed program."""

import subprocess
import sys

import pytest

from station_app.devices.hosted.own_program import NAMES, own_program, run_own_program


@pytest.mark.parametrize("name", NAMES)
def test_they_import_the_standard_library_alone(name: str) -> None:
    """So they are up at once, and nothing of a venv or of the environment is in them."""
    *python, start = own_program(name)
    program = (
        start.rpartition("; sys.exit")[0]
        + "; print(*sorted({one.partition('.')[0] for one in sys.modules}))"
    )
    done = subprocess.run([*python, program], capture_output=True, check=True, text=True)
    assert set(done.stdout.split()) <= {*sys.stdlib_module_names, "__main__", "station_app"}


def test_the_packed_program_is_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_own_program(["--own-program=warden"]) is None, "a checkout starts them as files"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for name in NAMES:
        program, word = own_program(name)
        assert program == sys.executable
        assert word.endswith(name)
    assert run_own_program([]) is None
    assert run_own_program(["demo"]) is None
    assert run_own_program(["--own-program=os"]) is None
