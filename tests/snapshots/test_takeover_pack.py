"""The takeover pack: what is written is read, and nothing else is taken for one."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.snapshots.takeover_pack import (
    MAGIC,
    OriginalStation,
    TakeoverPack,
    extract_snapshot,
    open_pack,
    seal_mirror_keys,
    write_pack,
)
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    StationIdentity,
)

SIGNER = Signer(Secret(b"i" * 32))
ISSUER = PublicIdentity(IdentityKind.ISSUER, "CEC", SIGNER.public_key, None)
SPARE = StationIdentity.generate()
KEYS = {b"s" * 16: Secret(b"m" * 32)}
PACK = TakeoverPack(
    made=datetime(2026, 11, 29, 6, 5, tzinfo=UTC),
    issuer="CEC",
    issuer_key=SIGNER.public_key,
    original=OriginalStation("9042-1", "station-app/live/9042-1", b"o" * 32, "9042"),
    spare="9042-S1",
    spare_fingerprint=b"f" * 32,
    people=(Person("c1", "Бермет", Role.CHAIR),),
    heads=("a note",),
    sealed_keys=seal_mirror_keys(KEYS, SPARE.public("9042-S1")),
    snapshot_head=b"h" * 32,
    snapshot_size=7,
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "a.vsnap"
    path.write_bytes(b"no list")
    return path


def code_of(path: Path, *trusted: PublicIdentity) -> str:
    with pytest.raises(KnownError) as refused:
        open_pack(path, trusted or (ISSUER,))
    return refused.value.code


def test_what_is_written_is_read(tmp_path: Path, snapshot: Path) -> None:
    path = write_pack(PACK, snapshot, SIGNER, tmp_path / "out")
    assert path.name == "9042-1-by-9042-S1.takeover"
    found = open_pack(path, (ISSUER,))
    assert found.pack == PACK
    assert path.read_bytes()[found.snapshot_at :] == b"no list"
    assert len(found.sha256) == 64
    keys = found.pack.mirror_keys(SPARE.age)
    assert {salt: key.reveal() for salt, key in keys.items()} == {b"s" * 16: b"m" * 32}
    assert list((tmp_path / "out").iterdir()) == [path]


def test_no_keys() -> None:
    assert (
        replace(PACK, sealed_keys=seal_mirror_keys({}, SPARE.public("a"))).mirror_keys(SPARE.age)
        == {}
    )


def test_keys_are_the_spares(tmp_path: Path) -> None:
    assert b"m" * 32 not in PACK.to_bytes()
    with pytest.raises(KnownError) as refused:
        PACK.mirror_keys(StationIdentity.generate().age)
    assert refused.value.code == "seal_not_for_us"


def test_another_issuer(tmp_path: Path, snapshot: Path) -> None:
    path = write_pack(PACK, snapshot, SIGNER, tmp_path)
    stranger = replace(ISSUER, signing_key=Signer(Secret(b"x" * 32)).public_key)
    assert code_of(path, stranger) == "takeover_signature"
    station = PublicIdentity(IdentityKind.STATION, "a", SIGNER.public_key, SPARE.age.recipient)
    assert code_of(path, station) == "takeover_signature"


VALUES = json.loads(PACK.to_bytes())


@pytest.mark.parametrize(
    "text",
    [
        b"{}",
        b"no json",
        PACK.to_bytes() + b" ",
        rfc8785.dumps(VALUES | {"more": 1}),
        rfc8785.dumps(VALUES | {"heads": [1]}),
        rfc8785.dumps(VALUES | {"made": "today"}),
        rfc8785.dumps(VALUES | {"spare": {"fingerprint": "ff", "station": "a"}}),
        rfc8785.dumps(VALUES | {"people": [{"id": "", "name": "", "role": "chair"}]}),
        PACK.to_bytes().replace(b'"size":7', b'"size":99999999999999999999'),
        b'{"made":' + b"[" * 100_000,
    ],
)
def test_signed_by_a_newer_program(tmp_path: Path, text: bytes) -> None:
    signed = MAGIC + len(text).to_bytes(4, "little") + text
    path = tmp_path / "a.takeover"
    path.write_bytes(signed + SIGNER.sign(signed))
    assert code_of(path) == "takeover_not_a_pack"


def test_places_that_can_not_be_read_or_written(tmp_path: Path, snapshot: Path) -> None:
    assert code_of(tmp_path) == "takeover_not_a_pack"
    with pytest.raises(KnownError) as refused:
        write_pack(PACK, snapshot, SIGNER, snapshot / "below")
    assert refused.value.code == "no_write_permission"
    found = open_pack(write_pack(PACK, snapshot, SIGNER, tmp_path), (ISSUER,))
    with pytest.raises(KnownError) as refused:
        extract_snapshot(found, snapshot / "below")
    assert refused.value.code == "no_write_permission"


def test_a_snapshot_that_was_exchanged(tmp_path: Path, snapshot: Path) -> None:
    path = write_pack(PACK, snapshot, SIGNER, tmp_path)
    found = open_pack(path, (ISSUER,))

    def refused(content: bytes) -> Any:
        path.write_bytes(path.read_bytes()[: found.snapshot_at] + content)
        with pytest.raises(KnownError) as fault:
            extract_snapshot(found, tmp_path / "out")
        return fault.value.code

    assert refused(b"no list") == refused(b"no list, longer") == "takeover_other_snapshot"
    assert refused(b"no") == "takeover_truncated"


@pytest.mark.parametrize(
    "size", ["1e999", "-1", "0", "1.0", "9" * 400, "true", '"5"', str(2**53), "NaN"]
)
def test_a_size_that_no_file_has(size: str) -> None:
    whole = PACK.to_bytes()
    assert b'"size":' in whole
    changed = re.sub(rb'"size":[0-9]+', b'"size":' + size.encode(), whole)
    with pytest.raises(ValueError, match=r"size|canonical|digits"):
        TakeoverPack.from_bytes(changed)


def test_the_document_names_every_member() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    text = text.partition("## The takeover pack")[2]
    assert MAGIC.decode().strip() in text
    for name, value in VALUES.items():
        assert f"`{name}`" in text
        inner = value[0] if isinstance(value, list) else value
        for member in inner if isinstance(inner, dict) else ():
            assert f"`{member}`" in text, f"{name}.{member}"


@pytest.mark.parametrize("size", ["1e999", "7.0", "true", "0", "-1", '"7"', "1" + "0" * 20])
def test_a_size_that_can_not_be(size: str) -> None:
    data = PACK.to_bytes().replace(b'"size":7', f'"size":{size}'.encode())
    with pytest.raises(ValueError, match="it is not a size"):
        TakeoverPack.from_bytes(data)
