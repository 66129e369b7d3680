"""The table of many stations: every fault said at once, nothing that leads out of its folder."""

from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.settings import BatchLine, read_batch

BAD = {
    "precinct,kit,colour\n9042,1,red\n": "column 'colour' is not known",
    "precinct\n9042\n": "column kit is missing",
    "precinct,kit\n": "it has no line",
    "precinct,kit\n9042,1\n9042,1\n": "line 3: 9042-1 is the station of line 2",
    "precinct,kit\nab,1\nAB,1\n": "AB-1 is the station of line 2",
    "precinct,kit,plan\n9042,1,../evil.toml\n": "plan is not a path below the table's folder",
    "precinct,kit,plan\n9042,1,/etc/passwd\n": "plan is not a path below the table's folder",
    "precinct,kit,snapshot\n9042,1,a:b.vsnap\n": "snapshot is not a path below",
    "precinct,kit,operator\n9042,1,=cmd()|x\x07\n": "operator is not one line",
    f"precinct,kit,serial\n9042,1,{'5' * 200}\n": "serial is not one line of at most 120",
    "precinct,kit\n9042,1,2,3\n": "2 cells more than there are columns",
    "precinct,kit,serial\n9042,1,A\n9042,2,a\n": "serial A is another line's",
    "precinct,kit\n9042,\n": "line 2: kit is not a text",
    'precinct,kit\n"9042,1\n': "unexpected end of data",
    "\xff": "is not known",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "kits.csv"


@pytest.mark.parametrize("text", BAD)
def test_a_table_that_cannot_be_used(table: Path, text: str) -> None:
    table.write_text(text, encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        read_batch(table)
    assert caught.value.code == "settings_refused"
    assert BAD[text] in caught.value.message


@pytest.mark.parametrize(("mark", "end"), [(",", "\n"), (";", "\r\n"), ("\t", "\n")])
def test_as_spreadsheets_save_it(table: Path, mark: str, end: str) -> None:
    rows = (
        ("Kit", "Precinct", "operator", "snapshot"),
        ("1", "9042", "Айда Үсөнова", "lists/9042-1.vsnap"),
        ("", "", "", ""),
        ("2", "9042", "", ""),
    )
    text = end.join(mark.join(row) for row in rows)
    table.write_bytes(b"\xef\xbb\xbf" + text.encode())
    person = Person("operator", "Айда Үсөнова", Role.OPERATOR)
    first = BatchLine(2, "9042", "1", snapshot="lists/9042-1.vsnap", people=(person,))
    batch = read_batch(table)
    assert batch.lines == (first, BatchLine(4, "9042", "2"))
    assert batch.line(" 9042-1 ") == first
    assert batch.line("9042-3") is None


def test_too_many_lines(table: Path) -> None:
    table.write_text("precinct,kit\n" + "".join(f"9042,{one}\n" for one in range(5001)))
    with pytest.raises(KnownError, match="more than 5000 lines"):
        read_batch(table)
