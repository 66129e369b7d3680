"""The one way to write words of others: into a CSV cell, and onto a terminal.

A precinct's name, a file's name or a reason may have been written by anybody. A spreadsheet
takes some texts for formulas, a terminal takes control characters for commands.
"""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

_BEGINS_FORMULA: Final = frozenset("=+-@|\t\r\n＝＋－＠")
"""A leading `|` and the full-width signs do in some spreadsheets."""
_LAST_OF_BYTE: Final = 0xFF
_LAST_OF_PLANE: Final = 0xFFFF


def terminal_text(text: str) -> str:
    """The text with everything a terminal does not show as its escape (ESC as `\\x1b`).

    Line ends stay: for one line, give one line.
    """
    return "".join(one if one.isprintable() or one == "\n" else _escape(one) for one in text)


def csv_text(rows: Iterable[Iterable[object]], line_end: str = "\r\n") -> str:
    """The rows as RFC 4180, each cell as `csv_cell` says."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue()


def csv_cell(value: object) -> object:
    """The value; a text without control characters, and after an apostrophe where a spreadsheet
    would take it for a formula. Numbers stay numbers, also negative ones.
    """
    if not isinstance(value, str):
        return value
    text = "".join(one for one in value if one.isprintable())
    return f"'{text}" if value[:1] in _BEGINS_FORMULA or text[:1] in _BEGINS_FORMULA else text


def _escape(character: str) -> str:
    code = ord(character)
    if code <= _LAST_OF_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_OF_PLANE else f"\\U{code:08x}"
