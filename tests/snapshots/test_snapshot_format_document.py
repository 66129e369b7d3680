"""docs/formats.md names every member of a manifest, every refusal and every file."""

import re
from pathlib import Path

from station_app.snapshots import Refusal, prove_list, put_list_back
from station_app.vault import StationFolder
from tests.snapshots.snapshot_samples import ISSUER, load_here, names_left, write_snapshot

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_member(tmp_path: Path) -> None:
    for name, value in write_snapshot(tmp_path / "a.vsnap").to_values().items():
        assert f"`{name}`" in TEXT
        inner = value[0] if isinstance(value, list) else value
        for member in inner if isinstance(inner, dict) else ():
            assert f"`{member}`" in TEXT, f"{name}.{member}"


def test_every_refusal() -> None:
    assert {*re.findall(r"`(vsnap_\w+)`", TEXT)} == {code.value for code in Refusal}


def test_every_file(shelf: Path, tmp_path: Path) -> None:
    for name in ("2", "3"):
        load_here(shelf / f"{name}.vsnap", tmp_path)
    names = {*names_left(tmp_path)}
    put_list_back(StationFolder(tmp_path), (ISSUER,))
    prove_list(StationFolder(tmp_path))
    names |= {*names_left(tmp_path)}
    plain = {name for name in names if not name.endswith(".vlist")}
    assert plain == {"loaded.head", "before.head", "withdrawn.head", "proven", "lock"}
    assert all(f"lists/{name}" in TEXT for name in plain)
