"""Words of others are shown, and command nothing."""

import csv
from io import StringIO

import pytest

from station_app.domain.shown_text import csv_cell, csv_text, terminal_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ош, №5 ө", "Ош, №5 ө"),
        ("two\nlines", "two\nlines"),
        ("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
        ("a\r\tb\x9b", "a\\x0d\\x09b\\x9b"),
        ("\u202eevil", "\\u202eevil"),
        ("\udcf3", "\\udcf3"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_a_terminal(text: str, shown: str) -> None:
    assert terminal_text(text) == shown


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "|", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
)
def test_no_cell_is_a_formula(sign: str) -> None:
    (row,) = csv.reader(StringIO(csv_text([[f"{sign}1+1", f"\x1b{sign}1", "a=1"]]), newline=""))
    assert row[0].startswith("'")
    assert row[2] == "a=1"
    if sign.isprintable():
        assert row[:2] == [f"'{sign}1+1", f"'{sign}1"]


def test_numbers_stay_numbers() -> None:
    assert [csv_cell(one) for one in (-3, 0.5, None, True, "", "-3")] == [
        -3, 0.5, None, True, "", "'-3",
    ]  # fmt: skip


def test_a_table() -> None:
    assert csv_text([("a", "b"), (1, 'x "y", z'), (None, "\0")]) == (
        'a,b\r\n1,"x ""y"", z"\r\n,\r\n'
    )
    assert csv_text([("a",)], "\n") == "a\n"
