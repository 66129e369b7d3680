"""The day log as a CSV file: what happened when, and no word about who."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from station_app.domain.day_log import LogRow
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import csv_text
from station_app.vault import READABLE, replace_file

COLUMNS: Final = ("time", "list_number", "method", "result", "voided")
"""It names nobody, and a stick is read elsewhere."""


def day_log_csv(rows: Iterable[LogRow], local: Callable[[datetime], datetime]) -> bytes:
    """The rows in their order: local ISO 8601 time, list number or nothing, codes, yes or no.

    `local` gives an aware local time. RFC 4180, UTF-8.
    """
    lines = [
        (
            local(row.logged.at).isoformat(timespec="seconds"),
            row.logged.list_number,
            row.logged.method.value,
            row.logged.outcome.value,
            "yes" if row.voided else "no",
        )
        for row in rows
    ]
    return csv_text([COLUMNS, *lines]).encode()


def write_day_log_csv(
    folder: Path, name: str, rows: Iterable[LogRow], local: Callable[[datetime], datetime]
) -> Path:
    """Write `<folder>/<name>`; it is whole and on the medium when this returns.

    Raises `KnownError`: `export_folder_missing`, and as `replace_file` does.
    """
    # A medium that is broken or closed to us is no folder; `Path.is_dir` would raise.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise KnownError(
            "export_folder_missing",
            f"There is no folder {folder}. Plug the stick in, and check the folder's name.",
        )
    path = folder / name
    replace_file(path, day_log_csv(rows, local), READABLE)
    return path
