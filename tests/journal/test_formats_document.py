"""docs/formats.md names every outcome and table there is."""

import re
from pathlib import Path

from station_app.domain.entry_codes import OutcomeKind
from station_app.journal.records import JOURNAL

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_outcome() -> None:
    for outcome in OutcomeKind:
        assert f"`{outcome.value}`" in TEXT


def test_every_table() -> None:
    assert f"0x{JOURNAL.application_id:08X}" in TEXT
    for name in re.findall(r"CREATE TABLE (\w+)", " ".join(JOURNAL.schema)):
        assert f"`{name}`" in TEXT
