"""Registers as commissions really write them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from station_app.centre.csv_records import CsvEncoding
from station_app.centre.register import BadRow, Register
from station_app.centre.register_rows import RowFault
from station_app.domain.errors import KnownError
from station_app.evaluation.timing import resident_mb
from tests.centre.commission import COLUMNS, csv_text, people, row_of

HEADER = ",".join(COLUMNS)
ROW = 'V-{n},{n},{pin},Асанов,Азамат,m,1990-02-03,"ул. Ынтымак, 5",1,{n},9042,'


def line(n: int, text: str = ROW) -> str:
    return text.format(n=n, pin=f"{n:014d}")


@contextmanager
def opened(path: Path, encoding: CsvEncoding = CsvEncoding.UTF8) -> Iterator[Register]:
    register = Register.open(path, encoding, lambda done, of: None)
    try:
        yield register
    finally:
        register.close()


def read(
    path: Path, content: str | bytes, encoding: CsvEncoding = CsvEncoding.UTF8
) -> tuple[list[int], list[tuple[int, str]]]:
    """List numbers of precinct 9042, and (row, reason) of what is left out of it or of all."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with opened(path, encoding) as register:
        bad = [*register.bad_rows(None)]
        kept: list[int] = []
        if "9042" in register.precincts:
            kept = [row.voter.list_number for row in register.rows_of("9042")]
            bad += register.bad_rows("9042")
        assert len(register) >= len(kept)
        return kept, sorted((one.row, one.fault.value) for one in bad)


def code_of(path: Path, content: str | bytes, encoding: CsvEncoding = CsvEncoding.UTF8) -> str:
    with pytest.raises(KnownError) as caught:
        read(path, content, encoding)
    return caught.value.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voters.csv"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_and_marks(path: Path, end: str, mark: str) -> None:
    assert read(path, mark + end.join([HEADER, line(2), "", line(1)])) == ([1, 2], [])
    assert read(path, mark + end.join([HEADER, line(2), line(1), ""])) == ([1, 2], [])


def test_a_whole_row(path: Path) -> None:
    path.write_text(csv_text([row_of(0), row_of(1)]), encoding="utf-8", newline="")
    with opened(path) as register:
        rows = list(register.rows_of("9042"))
    assert [row.voter for row in rows] == list(people().voters[:2])
    assert (rows[0].row, rows[0].place) == (2, "№ 5 мектеп, «Ынтымак»")


@pytest.mark.parametrize("between", [";", "\t"])
def test_other_delimiters(path: Path, between: str) -> None:
    text = "\n".join([HEADER, ROW.format(n=1, pin="1" * 14)]).replace('"ул. Ынтымак, 5"', "-")
    assert read(path, text.replace(",", between)) == ([1], [])


def test_headings_in_any_order_and_case(path: Path) -> None:
    columns = [*reversed(COLUMNS), "phone"]
    row = row_of(2) | {"phone": "0"}
    text = " , ".join(columns).upper() + "\n" + ",".join(f'"{row[name]}"' for name in columns)
    path.write_text(text, encoding="utf-8")
    with opened(path) as register:
        assert register.unknown_columns == ("phone",)
        assert [one.voter for one in register.rows_of("9042")] == [people().voters[2]]


def test_windows_letters_only_when_named(path: Path) -> None:
    text = "\r\n".join([HEADER, line(1), line(2)])
    assert code_of(path, text.encode("cp1251")) == "register_encoding"
    assert read(path, text.encode("cp1251"), CsvEncoding.CP1251) == ([1, 2], [])
    with opened(path, CsvEncoding.CP1251) as register:
        assert next(register.rows_of("9042")).voter.surname == "Асанов"
    assert code_of(path, text, CsvEncoding.CP1251) == "register_encoding"
    assert code_of(path, text.encode("utf-16")) == "register_encoding"


def test_one_broken_letter_spoils_one_row(path: Path) -> None:
    rows = [line(n).encode() for n in range(1, 6)]
    rows[2] = rows[2].replace("Асанов".encode(), "Асанов".encode("cp1251"))
    assert read(path, b"\n".join([HEADER.encode(), *rows])) == ([1, 2, 4, 5], [(4, "encoding")])


def test_quotes(path: Path) -> None:
    wild = line(2).replace("Асанов", 'Асанов "Азамат"')
    doubled = line(3).replace("ул. Ынтымак, 5", 'ул. ""Ынтымак"", 5')
    assert read(path, "\n".join([HEADER, wild, doubled])) == ([2, 3], [])
    with opened(path) as register:
        first, second = register.rows_of("9042")
    assert first.voter.surname == 'Асанов "Азамат"'
    assert second.voter.address == 'ул. "Ынтымак", 5'


