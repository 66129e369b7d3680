"""The virtual machine starts; `make test-devices` runs the suites of real drivers in it."""

import sys
from pathlib import Path

import pytest

from tests.vm.virtual_machine import missing, run_in_vm

GENEROUS_S = 240


def test_the_station_names_a_reader_under_debians_kernel(tmp_path: Path) -> None:
    if why := missing():
        pytest.skip(f"no virtual machine: {why}")
    done = run_in_vm(f"{sys.executable} -m tests.vm.smoke", seconds=GENEROUS_S, out=tmp_path)
    assert (done.code, done.log) == (0, "named"), done.log
