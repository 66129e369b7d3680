"""voter_snapshots/README.md names every table, column and header value there is."""

import re
from pathlib import Path

from station_app.snapshots.voter_list import LIST
from tests.snapshots.list_samples import HEADER

TEXT = (Path(__file__).parents[2] / "voter_snapshots" / "README.md").read_text(encoding="utf-8")


def test_every_table_and_column() -> None:
    assert f"0x{LIST.application_id:08X}" in TEXT
    for name, columns in re.findall(r"CREATE TABLE (\w+) \((.*)\) STRICT", "\n".join(LIST.schema)):
        assert re.search(rf"`{name}[`(]", TEXT), name
        for column in re.findall(r"(?:^|, )([a-z_]+) (?:TEXT|INTEGER|BLOB)", columns):
            assert re.search(rf"[`(, ]{column}[`),]", TEXT), f"{name}.{column}"


def test_every_header_value() -> None:
    for name in HEADER.to_texts():
        assert f"`{name}`" in TEXT, name