def test_a_quote_too_many_spoils_one_row(path: Path) -> None:
    stray = line(2).replace("Асанов", '"Асанов')
    lines = [HEADER, line(1), stray, *map(line, range(3, 40))]
    kept, bad = read(path, "\n".join(lines))
    assert kept == [1, *range(3, 40)]
    assert bad == [(3, "quotes")]
    two = [HEADER, stray, line(3), stray.replace("V-2", "V-4"), line(5)]
    assert read(path, "\n".join(two)) == ([3, 5], [(2, "quotes"), (4, "quotes")])
    after = line(2).replace('5"', '5"x')
    assert read(path, "\n".join([HEADER, after, line(3)])) == ([3], [(2, "quotes")])
    last = [HEADER, line(1), stray]
    assert read(path, "\n".join(last)) == ([1], [(3, "quotes")])


def test_a_line_break_inside_quotes_belongs_to_its_row(path: Path) -> None:
    broken = line(2).replace("Ынтымак, 5", "Ынтымак,\r\n5")
    kept, bad = read(path, "\r\n".join([HEADER, line(1), broken, line(3)]))
    assert (kept, bad) == ([1, 3], [(3, "address")])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("V-1", "../1", "voter_id"),
        ("V-1", "V_1", "voter_id"),
        (",1,0", ",one,0", "list_number"),
        ("00000000000001", "1", "pin"),
        ("00000000000001", "٠" * 14, "pin"),
        ("Асанов", " ", "surname"),
        ("Азамат", "Аза\x07мат", "given_names"),
        (",m,", ",x,", "sex"),
        ("1990-02-03", "1990-02-30", "born"),
        ("1990-02-03", "03.02.1990", "born"),
        ("1990-02-03", "1066-02-03", "born"),
        ("Ынтымак", "Ы" * 300, "address"),
        (",9042,", ",9042,,", "columns"),
        (",9042,", ",90 42,", "precinct"),
        ("Азамат", "А" * 20_000, "long"),
    ],
)
def test_bad_values(path: Path, old: str, new: str, reason: str) -> None:
    bad = line(1).replace(old, new, 1)
    assert read(path, "\n".join([HEADER, bad, line(2)])) == ([2], [(2, reason)])


def test_headers_that_are_none(path: Path) -> None:
    assert code_of(path, "") == "register_columns"
    assert code_of(path, HEADER.replace("pin,", "") + "\n" + line(1)) == "register_columns"
    assert code_of(path, HEADER + ",pin\n" + line(1)) == "register_columns"
    assert code_of(path, "x" * 100_000) == "register_columns"
    with pytest.raises(KnownError, match=r"cannot be read \(No such file") as caught:
        Register.open(path.with_name("none"), CsvEncoding.UTF8, lambda done, of: None)
    assert caught.value.code == "register_missing"


def test_duplicates_leave_the_first_row(path: Path) -> None:
    rows = [
        line(1),
        line(2).replace("V-2", "V-1"),
        line(3).replace(f"{3:014d}", f"{1:014d}"),
        line(4).replace(",4,0", ",1,0"),
        line(5).replace(f"{5:014d}", f"{2:014d}"),  # of a row that is left out itself
        line(6).replace(",6,0", ",1,0").replace("9042", "9043"),
        line(7).replace(f"{7:014d}", f"{1:014d}").replace("9042", "9043"),
    ]
    assert read(path, "\n".join([HEADER, *rows])) == (
        [1, 5],
        [(3, "duplicate_voter_id"), (4, "duplicate_pin"), (5, "duplicate_list_number")],
    )
    with opened(path) as register:
        assert register.bad_rows("9042")[1] == BadRow(4, RowFault.SAME_PIN, 2)
        assert register.bad_rows("9043") == [BadRow(8, RowFault.SAME_PIN, 2)]
        assert [row.voter.voter_id for row in register.rows_of("9043")] == ["V-6"]


def test_a_register_without_precincts(path: Path) -> None:
    text = "\n".join([HEADER, line(1), line(2) + "x,"]).replace(",precinct,place", "")
    path.write_text(text.replace(",9042,", ""), encoding="utf-8")
    with opened(path) as register:
        assert register.precincts == ("",)
        assert not register.has_precincts
        assert [row.voter.list_number for row in register.rows_of("")] == [1]
        assert register.bad_rows("") == [BadRow(3, RowFault.COLUMNS)]


