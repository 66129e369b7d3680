"""Whom a station trusts cannot be changed without that being told."""

import json
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    StationFolder,
    StationIdentity,
    pin,
    pinned,
    refuse_changed_pins,
)

OURS, THEIRS = StationIdentity.generate(), StationIdentity.generate()
STATION = OURS.public("9042-1")


def issuer(name: str) -> PublicIdentity:
    key = StationIdentity.generate().signer().public_key
    return PublicIdentity(IdentityKind.ISSUER, name, key, None)


PINS = (
    issuer("БШК"),
    PublicIdentity(IdentityKind.RECIPIENT, "БШК", None, THEIRS.age.recipient),
)


@pytest.fixture
def folder(tmp_path: Path) -> StationFolder:
    folder = StationFolder(tmp_path)
    folder.trusted.mkdir()
    pin(folder, PINS, STATION, OURS.signer())
    return folder


def code(folder: StationFolder, station: PublicIdentity = STATION) -> str:
    try:
        refuse_changed_pins(folder, station)
    except KnownError as fault:
        return fault.code
    return ""


def test_as_they_were(folder: StationFolder) -> None:
    assert pinned(folder) == PINS
    assert code(folder) == ""


def test_one_more_or_less_or_another(folder: StationFolder) -> None:
    more = issuer("X").save(folder.trusted)
    assert code(folder) == "pins_changed"
    more.unlink()
    (folder.trusted / "БШК.issuer.json").unlink()
    assert code(folder) == "pins_changed"
    issuer("БШК").save(folder.trusted)
    assert code(folder) == "pins_changed"


def test_signed_by_another(folder: StationFolder) -> None:
    mine = THEIRS.public("9042-1")
    pin(folder, (issuer("X"), *PINS), mine, THEIRS.signer())
    assert code(folder, mine) == ""  # before an unlock, with station.json exchanged as well
    assert code(folder) == "pins_changed"


def test_every_member_is_checked(folder: StationFolder) -> None:
    path = folder.trusted / "pins.json"
    record = json.loads(path.read_bytes())
    for name, value in (
        ("pins", record["pins"][:1]),
        ("station", "00" * 32),
        ("signature", "00" * 64),
    ):
        path.write_text(json.dumps(record | {name: value}))
        assert code(folder) == "pins_changed", name
    for name, value in (("pins", 3), ("pins", ["x"]), ("signature", "00"), ("format", "x")):
        path.write_text(json.dumps(record | {name: value}))
        assert code(folder) == "pins_damaged", name
    path.unlink()
    assert code(folder) == "pins_missing"
