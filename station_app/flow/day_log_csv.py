"""The day log as a CSV file: what happened when, and no word about who."""

import csv
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Final

from station_app.domain.day_log import LogRow
from station_app.domain.errors import KnownError
from station_app.vault import READABLE, replace_file

COLUMNS: Final = ("time", "list_number", "method", "result", "voided")
"""It names nobody, and a stick is read elsewhere."""


def day_log_csv(rows: Iterable[LogRow], local: Callable[[datetime], datetime]) -> bytes:
    """The rows in their order: local ISO 8601 time, list number or nothing, codes, yes or no.

    `local` gives an aware local time. RFC 4180, UTF-8.
    """
    text = StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in rows:
        logged = row.logged
        table.writerow(
            (
                local(logged.at).isoformat(timespec="seconds"),
                "" if logged.list_number is None else logged.list_number,
                logged.method.value,
                logged.outcome.value,
                "yes" if row.voided else "no",
            )
        )
    return text.getvalue().encode()


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
