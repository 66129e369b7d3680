"""docs/formats.md names every entry, field and table there is."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

from station_app.domain.entries import Entry, OutcomeKind
from station_app.journal.records import JOURNAL

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_entry_and_field() -> None:
    for cls in get_args(Entry):
        rows = [line for line in TEXT.splitlines() if re.match(rf"\|.*`{cls.kind}`.* \|", line)]
        assert rows, cls.kind
        for field in dataclasses.fields(cls):
            assert f"`{field.name}`" in rows[0], f"{cls.kind}: {field.name}"


def test_every_outcome() -> None:
    for outcome in OutcomeKind:
        assert f"`{outcome.value}`" in TEXT


def test_every_table() -> None:
    assert f"0x{JOURNAL.application_id:08X}" in TEXT
    for name in re.findall(r"CREATE TABLE (\w+)", " ".join(JOURNAL.schema)):
        assert f"`{name}`" in TEXT
