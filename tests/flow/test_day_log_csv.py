"""The exported log: its columns, nobody's name, and a medium that is not there or full."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.flow.day_log import COLUMNS, day_log_csv, write_day_log_csv
from tests.flow.logged_day import LoggedDay, small_day

BISHKEK = timezone(timedelta(hours=6))


@pytest.fixture
def day(tmp_path: Path) -> Iterator[LoggedDay]:
    made = LoggedDay(tmp_path)
    made.write(*small_day())
    yield made
    made.close()


def local(moment: datetime) -> datetime:
    return moment.astimezone(BISHKEK)


def test_every_row_is_there_and_nobody_is_named(day: LoggedDay, tmp_path: Path) -> None:
    rows = day.answer(day.log.table)
    path = write_day_log_csv(tmp_path, "log.csv", rows, local)
    with path.open(encoding="utf-8", newline="") as file:
        header, *table = list(csv.reader(file))
    assert tuple(header) == COLUMNS
    assert [line[1:] for line in table] == [
        ["900", "finger", "identified", "no"],
        ["900", "finger", "already_identified", "no"],
        ["", "finger", "not_on_list", "no"],
        ["902", "commission", "identified", "no"],
        ["901", "finger", "identified", "yes"],
    ]
    assert datetime.fromisoformat(table[0][0]).utcoffset() == timedelta(hours=6)
    assert datetime.fromisoformat(table[0][0]).astimezone(UTC) <= day.now
    assert not set("VСЖӨ") & set(path.read_text("utf-8"))


def test_an_empty_day_has_its_columns(tmp_path: Path) -> None:
    assert day_log_csv((), local) == b"time,list_number,method,result,voided\r\n"


@pytest.mark.parametrize("name", ["stick", "s" * 300])
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(KnownError, match="There is no folder") as caught:
        write_day_log_csv(tmp_path / name, "log.csv", (), local)
    assert caught.value.code == "export_folder_missing"
