"""What a scanner holds is counted without what others hold in the same process."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.devices.footprint import children, footprint

OPENS_MORE = """
import sys
files = []
for line in sys.stdin:
    files += [open("/dev/null") for _ in range(20)]
    print("opened", flush=True)
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    made = subprocess.Popen([sys.executable, "-c", OPENS_MORE], stdin=pipe, stdout=pipe, text=True)
    with made:
        opens_more(made)
        yield made


def opens_more(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "opened\n"


def test_a_child_that_opens_files_is_told(child: subprocess.Popen[str]) -> None:
    before = footprint(children() - {child.pid})
    opens_more(child)
    assert "/dev/null" in footprint(before.besides).more_than(before)


def test_a_child_of_somebody_else_is_not(child: subprocess.Popen[str]) -> None:
    before = footprint(children())
    opens_more(child)
    assert not footprint(before.besides).more_than(before)