def test_a_large_register_takes_little_memory(path: Path) -> None:
    count = 100_000
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for n in range(count):
            file.write(line(n).removesuffix("9042,") + f"{n % 50:04d},\n")
    # The peak from here on: docs.kernel.org/filesystems/proc.html, clear_refs.
    Path("/proc/self/clear_refs").write_text("5")
    before = resident_mb()
    with opened(path) as register:
        assert len(register) == count
        assert len(register.precincts) == 50
        assert [row.row for row in register.rows_of("0007")] == list(range(9, count + 2, 50))
    most = resident_mb(peak=True)
    assert before is not None
    assert most is not None
    assert most - before < 15  # MB


def test_a_register_that_changes_meanwhile(path: Path) -> None:
    path.write_text("\n".join([HEADER, line(1), line(2)]), encoding="utf-8")
    with opened(path) as register:
        path.write_text(HEADER + "\n", encoding="utf-8")
        with pytest.raises(KnownError) as caught:
            list(register.rows_of("9042"))
    assert caught.value.code == "register_changed"


@pytest.mark.parametrize(
    ("ballots", "kept"),
    [
        ("", ()),
        ("p", ("p",)),
        ("c;p", ("p", "c")),
        (" c ; p ", ("p", "c")),
        ("p c", ("p", "c")),
        ("x", None),
        ("p p", None),
        ("P", None),
    ],
)
def test_which_ballots_a_voter_is_due(
    path: Path, ballots: str, kept: tuple[str, ...] | None
) -> None:
    rows = [row_of(0) | {"ballots": ballots}, row_of(1) | {"ballots": ""}]
    path.write_text(csv_text(rows, (*COLUMNS, "ballots")), encoding="utf-8")
    register = Register.open(path, CsvEncoding.UTF8, lambda *_: None, ("p", "c"))
    with closing(register):
        found = {row.row: row.voter.ballots for row in register.rows_of("9042")}
        bad = register.bad_rows("9042")
    assert found.get(2) == kept
    assert [one.fault for one in bad] == ([] if kept is not None else [RowFault.BALLOTS])


@pytest.mark.parametrize(
    ("said", "exempt"),
    [("", False), ("no", False), ("0", False), ("Yes", True), ("1", True), ("ja", None)],
)
def test_who_is_exempt_from_fingers(path: Path, said: str, exempt: bool | None) -> None:
    rows = [row_of(0) | {"finger_exempt": said}, row_of(1) | {"finger_exempt": ""}]
    path.write_text(csv_text(rows, (*COLUMNS, "finger_exempt")), encoding="utf-8")
    with opened(path) as register:
        found = {row.row: row.voter.finger_exempt for row in register.rows_of("9042")}
        bad = register.bad_rows("9042")
    assert found.get(2) == exempt
    assert [one.fault for one in bad] == ([] if exempt is not None else [RowFault.FINGER_EXEMPT])


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        (HEADER.replace(",pin", ""), "lacks pin. Correct"),
        (HEADER.replace(",pin", "").replace(",", ";"), "lacks pin. Correct"),
        (HEADER.replace(",pin", "").replace(",line", ""), "lacks pin, line. Correct"),
        (HEADER + ",Sex", "has sex more than once. Correct"),
        (HEADER.replace(",pin", ",sex"), "lacks pin and has sex more than once. Correct"),
        ("a|b", "does not name its columns. It has to name these"),
    ],
)
def test_the_headings_that_are_wrong_are_named(path: Path, heading: str, sentence: str) -> None:
    path.write_text(heading + "\n" + line(1) + "\n", encoding="utf-8")
    with pytest.raises(KnownError, match=sentence) as refused, opened(path):
        pass
    assert refused.value.code == "register_columns"
    assert ("address" in refused.value.message) is ("It has to name" in sentence)


@pytest.mark.parametrize(
    ("born", "doubtful"),
    [
        ("2008-11-29", False),
        ("2008-11-30", True),
        ("2031-01-01", True),
        ("1916-11-29", False),
        ("1915-11-29", True),
    ],
)
def test_voters_whom_a_person_should_look_at(path: Path, born: str, doubtful: bool) -> None:
    """Under 18 or over 110 on the election day."""
    path.write_text(csv_text([row_of(0, born=born)]), encoding="utf-8")
    with opened(path) as register:
        (row,) = register.rows_of("9042")
    assert row.is_doubtful(date(2026, 11, 29)) is doubtful
