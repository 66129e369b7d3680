"""Runs the program as a person does, and makes the files it is given."""

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from station_app.assembly import command_line
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.export import png_bytes
from station_app.synthetic.precinct import invent_precinct
from station_app.synthetic.presets import Preset

PROGRAM = (sys.executable, "-m", "station_app")


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def run_program(*words: str | Path) -> Run:
    """`station-app WORDS` in a process of its own.

    A traceback fails the test at once, and so does a fault of the program (70).
    """
    done = subprocess.run(
        [*PROGRAM, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    run = Run(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in run.said, run.said
    assert run.code in (0, 1, 2), run.said
    return run


def run_here(*words: str | Path) -> Run:
    """`station-app WORDS` in this process, for refusals: starting it takes a second each time.

    A fault of the program (70) fails the test at once.
    """
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = command_line.run([str(word) for word in words])
    run = Run(code, out.getvalue(), err.getvalue())
    assert run.code in (0, 1, 2), run.said
    return run


def assert_refused(run: Run, *expected: str) -> None:
    """Exit code 1, and whole sentences on stderr with the words expected."""
    assert "Traceback" not in run.said, run.said
    assert run.code == 1, run.said
    told = " ".join(run.err.split())
    assert told.endswith((".", "key")), told
    assert len(told.split(". ")) > 1 or ";" in told or ":" in told, told
    for words in expected:
        assert words in told, told


def write_finger_folder(folder: Path, fingers: int, impressions: int) -> None:
    """`<finger>_<impression>.png` of invented fingers, as if somebody had scanned them."""
    people = invent_precinct(fingers, 5, (FingerPosition.RIGHT_INDEX,))
    for row in range(fingers):
        for number in range(1, impressions + 1):
            image = people.impression(row, FingerPosition.RIGHT_INDEX, number, Preset.GOOD)
            (folder / f"{101 + row}_{number}.png").write_bytes(png_bytes(image))
