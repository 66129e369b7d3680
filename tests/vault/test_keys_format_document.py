"""docs/formats.md names every member and constant of the vault's files."""

import json
import re
from dataclasses import fields
from pathlib import Path

from station_app.domain.roles import Role
from station_app.vault import Passphrase, StationFolder, create_issuer
from station_app.vault.attempts import FILE_BYTES, TRIES, WAIT_SECONDS
from station_app.vault.keys import PEOPLE, SEALED_SECRETS
from station_app.vault.station_secrets import Marks, SettingsChange
from station_app.vault.stretching import LEAST_COST, TARGET_SECONDS
from tests.vault.people_samples import QUICK, BootClock, create, passphrase_of

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
SECTION = re.split(r"(?m)^## ", TEXT.partition("## Keys and people\n")[2])[0]


def members(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(name for part in value.values() for name in members(part))}
    if isinstance(value, list):
        return {name for part in value for name in members(part)}
    return set()


def test_every_member_and_format(tmp_path: Path) -> None:
    folder = StationFolder(tmp_path)
    people = create(tmp_path, BootClock())
    unlocked = people.unlock("o1", passphrase_of("o1"), "c1", passphrase_of("c1"))
    unlocked.identity.public("9042-1").write(folder.public_identity)
    create_issuer("БШК", tmp_path, Passphrase("төрт башка сөз жаз"), QUICK)
    files = [*folder.keys.glob("*.json"), *tmp_path.glob("*.json")]
    assert len(files) == 5
    for path in files:
        record = json.loads(path.read_bytes())
        for name in members(record) | {record["format"]}:
            assert f"`{name}`" in SECTION, f"{path.name}: {name}"
    marks = [one.name for cls in (Marks, SettingsChange) for one in fields(cls)]
    for name in ("signing_seed", "journal_key", "age_identity", "marks", *marks, *Role):
        assert f"`{name}`" in SECTION
    start = folder.sealed_secrets.read_bytes()[:8]
    assert start == b"SASEAL2\n"


def test_every_constant() -> None:
    for info in (PEOPLE, SEALED_SECRETS):
        assert f"`{info.decode()}`" in SECTION
    assert f"At {TRIES}" in SECTION
    assert f"{FILE_BYTES} bytes" in SECTION
    assert f"for {WAIT_SECONDS} seconds" in SECTION
    assert f"at least {LEAST_COST.memory_kib} KiB and {LEAST_COST.iterations} iterations" in SECTION
    assert f"{TARGET_SECONDS} s" in SECTION


def test_every_file() -> None:
    folder = StationFolder(Path("station"))
    for path in (folder.people, folder.sealed_secrets, folder.attempts, folder.public_identity):
        assert re.search(rf"(?m)^{path.relative_to('station')} ", TEXT)
